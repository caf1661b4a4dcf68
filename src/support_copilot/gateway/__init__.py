"""The front door: routing a path to its service."""
