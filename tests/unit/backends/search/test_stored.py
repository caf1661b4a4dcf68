"""Documents on disk."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from support_copilot.backends.search.stored import DocumentFile, StoredDocument, StoredIndexError
from tests.unit.backends.search.samples import NOW, random_vectors, stored

VECTOR = random_vectors(1, 8)[0]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "documents.db"


@pytest.fixture
def file(path: Path) -> Iterator[DocumentFile]:
    opened = DocumentFile(path, fingerprint="m/8", read_only=False)
    yield opened
    opened.close()


def test_documents_come_back_as_they_were_in_order_of_change(file: DocumentFile) -> None:
    file.write([stored("b", 2, "Login", "fails", status="open"), stored("a", 1, "Printer", vector=VECTOR)], 2)

    first, second = file.documents()

    assert (first.id, first.seq, first.created_at, first.title_terms) == ("a", 1, NOW, ("printer",))
    assert first.vector == pytest.approx(VECTOR, abs=1e-3)
    assert (second.filters, second.vector, second.body_terms) == ({"status": "open"}, None, ("fail",))
    assert file.position() == 2
    assert file.terms(["a", "b", "c"]) == {"a": {"printer"}, "b": {"login", "fail"}}


def test_replaced_and_removed_documents_are_gone(file: DocumentFile) -> None:
    file.write([stored("a", 1, "Printer"), stored("b", 2, "Login")], 2)
    file.write([stored("a", 3, "Scanner"), stored("b", 4, deleted=True)], 4)

    assert [(d.id, d.seq, d.title_terms) for d in file.documents()] == [("a", 3, ("scanner",))]


def test_a_write_that_fails_leaves_documents_and_position_as_they_were(file: DocumentFile) -> None:
    file.write([stored("a", 1, "Printer")], 1)

    def half() -> Iterator[StoredDocument]:
        yield stored("b", 2, "Login")
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        file.write(half(), 2)

    assert ([d.id for d in file.documents()], file.position()) == (["a"], 1)


def test_the_bytes_of_removed_words_leave_the_file(file: DocumentFile, path: Path) -> None:
    file.write([stored(f"d{n}", n, "filler " * 50, "kanarienvogel") for n in range(1, 200)], 200)
    file.write([stored(f"d{n}", 200 + n, deleted=True) for n in range(1, 200)], 400)

    assert not any(b"kanarienvogel" in part.read_bytes() for part in path.parent.iterdir())
    large = path.stat().st_size
    file.compact()
    assert path.stat().st_size < large


def test_a_file_of_another_model_is_refused(file: DocumentFile, path: Path) -> None:
    for read_only in (False, True):
        with pytest.raises(StoredIndexError):
            DocumentFile(path, fingerprint="other/8", read_only=read_only)


@pytest.mark.parametrize("content", [b"rot" * 1000, b"SQLite format 3\x00" + b"\xff" * 4000])
def test_a_damaged_file_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)

    with pytest.raises(StoredIndexError):
        DocumentFile(path, fingerprint="m/8", read_only=False)


def test_damage_found_while_reading_is_said(file: DocumentFile, path: Path) -> None:
    file.write([stored("a", 1, "Printer")], 1)
    with sqlite3.connect(path) as other:
        other.execute("UPDATE documents SET filters = '{broken'")
    other.close()

    with pytest.raises(StoredIndexError):
        list(file.documents())


def test_a_reader_sees_what_the_writer_wrote_and_cannot_write(file: DocumentFile, path: Path) -> None:
    reader = DocumentFile(path, fingerprint="m/8", read_only=True)
    file.write([stored("a", 1, "Printer")], 1)

    assert reader.position() == 1
    with pytest.raises(sqlite3.OperationalError):
        reader.write([stored("b", 2)], 2)
    reader.close()


def test_vectors_are_kept_in_half_precision(file: DocumentFile, path: Path) -> None:
    file.write([stored("a", 1, vector=VECTOR)], 1)

    (document,) = file.documents()

    assert document.vector is not None
    assert document.vector.dtype == np.float32
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT length(vector) FROM documents").fetchone() == (16,)
    connection.close()
