"""Slows guessing down without locking anybody out (OWASP, "Slow Down Online Guessing Attacks with Device Cookies").

Failures are counted by account and browser known from an earlier sign-in; for all unknown browsers together, by
account; and by address. So an attacker who knows only an address locks himself out, and whoever attacks an account
from a thousand places closes it to strangers, not to its owner's own browsers. Counts are kept in the record: neither
a restart nor a second process starts them anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from support_copilot.db.engine import Database, DatabaseBusyError, ReadSession
from support_copilot.db.models import SignInAttempts
from support_copilot.identity.secrets import digest
from support_copilot.kit.errors import AppError

_WINDOW: Final = timedelta(minutes=15)


class TooManyAttemptsError(AppError):
    status, code, title = 429, "too_many_attempts", "Too many failed attempts; try again later"


@dataclass(frozen=True, slots=True)
class Count:
    """What is counted, as its hash, and how many failures a window may see."""

    subject: str
    most: int


def counts_of_sign_in(email: str, address: str | None, device: str | None) -> tuple[Count, ...]:
    """What one attempt counts against. Unknown addresses count like known ones, so that neither can be told apart.

    Args:
        device: id of the browser if this account signed in from it before.
    """
    place = Count(_subject("address", address or "unknown"), 50)
    if device:
        return (Count(_subject("device", email, device), 10), place)
    pair = Count(_subject("account+address", email, address or "unknown"), 5)
    return (pair, Count(_subject("strangers", email), 50), place)


def counts_of_second_factor(user_id: str) -> tuple[Count, ...]:
    """Only who has the password comes so far; a code has a million values and ten guesses."""
    return (Count(_subject("second_factor", user_id), 10),)


def check_open(session: ReadSession, counts: Sequence[Count], now: datetime) -> None:
    """Let an attempt through only while no count is full.

    Raises:
        TooManyAttemptsError: says after how many seconds to try again.
    """
    limits = {count.subject: count.most for count in counts}
    rows = session.scalars(select(SignInAttempts).where(SignInAttempts.subject.in_(limits)))
    ends = [row.window_ends_at for row in rows if row.failures >= limits[row.subject] and row.window_ends_at > now]
    if ends:
        raise TooManyAttemptsError(retry_after_s=int((max(ends) - now).total_seconds()) + 1)


def count_failure(database: Database, counts: Sequence[Count], now: datetime) -> None:
    """Add one failure to each count."""
    for count in counts:
        for _ in range(2):
            try:
                _add(database, count, now)
            except (IntegrityError, DatabaseBusyError):
                continue  # two made the row at once: the second adds to the first's
            break


def forgive(database: Database, counts: Sequence[Count]) -> None:
    """Forget the failures of who has come in: only the first count, the rest may be somebody else's."""
    with database.transaction() as session:
        session.execute(delete(SignInAttempts).where(SignInAttempts.subject == counts[0].subject))


def _add(database: Database, count: Count, now: datetime) -> None:
    with database.transaction() as session:
        row = session.lock(SignInAttempts, count.subject)
        if row is None:
            row = SignInAttempts(subject=count.subject, failures=0, window_ends_at=now + _WINDOW)
            session.add(row)
        if row.window_ends_at <= now:
            row.failures, row.window_ends_at = 0, now + _WINDOW
        row.failures += 1


def _subject(*parts: str) -> str:
    return digest("\n".join(parts))
