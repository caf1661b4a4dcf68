"""Measurements on a store of many issues, each beside named alternatives in the same run: ``python -m bench``."""
