"""Colleagues whom notes name with ``@`` and their whole name: found when a note is stored, and kept by their ids."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, or_, select, update

from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import Issue, Message, NoteMention, TeamMember, User
from support_copilot.identity.visibility import Sees, seen_issue

_MOST_LISTED: Final = 500


def keep_mentions(session: WriteSession, messages: Sequence[Message]) -> None:
    """Note whom these messages name, if they are notes of somebody here; the messages themselves are stored already.

    Who wrote a note is not told of it, and of two names that fit the longer one is meant. Everybody of a name is meant
    by it. Whether they may see the issue is asked when they look, since that may change.
    """
    notes = [one for one in messages if one.author == "agent" and one.visibility == "internal" and one.created_by]
    notes = [one for one in notes if "@" in one.body]
    people = _people(session) if notes else {}
    for note in notes:
        named = [user_id for user_id in mentioned(note.body, people) if user_id != note.created_by]
        session.add_all(
            [
                NoteMention(message_id=note.id, user_id=user_id, issue_id=note.issue_id, created_at=note.created_at)
                for user_id in named
            ]
        )
    if notes:
        session.flush()


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


def names_person(person: str, *, unread: bool = False) -> ColumnElement[bool]:
    """Issues with a note that names this person, or with one that they have not seen yet."""
    of = select(NoteMention.issue_id).where(NoteMention.user_id == person)
    return Issue.id.in_(of.where(NoteMention.read_at.is_(None)) if unread else of)


def list_unread(session: ReadSession, sees: Sees, person: str) -> list[NoteMention]:
    """What this person has not seen of issues that they may see, newest first, at most 500."""
    query = _unread(sees, person).with_only_columns(NoteMention)
    return list(session.scalars(query.order_by(NoteMention.created_at.desc()).limit(_MOST_LISTED)))


def count_unread_issues(session: ReadSession, sees: Sees, person: str) -> int:
    """How many issues that this person may see have a note that names them and that they have not seen."""
    query = _unread(sees, person).with_only_columns(func.count(NoteMention.issue_id.distinct()))
    return int(session.scalar(query) or 0)


def mark_read(session: WriteSession, issue_id: str, person: str, now: datetime) -> None:
    """This person has the issue before their eyes."""
    mine = (NoteMention.issue_id == issue_id, NoteMention.user_id == person, NoteMention.read_at.is_(None))
    session.execute(update(NoteMention).where(*mine).values(read_at=now))


def list_colleagues(session: ReadSession, issue: Issue, *, teams_limit: bool) -> list[tuple[str, str]]:
    """Who may see an issue, as (id, name) by name; those who may not come in any more are left out.

    Args:
        teams_limit: agents see the issues of their teams and of none only.
    """
    query = select(User.id, User.name).where(User.disabled_at.is_(None))
    if teams_limit and issue.team_id is not None:
        members = select(TeamMember.user_id).where(TeamMember.team_id == issue.team_id)
        query = query.where(or_(User.role != "agent", User.id.in_(members)))
    rows = session.execute(query.order_by(User.name, User.id).limit(_MOST_LISTED)).mappings()
    return [(str(row["id"]), str(row["name"])) for row in rows]


def _unread(sees: Sees, person: str) -> Select[Any]:
    query = (
        select(NoteMention)
        .join(Issue, Issue.id == NoteMention.issue_id)
        .where(NoteMention.user_id == person, NoteMention.read_at.is_(None))
    )
    return query if sees is None else query.where(seen_issue(sees))


def _people(session: ReadSession) -> dict[str, list[str]]:
    people = defaultdict[str, list[str]](list)
    for row in session.execute(select(User.id, User.name).where(User.disabled_at.is_(None))).mappings():
        people[row["name"].casefold()].append(row["id"])
    return people
