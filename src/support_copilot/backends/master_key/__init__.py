"""The key that wraps the data keys: a file of this machine, or a key management service."""
