"""SQL of the desk's figures: counts and times over a period, of the issues that somebody sees."""

import math
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from support_copilot.db.engine import ReadSession
from support_copilot.db.functions import epoch_seconds, is_nothing, seconds_between
from support_copilot.db.models import Issue, Suggestion, Team
from support_copilot.identity.visibility import Sees, seen_issue
from support_copilot.issues.queries import ENDED

#: In place of a team's id: issues of no team.
NO_TEAM: Final = "none"
#: What every time zone of today is a multiple of away from UTC.
QUARTER_S: Final = 900

_HOUR_S: Final = 3600.0
_FIRST_RESPONSE_S: Final = seconds_between(Issue.created_at, Issue.first_response_at)
_RESOLUTION_S: Final = seconds_between(Issue.created_at, Issue.resolved_at)


@dataclass(frozen=True, slots=True)
class Period:
    """Days of a time zone, both included, and whose issues count."""

    first_day: date
    last_day: date
    sees: Sees
    #: Id of a team, ``NO_TEAM``, or None for all.
    team: str | None = None
    zone: tzinfo = UTC

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first_day, time(), self.zone)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last_day + timedelta(days=1), time(), self.zone)

    @property
    def before(self) -> "Period":
        """The same number of days, just before."""
        days = (self.last_day - self.first_day).days + 1
        return replace(
            self, first_day=self.first_day - timedelta(days=days), last_day=self.first_day - timedelta(days=1)
        )

    def holds(self, moment: Any) -> ColumnElement[bool]:
        """Whether a column's moment lies in it, on an issue that counts."""
        return and_(moment >= self.start, moment < self.end, *self.counted())

    def counted(self) -> list[ColumnElement[bool]]:
        """Issues that are seen, of the team; a duplicate counts with the one it is merged into."""
        found: list[ColumnElement[bool]] = [is_nothing(Issue.merged_into_id)]
        if self.sees is not None:
            found.append(seen_issue(self.sees))
        if self.team is not None:
            found.append(Issue.team_id.is_(None) if self.team == NO_TEAM else Issue.team_id == self.team)
        return found


@dataclass(frozen=True, slots=True)
class Times:
    """How many took how long, in hours."""

    count: int
    median_hours: float | None
    p90_hours: float | None


def count_issues(session: ReadSession, period: Period) -> tuple[int, int, int]:
    """Issues opened, resolved, and those of the resolved that had come back before."""
    opened = session.scalar(select(func.count()).select_from(Issue).where(period.holds(Issue.created_at)))
    reopened = func.sum(case((Issue.reopened_count > 0, 1), else_=0)).label("reopened")
    resolved = select(func.count().label("resolved"), reopened).where(period.holds(Issue.resolved_at))
    row = session.execute(resolved).mappings().one()
    return int(opened or 0), int(row["resolved"]), int(row["reopened"] or 0)


def count_open(session: ReadSession, period: Period) -> int:
    """Issues that have not ended, whenever they came."""
    query = select(func.count()).select_from(Issue).where(Issue.status.not_in(sorted(ENDED)), *period.counted())
    return int(session.scalar(query) or 0)


def count_quarters(session: ReadSession, period: Period, moment: Any) -> list[tuple[datetime, int]]:
    """Issues by the quarter of an hour of this moment: its beginning in the zone of the period, and how many."""
    quarter = epoch_seconds(moment) // QUARTER_S
    query = select(quarter.label("quarter"), func.count().label("n")).where(period.holds(moment)).group_by(quarter)
    # No dictionary: the hour that comes twice in autumn would be one key.
    return [
        (datetime.fromtimestamp(int(row["quarter"]) * QUARTER_S, period.zone), int(row["n"]))
        for row in session.execute(query).mappings()
    ]


def is_team(session: ReadSession, team_id: str) -> bool:
    return session.scalar(select(Team.id).where(Team.id == team_id)) is not None


def count_by(session: ReadSession, period: Period, column: Any) -> dict[Any, int]:
    """Issues opened in the period, by what they have in this column."""
    query = select(column.label("value"), func.count().label("n")).where(period.holds(Issue.created_at))
    return {row["value"]: row["n"] for row in session.execute(query.group_by(column)).mappings()}


def first_response_times(session: ReadSession, period: Period) -> Times:
    return _times(session, _FIRST_RESPONSE_S, _answered(period))


def resolution_times(session: ReadSession, period: Period) -> Times:
    return _times(session, _RESOLUTION_S, period.holds(Issue.resolved_at))


def first_response_spans(session: ReadSession, period: Period, limits_hours: tuple[float, ...]) -> list[int]:
    """How many took less than each limit and no less than the one before; the last number is of all above."""
    return _spans(session, _FIRST_RESPONSE_S, _answered(period), limits_hours)


def resolution_spans(session: ReadSession, period: Period, limits_hours: tuple[float, ...]) -> list[int]:
    """Likewise of resolutions."""
    return _spans(session, _RESOLUTION_S, period.holds(Issue.resolved_at), limits_hours)


def count_ratings(session: ReadSession, period: Period) -> dict[int, int]:
    """Issues resolved in the period, by their rating."""
    rated = period.holds(Issue.resolved_at) & Issue.rating.is_not(None)
    query = select(Issue.rating, func.count().label("n")).where(rated).group_by(Issue.rating)
    return {int(row["rating"]): row["n"] for row in session.execute(query).mappings()}


def count_outcomes(session: ReadSession, period: Period) -> dict[str | None, int]:
    """Suggestions made in the period, by what became of them; None for those nobody spoke of."""
    query = select(Suggestion.outcome, func.count().label("n")).group_by(Suggestion.outcome)
    return {row["outcome"]: row["n"] for row in session.execute(_suggested(query, period)).mappings()}


def sent_suggestions(session: ReadSession, period: Period) -> tuple[int, float | None]:
    """On how many issues a suggestion was sent, and how far the edited ones are from what was suggested."""
    edited = case((Suggestion.outcome == "edited", Suggestion.edit_distance))
    figures = select(func.count(Suggestion.issue_id.distinct()).label("issues"), func.avg(edited).label("distance"))
    query = _suggested(figures.where(Suggestion.outcome.in_(("accepted", "edited"))), period)
    row = session.execute(query).mappings().one()
    return int(row["issues"]), None if row["distance"] is None else float(row["distance"])


def _suggested(query: Any, period: Period) -> Select[Any]:
    joined: Select[Any] = query.join(Issue, Issue.id == Suggestion.issue_id).where(period.holds(Suggestion.created_at))
    return joined


def _answered(period: Period) -> ColumnElement[bool]:
    return period.holds(Issue.created_at) & Issue.first_response_at.is_not(None)


def _times(session: ReadSession, seconds: Any, counted: ColumnElement[bool]) -> Times:
    """The nearest-rank percentiles; the database sorts, and no more than two rows come back."""
    count = int(session.scalar(select(func.count()).select_from(Issue).where(counted)) or 0)
    if count == 0:
        return Times(0, None, None)

    def at(share: float) -> float:
        rank = max(0, math.ceil(share * count) - 1)
        query = select(seconds).where(counted).order_by(seconds, Issue.id).offset(rank).limit(1)
        return round(max(0.0, float(session.scalar(query) or 0)) / _HOUR_S, 3)

    return Times(count, at(0.5), at(0.9))


def _spans(
    session: ReadSession, seconds: Any, counted: ColumnElement[bool], limits_hours: tuple[float, ...]
) -> list[int]:
    span = case(
        *((seconds < hours * _HOUR_S, position) for position, hours in enumerate(limits_hours)),
        else_=len(limits_hours),
    )
    query = select(span.label("span"), func.count().label("n")).where(counted).group_by(span)
    found = {int(row["span"]): int(row["n"]) for row in session.execute(query).mappings()}
    return [found.get(position, 0) for position in range(len(limits_hours) + 1)]
