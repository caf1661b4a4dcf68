"""Replies that wait a moment before they are sent, so that they can be taken back: on the server, tab closed or not."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from support_copilot.analysis.incident_answered import forget_reply
from support_copilot.db.engine import WriteSession
from support_copilot.db.models import IdempotencyKey, QueuedMessage
from support_copilot.db.outbox import enqueue
from support_copilot.http.fields import MAX_BODY_CHARS, MOST_TAGS
from support_copilot.http.idempotency import CreateRequest, create_once, scope_of_queue
from support_copilot.identity.errors import PermissionDeniedError
from support_copilot.identity.principal import Principal
from support_copilot.identity.standing import may_still
from support_copilot.identity.visibility import QueuedMessageNotFoundError
from support_copilot.issues.message_files import give_back_files, take_files
from support_copilot.issues.queries import ENDED, get_issue, lock_survivor, of_issue_or_merged
from support_copilot.issues.service import NewMessage, NewResolution, append_message, edit_issue, resolve_issue
from support_copilot.kit.ids import is_id, new_id
from support_copilot.knowledge.template_uses import Inserted, count_inserted
from support_copilot.resources import Resources

_NOT_SENT: Final = "This reply was not sent: who wrote it may not reply any more."


@dataclass(frozen=True, slots=True)
class NewReply:
    """A reply to be sent in ``delay_s`` seconds; ``then_status`` is what the issue becomes with it."""

    body: str
    delay_s: int
    then_status: str | None
    author_name: str | None
    created_by: str
    add_tags: Sequence[str] = ()
    attachment_ids: Sequence[str] = ()
    made_of: Sequence[Inserted] = ()


def queue_reply(
    resources: Resources, issue_id: str, new: NewReply, key: str | None, body_fingerprint: str
) -> QueuedMessage:
    """Keep a reply until its moment and ask the worker to send it then.

    A key that came before gets the answer of then, also when the reply was sent or taken back meanwhile: whoever missed
    that answer must not send the reply once more. What still waits is told by ``list_queued``.

    Raises:
        IssueNotFoundError: no issue has this id.
        IdempotencyKeyReusedError: the key came before with another body.
        InvalidRequestError: a file of it is not in the draft of who writes it.
    """
    now = resources.clock()

    def make(session: WriteSession) -> str:
        get_issue(session, issue_id)
        if new.attachment_ids:
            take_files(session, issue_id, new.attachment_ids, (new.created_by, "reply"))
        return put_in_queue(session, issue_id, new, now)

    request = CreateRequest(scope_of_queue(issue_id), key, body_fingerprint)
    creation = create_once(resources.database, request, existing=lambda _session: None, make=make, now=now)
    with resources.database.read() as session:
        row = session.get(QueuedMessage, creation.resource_id)
        made = session.get(IdempotencyKey, (request.scope, key.strip())) if key else None
    return row or as_queued(creation.resource_id, issue_id, new, made.created_at if made else now)


def put_in_queue(session: WriteSession, issue_id: str, new: NewReply, now: datetime) -> str:
    """Let a reply wait, and ask the worker to send it at its moment; returns its id."""
    row = as_queued(new_id("queued"), issue_id, new, now)
    session.add(row)
    enqueue(session, "analysis.send_message", {"queued_id": row.id}, now=now, run_at=row.send_at)
    return row.id


def as_queued(queued_id: str, issue_id: str, new: NewReply, at: datetime) -> QueuedMessage:
    """The reply as it waits from this moment on, or waited if it is no longer there."""
    return QueuedMessage(
        id=queued_id, issue_id=issue_id, body=new.body, then_status=new.then_status, author_name=new.author_name,
        created_by=new.created_by, add_tags=list(dict.fromkeys(new.add_tags)),
        attachment_ids=list(dict.fromkeys(new.attachment_ids)), created_at=at,
        made_of=[asdict(each) for each in new.made_of],
        send_at=at + timedelta(seconds=new.delay_s),
    )  # fmt: skip


def list_queued(resources: Resources, issue_id: str) -> Sequence[QueuedMessage]:
    """The replies of an issue, and of those merged into it, that wait; first to be sent first.

    Raises:
        IssueNotFoundError: no issue has this id.
    """
    with resources.database.read() as session:
        get_issue(session, issue_id)
        query = select(QueuedMessage).where(of_issue_or_merged(session, QueuedMessage.issue_id.expression, issue_id))
        return list(session.scalars(query.order_by(QueuedMessage.send_at, QueuedMessage.id)))


def take_back(resources: Resources, queued_id: str, principal: Principal) -> QueuedMessage:
    """Remove a reply that was not sent yet.

    Raises:
        QueuedMessageNotFoundError: it was sent, or never was.
        PermissionDeniedError: somebody else wrote it, and those of others are not theirs to stop.
    """
    with resources.database.transaction() as session:
        row = _lock(session, queued_id)
        check_may_stop(row, principal)
        remove_waiting(session, row)
    return row


def check_may_stop(row: QueuedMessage, principal: Principal) -> None:
    """Refuse whoever neither wrote a waiting reply nor watches over those of others.

    Raises:
        PermissionDeniedError: it is not theirs to take back.
    """
    if row.created_by != principal.id and not principal.may("replies.stop"):
        raise PermissionDeniedError("Only who wrote a waiting reply, or a lead, can take it back.")


def remove_waiting(session: WriteSession, row: QueuedMessage) -> None:
    """A locked reply that is not to be sent goes, and its files return to the draft."""
    give_back_files(session, row.issue_id, row.attachment_ids or (), row.created_by)
    forget_reply(session, row.id)
    session.delete(row)


def send_queued(resources: Resources, queued_id: str) -> None:
    """Make a waiting reply part of its issue: exactly once, since it stops waiting in the same transaction.

    Of somebody who may not reply any more it becomes an internal note: nothing is said in their name, nothing is lost.

    Raises:
        QueuedMessageNotFoundError: it was sent or taken back.
        IssueFullError: the issue takes no more messages.
    """
    now = resources.clock()
    with resources.database.transaction() as session:
        row = _lock(session, queued_id)
        issue, addressed = lock_survivor(session, row.issue_id), get_issue(session, row.issue_id)
        session.delete(row)
        if not may_still(session, row.created_by, "issues.edit"):
            forget_reply(session, row.id)
            append_message(session, addressed, _withheld(row), now=now)
            return
        message = append_message(session, addressed, _message(row), now=now)
        count_inserted(session, message, [Inserted(**each) for each in row.made_of or ()])
        if row.add_tags:
            tags = list(dict.fromkeys([*issue.tags, *row.add_tags]))[:MOST_TAGS]
            edit_issue(session, issue.id, {"tags": tags}, now=now)
        if issue.status not in ENDED and row.then_status == "resolved":
            fix = NewResolution(text=row.body, created_by=row.author_name)
            resolve_issue(session, issue.id, fix, now=now)
        elif issue.status not in ENDED and row.then_status:
            edit_issue(session, issue.id, {"status": row.then_status}, now=now)
        enqueue(session, "analysis.analyze_issue", {"issue_id": issue.id}, now=now)


def _message(row: QueuedMessage) -> NewMessage:
    return NewMessage(
        "agent",
        row.body,
        author_name=row.author_name,
        created_by=row.created_by,
        attachment_ids=row.attachment_ids or (),
    )


def _withheld(row: QueuedMessage) -> NewMessage:
    """Shortened to what one message holds: the words before it say why it was not sent."""
    body = f"{_NOT_SENT}\n\n{row.body}"[:MAX_BODY_CHARS]
    return NewMessage("system", body, visibility="internal", attachment_ids=row.attachment_ids or ())


def _lock(session: WriteSession, queued_id: str) -> QueuedMessage:
    row = session.lock(QueuedMessage, queued_id) if is_id(queued_id, "queued") else None
    if row is None:
        raise QueuedMessageNotFoundError
    return row
