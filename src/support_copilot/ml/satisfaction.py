"""How likely a customer ends up dissatisfied (a rating of 1 or 2 of 5, if they rate)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp, isfinite, log1p
from typing import Final

from support_copilot.kit.reasons import Reason
from support_copilot.ml.factors import Factor
from support_copilot.ml.sentiment import Trend

SATISFACTION_MODEL: Final = "satisfaction/1"

#: Log odds, set by hand: mood and waiting are what unhappy customers name, and nearly a fifth of all are unhappy.
#: The mean of all messages says more than the newest, which is often a courtesy.
_BASE: Final = -1.5
_MOOD_MEAN: Final = -2.4
_MOOD_LAST: Final = -0.4
_MOOD_LOWEST: Final = -0.3
_FALLING: Final = 0.3
_RISING: Final = -0.2
_MESSAGE: Final = 0.1
_USUAL_MESSAGES: Final = 2
_WAITING: Final = 0.25
_OPEN: Final = 0.12
_REPEAT: Final = 0.4
_REOPENED: Final = 0.7
_SEVERITY: Final = {"critical": 0.3, "high": 0.15, "medium": 0.0, "low": -0.15}
_RATING: Final = -0.35
_NEUTRAL_RATING: Final = 3.5
_REMEMBERED_RATINGS: Final = 5
_SHOWN_FROM: Final = 0.05
_SURE_SIGNALS: Final = 2
_SOUND_UNHAPPY: Final = Reason("satisfaction.sound_unhappy", "the messages sound unhappy")
_SOUND_HAPPY: Final = Reason("satisfaction.sound_happy", "the messages sound happy")
_NEWEST_UNHAPPY: Final = Reason("satisfaction.newest_unhappy", "the newest message sounds unhappy")
_NEWEST_HAPPY: Final = Reason("satisfaction.newest_happy", "the newest message sounds happy")
_WAITS: Final = Reason("satisfaction.waiting", "the customer waits for an answer")
_OPEN_LONG: Final = Reason("satisfaction.open_long", "the issue has been open for long")
_BEFORE: Final = Reason("satisfaction.repeat_contact", "the customer contacted us before about this")
_RATED_LOW: Final = Reason("satisfaction.rated_low", "earlier ratings were low")
_RATED_WELL: Final = Reason("satisfaction.rated_well", "earlier ratings were good")


@dataclass(frozen=True, slots=True)
class SatisfactionFeatures:
    """What is known now; times in hours, ratings 1..5 (newest last), sentiment -1..1."""

    sentiment_last: float = 0.0
    sentiment_trend: Trend = "steady"
    sentiment_lowest: float = 0.0
    #: Of all customer messages; None when only the newest and the lowest are known.
    sentiment_mean: float | None = None
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
    """``probability`` of dissatisfaction; ``confidence`` grows with what is known and with the distance from 0.5."""

    probability: float
    confidence: float
    sure: bool
    factors: tuple[Factor, ...]
    model: str


def predict_satisfaction_risk(features: SatisfactionFeatures) -> SatisfactionRisk:
    """A logistic score of what is known so far; effects of the factors are in log odds, strongest first."""
    factors = [factor for factor in _factors(features) if abs(factor.effect) >= _SHOWN_FROM]
    probability = 1 / (1 + exp(-(_BASE + sum(factor.effect for factor in factors))))
    known = len(factors) / (len(factors) + 1)
    return SatisfactionRisk(
        probability=round(probability, 4),
        confidence=round(max(probability, 1 - probability) * known, 4),
        sure=len(factors) >= _SURE_SIGNALS,
        factors=tuple(
            Factor(factor.label, round(factor.effect, 3)) for factor in sorted(factors, key=lambda f: -abs(f.effect))
        ),
        model=SATISFACTION_MODEL,
    )


def _factors(features: SatisfactionFeatures) -> Iterator[Factor]:
    last, lowest = _in_range(features.sentiment_last), min(0.0, _in_range(features.sentiment_lowest))
    mean = (last + lowest) / 2 if features.sentiment_mean is None else _in_range(features.sentiment_mean)
    yield Factor(_SOUND_UNHAPPY if mean < 0 else _SOUND_HAPPY, _MOOD_MEAN * mean)
    yield Factor(_NEWEST_UNHAPPY if last < 0 else _NEWEST_HAPPY, _MOOD_LAST * last)
    yield Factor(Reason("satisfaction.upset", "a message sounded upset"), _MOOD_LOWEST * lowest)
    if features.sentiment_trend == "falling":
        yield Factor(Reason("satisfaction.falling", "the mood is falling"), _FALLING)
    elif features.sentiment_trend == "rising":
        yield Factor(Reason("satisfaction.rising", "the mood is rising"), _RISING)
    further = min(50, max(0, features.customer_messages - _USUAL_MESSAGES))
    wrote = f"the customer had to write {features.customer_messages} times"
    yield Factor(Reason("satisfaction.wrote", wrote, count=features.customer_messages), _MESSAGE * log1p(further))
    yield Factor(_WAITS, _WAITING * log1p(_bounded_hours(features.hours_waiting)))
    yield Factor(_OPEN_LONG, _OPEN * log1p(_bounded_hours(features.hours_open) / 24))
    yield Factor(_BEFORE, _REPEAT * log1p(min(20, max(0, features.repeat_contacts))))
    if features.reopened:
        yield Factor(Reason("satisfaction.reopened", "the issue was reopened"), _REOPENED)
    severe = Reason("satisfaction.severity", f"the severity is {features.severity}", severity=features.severity or "")
    yield Factor(severe, _SEVERITY.get(features.severity or "", 0.0))
    ratings = [min(5, max(1, rating)) for rating in features.past_ratings][-_REMEMBERED_RATINGS:]
    if ratings:
        mean = sum(ratings) / len(ratings)
        yield Factor(_RATED_LOW if mean < _NEUTRAL_RATING else _RATED_WELL, _RATING * (mean - _NEUTRAL_RATING))


def _in_range(mood: float) -> float:
    return max(-1.0, min(1.0, mood)) if isfinite(mood) else 0.0


def _bounded_hours(hours: float) -> float:
    # Not a number compares false with everything, so it ends as 0.
    return min(hours, 24.0 * 60) if hours > 0 else 0.0
