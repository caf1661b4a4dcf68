"""Keeps heads of the audit trail outside of the database: in a file, and in the log, which is often shipped away."""

import json
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import structlog

from support_copilot.db.engine import Database
from support_copilot.identity.audit import Head, chain_head
from support_copilot.kit.errors import InvalidRequestError

_log = structlog.get_logger("support_copilot.identity")


class HeadKeeper:
    """Appends the head to a file whenever it has moved; one keeper a process, any number of processes a file."""

    def __init__(self, database: Database, path: Path, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._path = path
        self._clock = clock
        self._last: Head | None = None

    def keep(self) -> None:
        """Write the present head to the file (durably) and to the log, unless it was the last one written."""
        with self._database.read() as session:
            head = chain_head(session)
        if head.seq == 0 or head == self._last:
            return
        line = json.dumps({"seq": head.seq, "hash": head.hash, "at": self._clock().isoformat()})
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # One write in append mode, so that lines of several processes do not mix.
        with self._path.open("ab") as file:
            file.write(line.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self._path.chmod(0o600)
        _log.info("audit.head", seq=head.seq, hash=head.hash)
        self._last = head


def read_heads(path: Path) -> tuple[list[Head], int]:
    """The heads kept in the file, oldest first, and how many of its lines cannot be read; none without a file."""
    if not path.exists():
        return [], 0
    heads: list[Head] = []
    unreadable = 0
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            kept = json.loads(line)
            heads.append(Head(int(kept["seq"]), str(kept["hash"])))
        except (ValueError, KeyError, TypeError):
            unreadable += 1
    return heads, unreadable


def parse_head(written: str) -> Head:
    """A head written as ``SEQ:HASH``, such as from a log.

    Raises:
        InvalidRequestError: it has another form.
    """
    seq, _, hexadecimal = written.partition(":")
    if not (seq.isascii() and seq.isdigit() and len(hexadecimal) == 64 and hexadecimal.isalnum()):
        raise InvalidRequestError.of_field("head", "invalid_head", "has the form SEQ:HASH, as logged under audit.head")
    return Head(int(seq), hexadecimal)
