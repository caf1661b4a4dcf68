"""How likely a customer ends up dissatisfied."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from support_copilot.ml.factors import Factor
from support_copilot.ml.sentiment import Trend

SATISFACTION_MODEL: Final = "satisfaction/1"


@dataclass(frozen=True, slots=True)
class SatisfactionFeatures:
    """What is known now; times in hours, ratings 1..5 (newest last), sentiment -1..1."""

    sentiment_last: float = 0.0
    sentiment_trend: Trend = "steady"
    sentiment_lowest: float = 0.0
    customer_messages: int = 1
    hours_open: float = 0.0
    #: Since the customer's newest message without a public answer; 0 when it is the customer's turn.
    hours_waiting: float = 0.0
    repeat_contacts: int = 0
    reopened: bool = False
    severity: str | None = None
    past_ratings: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class SatisfactionRisk:
    probability: float
    confidence: float
    sure: bool
    factors: tuple[Factor, ...]
    model: str


def predict_satisfaction_risk(features: SatisfactionFeatures) -> SatisfactionRisk:
    return SatisfactionRisk(0.2, 0.0, False, (), SATISFACTION_MODEL)
