"""Loads the chosen scanner."""

from support_copilot.backends.scanner.config import NoScannerConfig, ScannerConfig
from support_copilot.backends.scanner.port import MalwareScanner


def open_scanner(config: ScannerConfig) -> MalwareScanner | None:
    """The scanner, None where the settings name none. It need not answer yet: without it no file is taken."""
    if isinstance(config, NoScannerConfig):
        return None
    from support_copilot.backends.scanner.clamd import Clamd

    return Clamd(config.address, timeout_s=config.timeout_s)
