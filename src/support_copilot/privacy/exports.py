"""Export: everything of one person as JSON with the files, in one archive that expires."""

import json
import zipfile
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, BinaryIO, Final

from sqlalchemy import func, select

from support_copilot.backends.blobs.port import BlobNotFoundError
from support_copilot.customers.filling import parts_of
from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import (
    Analysis,
    Attachment,
    Base,
    Conversation,
    Correction,
    Customer,
    Issue,
    Message,
    ModelCallRecord,
    PrivacyRequest,
    QueuedMessage,
    Resolution,
    Suggestion,
    Summary,
)
from support_copilot.issues.file_types import safe_filename
from support_copilot.kit.errors import AppError
from support_copilot.privacy.requests import begin, finish, get_request
from support_copilot.resources import Resources
from support_copilot.vault.files import open_encrypted, put_encrypted

KEPT_DAYS: Final = 7
_CHUNK: Final = 1 << 20
#: What of each issue is the person's own story, what was written about it, and what was worked out from it.
OF_ISSUE: Final = (
    Conversation, Message, Resolution, Summary, Suggestion, Attachment, Analysis, Correction, QueuedMessage,
    ModelCallRecord,
)  # fmt: skip
#: Tables of an issue or a customer that are not handed out, and why.
NOT_EXPORTED: Final[Mapping[str, str]] = {
    "drafts": "what somebody of the desk has begun to write and has not said",
    "note_mentions": "which colleagues are to look at the issue",
    "reading_marks": "what each of the desk has read",
    "template_uses": "which templates of the desk stand in replies, whose words are in the copy",
    "presence": "who of the desk has the issue open at the moment",
    "incident_links": "what the desk thinks it has in common with issues of others",
    "knowledge_proposals": "written for everybody, without the person",
    "customer_words": "hashes of the words of name, address and company, by which it is found",
    "legal_holds": "a matter of the desk's lawyers",
    "privacy_requests": "the requests themselves, this one among them",
    "webhook_deliveries": "that programs of the desk were told of the issue: its ids and states, which are in the copy",
}
#: Columns that say something of the store, not of the person.
_LEFT_OUT: Final = frozenset({"blob_key", "file_key_sealed", "version", "seq"})


class ExportExpiredError(AppError):
    status, code, title = 410, "export_expired", "The export was removed when its time was over; ask for a new one"


class ExportNotReadyError(AppError):
    status, code, title = 409, "export_not_ready", "The export is still being written"


def export_customer(resources: Resources, request_id: str) -> None:
    """Write the archive and close the request."""
    request, customer = begin(resources, request_id)
    if request is None:
        return
    if customer is None:
        finish(resources, request_id, Counter())
        return
    key = f"exports/{request_id}"
    counts: Counter[str] = Counter()
    file_key = put_encrypted(resources.blobs, key, lambda target: _write_archive(resources, target, customer, counts))
    counted = {name: {"exported": count} for name, count in counts.items()}
    expires_at = resources.clock() + timedelta(days=KEPT_DAYS)
    finish(resources, request_id, Counter(), counts=counted, blob_key=key, file_key=file_key, expires_at=expires_at)


def open_export(resources: Resources, request_id: str) -> BinaryIO:
    """The archive, to be read and closed.

    Raises:
        PrivacyRequestNotFoundError: no export has this id.
        ExportNotReadyError, ExportExpiredError: there is no archive yet, or no longer.
    """
    with resources.database.read() as session:
        request = get_request(session, "export", request_id)
    if request.status != "done":
        raise ExportNotReadyError
    if request.blob_key is None or (request.expires_at and request.expires_at <= resources.clock()):
        raise ExportExpiredError
    try:
        return open_encrypted(resources.blobs, request.blob_key, request.file_key)
    except BlobNotFoundError as error:
        raise ExportExpiredError from error


def remove_exports_of(resources: Resources, customer_ids: Collection[str]) -> int:
    """Delete the archives of one customer, by each of their records; returns how many there were."""
    with resources.database.read() as session:
        requests = list(session.scalars(_with_file(PrivacyRequest.customer_id.in_(customer_ids))))
    return _remove(resources, requests)


def remove_expired_exports(resources: Resources, now: datetime) -> int:
    """Delete the archives whose time is over; returns how many there were."""
    with resources.database.read() as session:
        requests = list(session.scalars(_with_file(PrivacyRequest.expires_at <= now)))
    return _remove(resources, requests)


def count_exports_of(session: ReadSession, customer_ids: Collection[str]) -> int:
    """How many archives of the customer there still are."""
    query = select(func.count()).select_from(PrivacyRequest)
    mine = PrivacyRequest.customer_id.in_(customer_ids) & PrivacyRequest.blob_key.is_not(None)
    return int(session.scalar(query.where(mine)))


def _with_file(condition: Any) -> Any:
    return select(PrivacyRequest).where(PrivacyRequest.blob_key.is_not(None), condition)


def _remove(resources: Resources, requests: list[PrivacyRequest]) -> int:
    for request in requests:
        resources.blobs.delete(str(request.blob_key))
        with resources.database.transaction() as session:
            _forget_file(session, request.id, resources.clock())
    return len(requests)


def _forget_file(session: WriteSession, request_id: str, now: datetime) -> None:
    row = session.lock(PrivacyRequest, request_id)
    if row is not None:
        row.blob_key = row.file_key = None
        row.updated_at = now


def _write_archive(resources: Resources, target: BinaryIO, customer: Customer, counts: Counter[str]) -> None:
    with resources.database.read() as session:
        parts = parts_of(session, customer.id)
    counts["customers"] = 1 + len(parts)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("customer.json", _json(_customer_fields(customer)))
        for part in parts:
            archive.writestr(f"merged/{part.id}.json", _json(_customer_fields(part)))
        for issue_id in _issue_ids(resources, customer.id):
            with resources.database.read() as session:
                story = _issue_story(session, issue_id)
            archive.writestr(f"issues/{issue_id}.json", _json(story))
            counts["issues"] += 1
            for model in OF_ISSUE:
                counts[model.__tablename__] += len(story[model.__tablename__])
            for attachment in story["attachments"]:
                _copy_file(resources, archive, attachment)


def _issue_ids(resources: Resources, customer_id: str) -> Iterator[str]:
    with resources.database.read() as session:
        ids = list(session.scalars(select(Issue.id).where(Issue.customer_id == customer_id).order_by(Issue.id)))
    yield from ids


def _issue_story(session: ReadSession, issue_id: str) -> dict[str, Any]:
    story = _fields(session.get(Issue, issue_id))
    for model in OF_ISSUE:
        rows = session.scalars(select(model).where(model.issue_id == issue_id).order_by(model.id))
        story[model.__tablename__] = [_fields(row) for row in rows]
    return story


def _copy_file(resources: Resources, archive: zipfile.ZipFile, attachment: dict[str, Any]) -> None:
    name = f"files/{attachment['id']}-{safe_filename(attachment['filename'])}"
    with resources.database.read() as session:
        row = session.get(Attachment, attachment["id"])
    if row is None:
        return
    try:
        source = open_encrypted(resources.blobs, row.blob_key, row.file_key)
    except BlobNotFoundError:
        return
    with source, archive.open(name, "w") as copy:
        while chunk := source.read(_CHUNK):
            copy.write(chunk)


def _customer_fields(customer: Customer) -> dict[str, Any]:
    fields = _fields(customer)
    plain = ("name", "email", "phone", "notes", "attributes")
    return fields | {name: getattr(customer, name) for name in plain}


def _fields(row: Base | None) -> dict[str, Any]:
    if row is None:
        return {}
    names = [column.key for column in row.__table__.columns if column.key not in _LEFT_OUT]
    values = {name: getattr(row, name) for name in names}
    return {name: value for name, value in values.items() if not isinstance(value, bytes)}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")
