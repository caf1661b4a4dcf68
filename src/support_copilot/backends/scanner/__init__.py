"""Looks into files of strangers for malware."""
