"""What is found, who is known, and how findings that overlap become one row."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

PersonalDataType = Literal[
    "person", "email", "phone", "address", "place", "card", "iban", "national_id", "ip_address", "mac_address",
    "birth_date", "username", "url", "secret", "licence_plate",
]  # fmt: skip

#: Findings of one type that touch or are parted by a space only are one.
_MERGED: Final = frozenset({"person", "address"})
_MIN_REST: Final = 2


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
RANK_SECRET, RANK_PATTERN, RANK_KNOWN, RANK_SPARED, RANK_ADDRESS, RANK_WEAK = 9, 8, 7, 6, 5, 4


def settle(text: str, findings: Iterable[Finding]) -> list[PersonalData]:
    """One row without overlap, in the order of the text.

    What a weaker finding claims beyond a stronger one stays found, so that nothing that any detector saw is lost.
    """
    starts: list[int] = []
    ends: list[int] = []
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda each: (-each.rank, each.start - each.end, each.start)):
        for start, end in _free(starts, ends, finding.start, finding.end):
            part = _trimmed(text, start, end) if (start, end) != (finding.start, finding.end) else (start, end)
            if part is None:
                continue
            position = bisect_right(starts, part[0])
            starts.insert(position, part[0])
            ends.insert(position, part[1])
            kept.insert(position, Finding(*part, finding.type, finding.confidence, finding.rank))
    return _merged(text, [PersonalData(f.start, f.end, f.type, f.confidence) for f in kept if f.type is not None])


def _free(starts: list[int], ends: list[int], start: int, end: int) -> list[tuple[int, int]]:
    """The parts of a span that no taken span covers."""
    free = []
    position = max(0, bisect_right(starts, start) - 1)
    while start < end:
        if position >= len(starts) or starts[position] >= end:
            free.append((start, end))
            break
        if starts[position] > start:
            free.append((start, starts[position]))
        start = max(start, ends[position])
        position += 1
    return free


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
        if last and last.type == each.type and each.type in _MERGED and text[last.end : each.start] in {"", " "}:
            merged[-1] = PersonalData(last.start, each.end, each.type, max(last.confidence, each.confidence))
        else:
            merged.append(each)
    return merged
