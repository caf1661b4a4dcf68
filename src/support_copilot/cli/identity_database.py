"""What commands about people and keys share: the database alone, beside a running server; roles; names."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Final

from support_copilot.db.engine import Database, open_database
from support_copilot.identity.permissions import ROLES
from support_copilot.kit.errors import InvalidRequestError
from support_copilot.kit.text import one_line
from support_copilot.settings import Settings
from support_copilot.wiring import migrate_database, open_data_keys

RoleName = StrEnum("RoleName", {role.upper(): role for role in ROLES})  # type: ignore[misc]  # made from the one table
MAX_NAME_CHARS: Final = 200


def checked_name(name: str) -> str:
    """The name on one line.

    Raises:
        InvalidRequestError: it is empty or too long.
    """
    title = one_line(name)
    if not title or len(title) > MAX_NAME_CHARS:
        raise InvalidRequestError.of_field("name", "invalid_length", f"must have 1 to {MAX_NAME_CHARS} characters")
    return title


@contextmanager
def identity_database(settings: Settings) -> Iterator[Database]:
    """Open the database with its keys, and nothing else: the search index stays the server's."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = open_database(settings.database, str(settings.database_path))
    try:
        if settings.database.url is None:
            migrate_database(settings, database)
        open_data_keys(settings, database)
        yield database
    finally:
        database.close()
