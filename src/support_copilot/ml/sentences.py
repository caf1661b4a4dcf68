"""Cutting a text into sentences."""

import re
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
    sentences: list[str] = []
    start = 0
    line_start = 0
    for end in _END.finditer(text):
        at_line_end = end[0] == "\n"
        if at_line_end:
            ends = _ends_at_line(text, line_start, end.start(), end.end())
            line_start = end.end()
        else:
            ends = end[0][0] in _WIDE_ENDS or _ends_at_mark(text, end, start, language)
        if ends:
            _append(sentences, text[start : end.end()])
            start = end.end()
    _append(sentences, text[start:])
    return sentences


def _append(sentences: list[str], piece: str) -> None:
    sentence = _SPACES.sub(" ", piece).strip()
    if sentence:
        sentences.append(sentence)


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
