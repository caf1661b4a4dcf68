"""SQL of figures by person: whom issues are assigned to now. For those who lead, never a ranking."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, case, func, select

from support_copilot.db.engine import ReadSession
from support_copilot.db.functions import seconds_between
from support_copilot.db.models import Issue, Suggestion
from support_copilot.issues.queries import ENDED
from support_copilot.reports.queries import Period

#: Those with the most issues; others are counted, not listed.
MOST_AGENTS: Final = 200


@dataclass(frozen=True, slots=True)
class Agent:
    """What is assigned to one person: open now, resolved in the period, and what became of it."""

    assignee: str
    open_now: int
    resolved: int
    reopened: int
    median_first_response_hours: float | None
    median_resolution_hours: float | None
    rated: int
    mean_rating: float | None
    suggestions_used: int


def count_by_agent(session: ReadSession, period: Period) -> tuple[list[Agent], int]:
    """Everybody with an open issue or one resolved in the period, in no order; and how many were left out."""
    counted = _counted(session, period)
    kept = sorted(counted, key=lambda name: (-sum(counted[name].values()), name))[:MOST_AGENTS]
    resolved = period.holds(Issue.resolved_at) & Issue.assignee.is_not(None)
    answered = resolved & Issue.first_response_at.is_not(None)
    first = _medians(session, seconds_between(Issue.created_at, Issue.first_response_at), answered)
    whole = _medians(session, seconds_between(Issue.created_at, Issue.resolved_at), resolved)
    used = _used(session, period)
    return [_agent(name, counted[name], first.get(name), whole.get(name), used.get(name, 0)) for name in kept], len(
        counted
    ) - len(kept)


def _agent(name: str, counts: dict[str, int], first: float | None, whole: float | None, used: int) -> Agent:
    rated = counts["rated"]
    return Agent(
        assignee=name,
        open_now=counts["open"],
        resolved=counts["resolved"],
        reopened=counts["reopened"],
        median_first_response_hours=first,
        median_resolution_hours=whole,
        rated=rated,
        mean_rating=round(counts["stars"] / rated, 2) if rated else None,
        suggestions_used=used,
    )


def _counted(session: ReadSession, period: Period) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(
        lambda: dict.fromkeys(("open", "resolved", "reopened", "rated", "stars"), 0)
    )
    still = select(Issue.assignee, func.count().label("open"))
    still = still.where(Issue.status.not_in(sorted(ENDED)), Issue.assignee.is_not(None), *period.counted())
    done = select(
        Issue.assignee,
        func.count().label("resolved"),
        func.sum(case((Issue.reopened_count > 0, 1), else_=0)).label("reopened"),
        func.count(Issue.rating).label("rated"),
        func.coalesce(func.sum(Issue.rating), 0).label("stars"),
    ).where(period.holds(Issue.resolved_at), Issue.assignee.is_not(None))
    for query in (still, done):
        for row in session.execute(query.group_by(Issue.assignee)).mappings():
            found[row["assignee"]] |= {name: int(value) for name, value in row.items() if name != "assignee"}
    return found


def _medians(session: ReadSession, seconds: Any, counted: ColumnElement[bool]) -> dict[str, float]:
    """The nearest-rank median of each person, in hours; the database sorts, and one row a person comes back."""
    ranked = (
        select(
            Issue.assignee,
            seconds.label("seconds"),
            func.row_number().over(partition_by=Issue.assignee, order_by=(seconds, Issue.id)).label("place"),
            func.count().over(partition_by=Issue.assignee).label("n"),
        )
        .where(counted)
        .subquery()
    )
    query = select(ranked.c.assignee, ranked.c.seconds).where(ranked.c.place == (ranked.c.n + 1) // 2)
    return {row.assignee: round(max(0.0, float(row.seconds)) / 3600, 3) for row in session.execute(query)}


def _used(session: ReadSession, period: Period) -> dict[str, int]:
    query = select(Issue.assignee, func.count().label("n")).join(Suggestion, Suggestion.issue_id == Issue.id)
    used = Suggestion.outcome.in_(("accepted", "edited")) & Issue.assignee.is_not(None)
    rows = session.execute(query.where(period.holds(Suggestion.created_at), used).group_by(Issue.assignee))
    return {row.assignee: int(row.n) for row in rows}
