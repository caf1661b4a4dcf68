"""Finds stored texts by words and by meaning."""
