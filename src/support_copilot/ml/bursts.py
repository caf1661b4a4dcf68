"""Reports that came together and say the same: the sign of one incident behind many issues."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from support_copilot.ml.entities import extract_entities
from support_copilot.ml.function_words import FUNCTION_WORDS, Wording, read_wording
from support_copilot.ml.severity import IncidentKind, IssueText, incident_kinds

#: So many reports, each of another customer, are the fewest that make a burst.
LEAST_REPORTS: Final = 3
#: How far from the one in the middle the others may lie.
SPAN: Final = timedelta(hours=6)
#: Among issues of the sample company about different things one pair in a thousand is nearer than 0.56.
ALIKE: Final = 0.58
#: With the same error code, or with the same kind of incident, texts of two languages say the same from here on.
_ALIKE_WITH_CODE: Final = 0.35
_ALIKE_WITH_KIND: Final = 0.45
#: Of a language that the embedding model was not trained on a cosine says little, a code of the company's much.
_ALIKE_WITH_OWN_CODE: Final = 0.2
#: In such a language two texts look alike up to here.
_ALIKE_IN_ANY_LANGUAGE: Final = 0.8
_CODES: Final = frozenset({"error_code", "http_status"})
#: Shorter ones are found in any text.
_LEAST_CODE_CHARS: Final = 3
_CODE_PART: Final = re.compile(r"[^\W_]+")
#: A code of these says that all is well.
_NO_FAILURES: Final = frozenset({"200", "201", "202", "204"})
#: With so much of a burst a report is tied that belongs to it.
_HELD_BY: Final = 0.5
_COMMON_SHARE: Final = 0.6
#: By so much more of the reports inside than of those outside is a word said that is shown.
_MORE_THAN_ELSEWHERE: Final = 0.3
_MOST_WORDS: Final = 5
#: Of the body of a report as much is read.
READ_CHARS: Final = 1500

_Flags = NDArray[np.bool_]
Name = TypeVar("Name", bound=str)


@dataclass(frozen=True, slots=True)
class Signs:
    """What a report names that others can name as well, in whatever language."""

    codes: frozenset[str] = frozenset()
    kinds: frozenset[IncidentKind] = frozenset()


@dataclass(frozen=True, slots=True)
class Report:
    """One issue as it came. ``vector`` is float32 (n,) of unit length; None: not embedded yet.

    ``customer`` tells reports of one customer from those of others. ``understood``: whether the model of the vector
    knows the language. ``wording``: that of the beginning, as ``wording_of`` reads it, where the caller has it already.
    """

    id: str
    at: datetime
    customer: str
    text: str
    signs: Signs
    vector: NDArray[np.float32] | None = None
    understood: bool = True
    wording: Wording | None = None


@dataclass(frozen=True, slots=True)
class Burst:
    """Reports that look like one incident, oldest first.

    ``middle`` is the id of the one most like the others. ``codes`` and ``kinds`` are what several of them name;
    ``words`` are said by most of them and by few others; ``likeness`` is the mean cosine to the middle, None without
    vectors.
    """

    ids: tuple[str, ...]
    middle: str
    codes: tuple[str, ...]
    kinds: tuple[IncidentKind, ...]
    words: tuple[str, ...]
    likeness: float | None


def signs_of(subject: str, body: str, language: str) -> Signs:
    """The error codes and the kinds of incident that the beginning of a report names."""
    body = body[:READ_CHARS]
    found = {each.text.upper() for each in extract_entities(f"{subject}\n{body}") if each.type in _CODES}
    return Signs(frozenset(found - _NO_FAILURES), incident_kinds(IssueText(subject, body, language)))


def wording_of(text: str) -> Wording:
    """How the beginning of a report writes its words."""
    return read_wording(text[:READ_CHARS])


def find_bursts(reports: Sequence[Report]) -> list[Burst]:
    """The bursts among reports, the largest first; no report is in two of them.

    Two reports belong together when they came within ``SPAN`` and mean the same, or name the same error code or kind
    of incident and mean nearly the same. A burst grows around the report with most of these ties; what has ties with
    less than half of it stays out, so that no chain of halfway likeness makes one.
    Time and memory grow with the square of the number of reports, which the caller limits.
    """
    if len(reports) < LEAST_REPORTS:
        return []
    wordings = [each.wording or wording_of(each.text) for each in reports]
    codes = _codes(reports, wordings)
    cosines, tied = _ties(reports, codes)
    free = np.ones(len(reports), dtype=bool)
    bursts: list[Burst] = []
    while True:
        degrees = (tied & free).sum(axis=1) * free
        middle = int(degrees.argmax())
        if degrees[middle] < LEAST_REPORTS - 1:
            break
        members = _around(middle, tied, free)
        if len({reports[each].customer for each in members}) >= LEAST_REPORTS:
            bursts.append(_burst(reports, members, cosines, codes, wordings))
            free[members] = False
        else:
            free[middle] = False
    return sorted(bursts, key=lambda burst: (-len(burst.ids), burst.ids))


def _codes(reports: Sequence[Report], wordings: Sequence[Wording]) -> list[frozenset[str]]:
    """Of each report the codes that it names, also those that only another one calls a code ("a page with 502")."""
    known = {code.casefold(): code for each in reports for code in each.signs.codes if len(code) >= _LEAST_CODE_CHARS}
    return [
        each.signs.codes | {code for folded, code in known.items() if folded in wording.written}
        for each, wording in zip(reports, wordings, strict=True)
    ]


def _ties(reports: Sequence[Report], codes: Sequence[frozenset[str]]) -> tuple[NDArray[np.float32], _Flags]:
    count = len(reports)
    dimension = next((len(each.vector) for each in reports if each.vector is not None), 1)
    vectors = np.zeros((count, dimension), dtype=np.float32)
    for place, each in enumerate(reports):
        if each.vector is not None:
            vectors[place] = each.vector
    cosines = vectors @ vectors.T
    hours = np.array([each.at.timestamp() for each in reports]) / 3600
    near = np.abs(hours[:, None] - hours[None, :]) <= SPAN.total_seconds() / 3600
    understood = np.array([each.understood for each in reports])
    embedded = np.array([each.vector is not None for each in reports])
    known = understood[:, None] & understood[None, :]
    measured = embedded[:, None] & embedded[None, :]
    tied = np.where(known, cosines >= ALIKE, cosines >= _ALIKE_IN_ANY_LANGUAGE)
    tied |= _shared(codes) & ((cosines >= _ALIKE_WITH_CODE) | ~measured)
    # An HTTP status is a bare number that many faults share.
    own_codes = [frozenset(code for code in each if not code.isdigit()) for each in codes]
    tied |= _shared(own_codes) & ~known & (cosines >= _ALIKE_WITH_OWN_CODE)
    tied |= _shared([each.signs.kinds for each in reports]) & (cosines >= _ALIKE_WITH_KIND)
    tied &= near
    np.fill_diagonal(tied, val=False)
    return cosines, tied


def _shared(signs: Sequence[frozenset[str]] | Sequence[frozenset[IncidentKind]]) -> _Flags:
    """bool (n, n): whether two reports name one and the same sign."""
    names = sorted({name for each in signs for name in each})
    named = np.array([[name in each for name in names] for each in signs], dtype=np.int32).reshape(len(signs), -1)
    return (named @ named.T) > 0


def _around(middle: int, tied: _Flags, free: _Flags) -> list[int]:
    members = np.flatnonzero(tied[middle] & free).tolist()
    members.append(middle)
    inside = np.zeros(len(free), dtype=bool)
    inside[members] = True
    # Also what is tied to half of it without being tied to the middle, as a text in another language.
    held = free & (_ties_into(inside, tied) >= _HELD_BY)
    held[middle] = True
    return [int(each) for each in np.flatnonzero(held)]


def _ties_into(inside: _Flags, tied: _Flags) -> NDArray[np.float64]:
    """float64 (n,): with what share of those inside each report is tied, itself left out."""
    others = inside.sum() - inside
    return np.asarray((tied & inside).sum(axis=1) / np.maximum(others, 1), dtype=np.float64)


def _burst(
    reports: Sequence[Report],
    members: Sequence[int],
    cosines: NDArray[np.float32],
    codes: Sequence[frozenset[str]],
    wordings: Sequence[Wording],
) -> Burst:
    inside = [reports[each] for each in sorted(members, key=lambda each: (reports[each].at, reports[each].id))]
    likeness = cosines[np.ix_(members, members)]
    middle = int(np.argmax(likeness.sum(axis=1)))
    others = np.delete(likeness[middle], middle)
    return Burst(
        ids=tuple(each.id for each in inside),
        middle=reports[members[middle]].id,
        codes=tuple(_named(code for each in members for code in codes[each])),
        kinds=tuple(_named(kind for each in inside for kind in each.signs.kinds)),
        words=_words_in_common(members, wordings, {part for each in members for part in _parts_of(codes[each])}),
        likeness=round(float(others.mean()), 4) if any(each.vector is not None for each in inside) else None,
    )


def _named(names: Iterable[Name]) -> list[Name]:
    """Those that come more than once, in order."""
    return sorted(name for name, count in Counter(names).items() if count > 1)


def _parts_of(codes: Iterable[str]) -> Iterator[str]:
    """The codes and what they are made of ("ERR-5207": "err", "5207"), which as words would say them again."""
    for code in codes:
        yield code.casefold()
        yield from _CODE_PART.findall(code.casefold())


def _words_in_common(members: Sequence[int], wordings: Sequence[Wording], told: Collection[str]) -> tuple[str, ...]:
    inside, apart = set(members), max(1, len(wordings) - len(members))
    words = [set(each.written.values()) for each in wordings]
    said = Counter(word for place in inside for word in words[place])
    elsewhere = Counter(word for place, each in enumerate(words) if place not in inside for word in each)
    common = {
        word: count / len(inside) - elsewhere[word] / apart
        for word, count in said.items()
        if count >= _COMMON_SHARE * len(inside)
        and len(word) > 2
        and word.casefold() not in FUNCTION_WORDS | frozenset(told)
    }
    best = sorted(common, key=lambda word: (-common[word], word))
    return tuple(word for word in best if common[word] >= _MORE_THAN_ELSEWHERE)[:_MOST_WORDS]
