"""All SQL of identity."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import Row, bindparam, select, update

from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import ApiKey, ApiKeySecret, OneTimeLink, TeamMember, User, UserSession
from support_copilot.identity.permissions import Role
from support_copilot.kit.contact import normal_email


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What a request with a key is judged by."""

    id: str
    name: str
    role: Role
    scopes: list[str] | None
    ends: tuple[datetime | None, ...]
    revoked_at: datetime | None
    last_used_at: datetime | None
    holder: "HolderFacts | None" = None


@dataclass(frozen=True, slots=True)
class HolderFacts:
    """Who was shown a secret, as they are now; ``by_provider``: it is an identity provider that knows them."""

    id: str
    role: Role
    disabled_at: datetime | None
    by_provider: bool
    last_signed_in_at: datetime | None


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What a request of a signed-in person is judged by."""

    id: str
    methods: list[str]
    last_seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    user_id: str
    name: str
    role: Role
    disabled_at: datetime | None


# Built once: every request runs one of these, and building them takes longer than running them.
_KEY: Final = select(
    ApiKey.id, ApiKey.name, ApiKey.role, ApiKey.scopes, ApiKey.expires_at, ApiKey.revoked_at, ApiKey.last_used_at,
)  # fmt: skip
_KEY_BY_ID: Final = _KEY.where(ApiKey.id == bindparam("id"))
_KEY_BY_HASH: Final = (
    _KEY.add_columns(
        ApiKeySecret.expires_at.label("ends"),
        ApiKeySecret.shown_to,
        User.role.label("holder_role"),
        User.disabled_at,
        User.oidc_subject,
        User.last_signed_in_at,
    )
    .join(ApiKeySecret, ApiKeySecret.key_id == ApiKey.id)
    .outerjoin(User, User.id == ApiKeySecret.shown_to)
    .where(ApiKeySecret.hash == bindparam("hash"))
)
_SESSION: Final = select(
    UserSession.id, UserSession.methods, UserSession.last_seen_at, UserSession.expires_at, UserSession.ended_at,
    User.id.label("user_id"), User.name, User.role, User.disabled_at,
).join(User, User.id == UserSession.user_id)  # fmt: skip
_SESSION_BY_HASH: Final = _SESSION.where(UserSession.secret_hash == bindparam("hash"))
_SESSION_BY_ID: Final = _SESSION.where(UserSession.id == bindparam("id"))
_TEAMS_OF: Final = select(TeamMember.team_id).where(TeamMember.user_id == bindparam("user_id"))


def key_facts(session: ReadSession, secret_hash: str) -> KeyFacts | None:
    row = session.execute(_KEY_BY_HASH, {"hash": secret_hash}).first()
    if row is None:
        return None
    holder = None
    if row.shown_to is not None:
        role = cast("Role", row.holder_role)
        holder = HolderFacts(row.shown_to, role, row.disabled_at, row.oidc_subject is not None, row.last_signed_in_at)
    return _key_facts(row, row.ends, holder)


def key_facts_by_id(session: ReadSession, key_id: str) -> KeyFacts | None:
    """The same for a key that is not shown at this moment."""
    row = session.execute(_KEY_BY_ID, {"id": key_id}).first()
    return None if row is None else _key_facts(row, None)


def _key_facts(row: Row[Any], ends_by_rotation: datetime | None, holder: HolderFacts | None = None) -> KeyFacts:
    ends, role = (row.expires_at, ends_by_rotation), cast("Role", row.role)
    return KeyFacts(row.id, row.name, role, row.scopes, ends, row.revoked_at, row.last_used_at, holder)


def session_by_secret(session: ReadSession, secret_hash: str) -> SessionFacts | None:
    row = session.execute(_SESSION_BY_HASH, {"hash": secret_hash}).first()
    return SessionFacts(**row._mapping) if row else None


def session_by_id(session: ReadSession, session_id: str) -> SessionFacts | None:
    row = session.execute(_SESSION_BY_ID, {"id": session_id}).first()
    return SessionFacts(**row._mapping) if row else None


def team_ids_of(session: ReadSession, user_id: str) -> frozenset[str]:
    return frozenset(session.scalars(_TEAMS_OF, {"user_id": user_id}))


def user_by_email(session: ReadSession, email: str) -> User | None:
    """The user with this address, which is looked up by its blind index."""
    indexes = session.blind_indexes("users.email", normal_email(email) or "")
    return cast("User | None", session.scalar(select(User).where(User.email_index.in_(indexes))))


def first_admin(session: ReadSession) -> User | None:
    """The administrator who has been here longest and may still come in."""
    query = select(User).where(User.role == "admin", User.disabled_at.is_(None)).order_by(User.created_at).limit(1)
    return cast("User | None", session.scalar(query))


def get_link(session: WriteSession, link_hash: str) -> OneTimeLink | None:
    """The link, locked, so that of two who open it at once one comes late."""
    return session.lock(OneTimeLink, link_hash)


def running_sessions(session: ReadSession, user_id: str, now: datetime) -> Sequence[UserSession]:
    """Sessions of a person that have not ended, newest first."""
    query = (
        select(UserSession)
        .where(UserSession.user_id == user_id, UserSession.ended_at.is_(None), UserSession.expires_at > now)
        .order_by(UserSession.created_at.desc(), UserSession.id.desc())
    )
    return session.scalars(query).all()


def end_sessions(session: WriteSession, user_id: str, reason: str, now: datetime, *, keep: str | None = None) -> int:
    """End every running session of a person but ``keep``; returns how many ended."""
    running = [UserSession.user_id == user_id, UserSession.ended_at.is_(None)]
    if keep:
        running.append(UserSession.id != keep)
    ended = session.execute(update(UserSession).where(*running).values(ended_at=now, end_reason=reason))
    return int(getattr(ended, "rowcount", 0))
