"""The words of a text that say what it is about, and how many of them another text has."""

import re
from typing import Final

from support_copilot.ml.function_words import FUNCTION_WORDS

_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
#: Short words say little about the matter, in any of the languages.
_CONTENT_CHARS: Final = 4


def words_of(text: str) -> list[str]:
    """All words in lower case, in order."""
    # Folding changes letters one by one and makes no white space, so all words can be folded at once.
    return "\n".join(_WORD.findall(text)).casefold().split()


def content_words(text: str) -> frozenset[str]:
    """The words that say what a text is about, in lower case, cut to their stems roughly (eight letters)."""
    telling = set(words_of(text)) - FUNCTION_WORDS
    return frozenset(word[:8] for word in telling if len(word) >= _CONTENT_CHARS or not word.isalpha())


def share_of_words(wanted: str, text: str) -> float:
    """Which share of the content words of ``wanted`` is found in ``text``; 1 when there are none to find."""
    return share_of(content_words(wanted), content_words(text))


def share_of(wanted: frozenset[str], known: frozenset[str]) -> float:
    """Which share of the words wanted is known; 1 when none is wanted."""
    return len(wanted & known) / len(wanted) if wanted else 1.0
