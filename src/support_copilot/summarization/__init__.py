"""Summarization service: conversation parser, summary generator, knowledge-base updater."""
