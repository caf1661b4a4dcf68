"""Cutting a text into sentences."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

#: Ends of sentences, closing marks behind them, and emoji that stand for an end.
_END: Final = re.compile(
    "[.!?…‽؟۔।॥։]+[)\\]}\"'”’»›*_]*|[\U0001f300-\U0001faff\u2600-\u27bf\ufe0f\u200d]+|[。！？｡]+[」』）”’]*|\n"
)
_WIDE_ENDS: Final = frozenset("。！？｡")
_BULLET: Final = re.compile(r"[ \t]*(?:[-*•‣◦▪●○·–—]|\(?\d{1,3}[.)]|[a-zA-Z][.)])[ \t]+\S")
_ABBREVIATIONS: Final = frozenset(
    {
        "mr", "mrs", "ms", "dr", "prof", "sr", "jr", "vs", "etc", "e.g", "i.e", "eg", "ie",
        "approx", "dept", "inc", "ltd", "corp", "co", "ca", "cf", "al", "a.m", "p.m", "u.s", "bzw",
        "z.b", "d.h", "u.a", "usw", "ggf", "evtl", "inkl", "zzgl", "vgl", "str",
        "bspw", "mio", "mrd", "mme", "mlle", "p.ex", "sra", "dra", "ud", "uds", "ej",
        "p.ej", "núm", "pág", "av", "avda", "sig", "dott", "ing", "ecc", "exmo", "exma", "dhr",
        "mevr", "bijv", "o.a", "d.w.z", "enz", "evt",
    }
)  # fmt: skip
#: Words of their own that are abbreviations only before a number.
_NUMBERED: Final = frozenset({"no", "nr", "st", "max", "min", "art", "abs", "fig", "pag", "tel", "est"})
#: Languages that write ordinal numbers with a full stop.
_ORDINAL_DOT: Final = frozenset({"de", "da", "no", "nb", "fi", "cs", "sk", "pl", "hu", "hr", "sl", "et", "lv"})
_INITIAL: Final = re.compile(r"(?:^|[\s(.])[^\W\d_]$")
_LAST_WORD: Final = re.compile(r"[\w.]{1,12}$")
#: A line shorter than this was ended by its writer, a longer one by a mail program that wraps.
_WRAPPED_LINE: Final = 60
_SPACES: Final = re.compile(r"\s+")
_LOOK_BACK: Final = 16


def split_sentences(text: str, language: str = "en") -> list[str]:
    """The sentences in order, white space normalised, none empty; abbreviations, numbers and addresses stay whole.

    ``language`` (ISO 639-1) says whether "3. Mai" is a date. Linear in the length of the text.
    """
    return _cut(text, [0, *(mark.end() for mark, ends in _marks(text, language) if ends), len(text)])


@dataclass(slots=True)
class GrowingLine:
    """A line that is written on. Each part of it is looked at about once, in however many pieces it comes."""

    language: str
    _rest: str = ""
    _searched: int = 0

    def add(self, text: str) -> list[str]:
        """The sentences behind which another has begun with this text, which holds no line end."""
        self._rest += text
        written, cuts, unsettled = len(self._rest.rstrip()), [0], len(self._rest)
        for mark, ends in _marks(self._rest, self.language, self._searched):
            # What stands first behind a mark decides, whatever else follows.
            if mark.end() >= written:
                unsettled = min(unsettled, mark.start())
            elif ends:
                cuts.append(mark.end())
        sentences = _cut(self._rest, cuts)
        self._rest, self._searched = self._rest[cuts[-1] :], max(0, unsettled - cuts[-1])
        return sentences

    def end(self) -> list[str]:
        """What was left when the line ended."""
        rest, self._rest, self._searched = self._rest, "", 0
        return split_sentences(rest, self.language)


def _marks(text: str, language: str, searched: int = 0) -> Iterator[tuple[re.Match[str], bool]]:
    """What may end a sentence, and whether it does. Before ``searched`` nothing does."""
    start = 0
    line_start = 0
    for mark in _END.finditer(text, searched):
        at_line_end = mark[0] == "\n"
        if at_line_end:
            ends = _ends_at_line(text, line_start, mark.start(), mark.end())
            line_start = mark.end()
        else:
            ends = mark[0][0] in _WIDE_ENDS or _ends_at_mark(text, mark, start, language)
        if ends:
            start = mark.end()
        yield mark, ends


def _cut(text: str, places: Sequence[int]) -> list[str]:
    pieces = (_SPACES.sub(" ", text[start:end]).strip() for start, end in pairwise(places))
    return [piece for piece in pieces if piece]


def _ends_at_line(text: str, line_start: int, line_end: int, next_start: int) -> bool:
    following = text[next_start : next_start + 80]
    if not following or following[0] in "\n\r" or _BULLET.match(following):
        return True
    if _BULLET.match(text[line_start : min(line_end, line_start + 80)]):
        # A wrapped bullet goes on with small letters.
        return not following.lstrip()[:1].islower()
    return line_end - line_start < _WRAPPED_LINE and not following.lstrip()[:1].islower()


def _ends_at_mark(text: str, end: re.Match[str], start: int, language: str) -> bool:
    if not text[end.end() : end.end() + 1].isspace():
        return False
    following = text[end.end() : end.end() + 4].lstrip()
    if not following:
        return True
    mark = end[0].rstrip(")]}\"'”’»›*_")
    if mark != ".":
        # An emoji, a question: a small letter behind it begins a sentence; behind an ellipsis it goes on.
        return not (mark[:1] in ".…" and following[0].islower())
    before = text[max(start, end.start() - _LOOK_BACK) : end.start()]
    word = _LAST_WORD.search(before)
    known = word[0].casefold().strip(".") if word else ""
    if known in _ABBREVIATIONS or (known in _NUMBERED and following[0].isdigit()) or _INITIAL.search(before):
        return False
    if known.isdigit():
        # "3. Mai", and "1. Open the menu": an ordinal, or the number of a step at the start of its sentence.
        ordinal = len(known) <= 2 and (language in _ORDINAL_DOT or following[0].islower())
        return not ordinal and bool(text[start : end.start()].strip(" \t\n-*•(").lstrip(known))
    # People who chat write no capitals, but then no short words before a full stop either.
    return len(known) > 2 or not following[0].islower()
