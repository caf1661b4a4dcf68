"""Simple ways of doing the same, for the figures beside ours. None of them serves anybody."""

import re
from collections import Counter
from collections.abc import Sequence
from math import log
from typing import Final

import numpy as np
from numpy.typing import NDArray

_WORD: Final = re.compile(r"\w\w+")
#: Of BM25: how fast a repeated word stops counting, and how much long texts are held back (Robertson, 1994).
_K1: Final = 1.2
_B: Final = 0.75


def words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


class NaiveBayes:
    """Multinomial, on words that are there or not, with one added to each count and equal priors."""

    def __init__(self, texts: Sequence[str], labels: Sequence[str]) -> None:
        self.labels = sorted(set(labels))
        seen = {label: Counter[str]() for label in self.labels}
        for text, label in zip(texts, labels, strict=True):
            seen[label].update(set(words(text)))
        vocabulary = {word for counts in seen.values() for word in counts}
        self._known = {
            word: np.array([log(seen[label][word] + 1) for label in self.labels], dtype=np.float64)
            for word in vocabulary
        }
        self._totals = np.array([log(seen[label].total() + len(vocabulary)) for label in self.labels])

    def chances(self, text: str) -> NDArray[np.float64]:
        """float64 (labels,), summing to 1, in the order of ``labels``."""
        score = np.zeros(len(self.labels))
        for word in set(words(text)):
            if word in self._known:
                score += self._known[word] - self._totals
        chances = np.exp(score - score.max())
        return np.asarray(chances / chances.sum())

    def label(self, text: str) -> str:
        return self.labels[int(np.argmax(self.chances(text)))]


class Bm25:
    """All words of two letters and more, title and body as one text."""

    def __init__(self, texts: Sequence[str]) -> None:
        bags = [Counter(words(text)) for text in texts]
        lengths = np.array([bag.total() for bag in bags], dtype=np.float64)
        holding: dict[str, list[tuple[int, int]]] = {}
        for place, bag in enumerate(bags):
            for word, count in bag.items():
                holding.setdefault(word, []).append((place, count))
        self._count = len(bags)
        held_back = _K1 * (1 - _B + _B * lengths / max(1.0, lengths.mean()))
        self._weights: dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]] = {}
        for word, places in holding.items():
            rows, counts = np.array(places).T
            rarity = log(1 + (self._count - len(rows) + 0.5) / (len(rows) + 0.5))
            self._weights[word] = rows, rarity * counts * (_K1 + 1) / (counts + held_back[rows])

    def scores(self, text: str) -> NDArray[np.float64]:
        """float64 (texts,)."""
        scores = np.zeros(self._count)
        for word in set(words(text)):
            if word in self._weights:
                rows, weights = self._weights[word]
                scores[rows] += weights
        return scores
