"""Files of an issue: typed by their content, kept under keys of ours, handed out so that nothing in them runs."""

import hashlib
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

import puremagic
from pydantic import BaseModel

from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import Attachment, Message
from support_copilot.http.idempotency import CreateRequest, create_once, fingerprint, recall
from support_copilot.identity.visibility import AttachmentNotFoundError
from support_copilot.issues.queries import get_issue
from support_copilot.kit.errors import InvalidRequestError
from support_copilot.kit.ids import is_id, new_id
from support_copilot.kit.text import one_line
from support_copilot.resources import Resources

UNKNOWN_TYPE: Final = "application/octet-stream"
_CHUNK: Final = 1 << 20
_HEAD: Final = 64 << 10
_MAX_NAME_CHARS: Final = 120
#: Marks that turn the direction of text around, so that "gpj.exe" can be shown as "exe.jpg".
_DIRECTION: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_UNSAFE: Final = re.compile(r'[<>:"/\\|?*%;]')
_TYPE_SHAPE: Final = re.compile(r"^[a-z0-9.+-]+/[a-z0-9.+-]+$")


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
    idempotency_key: str | None = None,
) -> Attachment:
    """Keep a file beside an issue, or beside one of its messages.

    The file is stored before its row: a crash between the two leaves a file nobody names, never a row without one.

    Raises:
        IssueNotFoundError: no issue has this id.
        InvalidRequestError: the file is empty, or the message is not of this issue.
        IdempotencyKeyReusedError: the key came before with another file.
    """
    measured = _measure(stream)
    if measured.size_bytes == 0:
        raise InvalidRequestError.of_field("file", "empty_file", "is empty")
    name = safe_filename(filename)
    upload = _Upload(issue_id=issue_id, message_id=message_id, filename=name, sha256=measured.sha256)
    request = CreateRequest("attachments", idempotency_key, fingerprint(upload))
    with resources.database.read() as reader:
        known = recall(reader, request.scope, request.key, request.body_fingerprint)
        if known:
            return get_attachment(reader, known)
        _check_place(reader, issue_id, message_id)
    row = Attachment(
        id=new_id("attachment"), issue_id=issue_id, message_id=message_id, filename=name,
        content_type=detect_type(measured.head, name), size_bytes=measured.size_bytes, sha256=measured.sha256,
        created_at=resources.clock(),
    )  # fmt: skip
    row.blob_key = f"attachments/{row.id}"
    stream.seek(0)
    resources.blobs.put(row.blob_key, stream)
    return _write_row(resources, row, request)


def _write_row(resources: Resources, row: Attachment, request: CreateRequest) -> Attachment:
    """Name the stored file in the database; one that ends up without a row, for whatever reason, is removed."""

    def make(session: WriteSession) -> str:
        session.add(row)
        session.flush()
        return row.id

    kept = None
    try:
        kept = create_once(
            resources.database, request, existing=lambda _session: None, make=make, now=row.created_at
        ).resource_id
    finally:
        if kept != row.id:
            resources.blobs.delete(row.blob_key)
    with resources.database.read() as reader:
        return get_attachment(reader, kept)


def get_attachment(session: ReadSession, attachment_id: str) -> Attachment:
    """The attachment's row.

    Raises:
        AttachmentNotFoundError: no attachment has this id.
    """
    row = session.get(Attachment, attachment_id) if is_id(attachment_id, "attachment") else None
    if row is None:
        raise AttachmentNotFoundError
    return row


def read_chunks(stream: BinaryIO) -> Iterator[bytes]:
    """The rest of an open file, which is closed at the end."""
    with stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def safe_filename(filename: str) -> str:
    """A name that no file system, header or reader mistakes for anything else, as near to the sender's as can be."""
    name = one_line(_DIRECTION.sub("", filename)).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in _UNSAFE.sub("_", name) if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    name = name.strip(". ")
    stem, dot, extension = name.rpartition(".")
    if dot and len(extension) <= 10:
        return f"{stem[: _MAX_NAME_CHARS - len(extension) - 1].rstrip('. ')}.{extension}"
    return name[:_MAX_NAME_CHARS] or "file"


def detect_type(head: bytes, filename: str) -> str:
    """The content type that the first bytes speak for: a known signature, else readable text, else unknown.

    The name only decides between types that share a signature, such as the many that are ZIP archives.
    """
    readable = _is_text(head)
    for match in _signatures(head, filename):
        # A confidence of 0.1 is one byte of signature; words of a text are easily taken for a short one.
        if _TYPE_SHAPE.match(match.mime_type) and match.confidence >= (0.4 if readable else 0.3):
            return str(match.mime_type)
    return "text/plain" if readable else UNKNOWN_TYPE


def _signatures(head: bytes, filename: str) -> list[puremagic.PureMagicWithConfidence]:
    try:
        matches = puremagic.magic_stream(io.BytesIO(head), filename)
    except (puremagic.PureError, ValueError):
        return []
    # Ties come in no fixed order out of the library.
    return sorted(matches, key=lambda match: (-match.confidence, -len(match.byte_match), match.mime_type))


def _is_text(head: bytes) -> bool:
    if b"\0" in head:
        return False
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 3  # the head may end inside a character
    return True


def _measure(stream: BinaryIO) -> _Measured:
    digest, size, head = hashlib.sha256(), 0, b""
    stream.seek(0)
    while chunk := stream.read(_CHUNK):
        head = head or chunk[:_HEAD]
        digest.update(chunk)
        size += len(chunk)
    return _Measured(size, digest.hexdigest(), head)


def _check_place(session: ReadSession, issue_id: str, message_id: str | None) -> None:
    issue = get_issue(session, issue_id)
    if message_id is None:
        return
    message = session.get(Message, message_id) if is_id(message_id, "message") else None
    if message is None or message.issue_id != issue.id:
        raise InvalidRequestError.of_field("message_id", "unknown_message", "is not a message of this issue")
