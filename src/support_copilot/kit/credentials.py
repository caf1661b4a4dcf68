"""Who the product is to a server of its own, read from a file whenever it connects."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

_MOST_BYTES: Final = 65_536


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
