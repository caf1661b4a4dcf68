"""Files of an issue: typed by their content, encrypted, kept under keys of ours, limited in number and size."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

import structlog
from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import Attachment, Issue, Message
from support_copilot.http.fields import DraftPart
from support_copilot.http.idempotency import CreateRequest, create_once, fingerprint, recall, scope_of_uploads
from support_copilot.identity.visibility import AttachmentNotFoundError, Sees, check_issue_seen
from support_copilot.issues.config import AttachmentsConfig
from support_copilot.issues.file_types import detect_type, harmless_filename, safe_filename
from support_copilot.issues.queries import get_issue
from support_copilot.issues.scanning import refuse_malware
from support_copilot.kit.errors import AppError, ConflictError, InvalidRequestError
from support_copilot.kit.ids import is_id, new_id
from support_copilot.resources import Resources
from support_copilot.vault.files import copy_of, open_encrypted, put_encrypted

_log = structlog.get_logger("support_copilot.issues")
_CHUNK: Final = 1 << 20
_HEAD: Final = 64 << 10


class TooManyFilesError(ConflictError):
    code, title = "too_many_files", "The issue has as many files as it may"


class AttachedAlreadyError(ConflictError):
    code, title = "attached_already", "This file is in the draft already"


class _Upload(BaseModel):
    issue_id: str
    message_id: str | None
    filename: str
    sha256: str


@dataclass(frozen=True, slots=True)
class _Measured:
    size_bytes: int
    sha256: str
    head: bytes


def store_attachment(
    resources: Resources,
    stream: BinaryIO,
    *,
    filename: str,
    issue_id: str,
    message_id: str | None = None,
    draft: tuple[str, DraftPart] | None = None,
    idempotency_key: str | None = None,
    rules: AttachmentsConfig = AttachmentsConfig(),  # noqa: B008  # frozen
    sees: Sees = None,
) -> Attachment:
    """Keep a file beside an issue, beside one of its messages, or in the draft of who writes one.

    The file is stored before its row: a crash between the two leaves a file nobody names, never a row without one.

    Args:
        draft: the person in whose draft it waits, and the text of it that it goes with.
        sees: teams whose issues the sender sees; None: all of them.

    Raises:
        IssueNotFoundError: no issue has this id.
        InvalidRequestError: the file is empty or of a type that is not taken, or the message is not of this issue.
        InfectedFileError: the scanner knows it as malware.
        ScannerUnavailableError: there is a scanner, and it does not answer.
        TooManyFilesError: the issue has as many files, or bytes of files, as it may.
        AttachedAlreadyError: the same file waits with the same text.
        IdempotencyKeyReusedError: the key came before with another file.
        RequestTakenBackError: the upload was taken back before it arrived.
    """
    measured = _measure(stream)
    if measured.size_bytes == 0:
        raise InvalidRequestError.of_field("file", "empty_file", "is empty")
    name = safe_filename(filename)
    content_type = detect_type(measured.head, name)
    if not rules.takes(content_type):
        raise InvalidRequestError.of_field("file", "type_not_allowed", "is of a type that is not taken here")
    name = harmless_filename(name, content_type)
    upload = _Upload(issue_id=issue_id, message_id=message_id, filename=name, sha256=measured.sha256)
    request = CreateRequest(scope_of_uploads(draft and draft[0]), idempotency_key, fingerprint(upload))
    with resources.database.read() as reader:
        check_issue_seen(reader, issue_id, sees)
        known = recall(reader, request.scope, request.key, request.body_fingerprint)
        if known:
            return get_attachment(reader, known)
        _check_place(reader, issue_id, message_id)
        _check_room(reader, rules, issue_id, measured.size_bytes)
    drafted_by, drafted_for = (None, None) if message_id or draft is None else draft
    row = Attachment(
        id=new_id("attachment"), issue_id=issue_id, message_id=message_id, filename=name,
        content_type=content_type, size_bytes=measured.size_bytes, sha256=measured.sha256,
        drafted_by=drafted_by, drafted_for=drafted_for, created_at=resources.clock(),
    )  # fmt: skip
    refuse_malware(resources, stream, issue_id, content_type, measured.size_bytes)
    row.blob_key = f"attachments/{row.id}"
    row.file_key = put_encrypted(resources.blobs, row.blob_key, copy_of(stream))
    return _write_row(resources, row, request, rules)


def _write_row(resources: Resources, row: Attachment, request: CreateRequest, rules: AttachmentsConfig) -> Attachment:
    """Name the stored file in the database; one that is known to have no row is removed."""

    def make(session: WriteSession) -> str:
        session.lock(Issue, row.issue_id)  # of two uploads at once one counts the other
        _check_room(session, rules, row.issue_id, row.size_bytes)
        _check_new(session, row)
        session.add(row)
        session.flush()
        return row.id

    row_id, blob_key = row.id, row.blob_key
    try:
        kept = create_once(
            resources.database, request, existing=lambda _session: None, make=make, now=row.created_at
        ).resource_id
    except Exception:
        _remove_unnamed(resources, row_id, blob_key)
        raise
    if kept != row_id:
        resources.blobs.delete(blob_key)
    with resources.database.read() as reader:
        return get_attachment(reader, kept)


def _check_new(session: ReadSession, row: Attachment) -> None:
    """Refuse what the text has already, whatever its name."""
    if row.drafted_by is None:
        return
    same = select(Attachment.filename).where(
        Attachment.issue_id == row.issue_id,
        Attachment.drafted_by == row.drafted_by,
        Attachment.drafted_for == row.drafted_for,
        Attachment.sha256 == row.sha256,
    )
    name = session.scalar(same.limit(1))
    if name is not None:
        raise AttachedAlreadyError(f"The same file is in the draft already, as {name}.")


def _remove_unnamed(resources: Resources, row_id: str, blob_key: str) -> None:
    """Remove the file when no row names it. The row may be there although its commit was answered with an error."""
    try:
        with resources.database.read() as reader:
            named = reader.get(Attachment, row_id) is not None
    except (AppError, SQLAlchemyError) as error:
        _log.warning("issues.attachment.file_left", attachment_id=row_id, error=type(error).__name__)
        return
    if not named:
        resources.blobs.delete(blob_key)


def get_attachment(session: ReadSession, attachment_id: str) -> Attachment:
    """The attachment's row.

    Raises:
        AttachmentNotFoundError: no attachment has this id.
    """
    row = session.get(Attachment, attachment_id) if is_id(attachment_id, "attachment") else None
    if row is None:
        raise AttachmentNotFoundError
    return row


def get_shown_attachment(session: ReadSession, attachment_id: str, person_id: str) -> Attachment:
    """The attachment's row, for this person; what waits in a draft is its writer's alone.

    Raises:
        AttachmentNotFoundError: no attachment has this id, or it waits in the draft of somebody else.
    """
    row = get_attachment(session, attachment_id)
    if row.drafted_by not in (None, person_id):
        raise AttachmentNotFoundError
    return row


def open_attachment(resources: Resources, row: Attachment) -> BinaryIO:
    """The file's content, to be read and closed.

    Raises:
        BlobNotFoundError: the file is gone.
        UnreadableError: it was altered.
    """
    return open_encrypted(resources.blobs, row.blob_key, row.file_key)


def read_chunks(stream: BinaryIO) -> Iterator[bytes]:
    """The rest of an open file, which is closed at the end."""
    with stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _measure(stream: BinaryIO) -> _Measured:
    digest, size, head = hashlib.sha256(), 0, b""
    stream.seek(0)
    while chunk := stream.read(_CHUNK):
        head = head or chunk[:_HEAD]
        digest.update(chunk)
        size += len(chunk)
    return _Measured(size, digest.hexdigest(), head)


def _check_room(session: ReadSession, rules: AttachmentsConfig, issue_id: str, size_bytes: int) -> None:
    mine = Attachment.issue_id == issue_id
    if int(session.scalar(select(func.count()).select_from(Attachment).where(mine))) >= rules.max_per_issue:
        raise TooManyFilesError(f"An issue may have at most {rules.max_per_issue} files.")
    held_bytes = int(session.scalar(select(func.sum(Attachment.size_bytes)).where(mine)) or 0)
    if held_bytes + size_bytes > rules.max_bytes_per_issue:
        raise TooManyFilesError(f"All files of an issue may have at most {rules.max_bytes_per_issue} bytes.")


def _check_place(session: ReadSession, issue_id: str, message_id: str | None) -> None:
    issue = get_issue(session, issue_id)
    if message_id is None:
        return
    message = session.get(Message, message_id) if is_id(message_id, "message") else None
    if message is None or message.issue_id != issue.id:
        raise InvalidRequestError.of_field("message_id", "unknown_message", "is not a message of this issue")
