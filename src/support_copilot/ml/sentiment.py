"""How a customer sounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

SentimentLabel = Literal["negative", "neutral", "positive"]
Trend = Literal["falling", "steady", "rising"]
SENTIMENT_MODEL: Final = "sentiment/1"


@dataclass(frozen=True, slots=True)
class SentimentScore:
    """-1 (furious) to 1 (delighted), with 0..1 confidence in the label."""

    label: SentimentLabel
    value: float
    confidence: float


def score_sentiment(text: str, language: str = "en", vector: NDArray[np.float32] | None = None) -> SentimentScore:
    return SentimentScore("neutral", 0.0, 0.0)


def sentiment_trend(values: Sequence[float]) -> Trend:
    return "steady"
