"""Customers of a database from before encryption: all there afterwards, nothing of them left in the clear."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

import support_copilot
from support_copilot.customers.queries import find_customer, search_customers
from support_copilot.db.config import DatabaseConfig
from support_copilot.db.engine import Database, open_database
from support_copilot.db.migrate import migrate
from support_copilot.db.models import Customer
from tests.conftest import open_test_vault
from tests.servers import find_mariadb, running_mariadb

COUNT = 1200
MIGRATIONS = Path(support_copilot.__file__).parents[2] / "migrations"


@pytest.fixture(params=["sqlite", "mariadb"])
def old_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database at the last revision that kept contact fields in the clear, with customers in it."""
    if request.param == "mariadb" and find_mariadb() is None:
        pytest.skip("MariaDB is not installed")
    if request.param == "sqlite":
        opened = open_database(DatabaseConfig(), str(tmp_path / "old.db"))
        _fill(opened)
        yield opened
        opened.close()
        return
    with running_mariadb(tmp_path) as url:
        opened = open_database(DatabaseConfig(url=url), "")
        _fill(opened)
        yield opened
        opened.close()


def _fill(database: Database) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.connection() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
        connection.execute(
            text(
                "INSERT INTO customers (id, name, email, phone, notes, attributes, version, created_at, updated_at) "
                "VALUES (:id, :name, :email, :phone, :notes, :attributes, 1, '2026-01-01', '2026-01-01')"
            ),
            [
                {
                    "id": f"cus_{number:04}", "name": f"Kanarie Nr{number}", "email": f"kanarie{number}@example.com",
                    "phone": f"+49 30 {100000 + number}", "notes": "Kanarie notes",
                    "attributes": json.dumps({"n": number}),
                }
                for number in range(COUNT)
            ]
            + [{"id": "cus_x", "name": None, "email": None, "phone": None, "notes": None, "attributes": "{}"}],
        )  # fmt: skip
        connection.commit()


def test_existing_customers_are_encrypted_and_found(old_database: Database) -> None:
    migrate(old_database, lambda: open_test_vault(old_database))

    with old_database.read() as session:
        last = session.get(Customer, f"cus_{COUNT - 1:04}")
        empty = session.get(Customer, "cus_x")
        by_address = find_customer(session, email="KANARIE7@example.com")
        by_name = search_customers(session, "kanarie nr712", limit=5)
        by_phone = search_customers(session, "0049 30 100005", limit=5)
    assert last is not None
    assert empty is not None
    assert (last.name, last.email) == (f"Kanarie Nr{COUNT - 1}", f"kanarie{COUNT - 1}@example.com")
    assert (last.phone, last.notes, last.attributes) == (f"+49 30 {101199}", "Kanarie notes", {"n": COUNT - 1})
    assert (empty.name, empty.attributes) == (None, {})
    assert by_address is not None
    assert by_address.id == "cus_0007"
    assert [row.id for row in by_name] == ["cus_0712"]
    assert [row.id for row in by_phone] == ["cus_0005"]


def test_no_byte_of_them_stays_in_the_file(tmp_path: Path) -> None:
    database = open_database(DatabaseConfig(), str(tmp_path / "old.db"))
    _fill(database)

    migrate(database, lambda: open_test_vault(database))
    database.close()

    assert not [path.name for path in tmp_path.iterdir() if b"anarie" in path.read_bytes()]


def test_an_interrupted_migration_goes_on(old_database: Database) -> None:
    class PowerFailureError(Exception):
        pass

    class Failing:
        def __init__(self, calls: int) -> None:
            self._vault, self._calls = open_test_vault(old_database), calls

        def encrypt(self, purpose: str, plaintext: bytes, context: str) -> bytes:
            self._calls -= 1
            if self._calls < 0:
                raise PowerFailureError
            return self._vault.encrypt(purpose, plaintext, context)

        def decrypt(self, purpose: str, sealed: bytes, context: str) -> bytes:
            return self._vault.decrypt(purpose, sealed, context)

        def blind_indexes(self, purpose: str, value: str) -> list[bytes]:
            return self._vault.blind_indexes(purpose, value)

    with pytest.raises(PowerFailureError):
        migrate(old_database, lambda: Failing(3000))

    migrate(old_database, lambda: open_test_vault(old_database))

    with old_database.read() as session:
        first, last = session.get(Customer, "cus_0000"), session.get(Customer, "cus_1199")
        assert first is not None
        assert last is not None
        assert (first.email, last.email) == ("kanarie0@example.com", "kanarie1199@example.com")
