"""Importers and sample data."""
