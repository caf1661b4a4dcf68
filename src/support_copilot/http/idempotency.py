"""Idempotency-Key on creates: the same request sent twice makes one record and gets the same answer."""

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import Header
from pydantic import BaseModel
from sqlalchemy import ColumnElement, or_
from sqlalchemy.exc import IntegrityError

from support_copilot.db.engine import Database, DatabaseBusyError, ReadSession, WriteSession
from support_copilot.db.models import IdempotencyKey
from support_copilot.kit.errors import AppError, ConflictError

IdempotencyKeyHeader = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=190,
        description="Any unique text; the same key with the same body makes one record.",
    ),
]


class IdempotencyKeyReusedError(AppError):
    status, code, title = 422, "idempotency_key_reused", "This Idempotency-Key came before with another body"


class RequestTakenBackError(ConflictError):
    code, title = "request_taken_back", "This was taken back before it arrived; nothing of it was done"


#: Stands for the body of a request that was taken back while it was on its way: no body is the same.
_TAKEN_BACK: Final = "taken back"


def fingerprint(body: BaseModel) -> str:
    """SHA-256 of what the request means, whatever its spacing and order of keys."""
    return hashlib.sha256(body.model_dump_json().encode()).hexdigest()


def scope_of_queue(issue_id: str) -> str:
    """The scope of the keys that queue replies for an issue. They outlive the row that they made, which is sent."""
    return f"queued:{issue_id}"


def scope_of_replies(incident_id: str) -> str:
    """The scope of the keys that queue one reply for issues of an incident."""
    return f"incident_replies:{incident_id}"


def scope_of_uploads(person_id: str | None) -> str:
    """The scope of the keys that store files: of two people who use the same key each has a draft of their own."""
    return f"attachments {person_id}" if person_id else "attachments"


def keys_of(resource_ids: Collection[str]) -> ColumnElement[bool]:
    """The keys that made these records, or a reply queued for one of them, whose key outlives it."""
    scopes = [scope(each) for each in resource_ids for scope in (scope_of_queue, scope_of_replies)]
    return or_(IdempotencyKey.resource_id.in_(resource_ids), IdempotencyKey.scope.in_(scopes))


def recall(session: ReadSession, scope: str, key: str | None, body_fingerprint: str) -> str | None:
    """The id of the record that this key made before, None when it is new.

    Args:
        scope: names the kind of create, so that one key may serve two endpoints.

    Raises:
        IdempotencyKeyReusedError: the key came with another body.
        RequestTakenBackError: the key was kept from coming.
    """
    if key is None:
        return None
    known = session.get(IdempotencyKey, (scope, key.strip()))
    if known is None:
        return None
    if known.fingerprint == _TAKEN_BACK:
        raise RequestTakenBackError
    if known.fingerprint != body_fingerprint:
        raise IdempotencyKeyReusedError
    return known.resource_id


def remember(
    session: WriteSession, scope: str, key: str | None, body_fingerprint: str, resource_id: str, now: datetime
) -> None:
    """Bind the key to the record in the transaction that makes it; of two at once one fails and reads the other's."""
    if key is not None:
        session.add(
            IdempotencyKey(
                scope=scope, key=key.strip(), fingerprint=body_fingerprint, resource_id=resource_id, created_at=now
            )
        )
        session.flush()


def keep_from_coming(session: WriteSession, scope: str, key: str, resource_id: str, now: datetime) -> None:
    """Refuse the key's request when it comes later; it belongs to this record and is forgotten with it."""
    remember(session, scope, key, _TAKEN_BACK, resource_id, now)


@dataclass(frozen=True, slots=True)
class CreateRequest:
    """What makes two creates the same one: the kind of create, the key sent (if any), and what the body means."""

    scope: str
    key: str | None
    body_fingerprint: str


@dataclass(frozen=True, slots=True)
class Creation:
    """The record that answers a create. ``status`` is 200 when it was there under its external reference, else 201."""

    resource_id: str
    status: int


def create_once(
    database: Database,
    request: CreateRequest,
    *,
    existing: Callable[[ReadSession], str | None],
    make: Callable[[WriteSession], str],
    now: datetime,
) -> Creation:
    """Make a record exactly once, however often and however simultaneously it is asked for.

    Args:
        existing: the id of the record with the same external reference, None when there is none.
        make: writes the record and returns its id; may be called a second time, in a new transaction, after
            another request has won.

    Raises:
        IdempotencyKeyReusedError: the key came with another body.
    """

    def found() -> Creation | None:
        with database.read() as session:
            known = recall(session, request.scope, request.key, request.body_fingerprint)
            if known:
                return Creation(known, 201)
            same = existing(session)
            return Creation(same, 200) if same else None

    def made() -> Creation:
        with database.transaction() as session:
            resource_id = make(session)
            remember(session, request.scope, request.key, request.body_fingerprint, resource_id, now)
        return Creation(resource_id, 201)

    earlier = found()
    if earlier:
        return earlier
    try:
        return made()
    except (IntegrityError, DatabaseBusyError):
        # Of two at once one breaks a unique key, or is chosen as the victim of a deadlock: the other's record is ours.
        return found() or made()
