"""Names, addresses and numbers brought to the one form that they are looked up by."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

#: A word is found by its beginning from this length on; a shorter one only whole. Fewer letters would be on so many
#: people that the keyed hashes could be told apart by counting them.
_SHORTEST_BEGINNING: Final = 3
_LONGEST_BEGINNING: Final = 10
_MAX_WORDS: Final = 12
_WORD: Final = re.compile(r"[^\W_]+")
_NOT_A_DIGIT: Final = re.compile(r"\D")
#: From here on (CJK) one character carries what a syllable or word does elsewhere.
_FIRST_IDEOGRAPH: Final = "\u2e80"


def normal_email(address: str) -> str | None:
    """The address in lower case."""
    return address.strip().lower() or None


def normal_phone(number: str) -> str | None:
    """The digits, without the international prefix ``+`` or ``00``; None when there are too few to tell anybody by."""
    digits = _NOT_A_DIGIT.sub("", number)
    digits = digits.removeprefix("00")
    return digits if len(digits) >= 6 else None


def words_of(text: str) -> list[str]:
    """The words of a name or an address: case and accents dropped, in order, without doubles, the first twelve."""
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
    return list(dict.fromkeys(_WORD.findall(bare)))[:_MAX_WORDS]


def beginnings(word: str) -> set[str]:
    """What a word is stored under: itself and its beginnings, up to ten characters."""
    lengths = range(_shortest(word), min(len(word), _LONGEST_BEGINNING))
    return {word[:_LONGEST_BEGINNING]} | {word[:length] for length in lengths}


def beginnings_asked(words: Sequence[str]) -> set[str]:
    """What is looked up for words that were typed; short ones only where there are no others, as whole words."""
    long = [word for word in words if len(word) >= _shortest(word)]
    return {word[:_LONGEST_BEGINNING] for word in long or words}


def _shortest(word: str) -> int:
    return 1 if word >= _FIRST_IDEOGRAPH else _SHORTEST_BEGINNING
