"""The database alone, for commands that must work beside a running server."""

from collections.abc import Iterator
from contextlib import contextmanager

from support_copilot.db.engine import Database, open_database
from support_copilot.settings import Settings
from support_copilot.wiring import migrate_database, open_data_keys


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
