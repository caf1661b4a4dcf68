"""Who the product is to a server, read from a file whenever it connects: what is rotated is taken without a restart."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import structlog
from sqlalchemy import Engine, event

_log = structlog.get_logger("support_copilot.db")
_MOST_BYTES: Final = 65_536
#: MySQL and MariaDB: this user is not let in with this password.
_REFUSED: Final = ((1045,), (1698,))


class CredentialsUnreadableError(OSError):
    """The file is not there, cannot be read, or holds no password."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """``username`` is None where the file tells the password alone."""

    username: str | None
    password: str = field(repr=False)


def read_credentials(path: Path) -> Credentials:
    """The password that is the file's text, or ``username`` and ``password`` of a JSON object (AWS Secrets Manager).

    Raises:
        CredentialsUnreadableError: the file is not there, or holds no password.
    """
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_BYTES).decode().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CredentialsUnreadableError from error
    named = _named(text)
    password = named.get("password", "") if named is not None else text
    username = (named or {}).get("username")
    if not isinstance(password, str) or not password or not isinstance(username, str | None):
        raise CredentialsUnreadableError
    return Credentials(username, password)


def _named(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text) if text.startswith("{") else None
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


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
                return dialect.connect(*arguments, **_with(options, self._worked))
            self._worked = fresh
            return opened


def _with(options: dict[str, Any], credentials: Credentials) -> dict[str, Any]:
    named = {"user": credentials.username} if credentials.username else {}
    return {**options, **named, "password": credentials.password}
