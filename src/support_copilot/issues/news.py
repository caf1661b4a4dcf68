"""What people may want to be told of at once when an issue was changed: ids and moments, none of anybody's words."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import select

from support_copilot.db.engine import ReadSession
from support_copilot.db.models import Issue, Message, NoteMention
from support_copilot.http.fields import Author, Severity, Visibility
from support_copilot.issues.listing import ends_of


class SaidOut(BaseModel):
    """The newest message."""

    author: Author
    visibility: Visibility
    by: str | None = Field(description="Id of who wrote it; null for what was imported.")
    at: datetime


class Mention(BaseModel):
    """A note that names colleagues with @ and their whole name."""

    by: str | None = Field(description="Id of who wrote it.")
    of: list[str] = Field(description="Ids of those named, without who wrote it.")
    at: datetime


class IssueNews(BaseModel):
    """How an issue stands after a change."""

    assignee: str | None
    severity: Severity | None
    created_at: datetime
    said: SaidOut | None
    mentions: list[Mention] = Field(description="Of all notes since then, oldest first; the last seconds may repeat.")


def news_of(session: ReadSession, issue_ids: Sequence[str], since: datetime) -> dict[str, IssueNews]:
    """Of each issue that is still there how it stands now, read with a few statements for all of them.

    Args:
        since: of notes from then on it is told whom they name, whatever was said after them.
    """
    if not issue_ids:
        return {}
    last = {issue_id: end.message for issue_id, end in ends_of(session, issue_ids).items()}
    mentions = _mentions(session, issue_ids, since)
    columns = select(Issue.id, Issue.assignee, Issue.severity, Issue.created_at).where(Issue.id.in_(issue_ids))
    return {
        row["id"]: IssueNews(
            assignee=row["assignee"],
            severity=row["severity"],
            created_at=row["created_at"],
            said=_render(last[row["id"]]) if row["id"] in last else None,
            mentions=mentions[row["id"]],
        )
        for row in session.execute(columns).mappings()
    }


def _render(message: Message) -> SaidOut:
    return SaidOut(
        author=message.author, visibility=message.visibility, by=message.created_by, at=message.created_at
    )  # fmt: skip


def _mentions(session: ReadSession, issue_ids: Sequence[str], since: datetime) -> defaultdict[str, list[Mention]]:
    notes = (
        select(Message.id, Message.issue_id, Message.created_by, Message.created_at, NoteMention.user_id)
        .join(NoteMention, NoteMention.message_id == Message.id)
        .where(NoteMention.issue_id.in_(issue_ids), NoteMention.created_at >= since)
        .order_by(Message.issue_id, Message.position, NoteMention.user_id)
    )
    found = defaultdict[str, list[Mention]](list)
    for row, of in _by_note(session.execute(notes).all()):
        found[row.issue_id].append(Mention(by=row.created_by, of=of, at=row.created_at))
    return found


def _by_note(rows: Sequence[Any]) -> Iterator[tuple[Any, list[str]]]:
    """The first row of each note, with everybody whom it names."""
    for _message_id, group in groupby(rows, key=lambda row: row.id):
        those = list(group)
        yield those[0], [row.user_id for row in those]
