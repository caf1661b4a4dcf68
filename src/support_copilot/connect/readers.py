"""Reads CSV and JSON Lines files of any size row by row; a rotten row is reported, never the end of the file."""

import codecs
import csv
import gzip
import io
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal

from charset_normalizer import from_bytes

from support_copilot.connect.csv_records import Record, read_records
from support_copilot.kit.errors import InvalidRequestError

FileFormat = Literal["csv", "jsonl"]
_Peekable = io.BufferedReader | gzip.GzipFile
MAX_ROW_BYTES = 32_000_000
_SAMPLE_BYTES = 65_536
#: With fewer broken lines than this share, a file is UTF-8 and those lines are rot.
_ROTTEN_LINES_OF_UTF8 = 0.4
_FORMATS: dict[str, FileFormat] = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl",
}  # fmt: skip

#: The beginning of one big JSON array instead of JSON Lines.
_ARRAY = re.compile(rb"\s*\[\s*(?:\{|$)")

csv.field_size_limit(MAX_ROW_BYTES)


class UnreadableFileError(InvalidRequestError):
    code, title = "unreadable_file", "This file cannot be imported"


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as it stands in the file; ``problem`` says why it cannot be read at all.

    ``line`` is where the row begins, from 1. ``offset`` is how many bytes of the file are behind us.
    """

    line: int
    offset: int
    values: dict[str, Any]
    problem: str | None = None


def read_rows(path: Path, encoding: str | None = None) -> Iterator[RawRow]:
    """All rows of a ``.csv``, ``.tsv``, ``.jsonl`` or ``.ndjson`` file, also when it ends in ``.gz``.

    Nested JSON objects become dotted names (``customer.email``); lists stay lists. Memory is bounded by the
    longest row, whatever the size of the file.

    Args:
        encoding: of a CSV file, against the detection; JSON is always UTF-8.

    Raises:
        UnreadableFileError: the file is missing, of another kind, or has no rows that could be named.
    """
    file_format = detect_format(path)
    if encoding is not None:
        _check_encoding(encoding)
    try:
        with path.open("rb") as raw:
            stream = gzip.GzipFile(fileobj=raw) if path.suffix == ".gz" else raw
            if file_format == "csv":
                yield from _csv_rows(stream, _Counted(raw), encoding)
            else:
                yield from _json_rows(stream, _Counted(raw))
    except FileNotFoundError as error:
        raise UnreadableFileError("There is no such file.") from error
    except IsADirectoryError as error:
        raise UnreadableFileError("This is a folder, not a file.") from error
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise UnreadableFileError("The compressed file is damaged; what came before the damage is taken.") from error


def detect_format(path: Path) -> FileFormat:
    """By the name's ending, in front of ``.gz`` if there is one.

    Raises:
        UnreadableFileError: the ending says nothing.
    """
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    known = _FORMATS.get(suffixes[-1]) if suffixes else None
    if known is None:
        raise UnreadableFileError("The name must end in .csv, .tsv, .jsonl or .ndjson (and .gz when compressed).")
    return known


def _check_encoding(encoding: str) -> None:
    try:
        codecs.lookup(encoding)
    except LookupError as error:
        raise UnreadableFileError("There is no encoding of that name; usual ones are utf-8 and cp1252.") from error


class _Counted:
    """How far the file on disk has been read, for progress, also when it is compressed."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw

    @property
    def offset(self) -> int:
        return self._raw.tell()


def _json_rows(stream: _Peekable, counted: _Counted) -> Iterator[RawRow]:
    line = 0
    while chunk := stream.readline(MAX_ROW_BYTES):
        line += 1
        if len(chunk) == MAX_ROW_BYTES and not chunk.endswith(b"\n"):
            while (rest := stream.readline(MAX_ROW_BYTES)) and not rest.endswith(b"\n"):
                pass
            yield RawRow(line, counted.offset, {}, f"longer than {MAX_ROW_BYTES} bytes")
            continue
        if line == 1:
            chunk = chunk.removeprefix(codecs.BOM_UTF8)
            if _ARRAY.match(chunk):
                raise UnreadableFileError(
                    "This is one JSON array; write one object a line: jq -c '.[]' FILE > FILE.jsonl"
                )
        if chunk.strip():
            yield _json_row(line, counted.offset, chunk)


def _json_row(line: int, offset: int, chunk: bytes) -> RawRow:
    try:
        value = json.loads(chunk.decode("utf-8"))
    except UnicodeDecodeError:
        return RawRow(line, offset, {}, "not valid UTF-8")
    except (ValueError, RecursionError):
        return RawRow(line, offset, {}, "not valid JSON")
    if not isinstance(value, dict):
        return RawRow(line, offset, {}, "not a JSON object")
    return RawRow(line, offset, flat_row(value))


def flat_row(record: dict[str, Any]) -> dict[str, Any]:
    """A record with its nested objects as dotted names (``customer.email``); lists stay lists."""
    return dict(_flat(record, "", 0))


def _flat(value: dict[str, Any], prefix: str, depth: int) -> Iterator[tuple[str, Any]]:
    for name, inner in value.items():
        if isinstance(inner, dict) and depth < 3:
            yield from _flat(inner, f"{prefix}{name}.", depth + 1)
        else:
            yield f"{prefix}{name}", inner


def _csv_rows(stream: _Peekable, counted: _Counted, encoding: str | None) -> Iterator[RawRow]:
    sample = stream.peek(_SAMPLE_BYTES)[:_SAMPLE_BYTES]
    encoding = encoding or _encoding(sample)
    # Bytes that do not fit the encoding become lone surrogates, so that only their own row is refused.
    text = io.TextIOWrapper(stream, encoding=encoding, errors="surrogateescape", newline="")
    delimiter = _delimiter(sample.decode(encoding, errors="replace"))
    try:
        records = read_records(text, delimiter, MAX_ROW_BYTES)
        header = next(records, None)
        if header is None or header.problem or not any(name.strip() for name in header.cells):
            raise UnreadableFileError("The first line must name the columns.")
        names = [name.strip().removeprefix("\ufeff") for name in header.cells]
        for record in records:
            yield _csv_row(record, counted.offset, names)
    finally:
        text.detach()  # whoever opened the file closes it


def _csv_row(record: Record, offset: int, names: list[str]) -> RawRow:
    problem = record.problem
    if problem is None and any(map(_has_rot, record.cells)):
        problem = "has bytes that are not valid text in the encoding of the file"
    if problem:
        return RawRow(record.line, offset, {}, problem)
    return RawRow(record.line, offset, dict(zip(names, record.cells, strict=True)))


def _encoding(sample: bytes) -> str:
    if sample.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    try:
        # The sample may end in the middle of a character.
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        if _broken_lines(sample) < _ROTTEN_LINES_OF_UTF8:
            return "utf-8"
        best = from_bytes(sample).best()
        return best.encoding if best else "utf-8"
    return "utf-8"


def _broken_lines(sample: bytes) -> float:
    """The share of lines that are not UTF-8: small in a UTF-8 file with rot, large in a legacy encoding."""
    lines = sample.decode("utf-8", errors="surrogateescape").splitlines()[:-1]
    return sum(map(_has_rot, lines)) / max(1, len(lines))


def _has_rot(text: str) -> bool:
    return any("\udc80" <= character <= "\udcff" for character in text)


def _delimiter(sample: str) -> str:
    try:
        return csv.Sniffer().sniff(sample.splitlines()[0] if sample else "", delimiters=",;\t|").delimiter
    except (csv.Error, IndexError):
        return ","
