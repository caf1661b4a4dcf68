"""The need: know whether a file is known to do harm, before it is kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from support_copilot.kit.errors import PayloadTooLargeError, UnavailableError


class ScannerUnavailableError(UnavailableError):
    code, title = "scanner_unavailable", "Files cannot be scanned for malware at the moment, so none is taken"


class TooLargeToScanError(PayloadTooLargeError):
    code, title = "too_large_to_scan", "The file is larger than what is scanned for malware, so it is not taken"


@dataclass(frozen=True, slots=True)
class Malware:
    """What was found: ``signature`` is the scanner's name for it, one line of printable ASCII."""

    signature: str


@dataclass(frozen=True, slots=True)
class ScannerVersion:
    """``text`` for people, one line; ``signatures_at`` is when what it knows was made, None when it does not say."""

    text: str
    signatures_at: datetime | None


class MalwareScanner(Protocol):
    """Asked about every file before it is kept. No answer is never a good answer. Safe from any thread."""

    def scan(self, stream: BinaryIO) -> Malware | None:
        """Look into all of ``stream``, from its start; None when the scanner knows nothing against it.

        Raises:
            ScannerUnavailableError: it does not answer, or not in time, or in words that are not understood.
            TooLargeToScanError: it takes no file of this size.
        """

    def ping(self) -> None:
        """Return when it answers.

        Raises:
            ScannerUnavailableError: it does not.
        """

    def version(self) -> ScannerVersion:
        """Its version and that of its signatures.

        Raises:
            ScannerUnavailableError: it does not answer.
        """
