"""Support Copilot: a copilot beside the support agent through the whole life of an issue."""

from importlib.metadata import version

__version__ = version("support-copilot")
