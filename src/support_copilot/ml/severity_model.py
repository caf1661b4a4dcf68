"""The learned part of severity: one score, from harmless to severe, and where on it the levels begin.

A proportional-odds model (McCullagh, 1980): P(at least level k) = sigmoid(score - threshold k). One weight for each
cue, so every reason has one sign. ``tools/train_severity.py`` makes the numbers in ``data/severity.json``.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from support_copilot.kit.reasons import Reason
from support_copilot.ml.factors import Factor
from support_copilot.ml.severity_cues import cues

#: From harmless to severe, as the thresholds lie between them.
LEVELS: Final = ("low", "medium", "high", "critical")
_SEVERE_WORDING: Final = Reason("severity.like_severe", "wording close to severe past issues")
_HARMLESS_WORDING: Final = Reason("severity.like_harmless", "wording close to harmless past issues")


@dataclass(frozen=True, slots=True)
class SeverityModel:
    """``direction``: float32 (n,), what a vector adds to the score once ``offset`` is taken off; or None."""

    version: str
    weights: Mapping[str, float]
    thresholds: tuple[float, float, float]
    direction: NDArray[np.float32] | None
    offset: float

    def factors(self, strengths: Mapping[str, float], vector: NDArray[np.float32] | None) -> list[Factor]:
        """What each cue, and the vector, adds to the score; nothing for cues without a weight."""
        found = [
            Factor(cue.label, self.weights[cue.name] * strengths[cue.name])
            for cue in cues()
            if cue.name in strengths and self.weights.get(cue.name)
        ]
        if vector is not None and self.direction is not None:
            effect = float(vector @ self.direction) - self.offset
            found.append(Factor(_SEVERE_WORDING if effect > 0 else _HARMLESS_WORDING, effect))
        return found

    def probabilities(self, score: float) -> dict[str, float]:
        """By level, from harmless to severe; they add up to 1."""
        at_least = [1.0, *(_sigmoid(score - threshold) for threshold in self.thresholds), 0.0]
        return {level: at_least[rank] - at_least[rank + 1] for rank, level in enumerate(LEVELS)}


def severity_model(vector: NDArray[np.float32] | None) -> SeverityModel:
    """The model for an issue with or without a vector; a vector of another embedder's length is not used."""
    with_vector = _models()["with_vector"]
    if vector is None or with_vector.direction is None or vector.shape != with_vector.direction.shape:
        return _models()["words_only"]
    return with_vector


def _sigmoid(value: float) -> float:
    return 1 / (1 + exp(-max(-40.0, min(40.0, value))))


def severity_embedder() -> str:
    """The embedding model whose vectors the severity model was trained on; those of another mean nothing to it."""
    return str(_document()["embedder"])


@cache
def _document() -> Mapping[str, Any]:
    document: dict[str, Any] = json.loads(
        (files("support_copilot.ml") / "data" / "severity.json").read_text(encoding="utf-8")
    )
    return document


@cache
def _models() -> Mapping[str, SeverityModel]:
    document = _document()
    return {
        name: SeverityModel(
            version=f"{document['version']}+{name.replace('_', '-')}",
            weights=part["weights"],
            thresholds=tuple(part["thresholds"]),
            direction=np.asarray(part["direction"], dtype=np.float32) if part["direction"] else None,
            offset=part["offset"],
        )
        for name, part in document["models"].items()
    }
