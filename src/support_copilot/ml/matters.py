"""What happened, told apart from what is like it in words and meaning but needs another answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from support_copilot.ml.phrases import PhraseBook, folded_words, read_table, split_list

_READ_CHARS: Final = 4_000
_TABLE: Final = "matters.toml"
#: In one sentence of usual length, or in two short ones that follow each other.
_TOGETHER: Final = 20


@dataclass(frozen=True, slots=True)
class _Matter:
    """Of which kind it is, and the lists of words that name it where they meet: what it is about, what happens."""

    group: str
    about: tuple[str, ...]
    happens: str | None


def matters_of(text: str) -> frozenset[str]:
    """The matters that the beginning of a text names, in whatever language; mostly one or none."""
    places: dict[str, list[int]] = {}
    for found in _book().find(folded_words(text[:_READ_CHARS])):
        places.setdefault(found.value, []).append(found.first)
    if not places:
        return frozenset()
    return frozenset(name for name, matter in _matters().items() if name in places or _meet(places, matter))


def is_other_matter(asked: frozenset[str], told: frozenset[str]) -> bool:
    """Whether a text is about something else of the same kind: "charged twice" beside "charged after cancelling".

    Args:
        asked: what the customer names.
        told: what the text names that may answer.
    """
    groups = _groups()
    shared = {groups[each] for each in asked & told}
    known = {groups[each] for each in asked} - shared
    return any(groups[each] in known for each in told)


def untold(asked: frozenset[str], told: frozenset[str]) -> frozenset[str]:
    """What the customer names of a kind of which a text says nothing at all."""
    groups = _groups()
    spoken = {groups[each] for each in told}
    return frozenset(each for each in asked if groups[each] not in spoken)


def _meet(places: Mapping[str, list[int]], matter: _Matter) -> bool:
    """Whether what it is about and what happens stand near each other."""
    happens = places.get(matter.happens) if matter.happens else None
    if not happens:
        return False
    about = [place for name in matter.about for place in places.get(name, ())]
    return any(0 < abs(one - other) <= _TOGETHER for one in about for other in happens)


@cache
def _matters() -> Mapping[str, _Matter]:
    return {
        name: _Matter(
            group=str(row["group"]),
            about=tuple(f"words.{each}" for each in row.get("about", ())),
            happens=f"words.{row['happens']}" if "happens" in row else None,
        )
        for name, row in read_table(_TABLE)["matters"].items()
    }


@cache
def _groups() -> Mapping[str, str]:
    """Of which kind each matter is."""
    return {name: matter.group for name, matter in _matters().items()}


@cache
def _book() -> PhraseBook[str]:
    """A value is the name of a matter, or ``words.`` and the name of a list that matters refer to."""
    table = read_table(_TABLE)
    listed = [(f"words.{name}", row) for name, row in table["words"].items()] + list(table["matters"].items())
    return PhraseBook((phrase, name) for name, row in listed for phrase in split_list(row["phrases"]))
