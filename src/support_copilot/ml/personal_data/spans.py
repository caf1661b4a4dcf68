"""What is found, who is known, and how findings that overlap become one row."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final, Literal

PersonalDataType = Literal[
    "person", "email", "phone", "address", "place", "card", "iban", "national_id", "ip_address", "mac_address",
    "birth_date", "username", "url", "secret", "licence_plate",
]  # fmt: skip

_MIN_REST: Final = 3
#: What parts the lines of one address.
_ADDRESS_GAP: Final = re.compile(r"[\s,]{0,4}")


@dataclass(frozen=True, slots=True)
class PersonalData:
    """``text[start:end]`` is personal; offsets count code points, ``confidence`` is 0..1."""

    start: int
    end: int
    type: PersonalDataType
    confidence: float


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody of the issue, as the records have them; every part may be missing.

    ``spared`` people (agents whose name may stay in a text that goes to the customer) are recognized and left alone;
    what a spared person shares with one who is not spared is still found.
    """

    name: str | None = None
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    usernames: tuple[str, ...] = ()
    spared: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A span that a detector proposes; of two that overlap, the higher ``rank`` keeps the text that both claim."""

    start: int
    end: int
    type: PersonalDataType | None  # None: known to be nobody's secret, takes the place and is not reported
    confidence: float
    rank: int


#: A secret or an address that was recognized by its whole form says more than a word in it.
RANK_SECRET, RANK_PATTERN, RANK_KNOWN, RANK_SPARED, RANK_ADDRESS, RANK_WEAK, RANK_TAGGED = 9, 8, 7, 6, 5, 4, 3


def settle(text: str, findings: Iterable[Finding]) -> list[PersonalData]:
    """One row without overlap, in the order of the text.

    What a weaker finding claims beyond a stronger one stays found, so that nothing that any detector saw is lost.
    """
    taken: list[Finding] = []
    ranked = sorted(findings, key=lambda each: (-each.rank, each.start, -each.end))
    for _, group in groupby(ranked, key=lambda each: each.rank):
        # Two sorted lists, which sorting merges in linear time.
        taken = sorted([*taken, *_beyond(text, group, taken)], key=lambda each: each.start)
    return _merged(text, [PersonalData(f.start, f.end, f.type, f.confidence) for f in taken if f.type is not None])


def _beyond(text: str, group: Iterable[Finding], taken: list[Finding]) -> Iterator[Finding]:
    """The parts of findings of one rank that nothing stronger and nothing earlier has taken."""
    first = reached = 0
    for finding in group:
        start = max(finding.start, reached)
        while first < len(taken) and taken[first].end <= start:
            first += 1
        position = first
        while start < finding.end:
            blocked = position < len(taken) and taken[position].start < finding.end
            stop = taken[position].start if blocked else finding.end
            part = _trimmed(text, start, stop) if (start, stop) != (finding.start, finding.end) else (start, stop)
            if part is not None:
                yield replace(finding, start=part[0], end=part[1])
            start = max(start, taken[position].end) if blocked else finding.end
            position += 1
        reached = max(reached, finding.end)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return (start, end) if end - start >= _MIN_REST else None


def _merged(text: str, found: list[PersonalData]) -> list[PersonalData]:
    merged: list[PersonalData] = []
    for each in found:
        last = merged[-1] if merged else None
        if last and (kind := _one(text[last.end : each.start], last.type, each.type)):
            merged[-1] = PersonalData(last.start, each.end, kind, max(last.confidence, each.confidence))
        else:
            merged.append(each)
    return merged


def _one(gap: str, left: PersonalDataType, right: PersonalDataType) -> PersonalDataType | None:
    """What two neighbours are together: one name, or a street with its town; None where they stay two."""
    if left == right == "person" and gap in {"", " "}:
        return "person"
    if "address" in {left, right} and {left, right} <= {"address", "place"} and _ADDRESS_GAP.fullmatch(gap):
        return "address"
    return None
