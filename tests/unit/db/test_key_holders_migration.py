"""Keys from before it was kept who was shown them: it was whoever made them, or made the key that made them."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from support_copilot.db.config import DatabaseConfig
from support_copilot.db.engine import Database, open_database
from support_copilot.kit.text import shorten
from tests.conftest import open_test_vault
from tests.unit.db.test_consent_migration import MIGRATIONS

NOW = "2026-01-01 00:00:00"
MAKERS = {
    "key_a": "usr_ada",
    "key_b": "key_a",
    "key_c": "key_b",
    "key_local": "local",
    "key_x": "key_y",
    "key_y": "key_x",
    "key_self": "key_self",
}
#: What the trail says of those that had rotated themselves.
CREATED = {"key_self": "usr_bea", "key_x": "key_a"}


def _upgrade(database: Database, config: Config, revision: str) -> None:
    with database.connection() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()


def _holders(database: Database) -> dict[str, str | None]:
    with database.connection() as connection:
        rows = connection.execute(text("SELECT key_id, shown_to FROM api_key_secrets"))
        return {row.key_id: row.shown_to for row in rows}


def _insert(database: Database, table: str, rows: list[dict[str, object]]) -> None:
    """Rows with what is given, and something empty in each other column that must not be NULL."""
    with database.connection() as connection:
        needed = {
            row.name: {"BIGINT": 0, "INTEGER": 0, "JSON": "[]", "DATETIME": NOW}.get(row.type.partition("(")[0], "")
            for row in connection.execute(
                text(f"SELECT name, type FROM pragma_table_info('{table}') WHERE \"notnull\"")
            )
        }
        for number, row in enumerate(rows):
            whole = (
                needed | ({"seq": number, "hash": str(number)} if "seq" in needed else {}) | {"id": str(number)} | row
            )
            names, values = ", ".join(whole), ", ".join(f":{name}" for name in whole)
            connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), whole)
        connection.commit()


def test_each_secret_is_given_to_the_person_behind_it(tmp_path: Path) -> None:
    database, config = open_database(DatabaseConfig(), str(tmp_path / "old.db")), Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    _upgrade(database, config, "0005")
    config.attributes["cipher"] = open_test_vault(database)
    _upgrade(database, config, "0025")
    with database.connection() as connection:
        for key, maker in MAKERS.items():
            of_key = {"key": key, "maker": maker, "now": NOW}
            connection.execute(
                text(
                    "INSERT INTO api_keys (id, name, role, hint, created_by, version, created_at, updated_at) "
                    "VALUES (:key, 'n', 'admin', 'h', :maker, 1, :now, :now)"
                ),
                of_key,
            )
            row = "INSERT INTO api_key_secrets (hash, key_id, created_at) VALUES (:key, :key, :now)"
            connection.execute(text(row), of_key)
        connection.commit()

    _upgrade(database, config, "0026")

    assert _holders(database) == {
        "key_a": "usr_ada", "key_b": "usr_ada", "key_c": "usr_ada", "key_local": None, "key_x": None, "key_y": None,
        "key_self": None,
    }  # fmt: skip

    _upgrade(database, config, "0029")
    trail = [{"action": "key.created", "target": key, "actor": actor} for key, actor in CREATED.items()]
    _insert(database, "audit_events", trail)
    long = "The printer of the warehouse prints blank labels " * 8
    _insert(database, "issues", [{"id": "iss_1", "subject": "Other"}, {"id": "iss_2", "subject": long}])
    cut = shorten(long, 300)
    _insert(database, "incidents", [{"id": "inc_1", "title": cut}, {"id": "inc_2", "title": "Said by hand…"}])
    links = [("inc_1", "iss_1"), ("inc_1", "iss_2")]
    _insert(database, "incident_links", [{"incident_id": incident, "issue_id": issue} for incident, issue in links])

    _upgrade(database, config, "0030")

    # Of a ring the trail knows one beginning, and so the person behind both.
    assert _holders(database) == {
        "key_a": "usr_ada", "key_b": "usr_ada", "key_c": "usr_ada", "key_local": None, "key_x": "usr_ada",
        "key_y": "usr_ada", "key_self": "usr_bea",
    }  # fmt: skip
    with database.connection() as connection:
        titles = {row.id: row.title_of for row in connection.execute(text("SELECT id, title_of FROM incidents"))}
    database.close()
    assert titles == {"inc_1": "iss_2", "inc_2": None}
