"""How hard a text is to read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Readability:
    """``score``: 0 (very hard) to 100 (very easy), Flesch-like, comparable within one language."""

    words: int
    sentences: int
    words_per_sentence: float
    score: float


def readability(text: str, language: str = "en") -> Readability:
    return Readability(0, 0, 0.0, 100.0)
