"""The command line: ``support-copilot``."""

import gc

# Nothing that is imported ever goes; to look through it for garbage took a third of the time until a command ran.
gc.disable()
from support_copilot.cli.main import main  # noqa: E402  # not before

gc.freeze()
gc.enable()

__all__ = ["main"]
