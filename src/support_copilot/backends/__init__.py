"""One folder per need: port, config, open, and one file per technology."""
