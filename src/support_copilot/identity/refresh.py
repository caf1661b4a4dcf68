"""Refresh tokens: each is good once; a second use means a thief, and ends the session (RFC 9700, section 4.14.2)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from support_copilot.db.engine import WriteSession
from support_copilot.db.models import RefreshToken, User, UserSession
from support_copilot.identity.errors import InvalidTokenError
from support_copilot.identity.runtime import Identity
from support_copilot.identity.secrets import digest, new_secret
from support_copilot.identity.sessions import end_session, person


@dataclass(frozen=True, slots=True)
class TokenPair:
    """What a program of a person works with for ``expires_in_s``, and what it then gets the next pair for."""

    access_token: str
    expires_in_s: int
    refresh_token: str


def first_pair(identity: Identity, user_id: str, session_id: str) -> TokenPair:
    """The tokens of a session that has just begun."""
    now = identity.clock()
    with identity.database.transaction() as session:
        refresh_token = _add(session, session_id, now)
    access_token, lasts = identity.keyring.issue(user_id, session_id, now)
    return TokenPair(access_token, lasts, refresh_token)


def next_pair(identity: Identity, refresh_token: str) -> TokenPair:
    """Trade a refresh token for the next pair.

    Raises:
        InvalidTokenError: it is unknown, its session is over, or it was used before: then the session ends, too.
    """
    now = identity.clock()
    with identity.database.transaction() as session:
        traded = _trade(session, identity, refresh_token, now)
    if isinstance(traded, InvalidTokenError):
        raise traded  # after the commit, which keeps the end of a stolen session
    user_id, session_id, fresh = traded
    access_token, lasts = identity.keyring.issue(user_id, session_id, now)
    return TokenPair(access_token, lasts, fresh)


def _trade(
    session: WriteSession, identity: Identity, refresh_token: str, now: datetime
) -> tuple[str, str, str] | InvalidTokenError:
    row = session.lock(RefreshToken, digest(refresh_token))
    held = session.get(UserSession, row.session_id) if row else None
    user = session.get(User, held.user_id) if held else None
    if row is None or held is None or user is None:
        return InvalidTokenError("unknown_refresh_token")
    if row.used_at is not None:
        end_session(session, held.id, "refresh_token_reused", person(user), now)
        return InvalidTokenError("refresh_token_reused")
    idle_until = held.last_seen_at + timedelta(minutes=identity.config.session_idle_minutes)
    if held.ended_at is not None or user.disabled_at is not None or min(held.expires_at, idle_until) <= now:
        return InvalidTokenError("session_over")
    row.used_at = held.last_seen_at = now
    return user.id, held.id, _add(session, held.id, now)


def _add(session: WriteSession, session_id: str, now: datetime) -> str:
    secret = new_secret()
    session.add(RefreshToken(hash=digest(secret), session_id=session_id, created_at=now))
    return secret
