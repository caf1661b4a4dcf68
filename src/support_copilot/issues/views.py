"""The views of the inbox: named lists of issues that every agent has, and how many issues each holds."""

from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from support_copilot.db.engine import ReadSession
from support_copilot.db.models import Issue
from support_copilot.issues.queries import ENDED

View = Literal["mine", "unassigned", "all", "critical", "waiting", "snoozed", "resolved"]
VIEWS: tuple[View, ...] = get_args(View)


def in_view(view: View, *, person: str, now: datetime) -> ColumnElement[bool]:
    """The condition of a view.

    Args:
        person: the name that ``mine`` looks for among assignees.
        now: issues snoozed until later are in ``snoozed`` only.
    """
    ended = Issue.status.in_(sorted(ENDED))
    awake = and_(~ended, or_(Issue.snoozed_until.is_(None), Issue.snoozed_until <= now))
    conditions: dict[View, ColumnElement[bool]] = {
        "mine": and_(awake, Issue.assignee == person),
        "unassigned": and_(awake, Issue.assignee.is_(None)),
        "all": awake,
        "critical": and_(awake, Issue.severity == "critical"),
        "waiting": and_(awake, Issue.status == "pending"),
        "snoozed": and_(~ended, Issue.snoozed_until > now),
        "resolved": ended,
    }
    return conditions[view]


def list_assignees(session: ReadSession, *, most: int = 200) -> list[str]:
    """Everybody who has issues, by name."""
    query = select(Issue.assignee).where(Issue.assignee.is_not(None)).distinct().order_by(Issue.assignee)
    return [str(name) for name in session.scalars(query.limit(most))]


def count_views(session: ReadSession, *, person: str, now: datetime) -> dict[View, int]:
    """How many issues each view holds, with one statement."""
    sums = [func.sum(case((in_view(view, person=person, now=now), 1), else_=0)).label(view) for view in VIEWS]
    row = session.execute(select(*sums)).mappings().one()
    return {view: int(row[view] or 0) for view in VIEWS}
