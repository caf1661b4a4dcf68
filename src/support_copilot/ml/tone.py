"""The tone of a reply, and wording in it that a customer should not get."""

from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from support_copilot.ml.phrases import PhraseBook, phrases_by_value, read_table, words_of

Tone = Literal["formal", "warm", "neutral"]

_READ_CHARS: Final = 50_000


@dataclass(frozen=True, slots=True)
class ToneReading:
    """``impolite`` and ``blaming`` hold the phrases found, as written in the text, in order."""

    tone: Tone
    impolite: tuple[str, ...]
    blaming: tuple[str, ...]


def read_tone(text: str) -> ToneReading:
    """The tone by the words of greeting, closing and courtesy, in seven languages; neutral when they are level.

    An exclamation mark counts as warm. Only the first 50,000 characters are read.
    """
    text = text[:_READ_CHARS]
    words = words_of(text)
    found: dict[str, list[str]] = {"formal": [], "warm": [], "impolite": [], "blaming": []}
    for hit in _book().find([word.folded for word in words]):
        found[hit.value].append(text[words[hit.first].start : words[hit.last - 1].end])
    formal = len(found["formal"])
    warm = len(found["warm"]) + min(2, text.count("!"))
    tone: Tone = "formal" if formal > warm else "warm" if warm > formal else "neutral"
    return ToneReading(tone, tuple(found["impolite"]), tuple(found["blaming"]))


@cache
def _book() -> PhraseBook[str]:
    return PhraseBook(phrases_by_value(read_table("tone.toml")))
