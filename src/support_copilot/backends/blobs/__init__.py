"""Keeps files (attachments, exports) by key."""
