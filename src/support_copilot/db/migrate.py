"""Brings a database to the schema of this version."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import support_copilot
from support_copilot.db.engine import Database
from support_copilot.kit.errors import AppError

_PACKAGE = Path(support_copilot.__file__).parent


class SchemaMismatchError(AppError):
    status, code, title = (
        503,
        "schema_mismatch",
        "The database has another schema version; run `support-copilot migrate`",
    )


def migrate(database: Database) -> str:
    """Apply all missing revisions, each in a transaction of its own; returns the revision reached."""
    config = _config()
    with database.connection() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
    return current_revision(database) or ""


def current_revision(database: Database) -> str | None:
    """The revision that the database is at, None when it is empty."""
    with database.connection() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str:
    """The revision that this version of the code needs."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def _config() -> Config:
    packaged = _PACKAGE / "_migrations"
    folder = packaged if packaged.is_dir() else _PACKAGE.parents[1] / "migrations"
    config = Config()
    config.set_main_option("script_location", str(folder))
    return config
