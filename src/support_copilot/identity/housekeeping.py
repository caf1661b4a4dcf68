"""Forgets what has no effect any more: ended sessions, used links, old counts, who looked at an issue long ago."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, or_, select

from support_copilot.db.engine import Database
from support_copilot.db.models import (
    ApiKeySecret,
    KnownDevice,
    OneTimeLink,
    Presence,
    ReadingMark,
    RefreshToken,
    SignInAttempts,
    SigningKey,
    UserSession,
)

#: People can look back at where they were signed in for so long; the audit trail keeps it longer.
_SESSIONS_KEPT: Final = timedelta(days=30)
_PRESENCE_KEPT: Final = timedelta(hours=1)
#: What somebody saw so long ago is as new again; what they marked as unread stays.
_READING_KEPT: Final = timedelta(days=400)
_BATCH: Final = 500


def forget_what_ended(database: Database, now: datetime) -> None:
    """Remove rows that have no effect any longer, in short transactions; doing it twice does no harm."""
    with database.transaction() as session:
        session.execute(delete(SignInAttempts).where(SignInAttempts.window_ends_at < now))
        session.execute(delete(OneTimeLink).where(OneTimeLink.expires_at < now))
        session.execute(delete(KnownDevice).where(KnownDevice.expires_at < now))
        session.execute(delete(ApiKeySecret).where(ApiKeySecret.expires_at < now))
        session.execute(delete(Presence).where(Presence.seen_at < now - _PRESENCE_KEPT))
        forgotten = ReadingMark.updated_at < now - _READING_KEPT
        session.execute(delete(ReadingMark).where(forgotten, ReadingMark.unread.is_(False)))
        session.execute(delete(SigningKey).where(SigningKey.verifies_until < now))
    while _forget_sessions(database, now - _SESSIONS_KEPT) == _BATCH:
        pass


def _forget_sessions(database: Database, before: datetime) -> int:
    """A batch of sessions that are over since before, with their refresh tokens; returns how many."""
    over = or_(UserSession.ended_at < before, UserSession.expires_at < before)
    with database.transaction() as session:
        ids = list(session.scalars(select(UserSession.id).where(over).limit(_BATCH)))
        session.execute(delete(RefreshToken).where(RefreshToken.session_id.in_(ids)))
        session.execute(delete(UserSession).where(UserSession.id.in_(ids)))
    return len(ids)
