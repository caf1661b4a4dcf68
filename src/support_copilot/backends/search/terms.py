"""Texts to search terms: the same words for the index on disk and for the newest documents in memory."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

#: More words than this say nothing new about what a text is about, and bound the cost of a huge one.
MAX_TERMS: Final = 2000
_MAX_CHARS: Final = MAX_TERMS * 12
_MAX_TERM_CHARS: Final = 40
_WORD: Final = re.compile(r"[^\W_]+(?:[.'’_-][^\W_]+)*")
_PARTS: Final = re.compile(r"[^\W_]+")
#: Scripts that are written without spaces: pairs of characters stand for words.
_UNSPACED: Final = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")


def terms_of(text: str) -> list[str]:
    """Lower-case terms without accents, in order, repeated as often as they occur; at most ``MAX_TERMS``.

    A compound such as ``ERR-4031`` or ``2.1.3`` gives itself and its parts, so that both ways of writing find it.
    English plurals lose their s; heavier stemming was measured and found worse on issue texts.
    """
    found: list[str] = []
    for match in _WORD.finditer(_without_accents(text[:_MAX_CHARS].lower())):
        found.extend(_terms_of_word(match.group()))
        if len(found) >= MAX_TERMS:
            break
    return found[:MAX_TERMS]


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _terms_of_word(word: str) -> Iterator[str]:
    if _UNSPACED.search(word):
        yield from _pairs(word)
        return
    parts = _PARTS.findall(word)
    if len(parts) > 1:
        yield word[:_MAX_TERM_CHARS]
    for part in parts:
        yield _singular(part[:_MAX_TERM_CHARS])


def _pairs(word: str) -> Iterator[str]:
    if len(word) == 1:
        yield word
    for start in range(len(word) - 1):
        yield word[start : start + 2]


def _singular(word: str) -> str:
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
