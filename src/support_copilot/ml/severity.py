"""How bad an issue is, with reasons, and whether it must wake somebody up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from support_copilot.kit.reasons import Reason
from support_copilot.ml.factors import Factor
from support_copilot.ml.mail_kind import UNANSWERED, MailKind, mail_kind
from support_copilot.ml.matters import NOT_MADE, matters_of
from support_copilot.ml.severity_cues import read_cues
from support_copilot.ml.severity_model import SeverityModel, severity_model

Severity = Literal["critical", "high", "medium", "low"]
IncidentKind = Literal["outage", "security", "privacy"]
SEVERITIES: Final[tuple[Severity, ...]] = ("critical", "high", "medium", "low")

#: Below this the most likely level is a guess.
_SURE_FROM: Final = 0.5
_MIN_WORDS: Final = 3
_SHOWN_FACTORS: Final = 6
_SHOWN_FROM: Final = 0.1
#: What is known beside the text moves the score by at most about one level; set by hand.
_PLAN_EFFECT: Final = {"enterprise": 0.4, "premium": 0.3, "business": 0.2, "free": -0.2, "trial": -0.2}
_REPEAT_EFFECT: Final = 0.35
_MOOD_EFFECT: Final = 0.4
_CROWD_EFFECT: Final = 0.4
_MOST_EFFECT: Final = 1.2
#: From so many other customers' open issues of the same kind on, it is an incident.
_CROWD: Final = 5
#: So far below the first threshold lies what nobody waits for.
_WELL_BELOW: Final = 1.5
#: So far above the last one lies what must be seen at once.
_WELL_ABOVE: Final = 1.0
#: What makes a strong word no report of something that is happening.
_SOFT: Final = frozenset({"question", "feature", "praise", "test", "cosmetic"})
_AT_LARGE: Final = frozenset({"many", "business"})
#: A cue that must be seen at once where the prediction is grave and nothing softens it.
_GRAVE_ALARMS: Final[Mapping[str, Reason]] = {
    "data_loss": Reason("critical.data_loss", "data is lost or corrupted"),
    "security": Reason("critical.security", "a security breach"),
    "privacy": Reason("critical.privacy", "other people's data is visible"),
    "safety": Reason("critical.safety", "people may be in danger"),
}
_BREACHES: Final[tuple[IncidentKind, ...]] = ("security", "privacy")


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
    """``confidence`` is the probability of ``value``; ``factors`` move the score up or down, strongest first."""

    value: Severity
    confidence: float
    probabilities: dict[Severity, float]
    factors: tuple[Factor, ...]
    model: str
    sure: bool
    #: Names of what the text says or shows (``severity_cues.toml``).
    cues: frozenset[str]


@dataclass(frozen=True, slots=True)
class CriticalDecision:
    """Whether somebody must look at once, and why, in words."""

    value: bool
    reasons: tuple[Reason, ...]


def classify_severity(
    text: IssueText, signals: SeveritySignals | None = None, vector: NDArray[np.float32] | None = None
) -> SeverityPrediction:
    """The severity of an issue, from its words, what is known of the customer, and its embedding.

    Args:
        text: subject and cleaned body; the first 8,000 characters of each are read.
        signals: what is known beside the text.
        vector: float32 (384,) of unit length from the embedder that the model was trained with, or None. It is used
            for English texts only, since that embedder knows little of other languages.
    """
    model = severity_model(vector if text.language == "en" else None)
    strengths = read_cues(text.subject, text.body)
    factors = [*model.factors(strengths, vector), *_signal_factors(signals)]
    kind = mail_kind(text.subject, text.body)
    if kind is not None:
        factors.append(_kind_factor(kind, model, sum(factor.effect for factor in factors)))
    probabilities = _probabilities(model, factors)
    value = _likeliest(probabilities)
    alarming = _alarming(frozenset(strengths), value, signals)
    if alarming and value != "critical":
        # What must wake somebody up is critical: two words for one issue would only make people doubt both.
        missing = model.thresholds[-1] + _WELL_ABOVE - sum(factor.effect for factor in factors)
        factors.append(Factor(alarming[0], max(0.0, missing)))
        probabilities = _probabilities(model, factors)
        value = _likeliest(probabilities)
    enough = len(f"{text.subject} {text.body[:200]}".split()) >= _MIN_WORDS
    shown = sorted(factors, key=lambda factor: -abs(factor.effect))[:_SHOWN_FACTORS]
    shown = [Factor(factor.label, round(factor.effect, 3)) for factor in shown if abs(factor.effect) >= _SHOWN_FROM]
    return SeverityPrediction(
        value=value,
        confidence=probabilities[value],
        probabilities=probabilities,
        factors=tuple(shown),
        model=model.version,
        sure=kind is not None or (enough and bool(shown) and probabilities[value] >= _SURE_FROM),
        cues=frozenset(strengths),
    )


def _probabilities(model: SeverityModel, factors: Sequence[Factor]) -> dict[Severity, float]:
    chances = model.probabilities(sum(factor.effect for factor in factors))
    return {severity: round(chances[severity], 4) for severity in SEVERITIES}


def _likeliest(probabilities: Mapping[Severity, float]) -> Severity:
    return max(SEVERITIES, key=lambda severity: probabilities[severity])


def _kind_factor(kind: MailKind, model: SeverityModel, score: float) -> Factor:
    """What lifts a formal notice or the report of a flaw to high at least, and lowers what nobody waits for to low."""
    low, high, critical = model.thresholds
    if kind.name in UNANSWERED:
        return Factor(kind.reason, min(0.0, low - _WELL_BELOW - score))
    return Factor(kind.reason, max(0.0, (high + critical) / 2 - score))


def _signal_factors(signals: SeveritySignals | None) -> list[Factor]:
    if signals is None:
        return []
    factors = []
    plan = _PLAN_EFFECT.get((signals.plan or "").casefold().strip())
    if plan:
        factors.append(
            Factor(Reason("severity.plan", f"the customer's plan is {signals.plan}", plan=signals.plan or ""), plan)
        )
    if signals.repeat_contacts > 0:
        effect = min(_MOST_EFFECT, _REPEAT_EFFECT * log2(1 + signals.repeat_contacts))
        factors.append(Factor(Reason("severity.repeat_contact", "the customer wrote about this before"), effect))
    if signals.sentiment is not None and signals.sentiment < 0:
        factors.append(
            Factor(Reason("severity.upset", "the customer is upset"), -_MOOD_EFFECT * max(-1.0, signals.sentiment))
        )
    if signals.similar_open > 0:
        effect = min(_MOST_EFFECT, _CROWD_EFFECT * log2(1 + signals.similar_open))
        factors.append(Factor(Reason("severity.others_report", "other customers report the same"), effect))
    return factors


def is_critical(prediction: SeverityPrediction, signals: SeveritySignals | None = None) -> CriticalDecision:
    """Whether an issue must be seen at once, by what it says or because the model is sure; it is critical then.

    One strong word is not enough where people use it lightly ("crash", "lawyer"): it takes a second one, or a
    prediction that is not low.
    """
    reasons = _alarming(prediction.cues, prediction.value, signals)
    if not reasons and prediction.value == "critical" and prediction.sure:
        reasons = (Reason("critical.severity", "the severity is critical"),)
    return CriticalDecision(bool(reasons), reasons)


def _alarming(named: frozenset[str], value: Severity, signals: SeveritySignals | None) -> tuple[Reason, ...]:
    """What of a text, or beside it, must be seen at once.

    Args:
        value: what the model says.
    """
    soft = not _SOFT.isdisjoint(named)
    grave = value in {"critical", "high"}
    reasons = [
        reason for cue, reason in _GRAVE_ALARMS.items() if cue in named and grave and not (soft and cue != "safety")
    ]
    if "outage" in named and _AT_LARGE & named and not soft:
        reasons.insert(0, Reason("critical.outage", "an outage that affects many people or stops business"))
    if "legal" in named and {"payment", "again"} & named and grave:
        told = "legal steps are threatened over money or an old problem"
        reasons.append(Reason("critical.legal", told))
    if signals is not None and signals.similar_open >= _CROWD and grave:
        told = "several customers report the same at this time"
        reasons.append(Reason("critical.several_report", told))
    return tuple(reasons)


def incident_kinds(text: IssueText) -> frozenset[IncidentKind]:
    """What is reported that goes beyond the one who writes and that only the company can end; mostly nothing."""
    named = set(read_cues(text.subject, text.body))
    told: set[IncidentKind] = set()
    if "outage" in named and _AT_LARGE & named and not _SOFT & named:
        told.add("outage")
    if not (_SOFT | {"admin"}) & named:
        told |= {kind for kind in _BREACHES if kind in named}
    if NOT_MADE in matters_of(f"{text.subject}\n{text.body}"):
        # Grave, and yet one customer's card: nothing of the company's own has leaked.
        told.discard("security")
    return frozenset(told)


def speaks_of(kinds: frozenset[IncidentKind], title: str, body: str) -> bool:
    """Whether a text of the company is about an incident of one of these kinds."""
    if not kinds:
        return False
    # What leaks is both: what is said first to who reports it is the same.
    wanted = kinds.union(_BREACHES) if kinds.intersection(_BREACHES) else kinds
    return not wanted.isdisjoint(read_cues(title, body))
