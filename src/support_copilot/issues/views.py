"""The views of the inbox: named lists of issues that every agent has, and how many issues each holds."""

from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from support_copilot.db.engine import ReadSession
from support_copilot.db.functions import is_nothing
from support_copilot.db.models import Customer, Issue, User
from support_copilot.identity.visibility import Sees, seen_customer, seen_issue
from support_copilot.issues.clocks import SOON, Targets, due_column, load_targets
from support_copilot.issues.mentions import count_unread_issues, names_person
from support_copilot.issues.queries import ENDED

View = Literal["mine", "unassigned", "all", "mentions", "critical", "due", "waiting", "snoozed", "resolved"]
VIEWS: tuple[View, ...] = get_args(View)


def in_view(view: View, targets: Targets, *, person: str, now: datetime) -> ColumnElement[bool]:
    """The condition of a view.

    Args:
        targets: what decides what is ``due``: broken already, or soon.
        person: id of the user whose issues are ``mine``.
        now: issues snoozed until later are in ``snoozed`` only, and in ``mentions``, which has them all.
    """
    ended = Issue.status.in_(sorted(ENDED))
    awake = and_(~ended, or_(Issue.snoozed_until.is_(None), Issue.snoozed_until <= now))
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


def list_assignees(session: ReadSession, sees: Sees, *, most: int = 500) -> list[tuple[str, str]]:
    """Who may be given an issue, as (what ``assignee`` holds, the name people read), by name.

    These are the users who may come in, and the names from other desks that stand on issues that are seen.
    """
    users = select(User.id, User.name).where(User.disabled_at.is_(None)).order_by(User.name, User.id)
    people = [(str(row["id"]), str(row["name"])) for row in session.execute(users.limit(most)).mappings()]
    elsewhere = select(Issue.assignee).where(Issue.assignee.is_not(None), Issue.assignee.not_in(select(User.id)))
    if sees is not None:
        elsewhere = elsewhere.where(seen_issue(sees))
    people += [(str(name), str(name)) for name in session.scalars(elsewhere.distinct().limit(most))]
    return sorted(people, key=lambda person: (person[1].casefold(), person[0]))


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
