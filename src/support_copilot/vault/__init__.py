"""Encrypts what must not lie in the clear: contact fields, secrets, files; finds it by keyed hashes; signs links."""
