"""Which sentences stand for a text: LexRank (Erkan and Radev, 2004) with priors, picked by marginal relevance."""

from collections.abc import Sequence
from math import log
from typing import Final

import numpy as np
from numpy.typing import NDArray

from support_copilot.ml.phrases import folded_words

_DAMPING: Final = 0.85
_ROUNDS: Final = 30
#: Comparing all with all costs the square; of more sentences than this only the heaviest are compared.
_MOST_COMPARED: Final = 600
_WORDS_SHARE: Final = 0.5


def rank_sentences(
    sentences: Sequence[str],
    vectors: NDArray[np.float32] | None = None,
    weights: Sequence[float] | None = None,
    *,
    diversity: float = 0.3,
) -> list[int]:
    """All positions, best first: central, weighted (position, speaker), and not repeating what comes before.

    Args:
        sentences: any texts. Of more than 600, those with the highest weights (then the first) are ranked, the
            others follow in order.
        vectors: float32 (len(sentences), n) of unit length, or None to compare words only.
        weights: prior of each sentence, 1 is neutral, 0 drops it to the end.
        diversity: 0 (only centrality) to 1 (only newness).
    """
    if not sentences:
        return []
    prior = np.ones(len(sentences)) if weights is None else np.maximum(0.0, np.asarray(weights, dtype=np.float64))
    compared = np.sort(np.argsort(-prior, kind="stable")[:_MOST_COMPARED])
    likeness = _word_likeness([sentences[position] for position in compared])
    if vectors is not None:
        chosen = vectors[compared].astype(np.float64)
        likeness = _WORDS_SHARE * likeness + (1 - _WORDS_SHARE) * np.clip(chosen @ chosen.T, 0.0, 1.0)
    order = _pick(_centrality(likeness, prior[compared]) * prior[compared], likeness, diversity)
    first = [int(compared[position]) for position in order]
    return first + sorted(set(range(len(sentences))) - set(first))


def _word_likeness(sentences: Sequence[str]) -> NDArray[np.float64]:
    """Cosine of TF-IDF, all with all; 0 for a sentence without words."""
    bags = [folded_words(sentence) for sentence in sentences]
    seen: dict[str, int] = {}
    for bag in bags:
        for word in sorted(set(bag)):
            seen[word] = seen.get(word, 0) + 1
    # Words of one sentence only cannot make two sentences alike, but they make a sentence less like the others.
    column = {word: position for position, word in enumerate(seen)}
    matrix = np.zeros((len(bags), len(column)), dtype=np.float32)
    for row, bag in enumerate(bags):
        for word in bag:
            matrix[row, column[word]] += 1 + log(len(bags) / seen[word])
    norms = np.linalg.norm(matrix, axis=1, keepdims=True)
    matrix /= np.where(norms > 0, norms, 1.0)
    return np.asarray(matrix @ matrix.T, dtype=np.float64)


def _centrality(likeness: NDArray[np.float64], prior: NDArray[np.float64]) -> NDArray[np.float64]:
    """Where a reader ends who goes from sentence to like sentence, starting by the prior; highest is 1."""
    count = len(prior)
    start = prior / prior.sum() if prior.sum() > 0 else np.full(count, 1 / count)
    links = likeness - np.diag(np.diag(likeness))
    totals = links.sum(axis=1, keepdims=True)
    steps = np.where(totals > 0, links / np.where(totals > 0, totals, 1.0), start[None, :])
    score = start
    for _ in range(_ROUNDS):
        score = (1 - _DAMPING) * start + _DAMPING * (score @ steps)
    return np.asarray(score / score.max())


def _pick(score: NDArray[np.float64], likeness: NDArray[np.float64], diversity: float) -> list[int]:
    """Maximal marginal relevance (Carbonell and Goldstein, 1998); ties go to the earlier sentence."""
    highest = score.max()
    relevance = score / highest if highest > 0 else score
    repeated = np.zeros(len(score))
    left = np.ones(len(score), dtype=bool)
    order = []
    for _ in range(len(score)):
        value = np.where(left, (1 - diversity) * relevance - diversity * repeated, -np.inf)
        # What weighs nothing comes last, however new it is.
        value = np.where(left & (score <= 0), value - 10.0, value)
        best = int(np.argmax(value))
        order.append(best)
        left[best] = False
        repeated = np.maximum(repeated, likeness[best])
    return order
