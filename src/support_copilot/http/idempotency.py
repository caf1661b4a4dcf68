"""Idempotency-Key on creates: the same request sent twice makes one record and gets the same answer."""

import hashlib
from datetime import datetime
from typing import Annotated

from fastapi import Header
from pydantic import BaseModel

from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import IdempotencyKey
from support_copilot.kit.errors import AppError

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


def fingerprint(body: BaseModel) -> str:
    """SHA-256 of what the request means, whatever its spacing and order of keys."""
    return hashlib.sha256(body.model_dump_json().encode()).hexdigest()


def recall(session: ReadSession, scope: str, key: str | None, body_fingerprint: str) -> str | None:
    """The id of the record that this key made before, None when it is new.

    Args:
        scope: names the kind of create, so that one key may serve two endpoints.

    Raises:
        IdempotencyKeyReusedError: the key came with another body.
    """
    if key is None:
        return None
    known = session.get(IdempotencyKey, (scope, key.strip()))
    if known is None:
        return None
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
