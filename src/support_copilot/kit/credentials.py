"""Who the product is to a server of its own, read from a file whenever it connects."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

_MOST_BYTES: Final = 65_536


class CredentialsUnreadableError(OSError):
    """The file is not there, cannot be read, is half-written, or holds no password."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """``username`` is None where the file tells the password alone."""

    username: str | None
    password: str = field(repr=False)


def read_credentials(path: Path) -> Credentials:
    """The password that is the file's text, or ``username`` and ``password`` of a JSON object (AWS Secrets Manager).

    A password that begins with a brace stands in such an object.

    Raises:
        CredentialsUnreadableError: the file is not there, begins like an object and is none, or holds no password.
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
    if not text.lstrip().startswith("{"):
        return None
    try:
        value: dict[str, Any] = json.loads(text)
    except ValueError as error:
        # An object that is caught half-written is no password: it must not be sent to a server.
        raise CredentialsUnreadableError from error
    return value
