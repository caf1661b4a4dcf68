"""Logs in to the database with what a file says whenever it connects: what is rotated is taken without a restart."""

from pathlib import Path
from typing import Any, Final

import structlog
from sqlalchemy import Engine, event

from support_copilot.kit.credentials import Credentials, CredentialsUnreadableError, read_credentials

_log = structlog.get_logger("support_copilot.db")
#: MySQL and MariaDB: this user is not let in with this password.
_REFUSED: Final = ((1045,), (1698,))


class RotatingLogin:
    """Connects a database's engines with the credentials of the moment.

    While a password is being changed, file and server may differ for a while: a new one that is refused leaves the one
    that worked last in use, so that a rotation which writes the file first costs no connection.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._worked: Credentials | None = None

    def serve(self, engine: Engine) -> None:
        """Have this engine log in so from now on."""

        @event.listens_for(engine, "do_connect")
        def _connect(dialect: Any, _record: object, arguments: list[Any], options: dict[str, Any]) -> Any:
            try:
                fresh = read_credentials(self._path)
            except CredentialsUnreadableError:
                if self._worked is None:
                    raise
                _log.warning("db.credentials.unreadable", effect="the ones before are used")
                fresh = self._worked
            try:
                opened = dialect.connect(*arguments, **_with(options, fresh))
            except dialect.loaded_dbapi.Error as error:
                if fresh == self._worked or self._worked is None or error.args[:1] not in _REFUSED:
                    raise
                _log.warning("db.credentials.refused", effect="the ones before are used")
                try:
                    return dialect.connect(*arguments, **_with(options, self._worked))
                except dialect.loaded_dbapi.Error as refused:
                    if refused.args[:1] not in _REFUSED:
                        raise
                    # The server was changed between the two tries: now the new ones are right.
                    opened = dialect.connect(*arguments, **_with(options, fresh))
            self._worked = fresh
            return opened


def _with(options: dict[str, Any], credentials: Credentials) -> dict[str, Any]:
    named = {"user": credentials.username} if credentials.username else {}
    return {**options, **named, "password": credentials.password}
