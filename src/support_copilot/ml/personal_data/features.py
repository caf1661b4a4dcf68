"""What the tagger sees of a text: words, their shape, the lists of names, places and ordinary words they are on.

Each feature belongs to one word, in its own place or as a neighbour, or to two neighbours; so the weights of a word are
added up once, however often it occurs (``tagger``). Training builds its rows from the same functions.
"""

import gzip
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

#: A word with the accents behind its letters, one sign, or the ends of lines.
_TOKEN: Final = re.compile(r"\w[\w\u0300-\u036f]*|[^\w\s]|\s*\n\s*")
_MAX_WORD_CHARS: Final = 40
#: A sentence or a block of lines; the tagger does not look beyond.
_MAX_SEGMENT: Final = 100
_MIN_SEGMENT: Final = 6
#: Of a compound.
_MIN_PART: Final = 4
_ENDS: Final = frozenset(".!?")
NOTHING: Final = "<>"
#: Of a segment; see ``case_of``.
CASES: Final = ("l", "m", "U")
_PEOPLE: Final = frozenset("gf")
_PLACES: Final = frozenset("cn")
#: Where a neighbour stands.
NEIGHBOURS: Final = (-2, -1, 1, 2)


@dataclass(frozen=True, slots=True)
class Token:
    start: int
    end: int
    word: str


@dataclass(frozen=True, slots=True)
class Look:
    """``word`` folded; ``kind`` is its shape and what its lists come to."""

    word: str
    shape: str
    lists: str
    kind: str


def segments(text: str) -> Iterator[list[Token]]:
    """The tokens of a text in stretches of at most 100, cut at ends of sentences and at empty lines."""
    segment: list[Token] = []
    for match in _TOKEN.finditer(text):
        word = match[0]
        if word[0].isspace():
            word = "\n\n" if word.count("\n") > 1 else "\n"
        segment.append(Token(match.start(), match.end(), word[:_MAX_WORD_CHARS]))
        at_end = word == "\n\n" or (word in _ENDS and _ends_sentence(text, match, segment))
        if (at_end and len(segment) >= _MIN_SEGMENT) or len(segment) >= _MAX_SEGMENT:
            yield segment
            segment = []
    if segment:
        yield segment


def _ends_sentence(text: str, sign: re.Match[str], segment: list[Token]) -> bool:
    """Not behind "J." or "Dr."."""
    if text[sign.end() : sign.end() + 1] not in {" ", "\n", ""}:
        return False
    before = segment[-2].word if len(segment) > 1 else ""
    return sign[0] != "." or len(before) > 3 or not before[:1].isupper()


def case_of(segment: list[Token]) -> str:
    """Whether capitals mean anything here: ``U`` all letters are, ``l`` none is, ``m`` some are."""
    words = [token.word for token in segment if token.word[0].isalpha()]
    if not any(word[0].isupper() for word in words):
        return "l"
    return "U" if sum(word.isupper() for word in words) > 0.7 * len(words) and len(words) > 2 else "m"


def look_at(word: str) -> Look:
    folded = fold(word) if word.isprintable() else "¶"
    shape = _shape(word)
    lists = (lexicon().get(folded) or _compound(folded)) if shape[0] in "Xx" else ""
    return Look(folded, shape, lists, f"{shape}{_in_short(lists)}")


END: Final = Look(NOTHING, NOTHING, "", NOTHING)


def own_features(look: Look, case: str) -> list[str]:
    """Of a word in its own place."""
    return [
        f"w={look.word}",
        f"s={look.word[-3:]}",
        f"p={look.word[:3]}",
        f"g={look.lists}",
        *(f"l={mark}" for mark in look.lists),
        f"k={look.kind}",
        f"c={case}{look.kind}",
    ]


def neighbour_features(look: Look, place: int) -> list[str]:
    """Of a word two or one before or behind."""
    return [f"{place}w={look.word}", f"{place}k={look.kind}"]


def pair_features(before: Look, behind: Look, place: int) -> list[str]:
    """Of two words side by side; ``place`` says which of them is looked at: 0 the second, 1 the first."""
    pair = [f"{place}kk={before.kind}_{behind.kind}"]
    return [*pair, f"wk={before.word}_{behind.kind}" if place == 0 else f"kw={before.kind}_{behind.word}"]


def _compound(word: str) -> str:
    """Ordinary where it is made of two ordinary words, as German and Dutch do ("Fehlercode", "Bestellnummer")."""
    known = lexicon()
    for cut in range(_MIN_PART, len(word) - _MIN_PART + 1):
        if known.get(word[cut:]) == "o" and "o" in (known.get(word[:cut]) or known.get(word[: cut - 1]) or ""):
            return "o"
    return ""


def _in_short(lists: str) -> str:
    """N a name of people, B of people and places, P of places; A and Q: also an ordinary word; O: only that."""
    person, place, ordinary = not _PEOPLE.isdisjoint(lists), not _PLACES.isdisjoint(lists), "o" in lists
    if person:
        return "A" if ordinary else "B" if place else "N"
    return ("Q" if ordinary else "P") if place else "O" if ordinary else ""


def _shape(word: str) -> str:
    if not (word[0].isalnum() or word[0] == "_"):
        return "n" if word[0] == "\n" else "."
    if any(map(str.isdecimal, word)):
        return f"d{min(len(word), 6)}" if word.isdecimal() else "xd"
    return _case(word)


def _case(word: str) -> str:
    if word.islower() or word.lower() == word.upper():
        return "x"
    if word.isupper():
        return "X" if len(word) == 1 else "XX"
    return "Xx" if word[1:].islower() else "XxX"


@lru_cache(maxsize=1)
def lexicon() -> dict[str, str]:
    """Folded word to its lists: g given name, f family name, c city, n country, p part of a place, o ordinary."""
    packed = (files("support_copilot.ml") / "data" / "names.txt.gz").read_bytes()
    rows = (line.partition("\t") for line in gzip.decompress(packed).decode("utf-8").splitlines())
    return {word: lists for word, _, lists in rows}


def fold(word: str) -> str:
    """Lower case without accents."""
    lowered = word.casefold()
    if lowered.isascii():
        return lowered
    plain = "".join(letter for letter in unicodedata.normalize("NFD", lowered) if not unicodedata.combining(letter))
    return plain.translate(_LETTERS)


_LETTERS: Final = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})
