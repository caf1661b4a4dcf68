"""What people may want to be told of at once when an issue was changed: ids and moments, none of anybody's words."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import BaseModel, Field
from sqlalchemy import select

from support_copilot.db.engine import ReadSession
from support_copilot.db.models import Issue, Message, User
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


def mentioned(text: str, people: Mapping[str, Sequence[str]]) -> list[str]:
    """Ids of the people whom a text names with ``@``, each once.

    Args:
        people: ids by name in lower case. Of two names that fit the longer one is meant: ``@Dana Lee`` is not Dana.
    """
    if not people:
        return []
    names = "|".join(re.escape(name) for name in sorted(people, key=len, reverse=True))
    found = re.findall(rf"(?<!\w)@({names})(?!\w)", text.casefold())
    return list(dict.fromkeys(user_id for name in found for user_id in people[name]))


def _render(message: Message) -> SaidOut:
    return SaidOut(
        author=message.author, visibility=message.visibility, by=message.created_by, at=message.created_at
    )  # fmt: skip


def _mentions(session: ReadSession, issue_ids: Sequence[str], since: datetime) -> defaultdict[str, list[Mention]]:
    notes = (
        select(Message.issue_id, Message.body, Message.created_by, Message.created_at)
        .where(Message.issue_id.in_(issue_ids), Message.created_at >= since)
        .where(Message.author == "agent", Message.visibility == "internal", Message.body.contains("@"))
        .order_by(Message.created_at, Message.position)
    )
    rows = session.execute(notes).all()
    people = _people(session) if rows else {}
    found = defaultdict[str, list[Mention]](list)
    for row in rows:
        named = [each for each in mentioned(row.body, people) if each != row.created_by]
        if named:
            found[row.issue_id].append(Mention(by=row.created_by, of=named, at=row.created_at))
    return found


def _people(session: ReadSession) -> dict[str, list[str]]:
    people = defaultdict[str, list[str]](list)
    for row in session.execute(select(User.id, User.name).where(User.disabled_at.is_(None))).mappings():
        people[row["name"].casefold()].append(row["id"])
    return people
