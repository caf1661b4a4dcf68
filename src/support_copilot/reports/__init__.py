"""Figures for people: volume, times, severity, satisfaction, and what the copilot is good for."""
