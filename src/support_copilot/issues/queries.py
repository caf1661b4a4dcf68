"""All SQL that several services need about issues: reads, and the writes that belong to the record itself."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select, update

from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import Attachment, Conversation, Correction, Customer, Issue, Message, Resolution
from support_copilot.identity.visibility import IssueNotFoundError
from support_copilot.kit.errors import ConflictError
from support_copilot.kit.ids import is_id, new_id

ENDED: Final = frozenset({"resolved", "closed"})
#: What one issue holds.
MAX_MESSAGES: Final = 10_000


class IssueMergedError(ConflictError):
    code, title = "issue_merged", "The issue is merged into another one; work on that one, or take it out first"


@dataclass(frozen=True, slots=True)
class IssueRecord:
    """An issue as the services read it: the row, its customer, and its messages in order.

    Messages of issues that are merged into it are among them.
    """

    issue: Issue
    customer: Customer | None
    messages: tuple[Message, ...]


def get_issue(session: ReadSession, issue_id: str) -> Issue:
    """The issue's row.

    Raises:
        IssueNotFoundError: no issue has this id.
    """
    issue = session.get(Issue, issue_id) if is_id(issue_id, "issue") else None
    if issue is None:
        raise IssueNotFoundError
    return issue


def lock_issue(session: WriteSession, issue_id: str) -> Issue:
    """The issue's row, locked until the transaction ends.

    Raises:
        IssueNotFoundError: no issue has this id.
    """
    issue = session.lock(Issue, issue_id) if is_id(issue_id, "issue") else None
    if issue is None:
        raise IssueNotFoundError
    return issue


def lock_survivor(session: WriteSession, issue_id: str) -> Issue:
    """The issue's row, or that of the one it is merged into, locked until the transaction ends.

    Raises:
        IssueNotFoundError: no issue has this id.
    """
    issue = lock_issue(session, issue_id)
    while issue.merged_into_id is not None:
        issue = lock_issue(session, issue.merged_into_id)
    return issue


def refuse_merged(issue: Issue) -> None:
    """Let nobody change what stands in for nothing any more.

    Raises:
        IssueMergedError: the issue is merged into another one.
    """
    if issue.merged_into_id is not None:
        raise IssueMergedError(f"The issue is merged into {issue.merged_into_id}.")


def merged_parts(session: ReadSession, issue_ids: Collection[str]) -> dict[str, str]:
    """The issues that are merged into one of these, each with the one it is merged into."""
    query = select(Issue.id, Issue.merged_into_id).where(Issue.merged_into_id.in_(issue_ids)).order_by(Issue.id)
    return {row["id"]: row["merged_into_id"] for row in session.execute(query).mappings()} if issue_ids else {}


def of_issue_or_merged(session: ReadSession, column: ColumnElement[str], issue_id: str) -> ColumnElement[bool]:
    """Whether a column names the issue or one that is merged into it.

    By ids that are read before: a server may read a whole table for a condition that looks them up itself.
    """
    return column.in_([issue_id, *merged_parts(session, [issue_id])])


def load_issue(session: ReadSession, issue_id: str) -> IssueRecord:
    """The issue with its customer and all its messages, oldest first.

    Raises:
        IssueNotFoundError: no issue has this id.
    """
    issue = get_issue(session, issue_id)
    customer = session.get(Customer, issue.customer_id) if issue.customer_id else None
    return IssueRecord(issue, customer, tuple(list_messages(session, issue_id)))


def find_issue_by_reference(session: ReadSession, source: str, external_id: str) -> Issue | None:
    """The issue that another desk knows under this id."""
    row = session.scalar(select(Issue).where(Issue.external_source == source, Issue.external_id == external_id))
    return row if isinstance(row, Issue) else None


def issues_by_reference(session: ReadSession, references: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Issue]:
    """The issues that other desks know under these (source, id) pairs, as far as there are any."""
    by_source: dict[str, list[str]] = {}
    for source, external_id in references:
        by_source.setdefault(source, []).append(external_id)
    found: dict[tuple[str, str], Issue] = {}
    for source, ids in by_source.items():
        rows = session.scalars(select(Issue).where(Issue.external_source == source, Issue.external_id.in_(ids)))
        found |= {(source, str(row.external_id)): row for row in rows}
    return found


def list_messages(session: ReadSession, issue_id: str) -> list[Message]:
    """All messages of the issue and of those merged into it, oldest first."""
    ids = [issue_id, *merged_parts(session, [issue_id])]
    order = merged_order() if len(ids) > 1 else (Message.position,)
    return list(session.scalars(select(Message).where(Message.issue_id.in_(ids)).order_by(*order)))


def merged_order() -> Sequence[ColumnElement[Any]]:
    """The order of messages of several issues: by time, each issue's own in the order they have there."""
    return Message.created_at.expression, Message.issue_id.expression, Message.position.expression


def count_messages(session: ReadSession, issue_id: str) -> int:
    """How many messages the issue has, with those of issues that are merged into it."""
    mine = of_issue_or_merged(session, Message.issue_id.expression, issue_id)
    return int(session.scalar(select(func.count()).select_from(Message).where(mine)))


def next_position(session: ReadSession, issue_id: str) -> int:
    """Where the next message goes; the issue must be locked for the answer to hold."""
    highest = session.scalar(select(func.max(Message.position)).where(Message.issue_id == issue_id))
    return 0 if highest is None else int(highest) + 1


def has_resolution(session: ReadSession, issue_id: str) -> bool:
    return session.scalar(select(Resolution.id).where(Resolution.issue_id == issue_id).limit(1)) is not None


def current_conversation(session: ReadSession, issue_id: str) -> Conversation | None:
    """The newest conversation, running or ended."""
    query = select(Conversation).where(Conversation.issue_id == issue_id).order_by(Conversation.sequence.desc())
    row = session.scalar(query.limit(1))
    return row if isinstance(row, Conversation) else None


def start_conversation(session: WriteSession, issue_id: str, sequence: int, now: datetime) -> Conversation:
    """A new conversation of the issue: the first (``sequence`` 0), or the next after a reopening."""
    conversation = Conversation(id=new_id("conversation"), issue_id=issue_id, sequence=sequence, started_at=now)
    session.add(conversation)
    return conversation


def latest_resolutions(session: ReadSession, issue_ids: Sequence[str]) -> dict[str, Resolution]:
    """The newest resolution of each issue that has one, by issue id."""
    query = select(Resolution).where(Resolution.issue_id.in_(issue_ids)).order_by(Resolution.created_at, Resolution.id)
    return {row.issue_id: row for row in session.scalars(query)}


def issues_by_id(session: ReadSession, issue_ids: Sequence[str]) -> dict[str, Issue]:
    """The issues that exist among these ids."""
    return {row.id: row for row in session.scalars(select(Issue).where(Issue.id.in_(issue_ids)))}


def customers_by_id(session: ReadSession, customer_ids: Collection[str]) -> dict[str, Customer]:
    """The customers that exist among these ids."""
    return {row.id: row for row in session.scalars(select(Customer).where(Customer.id.in_(customer_ids)))}


def latest_corrections(session: ReadSession, issue_id: str) -> dict[str, Correction]:
    """What people said of this issue, the newest word for each part of the panel."""
    query = select(Correction).where(Correction.issue_id == issue_id).order_by(Correction.created_at, Correction.id)
    return {row.part: row for row in session.scalars(query)}


def list_attachments(session: ReadSession, issue_id: str) -> list[Attachment]:
    """The files that are part of an issue's record and of those merged into it, oldest first: none of a draft."""
    mine = of_issue_or_merged(session, Attachment.issue_id.expression, issue_id)
    query = select(Attachment).where(mine, Attachment.drafted_by.is_(None))
    return list(session.scalars(query.order_by(Attachment.created_at, Attachment.id)))


def mark_fix_reopened(session: WriteSession, issue_id: str, now: datetime) -> None:
    """Note on the newest fix that it did not last."""
    newest = (
        select(Resolution.id)
        .where(Resolution.issue_id == issue_id)
        .order_by(Resolution.created_at.desc(), Resolution.id.desc())
        .limit(1)
    )
    resolution_id = session.scalar(newest)
    if resolution_id:
        session.execute(update(Resolution).where(Resolution.id == resolution_id).values(reopened=True, updated_at=now))
