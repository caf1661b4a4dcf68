"""The words of a text that say what it is about, and how many of them another text has."""

import re
from typing import Final

from support_copilot.ml.function_words import FUNCTION_WORDS

_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
#: Short words say little about the matter, in any of the languages.
_CONTENT_CHARS: Final = 4


def words_of(text: str) -> list[str]:
    """All words in lower case, in order."""
    return [word.casefold() for word in _WORD.findall(text)]


def content_words(text: str) -> frozenset[str]:
    """The words that say what a text is about, in lower case, cut to their stems roughly (eight letters)."""
    return frozenset(
        word[:8]
        for word in words_of(text)
        if word not in FUNCTION_WORDS and (len(word) >= _CONTENT_CHARS or not word.isalpha())
    )


def share_of_words(wanted: str, text: str) -> float:
    """Which share of the content words of ``wanted`` is found in ``text``; 1 when there are none to find."""
    needed = content_words(wanted)
    return len(needed & content_words(text)) / len(needed) if needed else 1.0
