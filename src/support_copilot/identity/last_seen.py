"""Notes when keys and sessions were last used, without making any request wait for it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError

from support_copilot.db.engine import Database
from support_copilot.db.models import ApiKey, UserSession
from support_copilot.kit.errors import AppError

_log = structlog.get_logger("support_copilot.identity")
#: One write a minute and key is exact enough for people, and too seldom to be felt.
EXACT_TO: Final = timedelta(minutes=1)


class LastSeen:
    """One thread that writes what requests leave for it; what cannot be written now comes with a later request."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pool = ThreadPoolExecutor(1, "last-seen")
        self._lock = threading.Lock()
        self._waiting: set[str] = set()

    def note_key(self, key_id: str, before: datetime | None, now: datetime) -> None:
        if before is None or now - before >= EXACT_TO:
            self._leave(ApiKey, key_id, {"last_used_at": now})

    def note_session(self, session_id: str, before: datetime, now: datetime) -> None:
        if now - before >= EXACT_TO:
            self._leave(UserSession, session_id, {"last_seen_at": now})

    def wait(self) -> None:
        """Return when all that was left so far has been written."""
        self._pool.submit(lambda: None).result()

    def close(self) -> None:
        """Write what is left and end."""
        self._pool.shutdown(wait=True)

    def _leave(self, table: type[ApiKey | UserSession], row_id: str, values: dict[str, datetime]) -> None:
        with self._lock:
            if row_id in self._waiting:
                return
            self._waiting.add(row_id)
        self._pool.submit(self._write, table, row_id, values)

    def _write(self, table: type[ApiKey | UserSession], row_id: str, values: dict[str, datetime]) -> None:
        try:
            with self._database.transaction() as session:
                session.execute(update(table).where(table.id == row_id).values(**values))
        except (AppError, SQLAlchemyError) as error:
            _log.warning("identity.last_seen.not_written", exc_info=error)
        finally:
            with self._lock:
                self._waiting.discard(row_id)
