"""Keys from before it was kept who was shown them: it was whoever made them, or made the key that made them."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from support_copilot.db.config import DatabaseConfig
from support_copilot.db.engine import Database, open_database
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
}


def _upgrade(database: Database, config: Config, revision: str) -> None:
    with database.connection() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
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

    with database.connection() as connection:
        rows = connection.execute(text("SELECT key_id, shown_to FROM api_key_secrets"))
        found = {row.key_id: row.shown_to for row in rows}
    database.close()
    assert found == {
        "key_a": "usr_ada", "key_b": "usr_ada", "key_c": "usr_ada", "key_local": None, "key_x": None, "key_y": None,
    }  # fmt: skip
