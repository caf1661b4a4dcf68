"""Files that go with a message: kept by who writes it until it is sent, then part of it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Select, and_, delete, or_, select

from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import Attachment, IdempotencyKey, Issue, Message
from support_copilot.http.fields import DraftPart
from support_copilot.http.idempotency import keep_from_coming, scope_of_uploads
from support_copilot.identity.visibility import AttachmentNotFoundError, Sees, check_issue_seen
from support_copilot.issues.attachments import get_shown_attachment
from support_copilot.issues.queries import get_issue, of_issue_or_merged
from support_copilot.kit.errors import ConflictError, InvalidRequestError
from support_copilot.resources import Resources

#: In whose draft a file is that goes: in nobody's.
GOING: Final = "going"


class AttachmentSentError(ConflictError):
    code, title = "attachment_sent", "Only a file of your own that was not sent yet can be removed"


def list_files(session: ReadSession, issue_id: str, person_id: str) -> Sequence[Attachment]:
    """The files of an issue and of those merged into it, oldest first, without those that somebody has not sent yet.

    What waits in the own draft of this issue is among them.

    Raises:
        IssueNotFoundError: no issue has this id.
    """
    get_issue(session, issue_id)
    own_draft = and_(Attachment.issue_id == issue_id, Attachment.drafted_by == person_id)
    query = select(Attachment).where(
        of_issue_or_merged(session, Attachment.issue_id.expression, issue_id),
        or_(Attachment.drafted_by.is_(None), own_draft),
    )
    return list(session.scalars(query.order_by(Attachment.created_at, Attachment.id)))


def take_files(session: WriteSession, issue_id: str, ids: Sequence[str], draft: tuple[str, DraftPart]) -> list[str]:
    """Take files out of a draft, for a message that is to have them; returns their ids without repeats.

    Args:
        draft: the person whose draft it is, and the text of it that is sent: a file of a note goes with no reply.

    Raises:
        InvalidRequestError: one is not a file that waits with this text for this issue.
    """
    wanted = list(dict.fromkeys(ids))
    rows = list(session.scalars(_of_draft(issue_id, *draft).where(Attachment.id.in_(wanted)).with_for_update()))
    if len(rows) < len(wanted):
        problem = "names a file that is not in your draft of this issue"
        raise InvalidRequestError.of_field("attachment_ids", "unknown_attachment", problem)
    for row in rows:
        row.drafted_by = row.drafted_for = None
    return wanted


def give_back_files(session: WriteSession, issue_id: str, ids: Sequence[str], person_id: str) -> None:
    """Put the files of a reply that was not sent into the draft of who wrote it."""
    for row in _unsent(session, issue_id, ids):
        row.drafted_by, row.drafted_for = person_id, "reply"


def attach_files(session: WriteSession, issue_id: str, ids: Sequence[str], message: Message) -> None:
    """Make files of an issue part of a message, which may be of the one it is merged into; one that is gone meanwhile
    is left out.
    """
    for row in _unsent(session, issue_id, ids):
        row.message_id, row.issue_id = message.id, message.issue_id


def remove_draft_file(resources: Resources, attachment_id: str, person_id: str) -> None:
    """Remove a file from the draft of this person.

    Raises:
        AttachmentNotFoundError: no attachment has this id, or it waits in the draft of somebody else.
        AttachmentSentError: it was sent.
    """
    with resources.database.transaction() as session:
        row = session.lock(Attachment, get_shown_attachment(session, attachment_id, person_id).id)
        if row is None:
            raise AttachmentNotFoundError
        if row.drafted_by != person_id:
            raise AttachmentSentError
        going = take_out([row])
    remove_taken_out(resources, going)


def take_back_upload(resources: Resources, issue_id: str, key: str, person_id: str, sees: Sees = None) -> None:
    """Remove from the draft of this person what an upload under this key left there; one still on its way is refused.

    For who does not know whether it arrived. Once it is gone, asking again changes nothing.

    Raises:
        IssueNotFoundError: no issue has this id, or it is not seen.
        AttachmentSentError: it was sent.
    """
    key, scope = key.strip(), scope_of_uploads(person_id)
    with resources.database.transaction() as session:
        check_issue_seen(session, issue_id, sees)
        get_issue(session, issue_id)
        # An upload locks it as well: it is there whole, or comes later and is refused.
        session.lock(Issue, issue_id)
        made = session.get(IdempotencyKey, (scope, key))
        if made is None:
            keep_from_coming(session, scope, key, issue_id, resources.clock())
            return
        row = session.lock(Attachment, made.resource_id)
        if row is None or row.drafted_by == GOING:
            return
        if row.drafted_by != person_id:
            raise AttachmentSentError
        going = take_out([row])
    remove_taken_out(resources, going)


def take_out(rows: Sequence[Attachment]) -> dict[str, str]:
    """Take locked files out of the drafts they wait in; returns the keys of their bytes by id.

    First out of the draft, then the bytes, then the rows: who is killed between leaves rows that name the files, which
    nobody sends any more and which the daily retention removes.
    """
    for row in rows:
        row.drafted_by = GOING
    return {row.id: row.blob_key for row in rows}


def remove_taken_out(resources: Resources, going: Mapping[str, str]) -> int:
    """Remove the bytes and the rows of what ``take_out`` gave; returns how many rows went."""
    for blob_key in going.values():
        resources.blobs.delete(blob_key)
    with resources.database.transaction() as session:
        result: Any = session.execute(delete(Attachment).where(Attachment.id.in_(going)))
    return int(result.rowcount)


def _of_draft(issue_id: str, person_id: str, part: DraftPart) -> Select[Attachment]:
    return select(Attachment).where(
        Attachment.issue_id == issue_id,
        Attachment.drafted_by == person_id,
        Attachment.drafted_for == part,
        Attachment.message_id.is_(None),
    )


def _unsent(session: WriteSession, issue_id: str, ids: Sequence[str]) -> list[Attachment]:
    if not ids:
        return []
    query = select(Attachment).where(
        Attachment.issue_id == issue_id, Attachment.id.in_(ids), Attachment.message_id.is_(None)
    )
    return list(session.scalars(query.with_for_update()))
