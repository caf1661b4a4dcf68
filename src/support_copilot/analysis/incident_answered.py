"""Which issues of an incident have had a reply of it, so that nobody gets a second one by mistake."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field
from sqlalchemy import select, update

from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import IncidentLink, QueuedMessage
from support_copilot.identity.directory_queries import names_of_users
from support_copilot.kit.errors import ConflictError

ReplyState = Literal["queued", "sent"]


class AlreadyRepliedError(ConflictError):
    code, title = (
        "already_replied",
        "One of the issues has a reply of this incident already; look at the replies once more",
    )


class IncidentReplyOut(BaseModel):
    """The newest reply of an incident that one of its issues was given."""

    state: ReplyState = Field(description="`queued`: it waits and may still be taken back.")
    at: datetime
    by: str = Field(description="Id of the user or key that sent it.")
    by_name: str | None


def replies_had(
    session: ReadSession, incident_ids: Collection[str], issue_ids: Collection[str]
) -> Mapping[tuple[str, str], IncidentReplyOut]:
    """The replies of these incidents that these issues have had, by incident and issue."""
    query = select(IncidentLink).where(
        IncidentLink.incident_id.in_(incident_ids),
        IncidentLink.issue_id.in_(issue_ids),
        IncidentLink.reply_id.is_not(None),
    )
    links = list(session.scalars(query))
    waits = select(QueuedMessage.id).where(QueuedMessage.id.in_([link.reply_id for link in links]))
    waiting = set(session.scalars(waits)) if links else set()
    names = names_of_users(session, {link.replied_by for link in links if link.replied_by})
    return {
        (link.incident_id, link.issue_id): IncidentReplyOut(
            state="queued" if link.reply_id in waiting else "sent",
            at=link.replied_at,
            by=link.replied_by or "",
            by_name=names.get(link.replied_by or ""),
        )
        for link in links
        if link.replied_at is not None
    }


def refuse_second(session: ReadSession, incident_id: str, issue_ids: Sequence[str]) -> None:
    """Let nobody reply a second time who did not ask for it; the incident must be locked for the answer to hold.

    Raises:
        AlreadyRepliedError: one of the issues has a reply of the incident.
    """
    had = replies_had(session, [incident_id], issue_ids)
    if had:
        raise AlreadyRepliedError(f"{len(had)} of {len(issue_ids)} issues have a reply of this incident already.")


def note_replies(
    session: WriteSession, incident_id: str, replies: Mapping[str, str], person_id: str, now: datetime
) -> None:
    """Remember which waiting reply each issue was given, by the id of the issue."""
    for issue_id, reply_id in replies.items():
        link = (IncidentLink.incident_id == incident_id) & (IncidentLink.issue_id == issue_id)
        given = {"reply_id": reply_id, "replied_by": person_id, "replied_at": now}
        session.execute(update(IncidentLink).where(link).values(given))


def forget_reply(session: WriteSession, reply_id: str) -> None:
    """A reply that waited does not go out: whoever was to get it has had none."""
    none = {"reply_id": None, "replied_by": None, "replied_at": None}
    session.execute(update(IncidentLink).where(IncidentLink.reply_id == reply_id).values(none))
