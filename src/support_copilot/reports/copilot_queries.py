"""How right the copilot was: whether drafts stood on sources, and forecasts beside what happened.

Forecasts are stored inside panels, and drafts with their checks: of a long period the newest are read, and how many.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, func, select
from sqlalchemy.orm import aliased

from support_copilot.db.engine import ReadSession
from support_copilot.db.functions import seconds_between
from support_copilot.db.models import Analysis, Issue, Suggestion
from support_copilot.reports.queries import Period

#: So many drafts and forecasts are read at most.
MOST_READ: Final = 2000
#: What a person said in place of a model is no forecast.
_A_PERSON: Final = "agent"
_LOW_RATING: Final = 2
_CHECKS_OF_SOURCES: Final = frozenset({"sources", "facts"})
_RISK_STEPS: Final = 5


@dataclass(frozen=True, slots=True)
class Grounded:
    """Drafts whose sentences all stood on sources; of which some had to be left out; that a person has to check."""

    read: int
    grounded: int
    repaired: int
    doubtful: int


@dataclass(frozen=True, slots=True)
class TimeForecasts:
    """Forecasts of resolution times: how many fell into their range, and how many should have."""

    compared: int
    within: int
    sooner: int
    later: int
    expected_share: float | None


@dataclass(frozen=True, slots=True)
class RiskStep:
    """Rated issues whose risk was foretold between two shares: what was foretold on average, and what came."""

    from_share: float
    to_share: float
    rated: int
    mean_forecast: float | None
    dissatisfied: int


@dataclass(frozen=True, slots=True)
class Forecasts:
    """``read`` of the ``resolved`` issues were looked at for a forecast."""

    resolved: int
    read: int
    times: TimeForecasts
    risks: tuple[RiskStep, ...]


def count_grounded(session: ReadSession, period: Period) -> Grounded:
    """By what the checks of sources and facts said of the newest drafts of the period."""
    query = select(Suggestion.checks).join(Issue, Issue.id == Suggestion.issue_id)
    newest = query.where(period.holds(Suggestion.created_at)).order_by(Suggestion.created_at.desc()).limit(MOST_READ)
    verdicts = [_worst(checks) for checks in session.scalars(newest)]
    return Grounded(len(verdicts), *(verdicts.count(each) for each in ("pass", "fixed", "flagged")))


def _worst(checks: Iterable[dict[str, Any]]) -> str:
    found = {check.get("verdict") for check in checks if check.get("name") in _CHECKS_OF_SOURCES}
    return next((verdict for verdict in ("flagged", "fixed") if verdict in found), "pass")


def compare_forecasts(session: ReadSession, period: Period) -> Forecasts:
    """The first panel of each issue resolved in the period, if it was made before, beside what happened."""
    resolved = period.holds(Issue.resolved_at)
    count = int(session.scalar(select(func.count()).select_from(Issue).where(resolved)) or 0)
    chosen = (
        select(Issue.id, Issue.created_at, Issue.resolved_at, Issue.rating)
        .where(resolved)
        .order_by(Issue.resolved_at.desc(), Issue.id)
        .limit(MOST_READ)
        .subquery()
    )
    panels = aliased(Analysis)
    of_issue = select(panels.id).where(panels.issue_id == chosen.c.id)
    first = of_issue.order_by(panels.created_at, panels.id).limit(1).scalar_subquery()
    query = (
        select(
            (seconds_between(chosen.c.created_at, chosen.c.resolved_at) / 3600).label("hours"),
            chosen.c.rating,
            *(
                Analysis.panel[path].as_float().label(name)
                for name, path in (
                    ("low", ("resolution_time", "low_hours")),
                    ("high", ("resolution_time", "high_hours")),
                    ("coverage", ("resolution_time", "coverage")),
                    ("risk", ("satisfaction_risk", "probability")),
                )
            ),
            Analysis.panel[("resolution_time", "model")].as_string().label("time_model"),
            Analysis.panel[("satisfaction_risk", "model")].as_string().label("risk_model"),
        )
        .join(chosen, chosen.c.id == Analysis.issue_id)
        .where(Analysis.id == first, Analysis.created_at < chosen.c.resolved_at)
    )
    rows = session.execute(query).all()
    return Forecasts(count, min(count, MOST_READ), _times(rows), _risks(rows))


def _times(rows: Iterable[Row[Any]]) -> TimeForecasts:
    told = [row for row in rows if None not in (row.low, row.high) and row.time_model != _A_PERSON]
    sooner = sum(row.hours < row.low for row in told)
    later = sum(row.hours > row.high for row in told)
    promised = [row.coverage for row in told if row.coverage is not None]
    expected = round(sum(promised) / len(promised), 3) if promised else None
    return TimeForecasts(len(told), len(told) - sooner - later, sooner, later, expected)


def _risks(rows: Iterable[Row[Any]]) -> tuple[RiskStep, ...]:
    told = [
        (row.risk, row.rating) for row in rows if None not in (row.risk, row.rating) and row.risk_model != _A_PERSON
    ]
    found = []
    for step in range(_RISK_STEPS):
        inside = [(risk, rating) for risk, rating in told if min(_RISK_STEPS - 1, int(risk * _RISK_STEPS)) == step]
        mean = round(sum(risk for risk, _rating in inside) / len(inside), 3) if inside else None
        low = sum(rating <= _LOW_RATING for _risk, rating in inside)
        found.append(RiskStep(step / _RISK_STEPS, (step + 1) / _RISK_STEPS, len(inside), mean, low))
    return tuple(found)
