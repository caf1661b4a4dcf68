"""Documents on disk, in one SQLite file: what the index knows, up to which change number."""

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

_LAYOUT: Final = 1
_SCHEMA: Final = """
CREATE TABLE documents (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, created_at REAL NOT NULL,
    filters TEXT NOT NULL, vector BLOB, title_terms TEXT NOT NULL, body_terms TEXT NOT NULL
);
CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class StoredIndexError(Exception):
    """The file is damaged or was made by another version or model; it must be made anew."""


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document as the index keeps it: terms in place of texts; a tombstone has neither kind nor terms."""

    id: str
    seq: int
    kind: str
    created_at: datetime
    filters: dict[str, str]
    vector: NDArray[np.float32] | None
    title_terms: tuple[str, ...]
    body_terms: tuple[str, ...]
    deleted: bool = False


class DocumentFile:
    """Safe for several threads; each write is one durable transaction together with the new position."""

    def __init__(self, path: Path, *, fingerprint: str, read_only: bool) -> None:
        """Open or create the file.

        Args:
            fingerprint: names model and dimension; a file with another one is refused.

        Raises:
            StoredIndexError: damaged, or of another fingerprint or layout.
        """
        self._path = path
        # A statement that is half read would refuse the rewriting of the file.
        self._lock = threading.Lock()
        mode = "ro" if read_only else "rwc"
        self._connection = sqlite3.connect(
            f"{path.as_uri()}?mode={mode}", uri=True, check_same_thread=False, isolation_level=None
        )
        try:
            self._prepare(f"{_LAYOUT}/{fingerprint}", read_only=read_only)
            self._inode = path.stat().st_ino
        except (sqlite3.Error, OSError) as error:
            self.close()
            raise StoredIndexError("damaged") from error
        except StoredIndexError:
            self.close()
            raise

    def position(self) -> int:
        """Up to which change number the file knows everything.

        Raises:
            StoredIndexError: the file cannot be read now.
        """
        try:
            with self._lock:
                return int(self._state("position") or 0)
        except sqlite3.Error as error:
            raise StoredIndexError("cannot be read") from error

    def is_replaced(self) -> bool:
        """Whether another file lies under this name by now, or none."""
        try:
            return self._path.stat().st_ino != self._inode
        except OSError:
            return True

    def documents(self) -> Iterator[StoredDocument]:
        """All documents by ascending change number.

        Raises:
            StoredIndexError: the file turned out to be damaged.
        """
        query = "SELECT id, seq, kind, created_at, filters, vector, title_terms, body_terms FROM documents ORDER BY seq"
        try:
            for row in self._connection.execute(query):
                yield _document(row)
        except (sqlite3.Error, ValueError) as error:
            raise StoredIndexError("damaged") from error

    def terms(self, ids: Sequence[str]) -> dict[str, set[str]]:
        """The terms of each of these documents.

        Raises:
            StoredIndexError: the file cannot be read now.
        """
        marks = ",".join("?" * len(ids))
        query = f"SELECT id, title_terms, body_terms FROM documents WHERE id IN ({marks})"  # noqa: S608  # marks only
        try:
            with self._lock:
                rows = self._connection.execute(query, list(ids)).fetchall()
        except sqlite3.Error as error:
            raise StoredIndexError("cannot be read") from error
        return {row[0]: set(row[1].split()) | set(row[2].split()) for row in rows}

    def write(self, documents: Iterable[StoredDocument], position: int) -> None:
        """Add, replace and remove, and move the position, all or nothing."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                for document in documents:
                    self._connection.execute("DELETE FROM documents WHERE id = ?", (document.id,))
                    if not document.deleted:
                        self._connection.execute(
                            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _row(document)
                        )
                self._connection.execute("INSERT OR REPLACE INTO state VALUES ('position', ?)", (str(position),))
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def compact(self) -> None:
        """Rewrite the file without the bytes of what was removed."""
        with self._lock:
            self._connection.execute("VACUUM")

    def close(self) -> None:
        self._connection.close()

    def _prepare(self, made_by: str, *, read_only: bool) -> None:
        if read_only:
            if self._state("made_by") != made_by:
                raise StoredIndexError("made by another version")
            return
        # A rollback journal that is removed at each commit leaves no second file with erased text in it.
        self._connection.execute("PRAGMA journal_mode=DELETE")
        self._connection.execute("PRAGMA secure_delete=ON")
        tables = self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if not tables:
            self._connection.executescript("BEGIN;" + _SCHEMA + "COMMIT;")
            self._connection.execute("INSERT INTO state VALUES ('made_by', ?)", (made_by,))
        elif self._state("made_by") != made_by:
            raise StoredIndexError("made by another version")

    def _state(self, name: str) -> str | None:
        row = self._connection.execute("SELECT value FROM state WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None


def _row(document: StoredDocument) -> tuple[object, ...]:
    vector = None if document.vector is None else document.vector.astype("<f2").tobytes()
    return (
        document.seq, document.id, document.kind, document.created_at.timestamp(), json.dumps(document.filters), vector,
        " ".join(document.title_terms), " ".join(document.body_terms),
    )  # fmt: skip


def _document(row: tuple[str, int, str, float, str, bytes | None, str, str]) -> StoredDocument:
    identifier, seq, kind, created_at, filters, vector, title_terms, body_terms = row
    return StoredDocument(
        id=identifier,
        seq=seq,
        kind=kind,
        created_at=datetime.fromtimestamp(created_at, UTC),
        filters=json.loads(filters),
        vector=None if vector is None else np.frombuffer(vector, dtype="<f2").astype(np.float32),
        title_terms=tuple(title_terms.split()),
        body_terms=tuple(body_terms.split()),
    )
