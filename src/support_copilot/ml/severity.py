"""How bad an issue is."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from support_copilot.ml.factors import Factor

Severity = Literal["critical", "high", "medium", "low"]
SEVERITIES: Final[tuple[Severity, ...]] = ("critical", "high", "medium", "low")


@dataclass(frozen=True, slots=True)
class IssueText:
    """What there is to read; ``language`` is an ISO 639-1 code."""

    subject: str
    body: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class SeveritySignals:
    """What is known beside the text; every part may be missing."""

    plan: str | None = None
    #: How often this customer wrote about the same topic before, within the window that the caller keeps.
    repeat_contacts: int = 0
    #: -1..1, of the newest customer message.
    sentiment: float | None = None
    #: Other customers' open issues that look like this one.
    similar_open: int = 0


@dataclass(frozen=True, slots=True)
class SeverityPrediction:
    value: Severity
    confidence: float
    probabilities: dict[Severity, float]
    factors: tuple[Factor, ...]
    model: str
    sure: bool


@dataclass(frozen=True, slots=True)
class CriticalDecision:
    value: bool
    reasons: tuple[str, ...]


def classify_severity(
    text: IssueText, signals: SeveritySignals | None = None, vector: NDArray[np.float32] | None = None
) -> SeverityPrediction:
    even = dict.fromkeys(SEVERITIES, 0.25)
    return SeverityPrediction("medium", 0.25, even, (), "severity/0", False)


def is_critical(
    prediction: SeverityPrediction, text: IssueText, signals: SeveritySignals | None = None
) -> CriticalDecision:
    return CriticalDecision(prediction.value == "critical" and prediction.sure, ())
