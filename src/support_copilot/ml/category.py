"""Which category an issue belongs to, from labelled issues like it and from what the categories are called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import Final

import numpy as np
from numpy.typing import NDArray

CATEGORY_MODEL: Final = "category/1"

#: Cosines of MiniLM: unrelated texts lie near 0.1, the same question in other words near 0.7.
_STEEPNESS: Final = 14.0
_UNRELATED: Final = 0.35
_NEIGHBOURS: Final = 15
#: What a category is called says about as much as one issue in it that is quite like this one.
_LABEL_SHARE: Final = 0.6
#: Mass for "none of these": small when something is close, decisive when nothing is.
_NONE_OF_THESE: Final = 6.0
_SURE_FROM: Final = 0.55


@dataclass(frozen=True, slots=True)
class LabelledNeighbour:
    """A past issue with a category; ``likeness`` 0..1 (cosine)."""

    label: str
    likeness: float


@dataclass(frozen=True, slots=True)
class CategoryPrediction:
    """``value`` is None when there is nothing to choose from; an unsure one is still the best guess."""

    value: str | None
    confidence: float
    sure: bool
    model: str


def classify_category(
    neighbours: Sequence[LabelledNeighbour],
    label_vectors: Mapping[str, NDArray[np.float32]] | None = None,
    vector: NDArray[np.float32] | None = None,
) -> CategoryPrediction:
    """The category with the most evidence: each neighbour votes by its likeness, each name by its own.

    Args:
        neighbours: labelled issues like this one, in any order; the 15 nearest count.
        label_vectors: float32 (n,) of unit length for each category that can be chosen (its name, or the mean of
            texts that belong to it), or None.
        vector: float32 (n,) of unit length of the issue, or None.
    """
    votes: dict[str, float] = {}
    for neighbour in sorted(neighbours, key=lambda n: (-n.likeness, n.label))[:_NEIGHBOURS]:
        votes[neighbour.label] = votes.get(neighbour.label, 0.0) + _vote(neighbour.likeness)
    if vector is not None and label_vectors:
        for label, label_vector in label_vectors.items():
            if label_vector.shape == vector.shape:
                votes[label] = votes.get(label, 0.0) + _LABEL_SHARE * _vote(float(label_vector @ vector))
    if not votes:
        return CategoryPrediction(None, 0.0, False, CATEGORY_MODEL)
    best = min(votes, key=lambda label: (-votes[label], label))
    confidence = votes[best] / (sum(votes.values()) + _NONE_OF_THESE)
    return CategoryPrediction(best, round(confidence, 4), confidence >= _SURE_FROM, CATEGORY_MODEL)


def _vote(likeness: float) -> float:
    return exp(_STEEPNESS * (min(max(likeness, -1.0), 1.0) - _UNRELATED))
