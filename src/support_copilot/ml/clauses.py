"""Which words of a text stand in one clause, so that it is told what something happened to.

"The refund for order 12 has not arrived" says it of the refund, "I want a refund because my order has not arrived" of
the order, though the same words stand equally near in both.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from support_copilot.ml.phrases import Word

_BREAK: Final = re.compile(r"[.,;:!?(…—–]\s|[(\n]|\s[-–—]\s")
_RELATIVE: Final = frozenset({"that", "which", "who", "que", "qui", "die", "der", "das", "welche", "dat", "che"})
#: German "die" mostly is an article; where it begins a clause a comma stands before it.
_JOINING: Final = _RELATIVE - {"die", "der", "das", "welche"} | {
    "and", "but", "because", "since", "although", "though", "while", "whose", "und", "aber", "weil", "denn", "obwohl",
    "sondern", "dass", "daß", "et", "mais", "car", "parce", "puis", "alors", "dont", "y", "pero", "porque", "aunque",
    "e", "mas", "embora", "en", "maar", "want", "omdat", "hoewel", "perché",
}  # fmt: skip
#: "The order that has still not arrived": so near behind the relative word it is said of the word before.
_AT_ONCE: Final = 2
#: Further away nothing is said of it.
_REACH: Final = 3


def clauses_of(text: str, words: Sequence[Word], things: Collection[int], events: Collection[int]) -> list[int]:
    """The number of its clause for each word, rising.

    Args:
        things: places of words that something may happen to; one before its relative clause is counted to that.
        events: places of words for what happens.
    """
    numbers: list[int] = []
    current = 0
    for place, word in enumerate(words):
        between = text[words[place - 1].end : word.start] if place else ""
        if word.folded in _JOINING or _BREAK.search(between):
            current += 1
        if place and word.folded in _RELATIVE and any(place < at <= place + _AT_ONCE for at in events):
            before = place - 1 if place - 1 in things else place - 2
            if before in things and all(map(_is_id, words[before + 1 : place])):
                current += 1
                numbers[before:] = [current] * (place - before)
        numbers.append(current)
    return numbers


def _is_id(word: Word) -> bool:
    return any(map(str.isdigit, word.folded))


def owners(event: int, numbers: Sequence[int], places: Mapping[str, Iterable[int]]) -> frozenset[str]:
    """Names of what stands in the clause of an event, or in the nearest clause that has any of it, earlier ones first.

    Args:
        event: the place of a word.
        numbers: as ``clauses_of`` returns them.
        places: where each named thing is spoken of.
    """
    own = numbers[event]
    clauses = {name: {numbers[place] for place in found} for name, found in places.items()}
    near = {clause for found in clauses.values() for clause in found if abs(clause - own) <= _REACH}
    if not near:
        return frozenset()
    nearest = min(near, key=lambda clause: (abs(clause - own), clause > own))
    return frozenset(name for name, found in clauses.items() if nearest in found)
