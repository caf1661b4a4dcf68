"""Puts the panel together; a part that fails says so and takes no other along."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, TypeVar

import structlog

from support_copilot.analysis import fitting, parts
from support_copilot.analysis.case import Case
from support_copilot.analysis.customer import customer_part
from support_copilot.analysis.gather import Gathered, gather
from support_copilot.analysis.opinions import NO_OPINIONS, Opinions, with_category, with_sentiment, with_severity
from support_copilot.analysis.schemas import (
    CategoryPart,
    CriticalPart,
    CustomerPart,
    EntitiesPart,
    FactorOut,
    LanguagePart,
    Panel,
    Part,
    PartProblem,
    ResolutionTimePart,
    SatisfactionRiskPart,
    SentimentPart,
    SeverityPart,
    SimilarIssuesPart,
    TemplatesPart,
)
from support_copilot.analysis.similar import similar_issues
from support_copilot.db.documents import Vector
from support_copilot.http.reasons import code_of
from support_copilot.kit.errors import AppError
from support_copilot.kit.reasons import Reason
from support_copilot.resources import Resources

_log = structlog.get_logger("support_copilot.analysis")

AnyPart = TypeVar("AnyPart", bound=Part)
_BY_PERSON: Final = Reason("set_by_person", "set by a person")
PERSON_SET_CRITICAL: Final = Reason("critical.by_person", "a person set the severity to critical")


def analyze_case(
    resources: Resources, case: Case, now: datetime, opinions: Opinions | None = None
) -> tuple[Panel, Vector | None]:
    """The panel of a case, and the vector of its text (None when there is no model) for whoever stores it.

    Args:
        opinions: what language models said of it.
    """
    started = time.perf_counter()
    found = gather(resources, case, now)
    panel = assemble(case, found, now, opinions or NO_OPINIONS)
    panel.duration_ms = round((time.perf_counter() - started) * 1000, 2)
    return panel, found.vector


def assemble(case: Case, found: Gathered, now: datetime, opinions: Opinions = NO_OPINIONS) -> Panel:
    """All parts from what was gathered; what people said of this issue stands above every model."""
    searched, remembered = found.failures.get("search"), found.failures.get("history")
    language = _corrected(case, "language", _guarded(LanguagePart, lambda: parts.language_part(case, found)), "code")
    code = language.code or "en"
    # Severity and risk were measured with the mood that the local model hears.
    mood = _guarded(SentimentPart, lambda: parts.sentiment_part(case, found, code))
    sentiment = _corrected(case, "sentiment", with_sentiment(mood, opinions.sentiment), "label")
    named = _guarded(CategoryPart, lambda: parts.category_part(case, found, code), searched)
    category = _corrected(case, "category", with_category(named, opinions.category))
    severity, critical = _severity_and_critical(case, found, mood, code, opinions)
    return Panel(
        issue_id=case.issue_id,
        analyzed_at=now,
        duration_ms=0.0,
        severity=severity,
        similar_issues=_guarded(
            SimilarIssuesPart, lambda: similar_issues(case, found, now, code), searched or remembered
        ),
        customer=_guarded(CustomerPart, lambda: customer_part(case, found, category.value), remembered),
        sentiment=sentiment,
        language=language,
        entities=_guarded(EntitiesPart, lambda: parts.entities_part(case)),
        category=category,
        resolution_time=_corrected(
            case,
            "resolution_time",
            _guarded(ResolutionTimePart, lambda: parts.resolution_time_part(found, severity.value, now), remembered),
            "median_hours",
        ),
        satisfaction_risk=_corrected(
            case,
            "satisfaction_risk",
            _guarded(
                SatisfactionRiskPart,
                lambda: parts.satisfaction_part(case, found, mood, severity.value, now),
                remembered,
            ),
            "probability",
        ),
        templates=_guarded(
            TemplatesPart,
            lambda: fitting.templates_part(case, found, code, category.value if category.status == "ok" else None),
            searched or remembered,
        ),
        critical=critical,
    )


def _severity_and_critical(
    case: Case, found: Gathered, sentiment: SentimentPart, language: str, opinions: Opinions
) -> tuple[SeverityPart, CriticalPart]:
    readings: list[parts.SeverityReading] = []

    def read() -> SeverityPart:
        readings.append(parts.read_severity(case, found, sentiment, language))
        return with_severity(parts.severity_part(readings[0], found), opinions.severity)

    severity = _corrected(case, "severity", _guarded(SeverityPart, read))
    critical = _guarded(CriticalPart, lambda: parts.critical_part(readings[0]))
    if "severity" in case.corrected and "critical" not in case.corrected:
        is_critical = severity.value == "critical"
        critical = CriticalPart(value=is_critical, reasons=[PERSON_SET_CRITICAL] * is_critical)
    return severity, _corrected(case, "critical", critical)


def _guarded(kind: type[AnyPart], make: Callable[[], AnyPart], failure: AppError | None = None) -> AnyPart:
    if failure is not None:
        return kind(status="unavailable", problem=PartProblem(code=failure.code, detail=failure.detail))
    try:
        return make()
    except Exception as error:  # noqa: BLE001  # whatever one part meets, the others still answer
        _log.error("analysis.part.failed", part=kind.__name__, exc_info=error)
        return kind(
            status="unavailable", problem=PartProblem(code="part_failed", detail="This part could not be made.")
        )


def _corrected(case: Case, name: str, part: AnyPart, field: str = "value") -> AnyPart:
    """The part with what a person said in place of what a model said."""
    if name not in case.corrected:
        return part
    changes: dict[str, Any] = {
        "status": "ok", "problem": None, "help": None, "help_code": None, "confidence": 1.0, "model": "agent",
        "factors": [FactorOut(label=_BY_PERSON, effect=1.0)], "probabilities": {}, "reasons": [_BY_PERSON],
        "reasons_code": code_of([_BY_PERSON]), field: case.corrected[name],
    }  # fmt: skip
    return part.model_copy(update={key: value for key, value in changes.items() if key in type(part).model_fields})
