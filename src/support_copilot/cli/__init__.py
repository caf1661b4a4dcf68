"""The command line: ``support-copilot``."""

from support_copilot.cli.main import main

__all__ = ["main"]
