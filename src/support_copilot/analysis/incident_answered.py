"""Which issues of an incident have had a reply of it, so that nobody gets a second one by mistake."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field
from sqlalchemy import delete, insert, select

from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import IncidentLink, IncidentReply, QueuedMessage
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
    query = (
        select(IncidentLink.incident_id, IncidentLink.issue_id, IncidentReply)
        .join(IncidentReply, IncidentReply.link_id == IncidentLink.id)
        .where(IncidentLink.incident_id.in_(incident_ids), IncidentLink.issue_id.in_(issue_ids))
        .order_by(IncidentReply.replied_at, IncidentReply.reply_id)
    )
    # Of several the newest.
    newest: dict[tuple[str, str], IncidentReply] = {
        (row.incident_id, row.issue_id): row.IncidentReply for row in session.execute(query)
    }
    waits = select(QueuedMessage.id).where(QueuedMessage.id.in_([reply.reply_id for reply in newest.values()]))
    waiting = set(session.scalars(waits)) if newest else set()
    names = names_of_users(session, {reply.replied_by for reply in newest.values()})
    return {
        of: IncidentReplyOut(
            state="queued" if reply.reply_id in waiting else "sent",
            at=reply.replied_at,
            by=reply.replied_by,
            by_name=names.get(reply.replied_by),
        )
        for of, reply in newest.items()
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
    query = select(IncidentLink.issue_id, IncidentLink.id).where(
        IncidentLink.incident_id == incident_id, IncidentLink.issue_id.in_(replies)
    )
    given = [
        {"reply_id": replies[row.issue_id], "link_id": row.id, "replied_by": person_id, "replied_at": now}
        for row in session.execute(query)
    ]
    if given:
        session.execute(insert(IncidentReply), given)


def forget_reply(session: WriteSession, reply_id: str) -> None:
    """A reply that waited does not go out: whoever was to get it has had those before it, if any."""
    session.execute(delete(IncidentReply).where(IncidentReply.reply_id == reply_id))
