"""API keys: made, rotated with an overlap, revoked at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import or_, select, update

from support_copilot.db.engine import WriteSession
from support_copilot.db.models import ApiKey, ApiKeySecret
from support_copilot.http.concurrency import check_version
from support_copilot.identity.audit import AuditEvent, record_audit
from support_copilot.identity.errors import PermissionDeniedError
from support_copilot.identity.key_format import hint_of, new_key
from support_copilot.identity.lending import check_may_give, check_may_last
from support_copilot.identity.permissions import PERSONAL, ROLES, Role, permissions_of
from support_copilot.identity.principal import Principal
from support_copilot.identity.secrets import digest
from support_copilot.kit.errors import ConflictError, InvalidRequestError, NotFoundError
from support_copilot.kit.ids import new_id


class KeyRevokedError(ConflictError):
    code, title = "key_revoked", "This key was revoked; make a new one"


@dataclass(frozen=True, slots=True)
class MadeKey:
    """``secret`` is shown once and stored nowhere."""

    row: ApiKey
    secret: str


def create_key(
    session: WriteSession,
    *,
    name: str,
    role: Role,
    scopes: Sequence[str] | None,
    expires_at: datetime | None,
    actor: Principal,
    now: datetime,
) -> MadeKey:
    """Make a key with the permissions of its role, or with those of them that ``scopes`` names.

    Raises:
        InvalidRequestError: a scope is no permission of the role, or the expiry has passed.
        PermissionDeniedError: it is a key that asks, for one with more than its own permissions or a later end.
    """
    check_scopes(role, scopes)
    check_may_give(actor, role, scopes)
    check_may_last(actor, expires_at)
    if expires_at is not None and expires_at <= now:
        raise InvalidRequestError.of_field("expires_at", "in_the_past", "must lie in the future")
    secret = new_key()
    row = ApiKey(
        id=new_id("key"), name=name, role=role, scopes=sorted(set(scopes)) if scopes is not None else None,
        hint=hint_of(secret), created_by=actor.id, expires_at=expires_at, version=1, created_at=now, updated_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add(ApiKeySecret(hash=digest(secret), key_id=row.id, shown_to=actor.person_id, created_at=now))
    after = {"role": role, "scopes": row.scopes, "expires_at": expires_at}
    record_audit(session, AuditEvent("key.created", now, actor, row.id, after=after))
    return MadeKey(row, secret)


def rotate_key(session: WriteSession, key_id: str, overlap: timedelta, actor: Principal, now: datetime) -> MadeKey:
    """Give a key a new secret; the old one opens doors until the overlap is over.

    Raises:
        NotFoundError: there is no such key.
        KeyRevokedError: it was revoked.
        PermissionDeniedError: it is a key that asks, for one with more than its own permissions or a later end.
    """
    row = get_locked_key(session, key_id)
    if row.revoked_at is not None:
        raise KeyRevokedError
    check_may_give(actor, cast("Role", row.role), row.scopes)
    check_may_last(actor, row.expires_at)
    ends = now + overlap
    older = (ApiKeySecret.key_id == key_id) & ((ApiKeySecret.expires_at.is_(None)) | (ApiKeySecret.expires_at > ends))
    session.execute(update(ApiKeySecret).where(older).values(expires_at=ends))
    secret = new_key()
    session.add(ApiKeySecret(hash=digest(secret), key_id=key_id, shown_to=actor.person_id, created_at=now))
    row.hint, row.updated_at, row.version = hint_of(secret), now, row.version + 1
    row.created_by = actor.id
    record_audit(session, AuditEvent("key.rotated", now, actor, key_id, after={"expires_at": ends}))
    return MadeKey(row, secret)


def edit_key(
    session: WriteSession,
    key_id: str,
    changes: Mapping[str, Any],
    if_match: str | None,
    actor: Principal,
    now: datetime,
) -> ApiKey:
    """Change ``name`` or ``expires_at`` of a key.

    Raises:
        NotFoundError: there is no such key.
        InvalidRequestError: the expiry has passed.
        PermissionDeniedError: it is a key that asks, for its own end, for a later one, or for a key with more than its
            permissions.
    """
    row = get_locked_key(session, key_id)
    check_version(if_match, row.version)
    check_may_give(actor, cast("Role", row.role), row.scopes)
    if row.id == actor.id and "expires_at" in changes:
        raise PermissionDeniedError("A key does not move its own end.")
    if "expires_at" in changes:
        check_may_last(actor, changes["expires_at"])
    ends = changes.get("expires_at")
    if ends is not None and ends <= now:
        raise InvalidRequestError.of_field("expires_at", "in_the_past", "must lie in the future")
    before = {name: getattr(row, name) for name in changes}
    for name, value in changes.items():
        setattr(row, name, value)
    row.updated_at, row.version = now, row.version + 1
    record_audit(session, AuditEvent("key.edited", now, actor, key_id, before=before, after=dict(changes)))
    return row


def revoke_key(session: WriteSession, key_id: str, actor: Principal, now: datetime) -> ApiKey:
    """Have a key open nothing from the next request on; again changes nothing.

    Raises:
        NotFoundError: there is no such key.
    """
    row = get_locked_key(session, key_id)
    if row.revoked_at is None:
        row.revoked_at, row.updated_at, row.version = now, now, row.version + 1
        record_audit(session, AuditEvent("key.revoked", now, actor, key_id, after={"revoked_at": now}))
    return row


def revoke_keys_of(session: WriteSession, user_id: str, actor: Principal | None, now: datetime) -> None:
    """End every secret that this person was shown: who may not come in must not keep another way.

    A key that has a secret of somebody else goes on with that one; one without is revoked.
    """
    good = or_(ApiKeySecret.expires_at.is_(None), ApiKeySecret.expires_at > now)
    theirs = select(ApiKeySecret.key_id).where(ApiKeySecret.shown_to == user_id, good)
    held = select(ApiKey).where(ApiKey.id.in_(theirs), ApiKey.revoked_at.is_(None)).order_by(ApiKey.id)
    for row in list(session.scalars(held.with_for_update())):
        mine = (ApiKeySecret.key_id == row.id) & (ApiKeySecret.shown_to == user_id) & good
        session.execute(update(ApiKeySecret).where(mine).values(expires_at=now))
        others = select(ApiKeySecret.hash).where(ApiKeySecret.key_id == row.id, good).limit(1)
        row.updated_at, row.version = now, row.version + 1
        if session.scalar(others) is not None:
            event = AuditEvent("key.secret_ended", now, actor, row.id, reason="maker_left", after={"expires_at": now})
        else:
            row.revoked_at = now
            event = AuditEvent("key.revoked", now, actor, row.id, reason="maker_left", after={"revoked_at": now})
        record_audit(session, event)


def get_locked_key(session: WriteSession, key_id: str) -> ApiKey:
    row = session.lock(ApiKey, key_id)
    if row is None:
        raise NotFoundError
    return row


def check_scopes(role: Role, scopes: Sequence[str] | None) -> None:
    """Refuse scopes beyond the role, which would look as if they opened something.

    Raises:
        InvalidRequestError: a scope is no permission of the role.
    """
    if role not in ROLES:
        raise InvalidRequestError.of_field("role", "unknown_role", f"must be one of {', '.join(ROLES)}")
    allowed = permissions_of(role) - PERSONAL
    if scopes is not None and (not scopes or not set(scopes) <= allowed):
        raise InvalidRequestError.of_field(
            "scopes", "unknown_scope", f"a key of this role may have {', '.join(sorted(allowed))}"
        )
