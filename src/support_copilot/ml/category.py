"""Which category an issue belongs to, from labelled issues like it and from what the categories are called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

CATEGORY_MODEL: Final = "category/1"


@dataclass(frozen=True, slots=True)
class LabelledNeighbour:
    """A past issue with a category; ``likeness`` 0..1 (cosine)."""

    label: str
    likeness: float


@dataclass(frozen=True, slots=True)
class CategoryPrediction:
    value: str | None
    confidence: float
    sure: bool
    model: str


def classify_category(
    neighbours: Sequence[LabelledNeighbour],
    label_vectors: Mapping[str, NDArray[np.float32]] | None = None,
    vector: NDArray[np.float32] | None = None,
) -> CategoryPrediction:
    return CategoryPrediction(None, 0.0, False, CATEGORY_MODEL)
