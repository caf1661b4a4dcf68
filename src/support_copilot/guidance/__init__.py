"""Guidance service: context analyzer, template generator, response optimizer."""
