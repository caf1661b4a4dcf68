"""Sessions of people: how one begins, and how it ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from support_copilot.db.engine import WriteSession
from support_copilot.db.models import User, UserSession
from support_copilot.http.context import origin
from support_copilot.identity.audit import AuditEvent, record_audit
from support_copilot.identity.config import IdentityConfig
from support_copilot.identity.permissions import PERSONAL
from support_copilot.identity.principal import Principal
from support_copilot.identity.secrets import derived, digest, new_secret
from support_copilot.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """``secret`` is for the cookie of a browser and known to it alone; a program has none."""

    id: str
    secret: str | None
    expires_at: datetime


def open_session(
    session: WriteSession,
    config: IdentityConfig,
    user: User,
    methods: Sequence[str],
    now: datetime,
    *,
    browser: bool = True,
) -> OpenedSession:
    """Begin a session with a secret of its own, whatever cookie came along (nothing to fixate), and write it down."""
    came, secret = origin(), new_secret() if browser else None
    row = UserSession(
        id=new_id("session"), user_id=user.id, secret_hash=digest(secret) if secret else None, methods=list(methods),
        created_at=now, last_seen_at=now, expires_at=now + timedelta(hours=config.session_hours), address=came.address,
        user_agent=came.user_agent,
    )  # fmt: skip
    session.add(row)
    user.last_signed_in_at = now
    record_audit(session, AuditEvent("session.opened", now, person(user), row.id, after={"kind": methods[0]}))
    return OpenedSession(row.id, secret, row.expires_at)


def end_session(session: WriteSession, session_id: str, reason: str, actor: Principal | None, now: datetime) -> bool:
    """End one session at once; False when it had ended."""
    row = session.lock(UserSession, session_id)
    if row is None or row.ended_at is not None:
        return False
    row.ended_at, row.end_reason = now, reason
    record_audit(session, AuditEvent("session.ended", now, actor, row.id, reason=reason))
    return True


def end_session_of(session: WriteSession, secret: str, reason: str, now: datetime) -> None:
    """End the session that a cookie stands for, if it stands for one."""
    session_id = session.scalar(select(UserSession.id).where(UserSession.secret_hash == digest(secret)))
    if session_id is not None:
        end_session(session, session_id, reason, None, now)


def csrf_token(secret: str) -> str:
    """What a page must send with every change; only who holds the session's secret can make it."""
    return derived(secret, "csrf")


def person(user: User) -> Principal:
    """A user as the actor of what they do while they sign in."""
    return Principal("user", user.id, user.name, None, PERSONAL)
