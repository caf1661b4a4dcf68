"""SQL of response times that were promised: which were kept. The targets and severities of today hold for all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Float, and_, case, func, literal, or_, select

from support_copilot.db.engine import ReadSession
from support_copilot.db.functions import seconds_between
from support_copilot.db.models import Conversation, Issue
from support_copilot.issues.clocks import Target, Targets
from support_copilot.reports.queries import Period

_MINUTE_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Kept:
    """Issues whose clock ended in time, those that ran out of it, and those of which it cannot be said yet."""

    met: int
    missed: int
    running: int


def count_kept(session: ReadSession, period: Period, targets: Targets, now: datetime) -> tuple[Kept, Kept]:
    """Of issues opened in the period with something promised: the first response, and the resolution.

    A clock runs day and night, also while the customer has the word, and anew from the last reopening; what waits for
    the customer is missed only once it is resolved too late.
    """
    newest = select(func.max(Conversation.started_at)).where(Conversation.issue_id == Issue.id).scalar_subquery()
    started = case((Issue.reopened_count > 0, func.coalesce(newest, Issue.created_at)), else_=Issue.created_at)
    first = _verdict(Issue.created_at, Issue.first_response_at, _seconds(targets, _first), now)
    last = _verdict(started, Issue.resolved_at, _seconds(targets, _last), now)
    query = select(first.label("first"), last.label("last"), func.count().label("n"))
    rows = session.execute(query.where(period.holds(Issue.created_at)).group_by("first", "last")).mappings().all()

    def kept(clock: str) -> Kept:
        return Kept(*(sum(int(row["n"]) for row in rows if row[clock] == verdict) for verdict in _VERDICTS))

    return kept("first"), kept("last")


_VERDICTS: Final = ("met", "missed", "running")


def _verdict(start: Any, end: Any, allowed: ColumnElement[Any], now: datetime) -> ColumnElement[Any]:
    late = seconds_between(start, end) > allowed
    # What takes seconds on both sides is compared as seconds: a moment plus minutes is spelled differently everywhere.
    overdue = seconds_between(start, literal(now, Issue.created_at.type)) > allowed
    waits = Issue.status == "pending"
    return case(
        (allowed.is_(None), None),
        (and_(end.is_not(None), late), "missed"),
        (end.is_not(None), "met"),
        (or_(waits, ~overdue), "running"),
        else_="missed",
    )


def _seconds(targets: Targets, minutes_of: Callable[[Target], int | None]) -> ColumnElement[Any]:
    """Seconds promised by severity, NULL where nothing is."""
    promised: Mapping[Any, Any] = {
        severity: literal(minutes * _MINUTE_S, Float)
        for severity, target in targets.items()
        if (minutes := minutes_of(target)) is not None
    }
    return case(promised, value=Issue.severity, else_=None) if promised else literal(None, Float)


def _first(target: Target) -> int | None:
    return target.first_response_minutes


def _last(target: Target) -> int | None:
    return target.resolution_minutes
