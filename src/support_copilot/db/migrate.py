"""Brings a database to the schema of this version."""

from collections.abc import Callable
from pathlib import Path

import structlog
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import support_copilot
from support_copilot.db.engine import Database
from support_copilot.db.sealed import FieldCipher
from support_copilot.kit.errors import AppError

_log = structlog.get_logger("support_copilot.db")
_PACKAGE = Path(support_copilot.__file__).parent
_KEYS_TABLE_REVISION = "0005"


class SchemaMismatchError(AppError):
    status, code, title = (
        503,
        "schema_mismatch",
        "The database has another schema version; run `support-copilot migrate`",
    )


def migrate(database: Database, open_cipher: Callable[[], FieldCipher]) -> str:
    """Apply all missing revisions, each in a transaction of its own; returns the revision reached.

    Args:
        open_cipher: opens the data keys, for revisions that encrypt what was in the clear. Called when the table
            that holds the keys is there, and only if there is anything to do after it.
    """
    config, script = _config(), ScriptDirectory.from_config(_config())
    present = current_revision(database)
    if present == script.get_current_head():
        return str(present)
    before_keys = {revision.revision for revision in script.iterate_revisions(_KEYS_TABLE_REVISION, "base")}
    if present is None or present in before_keys - {_KEYS_TABLE_REVISION}:
        _upgrade(database, config, _KEYS_TABLE_REVISION)
    config.attributes["cipher"] = open_cipher()
    _upgrade(database, config, "head")
    if present is not None:
        _compact(database)
    return current_revision(database) or ""


def _compact(database: Database) -> None:
    """What a revision encrypted or removed must not stay in free pages of the file."""
    try:
        database.compact()
    except AppError as error:
        _log.warning("db.compact.skipped", code=error.code, effect="removed text may linger in the file until VACUUM")


def _upgrade(database: Database, config: Config, revision: str) -> None:
    with database.connection() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()


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
