"""Asks ClamAV's clamd over a socket (clamd(8): ``zINSTREAM``, ``zPING``, ``zVERSION``), one connection a question.

A client of our own, because the kept one (aioclamd 1.1) knows no Unix sockets and sends a kilobyte at a time.
"""

import re
import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import BinaryIO, Final, Self, TypeVar
from urllib.parse import urlsplit

import structlog

from support_copilot.backends.scanner.config import DEFAULT_PORT
from support_copilot.backends.scanner.port import Malware, ScannerUnavailableError, ScannerVersion, TooLargeToScanError
from support_copilot.kit.circuit import Circuit
from support_copilot.kit.text import one_line

T = TypeVar("T")
_log = structlog.get_logger("support_copilot.scanner")
_CHUNK: Final = 1 << 17
_CONNECT_S: Final = 5.0
#: Answers are one short line; a peer that says more is no clamd.
_MOST_ANSWERED: Final = 2_000
_RETRY_AFTER_S: Final = 10
#: After so many failures in a row nobody waits for it for so long.
_FAILURES, _PAUSE_S = 3, 5.0
_CLEAN: Final = "stream: OK"
_FOUND: Final = re.compile(r"stream: ([\x21-\x7e][\x20-\x7e]*) FOUND")
_TOO_LARGE: Final = "INSTREAM size limit exceeded. ERROR"


class _NoClamdError(Exception):
    """What came back is not what a clamd says."""


class Clamd:
    """One scanner at one address."""

    def __init__(self, address: str, *, timeout_s: float) -> None:
        parts = urlsplit(address)
        self._path = parts.path if parts.scheme == "unix" else None
        self._host, self._port = parts.hostname or "", parts.port or DEFAULT_PORT
        self._timeout_s = timeout_s
        self._circuit = Circuit(failures=_FAILURES, pause_s=_PAUSE_S)

    def scan(self, stream: BinaryIO) -> Malware | None:
        read_to_end = False

        def send(line: _Line) -> None:
            nonlocal read_to_end
            _send_file(line, stream)
            read_to_end = True

        answer = self._ask(send)
        if answer == _CLEAN and read_to_end:
            return None
        if answer == _TOO_LARGE:
            raise TooLargeToScanError
        found = _FOUND.fullmatch(answer)
        if found is None:
            _log.warning("scanner.unusable_answer", effect="the file is refused")
            raise ScannerUnavailableError(retry_after_s=_RETRY_AFTER_S)
        return Malware(found[1])

    def ping(self) -> None:
        if self._ask(lambda line: line.send(b"zPING\0")) != "PONG":
            raise ScannerUnavailableError(retry_after_s=_RETRY_AFTER_S)

    def version(self) -> ScannerVersion:
        said = self._ask(lambda line: line.send(b"zVERSION\0"))
        return ScannerVersion(one_line(said)[:200], _signatures_at(said))

    def _ask(self, send: Callable[["_Line"], None]) -> str:
        """Send, and return what was answered.

        Raises:
            ScannerUnavailableError: nothing usable came back in time.
        """
        if not self._circuit.lets_through():
            raise ScannerUnavailableError(retry_after_s=_RETRY_AFTER_S)
        try:
            with _Line(self._connected(), self._timeout_s) as line:
                # One that refuses a file says why and hangs up in the middle of it.
                with suppress(BrokenPipeError, ConnectionResetError):
                    send(line)
                answer = line.answer()
        except (OSError, _NoClamdError) as error:
            self._circuit.failed()
            _log.warning("scanner.away", error=type(error).__name__, effect="files are refused")
            raise ScannerUnavailableError(retry_after_s=_RETRY_AFTER_S) from error
        except BaseException:
            self._circuit.left()
            raise
        self._circuit.succeeded()
        return answer

    def _connected(self) -> socket.socket:
        wait_s = min(_CONNECT_S, self._timeout_s)
        if self._path is None:
            return socket.create_connection((self._host, self._port), wait_s)
        opened = socket.socket(socket.AF_UNIX)
        try:
            opened.settimeout(wait_s)
            opened.connect(self._path)
        except BaseException:
            opened.close()
            raise
        return opened


class _Line:
    """A connection on which everything together takes no longer than ``timeout_s``."""

    def __init__(self, connected: socket.socket, timeout_s: float) -> None:
        self._socket = connected
        self._until = time.monotonic() + timeout_s

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, data: bytes) -> None:
        self._in_time(lambda: self._socket.sendall(data))

    def answer(self) -> str:
        """All that is said until the other side hangs up, which must be one line that ends in a zero byte."""
        said = b""
        while part := self._in_time(lambda: self._socket.recv(_MOST_ANSWERED)):
            said += part
            if len(said) > _MOST_ANSWERED:
                raise _NoClamdError
        if said.find(b"\0") != len(said) - 1 or not said:
            raise _NoClamdError
        return said[:-1].decode("ascii", "replace")

    def _in_time(self, work: Callable[[], T]) -> T:
        left_s = self._until - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        self._socket.settimeout(left_s)
        return work()


def _signatures_at(version: str) -> datetime | None:
    """Of ``ClamAV 1.4.2/27600/Wed Nov 25 09:31:12 2026``; its zone is not said, so this is right by a day."""
    with suppress(IndexError, ValueError):
        return datetime.strptime(version.split("/")[2], "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    return None


def _send_file(line: _Line, stream: BinaryIO) -> None:
    """Parts with their length before them; one of length zero is the end."""
    stream.seek(0)
    line.send(b"zINSTREAM\0")
    while chunk := stream.read(_CHUNK):
        line.send(struct.pack("!L", len(chunk)) + chunk)
    line.send(struct.pack("!L", 0))
