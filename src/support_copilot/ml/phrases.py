"""Finding many phrases in a text in one pass."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, Final, Generic, NamedTuple, TypeVar

Value = TypeVar("Value")

_WORD: Final = re.compile(r"[^\W_]+(?:['’`´-][^\W_]+)*")
_APOSTROPHES: Final = str.maketrans("’`´", "'''")
#: ``crash*`` matches every word that begins so; the head is what the stems are looked up by.
_HEAD: Final = 3
#: ``lost _ data``: at most so many other words in between.
_GAP: Final = 2


class Word(NamedTuple):
    """A word as it is compared (folded), and where it stands in the text."""

    folded: str
    start: int
    end: int


class Found(NamedTuple, Generic[Value]):
    """The phrase from word ``first`` up to, not including, word ``last``."""

    value: Value
    first: int
    last: int


@dataclass(slots=True)
class _Node(Generic[Value]):
    below: dict[str, "_Node[Value]"] = field(default_factory=dict)
    values: list[Value] = field(default_factory=list)


class PhraseBook(Generic[Value]):
    """Phrases of words with a value each; the cost of a search does not depend on how many there are.

    In a phrase ``stem*`` stands for any word that begins so (three letters at least), ``_`` for up to two words.
    """

    def __init__(self, phrases: Iterable[tuple[str, Value]]) -> None:
        self._root: _Node[Value] = _Node()
        stems: dict[str, set[str]] = {}
        for phrase, value in phrases:
            node = self._root
            for part in phrase.casefold().translate(_APOSTROPHES).split():
                if part.endswith("*"):
                    stems.setdefault(part[:_HEAD], set()).add(part[:-1])
                node = node.below.setdefault(part, _Node())
            node.values.append(value)
        # Longest first: of several stems that fit, the most exact one is tried first.
        self._stems = {head: sorted(found, key=lambda stem: (-len(stem), stem)) for head, found in stems.items()}
        #: Most words begin no phrase, and their first letters say so.
        self._begun = frozenset(part[:_HEAD] for part in self._root.below if part.endswith("*"))

    def find(self, words: Sequence[str]) -> list[Found[Value]]:
        """The longest phrase at each folded word, in order; phrases that begin at different words may overlap."""
        begins, begun = self._root.below, self._begun
        found: list[Found[Value]] = []
        for first, word in enumerate(words):
            if word not in begins and word[:_HEAD] not in begun:
                continue
            best = max(self._ends(self._root, words, first), key=_end, default=None)
            if best is not None:
                found.extend(Found(value, first, best[0]) for value in best[1])
        return found

    def _symbols(self, word: str) -> tuple[str, ...]:
        stems = self._stems.get(word[:_HEAD])
        if stems is None:
            return (word,)
        return (word, *(f"{stem}*" for stem in stems if word.startswith(stem)))

    def _ends(self, node: _Node[Value], words: Sequence[str], position: int) -> Iterator[tuple[int, list[Value]]]:
        if position < len(words):
            for symbol in self._symbols(words[position]):
                below = node.below.get(symbol)
                if below is not None:
                    if below.values:
                        yield position + 1, below.values
                    if below.below:
                        yield from self._ends(below, words, position + 1)
        gap = node.below.get("_")
        if gap is not None:
            for skipped in range(_GAP + 1):
                yield from self._ends(gap, words, position + skipped)


def _end(hit: tuple[int, object]) -> int:
    return hit[0]


def folded_words(text: str) -> list[str]:
    """The words of a text as they are compared, in order: in lower case, with one form of apostrophe."""
    # Folding changes letters one by one and makes no white space, so all words can be folded at once.
    return "\n".join(_WORD.findall(text)).casefold().translate(_APOSTROPHES).split()


def words_of(text: str) -> list[Word]:
    """The words of a text, folded, in order, with their places."""
    spans = map(re.Match.span, _WORD.finditer(text))
    return [Word(folded, start, end) for folded, (start, end) in zip(folded_words(text), spans, strict=True)]


def read_table(name: str) -> dict[str, Any]:
    """A TOML file of the folder ``data`` beside this file."""
    return tomllib.loads((files("support_copilot.ml") / "data" / name).read_text(encoding="utf-8"))


def split_list(line: str) -> list[str]:
    """The parts of a comma-separated list, which may run over several lines."""
    return [" ".join(part.split()) for part in line.split(",") if part.strip()]


def phrases_by_value(table: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """``{"value": "phrase, phrase"}`` as pairs of phrase and value."""
    for value, line in table.items():
        for phrase in split_list(line):
            yield phrase, value
