"""The records of a CSV text, of which a lost quotation mark costs one line and not the rest of the file."""

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TextIO

#: A record may run over lines, but a quotation mark that nobody closed must not take the whole file along.
MAX_RECORD_LINES: Final = 5_000
_NOT_CLOSED: Final = "a quotation mark is not closed"


@dataclass(frozen=True, slots=True)
class Record:
    """``line``: where it begins, from 1. ``problem`` says why the cells are not to be used."""

    line: int
    cells: list[str]
    problem: str | None = None


class _Lines:
    """Gives lines to ``csv.reader``, remembers those of the present record, and takes them back."""

    def __init__(self, text: TextIO, delimiter: str, max_chars: int) -> None:
        self._text = text
        self.delimiter = delimiter
        self._max_chars = max_chars
        self._waiting: deque[str] = deque()
        self._chars = 0
        self.line = 1
        self.taken: list[str] = []
        self.ran_out = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= MAX_RECORD_LINES or self._chars >= self._max_chars:
            self.ran_out = True
            raise StopIteration
        line = self._waiting.popleft() if self._waiting else self._text.readline(self._max_chars)
        if not line:
            self.ran_out = True
            raise StopIteration
        self.taken.append(line)
        self._chars += len(line)
        return line

    def begin(self) -> None:
        """The next line begins a record."""
        self.line += len(self.taken)
        self.taken, self.ran_out, self._chars = [], False, 0

    def give_back(self) -> None:
        """All lines of the present record but its first are read anew."""
        self._waiting.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]

    def skip_rest_of_line(self) -> bool:
        """Go on behind a line that is longer than may be read at once; whether there was one."""
        cut = bool(self.taken) and len(self.taken[-1]) >= self._max_chars and self.taken[-1][-1] not in "\r\n"
        while cut and (rest := self._text.readline(self._max_chars)) and rest[-1] not in "\r\n":
            pass
        return cut


def read_records(text: TextIO, delimiter: str, max_chars: int) -> Iterator[Record]:
    """All records with anything in them, the header first; one that does not fit the header carries its problem.

    A record of several lines that has not as many cells as the header, or whose quotation mark is not closed within
    the limits, loses only its first line: what follows is read anew.

    Args:
        max_chars: longest record; a longer one is a problem of its own line.
    """
    lines = _Lines(text, delimiter, max_chars)
    reader = csv.reader(lines, delimiter=delimiter)
    columns = 0
    while True:
        lines.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            lines.skip_rest_of_line()
            lines.give_back()
            yield Record(lines.line, [], f"not valid CSV ({error})")
            continue
        too_long = lines.skip_rest_of_line()
        problem = f"longer than {max_chars} characters" if too_long else _problem(cells, columns, lines)
        if problem:
            lines.give_back()
            yield Record(lines.line, [], problem)
        elif any(cells):
            columns = columns or len(cells)
            yield Record(lines.line, cells)


def _problem(cells: list[str], columns: int, lines: _Lines) -> str | None:
    if lines.ran_out and lines.taken:
        return _NOT_CLOSED
    if len(lines.taken) > 1 and not _is_strict(lines.taken, lines.delimiter):
        return _NOT_CLOSED
    if columns and any(cells) and len(cells) != columns:
        hint = "; perhaps a quotation mark is not closed" if len(lines.taken) > 1 else ""
        return f"{len(cells)} cells, but the header names {columns} columns{hint}"
    return None


def _is_strict(taken: list[str], delimiter: str) -> bool:
    """Whether quotation marks stand around whole cells only: of several lines, others met by chance."""
    try:
        next(csv.reader(taken, delimiter=delimiter, strict=True))
    except csv.Error:
        return False
    return True
