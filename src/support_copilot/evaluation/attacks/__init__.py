"""Attacks on what a language model writes, run against a model that obeys every instruction it sees."""
