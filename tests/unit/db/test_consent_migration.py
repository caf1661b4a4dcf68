"""Articles from before consent was carried on: those that stem from who opted out are kept from models from then on."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect, text

import support_copilot
from support_copilot.db.config import DatabaseConfig
from support_copilot.db.engine import Database, open_database
from support_copilot.db.migrate import migrate
from tests.conftest import open_test_vault
from tests.servers import find_mariadb, running_mariadb

MIGRATIONS = Path(support_copilot.__file__).parents[2] / "migrations"
NOW = "2026-01-01 00:00:00"


@contextmanager
def filled_database(kind: str, folder: Path, fill: Callable[[Database], None]) -> Iterator[Database]:
    """A database of this kind, open, with what was in one of an earlier revision."""
    if kind == "sqlite":
        opened = open_database(DatabaseConfig(), str(folder / "old.db"))
        fill(opened)
        yield opened
        opened.close()
        return
    if find_mariadb() is None:
        pytest.skip("MariaDB is not installed")
    with running_mariadb(folder) as url:
        opened = open_database(DatabaseConfig(url=url), "")
        fill(opened)
        yield opened
        opened.close()


@pytest.fixture(params=["sqlite", "mariadb"])
def old_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of the last revision that knew consent of customers alone."""
    with filled_database(request.param, tmp_path, _fill) as opened:
        yield opened


def _upgrade_to(database: Database, config: Config, revision: str) -> None:
    with database.connection() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()


def upgrade(database: Database, revision: str) -> None:
    """Bring an empty database, or one of an earlier revision, to this one."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    _upgrade_to(database, config, "0005")
    config.attributes["cipher"] = open_test_vault(database)
    _upgrade_to(database, config, revision)


def _fill(database: Database) -> None:
    upgrade(database, "0018")
    with database.connection() as connection:
        for who, allowed in (("free", True), ("not", False)):
            insert_row(connection, "customers", id=f"cus_{who}", language_model_allowed=allowed)
            insert_row(connection, "issues", id=f"iss_{who}", customer_id=f"cus_{who}")
            insert_row(connection, "knowledge_proposals", id=f"prp_{who}", issue_id=f"iss_{who}")
            insert_row(connection, "articles", id=f"art_{who}", source_issue_ids=json.dumps([f"iss_{who}"]))
        insert_row(connection, "articles", id="art_both", source_issue_ids=json.dumps(["iss_free", "iss_not"]))
        insert_row(connection, "articles", id="art_own", source_issue_ids="[]")
        connection.commit()


def insert_row(connection: Connection, table: str, **given: object) -> None:
    """A row with these values, and with anything that fits in the columns that must have one."""
    row = dict(given)
    for column in inspect(connection).get_columns(table):
        name, kind = column["name"], str(column["type"]).upper()
        if name not in row and not column["nullable"] and column["default"] is None:
            row[name] = NOW if "DATE" in kind else 1 if kind.startswith(("INT", "BOOL", "TINY", "FLOAT")) else "[]"
    names = ", ".join(row)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{name}' for name in row)})"), row)


def test_articles_and_proposals_take_over_the_consent_of_their_customers(old_database: Database) -> None:
    migrate(old_database, lambda: open_test_vault(old_database))

    with old_database.read() as session:
        allowed = {
            row.id: bool(row.allowed)
            for table in ("articles", "knowledge_proposals")
            for row in session.execute(text(f"SELECT id, language_model_allowed AS allowed FROM {table}"))
        }
    assert allowed == {
        "art_free": True, "art_not": False, "art_both": False, "art_own": True, "prp_free": True, "prp_not": False,
    }  # fmt: skip
