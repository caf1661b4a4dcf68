"""What happened, told apart from what is like it in words and meaning but needs another answer."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from support_copilot.ml.phrases import PhraseBook, read_table, split_list, words_of

_READ_CHARS: Final = 4_000
_TABLE: Final = "matters.toml"
#: In one sentence of usual length, or in two short ones that follow each other.
_TOGETHER: Final = 20


def matters_of(text: str) -> frozenset[str]:
    """The matters that the beginning of a text names, in whatever language; mostly one or none."""
    places: dict[str, list[int]] = {}
    for found in _book().find(words_of(text[:_READ_CHARS])):
        places.setdefault(found.value, []).append(found.first)
    named = {name for name, matter in _matters().items() if name in places or _meet(places, matter)}
    return frozenset(named)


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


def _meet(places: Mapping[str, list[int]], matter: Mapping[str, Any]) -> bool:
    """Whether what it is about and what happens stand near each other."""
    about = [place for name in matter.get("about", ()) for place in places.get(f"words.{name}", ())]
    happens = places.get(f"words.{matter.get('happens')}", ())
    return any(0 < abs(one - other) <= _TOGETHER for one in about for other in happens)


@cache
def _matters() -> Mapping[str, Mapping[str, Any]]:
    return dict(read_table(_TABLE)["matters"])


@cache
def _groups() -> Mapping[str, str]:
    """Of which kind each matter is."""
    return {name: str(matter["group"]) for name, matter in _matters().items()}


@cache
def _book() -> PhraseBook[str]:
    """A value is the name of a matter, or ``words.`` and the name of a list that matters refer to."""
    table = read_table(_TABLE)
    listed = [(f"words.{name}", row) for name, row in table["words"].items()] + list(table["matters"].items())
    return PhraseBook((phrase, name) for name, row in listed for phrase in split_list(row["phrases"]))
