"""Reading issues for people: lists narrowed by filters, and all that an answer about an issue shows."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple
from typing import cast as cast_type

from sqlalchemy import ColumnElement, Integer, Select, String, and_, case, cast, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from support_copilot.db.engine import ReadSession
from support_copilot.db.models import Customer, Issue, Message
from support_copilot.http.paging import Key, Page, PageRequest, page_of, paged
from support_copilot.identity.directory_queries import names_of_teams, names_of_users
from support_copilot.identity.visibility import seen_customer, seen_issue
from support_copilot.issues.clocks import (
    NEVER,
    SOON,
    Targets,
    due_column,
    due_of,
    due_order,
    load_targets,
    starts_of,
)
from support_copilot.issues.order import Place, Risk, at_moment, has_risk, moment_of, order_columns, place_of
from support_copilot.issues.queries import (
    IssueRecord,
    customers_by_id,
    get_issue,
    issues_by_id,
    latest_resolutions,
    merged_order,
    merged_parts,
)
from support_copilot.issues.schemas import IssueOut, MessageOut, render_issue, render_message
from support_copilot.issues.views import View, in_view

IssueSort = Literal["copilot", "created_at", "-created_at", "updated_at", "-updated_at", "-severity", "due"]
#: Of a promise: broken; not yet, but within the hour; made at all.
Promise = Literal["breached", "soon", "any"]
_RANKS: Final = {"critical": 4, "high": 3, "medium": 2, "low": 1}


@dataclass(frozen=True, slots=True)
class IssueFilter:
    """Narrows a list of issues; what is None or empty does not. Moments are aware and inclusive."""

    statuses: Sequence[str] = ()
    severities: Sequence[str] = ()
    category: str | None = None
    language: str | None = None
    customer_id: str | None = None
    assignee: str | None = None
    channel: str | None = None
    tag: str | None = None
    external_source: str | None = None
    external_id: str | None = None
    subject_contains: str | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None
    updated_after: datetime | None = None
    team_id: str | None = None
    plans: Sequence[str] = ()
    sla: Promise | None = None
    risks: Sequence[Risk] = ()
    #: Teams whose issues are seen, beside those of no team; None: all.
    sees: frozenset[str] | None = None
    #: A view of the inbox, of this person at this moment.
    view: View | None = None
    person: str = ""
    now: datetime | None = None


def list_issues(
    session: ReadSession,
    narrow: IssueFilter,
    sort: IssueSort,
    page: PageRequest,
    plan_points: Mapping[str, int] | None = None,
) -> Page[IssueOut]:
    """One page of the issues that fit.

    Args:
        plan_points: what a plan counts in Copilot order, by its name in small letters.
    """
    targets = load_targets(session)
    if sort == "copilot":
        return _list_in_order(session, narrow, page, targets, plan_points or {})
    query = select(Issue).where(*_conditions(narrow, targets))
    column = _order(sort, targets)
    query = paged(query, page, column, Issue.id, newest_first=sort.startswith("-"))
    rows: list[Issue] = list(session.scalars(query))
    shown = {issue.id: answer for issue, answer in zip(rows, describe_issues(session, rows), strict=True)}
    starts = starts_of(session, rows) if sort == "due" else {}

    def key(issue: Issue) -> Key:
        return due_order(due_of(issue, starts[issue.id], targets)) if sort == "due" else _key(sort, issue)

    return page_of(
        rows,
        page,
        key,
        lambda issue: issue.id,
        lambda issue: shown[issue.id],
    )


def _list_in_order(
    session: ReadSession, narrow: IssueFilter, page: PageRequest, targets: Targets, plan_points: Mapping[str, int]
) -> Page[IssueOut]:
    """One page in Copilot order: the most points first, each issue with what they are for."""
    if narrow.now is None:
        raise ValueError("points hold at a moment")
    moment, rest = moment_of(page, narrow.now)
    columns = order_columns(targets, plan_points, moment)
    points = columns.total.label("points")
    query = cast_type("Select[Any]", select(Issue.id, points).where(*_conditions(narrow, targets)))
    rows = list(session.execute(paged(query, rest, columns.total, Issue.id)).mappings())
    ids = [row["id"] for row in rows[: page.limit]]
    # Of these alone: the parts of a hundred thousand others are shown to nobody.
    parts = select(Issue.id, *(part.label(f"of_{name}") for name, part in columns._asdict().items()))
    found = session.execute(parts.where(Issue.id.in_(ids))).mappings()
    places = {row["id"]: place_of({name: row[f"of_{name}"] for name in columns._fields}) for row in found}
    issues = issues_by_id(session, ids)
    shown = {one.id: one for one in describe_issues(session, [issues[each] for each in ids], places)}
    answer = page_of(rows, page, lambda row: int(row["points"]), lambda row: row["id"], lambda row: shown[row["id"]])
    return Page(data=answer.data, next_cursor=at_moment(answer.next_cursor, moment))


def read_issue(session: ReadSession, issue_id: str) -> IssueOut:
    """The issue with its customer, newest resolution and message count.

    Raises:
        IssueNotFoundError: no issue has this id.
    """
    return describe_issues(session, [get_issue(session, issue_id)])[0]


def describe_new_issue(session: ReadSession, record: IssueRecord) -> IssueOut:
    """The public form of an issue that was stored a moment ago, from its rows: what ``read_issue`` would answer."""
    return render_issue(
        record.issue,
        customer=record.customer,
        resolution=None,
        last_message=_last_said(record.messages),
        message_count=len(record.messages),
        assignee_name=None,
        team_name=None,
        due=due_of(record.issue, record.issue.created_at, load_targets(session)),
    )


def describe_issues(
    session: ReadSession, issues: Sequence[Issue], places: Mapping[str, Place] | None = None
) -> list[IssueOut]:
    """The public form of each issue in the order given, read with a few statements for all of them.

    Args:
        places: in Copilot order, by id.
    """
    ids = [issue.id for issue in issues]
    customer_ids = {issue.customer_id for issue in issues if issue.customer_id}
    customers = customers_by_id(session, customer_ids)
    resolutions = latest_resolutions(session, ids)
    last = ends_of(session, ids)
    names = names_of_users(session, {issue.assignee for issue in issues if issue.assignee})
    teams = names_of_teams(session, {issue.team_id for issue in issues if issue.team_id})
    targets, starts = load_targets(session), starts_of(session, issues)
    merges = _merges(session, issues)
    return [
        render_issue(
            issue,
            customer=customers.get(issue.customer_id or ""),
            resolution=resolutions.get(issue.id),
            last_message=last[issue.id].message if issue.id in last else None,
            message_count=last[issue.id].messages if issue.id in last else 0,
            assignee_name=names.get(issue.assignee, issue.assignee) if issue.assignee else None,
            team_name=teams.get(issue.team_id or ""),
            due=due_of(issue, starts[issue.id], targets),
            place=(places or {}).get(issue.id),
            merged_into=next((each for each in merges if each.id == issue.merged_into_id), None),
            merged=[each for each in merges if each.merged_into_id == issue.id],
        )
        for issue in issues
    ]


def _merges(session: ReadSession, issues: Sequence[Issue]) -> list[Issue]:
    """The issues that are merged into one of these, and those that these are merged into, in the order of opening."""
    into = {issue.merged_into_id for issue in issues if issue.merged_into_id}
    either = or_(Issue.merged_into_id.in_([issue.id for issue in issues]), Issue.id.in_(into))
    return list(session.scalars(select(Issue).where(either).order_by(Issue.created_at, Issue.id))) if issues else []


def list_message_page(session: ReadSession, issue_id: str, page: PageRequest) -> Page[MessageOut]:
    """One page of the issue's messages, oldest first.

    Raises:
        IssueNotFoundError: no issue has this id.
    """
    get_issue(session, issue_id)
    parts = merged_parts(session, [issue_id])
    if parts:
        return _merged_page(session, [issue_id, *parts], page)
    query = select(Message).where(Message.issue_id == issue_id)
    rows: list[Message] = list(session.scalars(paged(query, page, Message.position, Message.id, newest_first=False)))
    return page_of(rows, page, lambda row: row.position, lambda row: row.id, render_message)


def _merged_page(session: ReadSession, issue_ids: Sequence[str], page: PageRequest) -> Page[MessageOut]:
    """One page of the messages of several issues as one conversation."""
    place = func.row_number(type_=Integer).over(order_by=merged_order()).label("place")
    numbered = select(Message.id, place).where(Message.issue_id.in_(issue_ids)).subquery()
    query = select(Message, numbered.c.place).join(numbered, numbered.c.id == Message.id)
    rows = list(session.execute(paged(query, page, numbered.c.place, Message.id, newest_first=False)))
    return page_of(
        rows, page, lambda row: row.place, lambda row: row.Message.id, lambda row: render_message(row.Message)
    )


def count_each(session: ReadSession, filters: Sequence[IssueFilter], targets: Targets) -> list[int]:
    """How many issues fit each filter, with one statement."""
    if not filters:
        return []
    sums = [
        func.sum(case((and_(true(), *_conditions(narrow, targets)), 1), else_=0)).label(f"count_{number}")
        for number, narrow in enumerate(filters)
    ]
    row = session.execute(select(*sums).select_from(Issue)).mappings().one()
    return [int(row[f"count_{number}"] or 0) for number in range(len(filters))]


def _order(sort: IssueSort, targets: Targets) -> ColumnElement[Any] | InstrumentedAttribute[Any]:
    """What a list is ordered by in SQL."""
    if sort == "-severity":
        return case(_RANKS, value=Issue.severity, else_=0)
    if sort == "due":
        return due_column(targets)
    return Issue.updated_at if sort.endswith("updated_at") else Issue.created_at


def _key(sort: IssueSort, issue: Issue) -> Key:
    """The same of a row that was read."""
    if sort == "-severity":
        return _RANKS.get(issue.severity or "", 0)
    return issue.updated_at if sort.endswith("updated_at") else issue.created_at


class _End(NamedTuple):
    """Where a conversation stands: its last message and how many there are."""

    message: Message
    messages: int


def _last_said(messages: Sequence[Message]) -> Message | None:
    """The newest message of a person, or where nobody has written that of the system."""
    return next((one for one in reversed(messages) if one.author != "system"), messages[-1] if messages else None)


def ends_of(session: ReadSession, issue_ids: Sequence[str]) -> dict[str, _End]:
    """Of each issue what ``_last_said`` is, and how many messages there are, with what is merged into it."""
    parts = merged_parts(session, issue_ids)
    ends = _own_ends(session, [*issue_ids, *parts])
    found = {issue_id: ends[issue_id] for issue_id in issue_ids if issue_id in ends}
    for part, into in parts.items():
        if part in ends:
            found[into] = _joined(found.get(into), ends[part])
    return found


def _joined(one: _End | None, other: _End) -> _End:
    if one is None:
        return other
    newer = max(one, other, key=lambda end: (end.message.author != "system", end.message.created_at))
    return _End(newer.message, one.messages + other.messages)


def _own_ends(session: ReadSession, issue_ids: Sequence[str]) -> dict[str, _End]:
    """The same of their own messages: positions have no gaps."""
    newest = func.max(Message.position)
    said = func.max(case((Message.author != "system", Message.position)))
    ends = (
        select(Message.issue_id, func.coalesce(said, newest).label("position"), (newest + 1).label("messages"))
        .where(Message.issue_id.in_(issue_ids))
        .group_by(Message.issue_id)
        .subquery()
    )
    at_the_end = and_(Message.issue_id == ends.c.issue_id, Message.position == ends.c.position)
    rows = session.execute(select(Message, ends.c.messages).join(ends, at_the_end)).mappings()
    return {row["Message"].issue_id: _End(row["Message"], row["messages"]) for row in rows}


def _conditions(narrow: IssueFilter, targets: Targets) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if narrow.statuses:
        found.append(Issue.status.in_(narrow.statuses))
    if narrow.view is not None and narrow.now is not None:
        found.append(in_view(narrow.view, targets, person=narrow.person, now=narrow.now))
    if narrow.severities:
        found.append(Issue.severity.in_(narrow.severities))
    exact = {
        Issue.category: narrow.category,
        Issue.language: narrow.language,
        Issue.assignee: narrow.assignee,
        Issue.channel: narrow.channel,
        Issue.external_source: narrow.external_source,
        Issue.external_id: narrow.external_id,
        Issue.team_id: narrow.team_id,
    }
    found += [column == value for column, value in exact.items() if value is not None]
    if narrow.customer_id is not None:
        # Whoever knows a customer by a record that is merged means them.
        survivor = select(func.coalesce(Customer.merged_into_id, Customer.id)).where(Customer.id == narrow.customer_id)
        if narrow.sees is not None:
            survivor = survivor.where(seen_customer(narrow.sees))
        found.append(Issue.customer_id == survivor.scalar_subquery())
    if narrow.sees is not None:
        found.append(seen_issue(narrow.sees))
    if narrow.tag is not None:
        # SQLite and MariaDB keep JSON as it was written (escaped), MySQL in its own form (not escaped).
        tags = cast(Issue.tags, String)
        forms = {json.dumps(narrow.tag), json.dumps(narrow.tag, ensure_ascii=False)}
        found.append(or_(*(tags.contains(form, autoescape=True) for form in sorted(forms))))
    if narrow.subject_contains is not None:
        subject = func.lower(Issue.subject)
        found.append(subject.contains(narrow.subject_contains.lower(), autoescape=True))
    return found + _promised(narrow, targets) + _between(narrow)


def _promised(narrow: IssueFilter, targets: Targets) -> list[ColumnElement[bool]]:
    """Conditions of plan, promise and risk."""
    found: list[ColumnElement[bool]] = []
    if narrow.plans:
        found.append(Issue.customer_id.in_(select(Customer.id).where(Customer.plan.in_(narrow.plans))))
    if narrow.risks:
        found.append(has_risk(narrow.risks))
    if narrow.sla is not None and narrow.now is not None:
        due, now, soon = due_column(targets), *(int(each.timestamp()) for each in (narrow.now, narrow.now + SOON))
        times = {"breached": due <= now, "soon": and_(due > now, due <= soon), "any": due < NEVER}
        found += [Issue.status == "open", times[narrow.sla]]
    return found


def _between(narrow: IssueFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if narrow.created_after is not None:
        found.append(Issue.created_at >= narrow.created_after)
    if narrow.created_before is not None:
        found.append(Issue.created_at <= narrow.created_before)
    if narrow.updated_after is not None:
        found.append(Issue.updated_at >= narrow.updated_after)
    return found
