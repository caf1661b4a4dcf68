"""What each person has read: how much of a conversation they saw, and what they marked as unread to come back to it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from support_copilot.db.engine import ReadSession
from support_copilot.db.models import Issue, Message, ReadingMark
from support_copilot.identity.principal import Principal
from support_copilot.identity.visibility import Sees, seen_issue
from support_copilot.issues.clocks import load_targets
from support_copilot.issues.views import VIEWS, View, in_view
from support_copilot.resources import Resources

MOST_AT_ONCE: Final = 500
#: What a browser begins with: the marks set last.
MOST_TOLD: Final = 2_000
_MOST_MESSAGES: Final = 1_000_000
_PART: Final = aliased(Issue)


class MarkIn(BaseModel):
    """What of a mark changes; fields left out stay as they are."""

    model_config = ConfigDict(extra="forbid")

    issue_id: Annotated[str, Field(max_length=64)]
    seen: Annotated[int, Field(ge=0, le=_MOST_MESSAGES, strict=True)] | None = Field(
        default=None, description="So many messages were seen; a lower number than before changes nothing."
    )
    unread: bool | None = Field(default=None, description="Whether you want to come back to it.")


class MarksIn(BaseModel):
    """Marks of several issues."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"marks": [{"issue_id": "iss_01j9z3k6w8f5v9m2q4x7c1b0ad", "unread": True}]}]},
    )

    marks: Annotated[list[MarkIn], Field(min_length=1, max_length=MOST_AT_ONCE)]


class MarkOut(BaseModel):
    """How much of an issue you have seen, and whether you marked it as unread."""

    model_config = ConfigDict(frozen=True)

    issue_id: str
    seen: int
    unread: bool


class MarksOut(BaseModel):
    data: list[MarkOut]


def list_marks(session: ReadSession, person_id: str) -> list[MarkOut]:
    """The marks of a person that were set last, newest first."""
    query = select(ReadingMark).where(ReadingMark.person_id == person_id)
    newest = query.order_by(ReadingMark.updated_at.desc(), ReadingMark.issue_id).limit(MOST_TOLD)
    return [_render(row) for row in session.scalars(newest)]


def set_marks(resources: Resources, principal: Principal, marks: Sequence[MarkIn]) -> list[MarkOut]:
    """Keep marks of a person; those of issues that are not there, or that they do not see, are left out."""
    try:
        return _set(resources, principal, marks)
    except IntegrityError:
        # Another page of the same person set the first mark of one of them at this moment.
        return _set(resources, principal, marks)


def _set(resources: Resources, principal: Principal, marks: Sequence[MarkIn]) -> list[MarkOut]:
    now = resources.clock()
    ids = sorted({mark.issue_id for mark in marks})
    with resources.database.transaction() as session:
        there = select(Issue.id).where(Issue.id.in_(ids))
        if principal.sees is not None:
            there = there.where(seen_issue(principal.sees))
        shown = set(session.scalars(there))
        held = select(ReadingMark).where(ReadingMark.person_id == principal.id, ReadingMark.issue_id.in_(ids))
        rows = {row.issue_id: row for row in session.scalars(held.order_by(ReadingMark.issue_id).with_for_update())}
        for mark in marks:
            if mark.issue_id not in shown:
                continue
            row = rows.get(mark.issue_id)
            if row is None:
                row = ReadingMark(person_id=principal.id, issue_id=mark.issue_id, seen=0, unread=False)
                rows[mark.issue_id] = row
                session.add(row)
            row.seen = max(row.seen, mark.seen or 0)
            row.unread = row.unread if mark.unread is None else mark.unread
            row.updated_at = now
        return [_render(rows[issue_id]) for issue_id in ids if issue_id in shown]


def marks_since(
    session: ReadSession, after: datetime, person_id: str | None, most: int
) -> Sequence[ReadingMark] | None:
    """Marks that were set since a moment, of one person or of everybody; None where they are too many."""
    query = select(ReadingMark).where(ReadingMark.updated_at >= after)
    if person_id is not None:
        query = query.where(ReadingMark.person_id == person_id)
    rows = list(session.scalars(query.order_by(ReadingMark.updated_at).limit(most + 1)))
    return None if len(rows) > most else rows


def readers_since(session: ReadSession, after: datetime) -> list[str]:
    """Who set a mark since a moment."""
    return list(session.scalars(select(ReadingMark.person_id).where(ReadingMark.updated_at >= after).distinct()))


def told_marks(rows: Sequence[ReadingMark]) -> dict[str, list[MarkOut]]:
    """Marks by whose they are."""
    found: dict[str, list[MarkOut]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(_render(row))
    return found


def count_unread(session: ReadSession, sees: Sees, *, person: str, now: datetime) -> dict[View, int]:
    """How many issues of each view are unread: those of this person in which a customer wrote something that they
    have not seen, and those that they marked.

    What others work on is counted only where it was marked, so both statements start from few rows: the person's own
    issues at work, and their marks.
    """
    targets = load_targets(session)
    marked = _of_person(person).where(ReadingMark.unread.is_(True))
    news = and_(
        in_view("mine", targets, person=person, now=now),
        or_(ReadingMark.unread.is_(None), ReadingMark.unread.is_(False)),
        _newest_author() == "customer",
        _messages() > func.coalesce(ReadingMark.seen, 0),
    )
    counts = dict.fromkeys(VIEWS, 0)
    for query in (marked, _of_person(person, outer=True).where(news)):
        sums = [
            func.sum(case((in_view(view, targets, person=person, now=now), 1), else_=0)).label(view) for view in VIEWS
        ]
        narrowed = query.with_only_columns(*sums, maintain_column_froms=True)
        row = session.execute(narrowed if sees is None else narrowed.where(seen_issue(sees))).mappings().one()
        counts = {view: counts[view] + int(row[view] or 0) for view in VIEWS}
    return counts


def _of_person(person: str, *, outer: bool = False) -> Select[str]:
    """Issues with the person's marks; with ``outer`` also those without one."""
    joined = and_(ReadingMark.issue_id == Issue.id, ReadingMark.person_id == person)
    return select(Issue.id).join(ReadingMark, joined, isouter=outer)


def _newest_author() -> ColumnElement[str]:
    """Who wrote the newest message of an issue that is of a person."""

    def newest(column: Any, whose: Any, *order: Any) -> ColumnElement[Any]:
        said = select(column).join(_PART, _PART.id == Message.issue_id).where(whose, Message.author != "system")
        return said.order_by(*order).limit(1).correlate(Issue).scalar_subquery()

    def own(column: Any) -> ColumnElement[Any]:
        return newest(column, _PART.id == Issue.id, Message.position.desc())

    def merged(column: Any) -> ColumnElement[Any]:
        return newest(column, _PART.merged_into_id == Issue.id, Message.created_at.desc(), Message.position.desc())

    later = or_(own(Message.created_at).is_(None), merged(Message.created_at) > own(Message.created_at))
    return case((later, merged(Message.author)), else_=own(Message.author))


def _messages() -> ColumnElement[int]:
    """How many messages an issue has, with those of issues merged into it: positions have no gaps."""
    own = select(func.max(Message.position) + 1).where(Message.issue_id == Issue.id).correlate(Issue).scalar_subquery()
    merged = select(func.count(Message.id)).join(_PART, _PART.id == Message.issue_id)
    of_others = merged.where(_PART.merged_into_id == Issue.id).correlate(Issue).scalar_subquery()
    return func.coalesce(own, 0) + of_others


def _render(row: ReadingMark) -> MarkOut:
    return MarkOut(issue_id=row.issue_id, seen=row.seen, unread=row.unread)
