"""The views of the inbox: named lists of issues that every agent has, and how many issues each holds."""

from collections.abc import Collection
from datetime import datetime
from typing import Final, Literal, get_args

from pydantic import BaseModel
from sqlalchemy import ColumnElement, and_, case, func, or_, select

from support_copilot.db.engine import ReadSession
from support_copilot.db.functions import is_nothing
from support_copilot.db.models import Customer, Issue
from support_copilot.identity.directory_queries import names_of_teams
from support_copilot.identity.visibility import Sees, seen_customer, seen_issue
from support_copilot.issues.clocks import SOON, Targets, due_column, load_targets
from support_copilot.issues.mentions import count_unread_issues, names_person
from support_copilot.issues.queries import ENDED

View = Literal["mine", "unassigned", "all", "mentions", "critical", "due", "waiting", "snoozed", "resolved"]
VIEWS: tuple[View, ...] = get_args(View)
#: Teams of one person that are counted.
_MOST_TEAMS: Final = 20


class TeamCount(BaseModel):
    """How many issues of a team are at work and not asleep."""

    id: str
    name: str
    count: int


def in_view(view: View, targets: Targets, *, person: str, now: datetime) -> ColumnElement[bool]:
    """The condition of a view.

    Args:
        targets: what decides what is ``due``: broken already, or soon.
        person: id of the user whose issues are ``mine``.
        now: issues snoozed until later are in ``snoozed`` only, and in ``mentions``, which has them all.
    """
    ended, awake = Issue.status.in_(sorted(ENDED)), _awake(now)
    conditions: dict[View, ColumnElement[bool]] = {
        "mine": and_(awake, Issue.assignee == person),
        "unassigned": and_(awake, Issue.assignee.is_(None)),
        "all": awake,
        "mentions": names_person(person),
        "critical": and_(awake, Issue.severity == "critical"),
        "due": and_(awake, due_column(targets) <= int((now + SOON).timestamp())),
        "waiting": and_(awake, Issue.status == "pending"),
        "snoozed": and_(~ended, Issue.snoozed_until > now),
        "resolved": and_(ended, is_nothing(Issue.merged_into_id)),
    }
    return conditions[view]


def list_plans(session: ReadSession, sees: Sees, *, most: int = 200) -> list[str]:
    """The plans that customers with issues that are seen have, by name."""
    query = select(Customer.plan).where(Customer.plan.is_not(None)).distinct()
    if sees is not None:
        query = query.where(seen_customer(sees))
    return sorted((str(plan) for plan in session.scalars(query.order_by(Customer.plan).limit(most))), key=str.casefold)


def count_views(session: ReadSession, sees: Sees, *, person: str, now: datetime) -> dict[View, int]:
    """How many issues each view holds of those that are seen; of mentions, those with one that was not read."""
    targets = load_targets(session)
    sums = [
        func.sum(case((in_view(view, targets, person=person, now=now), 1), else_=0)).label(view)
        for view in VIEWS
        if view != "mentions"
    ]
    query = select(*sums)
    row = session.execute(query if sees is None else query.where(seen_issue(sees))).mappings().one()
    counts = dict(row) | {"mentions": count_unread_issues(session, sees, person)}
    return {view: int(counts[view] or 0) for view in VIEWS}


def count_teams(session: ReadSession, team_ids: Collection[str], *, now: datetime) -> list[TeamCount]:
    """How many issues in ``all`` each of these teams has, by their names; nothing is asked where there are none."""
    names = sorted(names_of_teams(session, team_ids).items(), key=lambda team: team[1].casefold())[:_MOST_TEAMS]
    if not names:
        return []
    query = select(Issue.team_id, func.count().label("issues")).where(Issue.team_id.in_([key for key, _ in names]))
    rows = session.execute(query.where(_awake(now)).group_by(Issue.team_id)).mappings()
    counts = {row["team_id"]: int(row["issues"]) for row in rows}
    return [TeamCount(id=team_id, name=name, count=counts.get(team_id, 0)) for team_id, name in names]


def _awake(now: datetime) -> ColumnElement[bool]:
    ended = Issue.status.in_(sorted(ENDED))
    return and_(~ended, or_(Issue.snoozed_until.is_(None), Issue.snoozed_until <= now))
