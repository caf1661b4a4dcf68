"""Names, places and addresses that no pattern gives away: a linear-chain conditional random field.

Lafferty, McCallum, Pereira, ICML 2001. ``tools/personal_data/train.py`` makes the weights in
``data/names_tagger.json.gz``; what a word is, is decided by its probability given the whole sentence
(forward-backward), so that more may be masked than the one most likely row of labels holds.
"""

import gzip
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib.resources import files
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from support_copilot.ml.entities import label_before
from support_copilot.ml.personal_data.features import (
    CASES,
    END,
    NEIGHBOURS,
    Look,
    Token,
    case_of,
    look_at,
    neighbour_features,
    own_features,
    pair_features,
    segments,
)
from support_copilot.ml.personal_data.remembered import RecentRows
from support_copilot.ml.personal_data.spans import RANK_TAGGED, Finding, PersonalDataType

Numbers = NDArray[np.float32]
LABELS: Final = ("O", "PER", "ADR", "LOC", "ORG")
_PERSON, _ADDRESS, _PLACE = 1, 2, 3
_TYPES: Final[dict[int, PersonalDataType]] = {_PERSON: "person", _ADDRESS: "address", _PLACE: "place"}
#: From which probability on a word is masked. A name that is missed weighs more than a word too many.
THRESHOLDS: Final = {_PERSON: 0.35, _ADDRESS: 0.4, _PLACE: 0.45}
#: Segments that are computed side by side.
_BATCH: Final = 64
_PADDING: Final = 2
_MIN_NAME: Final = 2
#: Sentences whose figures are kept: some megabytes.
_RECENT: Final = RecentRows(10_000)
#: The first and the last word of a longer name are as likely as this, or as the likeliest of it.
_EDGE: Final = 0.5
#: Names on two lines, or with these between them, are two names.
_BETWEEN_NAMES: Final = frozenset({"\n", "\n\n", "and", "&", "und", "et", "en", "/", ","})
_NUMBER: Final = re.compile(r"\d+")
_CENTS: Final = re.compile(r"[.,]\d")
#: Longer numbers are no house and no postal code (eight digits: Brazil, written in one).
_MAX_HOUSE_NUMBER: Final = 8


@dataclass(frozen=True, slots=True)
class Weights:
    """``features``: each to float32 (5,), one number a label; ``transitions``: float32 (5, 5), from row to column."""

    features: dict[str, Numbers]
    transitions: Numbers


def find_names(text: str, weights: Weights | None = None) -> Iterator[Finding]:
    """People, places and addresses, by the words and their neighbours."""
    recent = _RECENT if weights is None else RecentRows(0)
    weights = weights or tagger_weights()
    batch: list[list[Token]] = []
    for segment in segments(text):
        if any(token.word[0].isalpha() for token in segment):
            batch.append(segment)
        if len(batch) == _BATCH:
            yield from _tagged(text, batch, weights, recent)
            batch = []
    if batch:
        yield from _tagged(text, batch, weights, recent)


def _tagged(text: str, batch: Sequence[list[Token]], weights: Weights, recent: RecentRows) -> Iterator[Finding]:
    def compute(places: list[int]) -> list[Numbers]:
        return _posteriors(_scores([batch[place] for place in places], weights), weights.transitions)

    chances = recent.rows_of([[token.word for token in segment] for segment in batch], compute)
    for segment, rows in zip(batch, chances, strict=True):
        if (rows[:, _PERSON : _PLACE + 1] >= _LEAST).any():
            yield from _spans(text, segment, rows)


def _scores(batch: Sequence[list[Token]], weights: Weights) -> list[Numbers]:
    """float32 (tokens, 5) for each segment; two empty places between segments are the neighbours at their edges."""
    looks = [END]
    numbers: dict[str, int] = {}
    row, cases = [0] * _PADDING, [0] * _PADDING
    for segment in batch:
        case = CASES.index(case_of(segment))
        for token in segment:
            number = numbers.get(token.word)
            if number is None:
                number = numbers[token.word] = len(looks)
                looks.append(look_at(token.word))
            row.append(number)
        cases += [case] * len(segment) + [0] * _PADDING
        row += [0] * _PADDING
    inner = slice(_PADDING, -_PADDING)
    own = [number * len(CASES) + case for number, case in zip(row[inner], cases[inner], strict=True)]
    total = _looked_up(own, lambda key: own_features(looks[key // len(CASES)], CASES[key % len(CASES)]), weights)
    beside = np.array([[_sum(neighbour_features(look, place), weights) for place in NEIGHBOURS] for look in looks])
    places = np.array(row)
    for number, place in enumerate(NEIGHBOURS):
        total += beside[places[_PADDING + place : len(row) - _PADDING + place], number]
    count = len(looks)
    pairs = [left * count + right for left, right in pairwise(row[1:-1])]
    for which, part in ((0, pairs[:-1]), (1, pairs[1:])):
        total += _looked_up(part, partial(_pair, looks, which), weights)
    return _cut(total, [len(segment) for segment in batch])


def _pair(looks: Sequence[Look], which: int, pair: int) -> list[str]:
    left, right = divmod(pair, len(looks))
    return pair_features(looks[left], looks[right], which)


def _looked_up(keys: Sequence[int], features: Callable[[int], list[str]], weights: Weights) -> Numbers:
    """The summed weights for each key; each distinct key is added up once."""
    rows: dict[int, int] = {}
    index = [rows.setdefault(key, len(rows)) for key in keys]
    return np.array([_sum(features(key), weights) for key in rows])[index]


def _cut(rows: Numbers, lengths: Sequence[int]) -> list[Numbers]:
    cut, start = [], 0
    for length in lengths:
        cut.append(rows[start : start + length])
        start += length + _PADDING
    return cut


_LEAST: Final = np.array([THRESHOLDS[label] for label in (_PERSON, _ADDRESS, _PLACE)], dtype=np.float32)
_NOTHING: Final = np.zeros(len(LABELS), dtype=np.float32)


def _sum(features: list[str], weights: Weights) -> Numbers:
    known = weights.features
    total = _NOTHING
    for feature in features:
        if feature in known:
            total = total + known[feature]
    return total


def _posteriors(scores: Sequence[Numbers], transitions: Numbers) -> list[Numbers]:
    """The probability of each label of each word; forward-backward, all segments at once, scaled step by step."""
    lengths = np.array([len(rows) for rows in scores])
    steps, count = int(lengths.max()), len(scores)
    likely = np.ones((steps, count, len(LABELS)), dtype=np.float32)
    for number, rows in enumerate(scores):
        likely[: len(rows), number] = np.exp(rows - rows.max(axis=1, keepdims=True))
    moves = np.exp(transitions)
    forward = np.empty_like(likely)
    backward = np.ones_like(likely)
    forward[0] = likely[0] / likely[0].sum(axis=1, keepdims=True)
    for step in range(1, steps):
        reached = (forward[step - 1] @ moves) * likely[step]
        forward[step] = reached / reached.sum(axis=1, keepdims=True)
    for step in range(steps - 2, -1, -1):
        follows = (backward[step + 1] * likely[step + 1]) @ moves.T
        follows /= follows.sum(axis=1, keepdims=True)
        # Behind its last word a segment is over: nothing there speaks for any label.
        backward[step] = np.where((step + 1 < lengths)[:, None], follows, 1.0)
    both = forward * backward
    both /= both.sum(axis=2, keepdims=True)
    return [both[: len(rows), number] for number, rows in enumerate(scores)]


def _spans(text: str, segment: Sequence[Token], chances: Numbers) -> Iterator[Finding]:
    labels = [_label(row) for row in chances.tolist()]
    start = 0
    for position in range(1, len(labels) + 1):
        if position < len(labels) and labels[position] == labels[start]:
            continue
        if labels[start]:
            yield from _finding(text, segment[start:position], labels[start], chances[start:position, labels[start]])
        start = position


def _label(row: list[float]) -> int:
    best = max((_PERSON, _ADDRESS, _PLACE), key=row.__getitem__)
    return best if row[best] >= THRESHOLDS[best] else 0


def _finding(text: str, tokens: Sequence[Token], label: int, chances: Numbers) -> Iterator[Finding]:
    parted = [number for number, token in enumerate(tokens) if token.word in _BETWEEN_NAMES]
    if label == _PERSON and parted:
        for first, last in pairwise((-1, *parted, len(tokens))):
            yield from _finding(text, tokens[first + 1 : last], label, chances[first + 1 : last])
        return
    wordy = [number for number, token in enumerate(tokens) if token.word[0].isalnum()]
    if label != _ADDRESS and wordy:
        least = min(_EDGE, float(chances[wordy].max())) if label == _PERSON else 0.0
        while wordy and _is_beside(tokens[wordy[0]], chances[wordy[0]], least):
            wordy.pop(0)
        while wordy and _is_beside(tokens[wordy[-1]], chances[wordy[-1]], least):
            wordy.pop()
    if not wordy:
        return
    start, end = tokens[wordy[0]].start, tokens[wordy[-1]].end
    if _may_be(label, text, start, end):
        yield Finding(start, end, _TYPES[label], float(chances[wordy].mean()), RANK_TAGGED)


def _is_beside(token: Token, chance: float, least: float) -> bool:
    """At the edge of a name, a word less likely or on no list of names belongs to the sentence ("Hallo Anna")."""
    look = look_at(token.word)
    return chance < least or (look.lists == "o" and look.shape != "X")


def _may_be(label: int, text: str, start: int, end: int) -> bool:
    if label != _ADDRESS:
        return end - start >= _MIN_NAME and not text[start:end].isdecimal()
    number = _NUMBER.search(text, start, end)
    return number is None or (
        len(number[0]) <= _MAX_HOUSE_NUMBER
        and not _CENTS.match(text, number.end())
        and label_before(text, number.start()) is None
    )


def read_weights(document: Mapping[str, Any]) -> Weights:
    """Weights as ``tools/personal_data/train.py`` writes them."""
    return Weights(
        {feature: np.array(row, dtype=np.float32) for feature, row in document["features"].items()},
        np.array(document["transitions"], dtype=np.float32),
    )


@lru_cache(maxsize=1)
def tagger_weights() -> Weights:
    packed = (files("support_copilot.ml") / "data" / "names_tagger.json.gz").read_bytes()
    return read_weights(json.loads(gzip.decompress(packed)))
