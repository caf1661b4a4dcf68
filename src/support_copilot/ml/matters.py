"""What happened, told apart from what is like it in words and meaning but needs another answer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from support_copilot.ml.clauses import clauses_of, owners
from support_copilot.ml.phrases import Found, PhraseBook, folded_words, read_table, split_list, words_of

Places = Mapping[str, Sequence[int]]
Taken = Mapping[tuple[str | None, int], frozenset[str]]

#: Of payments that somebody else made with the customer's card or account.
NOT_MADE: Final = "payment_not_made"
_LIST: Final = "words."

_READ_CHARS: Final = 4_000
_TABLE: Final = "matters.toml"
#: In one sentence of usual length, or in two short ones that follow each other.
_TOGETHER: Final = 20


@dataclass(frozen=True, slots=True)
class _Matter:
    """Of which kind it is, and the lists of words that name it where they meet: what it is about, what happens.

    ``alone`` names it without anything that it is about; ``instead_of`` are matters that it takes the place of.
    """

    group: str
    about: tuple[str, ...]
    happens: str | None
    within: int
    alone: str | None
    instead_of: tuple[str, ...]


def matters_of(text: str) -> frozenset[str]:
    """The matters that the beginning of a text names, in whatever language; mostly one or none."""
    read = text[:_READ_CHARS]
    places: dict[str, list[int]] = {}
    for found in _outermost(_book().find(folded_words(read))):
        places.setdefault(found.value, []).append(found.first)
    if not places:
        return frozenset()
    taken, matters = _taken(read, places), _matters()
    named = {name for name, matter in matters.items() if name in places or _meet(places, taken, matter)}
    return frozenset(named.difference(*(matters[name].instead_of for name in named)))


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


def _outermost(found: Iterable[Found[str]]) -> Iterator[Found[str]]:
    """Without the words of lists that are only part of a longer phrase of a list: "arrived" in "has not arrived"."""
    end = 0
    for each in found:
        listed = each.value.startswith(_LIST)
        if not listed or each.last - each.first > 1 or each.first >= end:
            yield each
        if listed and each.last - each.first > 1:
            end = max(end, each.last)


def _meet(places: Places, taken: Taken, matter: _Matter) -> bool:
    """Whether what it is about and what happens stand near each other, and nothing else is what it happened to."""
    # What claims such words is theirs alone: "refund" makes a refund that did not arrive, and no lost parcel.
    needs_claim = not _claims().keys().isdisjoint(matter.about)
    for place in places.get(matter.happens, ()) if matter.happens else ():
        owned = taken.get((matter.happens, place), frozenset())
        if owned.isdisjoint(matter.about) if owned else needs_claim:
            continue
        if any(0 < abs(one - place) <= matter.within for name in matter.about for one in places.get(name, ())):
            return True
    return any(not taken.get((matter.alone, place)) for place in places.get(matter.alone or "", ()))


def _taken(text: str, places: Places) -> Taken:
    """What happened (a list and a place in the text) -> the lists of words that claim it, if any does."""
    claims = {name: claimed for name, claimed in _claims().items() if name in places}
    events = {(name, place) for claimed in claims.values() for name in claimed for place in places.get(name, ())}
    if not events:
        return {}
    rivals = _rivals()
    things = {place for name in {*claims, *rivals} for place in places.get(name, ())}
    numbers = clauses_of(text, words_of(text), things, {place for _name, place in events})
    taken: dict[tuple[str | None, int], frozenset[str]] = {}
    for event, place in events:
        spoken = {
            name: places[name]
            for name in places.keys() & (rivals | claims.keys())
            if name in rivals or event in claims[name]
        }
        taken[event, place] = owners(place, numbers, spoken) & claims.keys()
    return taken


@cache
def _matters() -> Mapping[str, _Matter]:
    return {
        name: _Matter(
            group=str(row["group"]),
            about=tuple(f"{_LIST}{each}" for each in row.get("about", ())),
            happens=f"{_LIST}{row['happens']}" if "happens" in row else None,
            within=int(row.get("within", _TOGETHER)),
            alone=f"{_LIST}{row['alone']}" if "alone" in row else None,
            instead_of=tuple(row.get("instead_of", ())),
        )
        for name, row in read_table(_TABLE)["matters"].items()
    }


@cache
def _claims() -> Mapping[str, tuple[str, ...]]:
    """Which lists of words say of themselves what of other lists happened: a refund, not a parcel, did not arrive."""
    return {
        f"{_LIST}{name}": tuple(f"{_LIST}{each}" for each in row["claims"])
        for name, row in read_table(_TABLE)["words"].items()
        if "claims" in row
    }


@cache
def _rivals() -> frozenset[str]:
    """The lists of words that matters are about."""
    return frozenset(name for matter in _matters().values() for name in matter.about)


@cache
def _groups() -> Mapping[str, str]:
    """Of which kind each matter is."""
    return {name: matter.group for name, matter in _matters().items()}


@cache
def _book() -> PhraseBook[str]:
    """A value is the name of a matter, or ``words.`` and the name of a list that matters refer to."""
    table = read_table(_TABLE)
    listed = [(f"{_LIST}{name}", row) for name, row in table["words"].items()] + list(table["matters"].items())
    return PhraseBook((phrase, name) for name, row in listed for phrase in split_list(row["phrases"]))
