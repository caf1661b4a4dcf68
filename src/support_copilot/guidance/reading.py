"""Reads a model's text while it is written: sentences as soon as they end, lists as soon as they are whole."""

from dataclasses import dataclass, field
from typing import Final, Literal

from support_copilot.guidance.layout import LIST_ITEM
from support_copilot.guidance.phrasebook import CLOSINGS, GREETING_WORDS
from support_copilot.kit.text import storable
from support_copilot.ml.sentences import GrowingLine

#: A line without an end; a model that writes one is cut, so that nothing grows without bounds.
_LONGEST_LINE: Final = 8_000
_GREETING_WORDS: Final = 8


@dataclass(frozen=True, slots=True)
class Written:
    """``sentence``: one text; ``list``: the introduction (may be empty) and the steps. ``begins`` opens a paragraph."""

    kind: Literal["sentence", "list"]
    texts: tuple[str, ...]
    begins: bool = False


@dataclass(slots=True)
class BodyReader:
    """Feed it pieces, then ``finish``; greetings and closings, which are ours, are left out."""

    language: str
    _line: str = ""
    _untold: GrowingLine = field(init=False)
    _read: int = 0
    _told: bool = False
    _begins: bool = True
    _lead: str | None = None
    _lead_begins: bool = True
    _steps: list[str] = field(default_factory=list)
    _lines: int = 0
    _closed: bool = False

    def __post_init__(self) -> None:
        self._untold = GrowingLine(self.language)

    def feed(self, piece: str) -> list[Written]:
        """What is whole after this piece, in order."""
        done: list[Written] = []
        parts = storable(piece).split("\n")
        for number, part in enumerate(parts):
            added = part[: _LONGEST_LINE - len(self._line)]
            self._line += added
            if number < len(parts) - 1:
                done += self._end_line()
            elif added:
                done += self._sentences(whole=False)
        return done

    def finish(self) -> list[Written]:
        """What was left when the text ended."""
        done = self._end_line()
        return [*done, *self._end_list()]

    def _end_line(self) -> list[Written]:
        line, done = self._line, []
        item = LIST_ITEM.match(line)
        if self._closed or self._frames(line):
            pass
        elif not line.strip():
            # A list may stand apart from its introduction; a new paragraph begins behind what is neither.
            self._begins = True
        elif item and not self._told:
            self._steps.append(line[item.end() :].strip())
        else:
            done = self._sentences(whole=True)
        self._lines += bool(line.strip())
        self._line, self._untold, self._read, self._told = "", GrowingLine(self.language), 0, False
        return done

    def _sentences(self, *, whole: bool) -> list[Written]:
        """The sentences of the line that have ended; the last one only when the line has."""
        if self._closed or not self._line.strip() or (not self._told and self._may_be_other(whole=whole)):
            return []
        ended = self._untold.add(self._line[self._read :])
        self._read = len(self._line)
        if whole:
            ended += self._untold.end()
        done: list[Written] = []
        for text in ended:
            done += self._take(text)
        self._told |= bool(ended)
        return done

    def _take(self, text: str) -> list[Written]:
        done = self._end_list()
        if text.rstrip().endswith((":", "：")):
            self._lead, self._lead_begins = text, self._begins
            return done
        done.append(Written("sentence", (text,), self._begins))
        self._begins = False
        return done

    def _end_list(self) -> list[Written]:
        """The list that has been read, with its introduction; the latter alone is a sentence that led nowhere."""
        lead, steps = self._lead, tuple(self._steps)
        self._lead, self._steps = None, []
        if not steps:
            return []
        self._begins = True
        return [Written("list", (lead or "", *steps), self._lead_begins if lead else True)]

    def _may_be_other(self, *, whole: bool) -> bool:
        """Whether an unfinished line may still turn out to be a step, a greeting or a closing."""
        if whole:
            return False
        begun = self._line.lstrip()
        return bool(LIST_ITEM.match(self._line)) or len(begun) < 4 or (self._lines == 0 and self._greets(begun))

    def _frames(self, line: str) -> bool:
        """Whether a line is a greeting at the beginning, or the closing, behind which nothing of the body comes."""
        text = line.strip()
        if (
            self._lines == 0
            and self._greets(text)
            and len(text.split()) <= _GREETING_WORDS
            and text.endswith((",", "!", ":"))
        ):
            return not self._told
        if text.casefold().rstrip(",.!") in CLOSINGS:
            self._closed = True
        return self._closed

    @staticmethod
    def _greets(text: str) -> bool:
        return text.casefold().startswith(GREETING_WORDS)
