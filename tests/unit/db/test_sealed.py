"""Encrypted columns: plain to the program, sealed in the database, bound to their row."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import String, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from support_copilot.db.config import DatabaseConfig
from support_copilot.db.engine import Database, open_database
from support_copilot.db.models import Customer
from support_copilot.db.sealed import EncryptedBytes, Sealed, SealedRow
from support_copilot.vault.vault import UnreadableError

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def add(database: Database, identifier: str, **fields: object) -> None:
    with database.transaction() as session:
        session.add(Customer(id=identifier, created_at=NOW, updated_at=NOW, version=1, **fields))


def read(database: Database, identifier: str) -> Customer:
    with database.read() as session:
        row = session.get(Customer, identifier)
    assert row is not None
    return row


def everything_stored(database: Database) -> str:
    with database.read() as session:
        rows = [
            *session.execute(text("SELECT * FROM customers")),
            *session.execute(text("SELECT * FROM customer_words")),
        ]
    return repr(rows)


def test_contact_fields_come_back_and_lie_sealed(database: Database) -> None:
    fields = {"name": "Ana Kanarie", "email": "ana@kanarie.example", "phone": "+49 30 90182017",
              "notes": "Kanarie notes", "attributes": {"tier": "Kanarie", "seats": 12}}  # fmt: skip
    add(database, "cus_1", **fields)

    row = read(database, "cus_1")

    assert {name: getattr(row, name) for name in fields} == fields
    stored = everything_stored(database).lower()
    assert not [word for word in ("kanarie", "ana@", "90182017", "tier", "seats") if word in stored]


def test_fields_that_are_not_known_stay_empty(database: Database) -> None:
    add(database, "cus_1", name="Ana")

    row = read(database, "cus_1")

    assert (row.email, row.phone, row.notes, row.attributes) == (None, None, None, {})
    assert row.email_sealed is None
    assert row.email_index is None


def test_an_edit_seals_anew_and_moves_the_index(database: Database) -> None:
    add(database, "cus_1", name="Ana", email="ana@example.com", notes="old")
    before = read(database, "cus_1")

    with database.transaction() as session:
        row = session.lock(Customer, "cus_1")
        assert row is not None
        row.email, row.notes, row.attributes = "eva@example.com", None, {"a": 1}

    after = read(database, "cus_1")
    assert (after.name, after.email, after.notes, after.attributes) == ("Ana", "eva@example.com", None, {"a": 1})
    assert after.name_sealed == before.name_sealed
    assert after.email_index != before.email_index
    assert after.notes_sealed is None


def test_an_emptied_value_leaves_the_index(database: Database) -> None:
    add(database, "cus_1", name="Ana", email="ana@example.com")

    with database.transaction() as session:
        row = session.lock(Customer, "cus_1")
        assert row is not None
        row.name, row.email = None, None

    assert read(database, "cus_1").email_index is None
    with database.read() as session:
        assert session.scalar(text("SELECT COUNT(*) FROM customer_words")) == 0


def test_a_ciphertext_moved_to_another_row_or_column_does_not_open(database: Database) -> None:
    add(database, "cus_1", name="Ana", email="ana@example.com")
    add(database, "cus_2", name="Eve", email="eve@example.com")
    with database.transaction() as session:
        stolen = session.scalar(text("SELECT email_sealed FROM customers WHERE id = 'cus_1'"))
        session.execute(text("UPDATE customers SET email_sealed = :s, name_sealed = email_sealed WHERE id = 'cus_2'"),
                        {"s": stolen})  # fmt: skip

    moved = read(database, "cus_2")

    with pytest.raises(UnreadableError):
        _ = moved.email
    with pytest.raises(UnreadableError):
        _ = moved.name


def test_a_clear_value_in_the_database_is_not_believed(database: Database) -> None:
    add(database, "cus_1", name="Ana")
    with database.transaction() as session:
        session.execute(text("UPDATE customers SET name_sealed = :s"), {"s": b"Planted"})

    with pytest.raises(UnreadableError):
        _ = read(database, "cus_1").name


def test_encrypted_columns_cannot_be_compared_in_a_query() -> None:
    with pytest.raises(TypeError, match="blind index"):
        _ = Customer.email == "ana@example.com"


def test_without_keys_nothing_can_be_read_or_written(database: Database, tmp_path: Path) -> None:
    add(database, "cus_1", name="Ana")
    keyless = open_database(DatabaseConfig(url=database.url.render_as_string(hide_password=False)), "")
    try:
        with keyless.read() as session:
            row = session.get(Customer, "cus_1")
        assert row is not None
        with pytest.raises(RuntimeError, match="without its keys"):
            _ = row.name
        with pytest.raises(RuntimeError, match="without its keys"):
            add(keyless, "cus_2", name="Eve")
    finally:
        keyless.close()


def test_a_value_on_its_way_shows_nothing_of_itself(database: Database) -> None:
    row = Customer(id="cus_1", name="Kanarie", email="kanarie@example.com")

    assert "anarie" not in repr(row) + repr(row.__dict__) + str(vars(row))
    assert row.email == "kanarie@example.com"


class _Base(DeclarativeBase):
    """Tables of this test alone."""


class Seed(SealedRow, _Base):
    __tablename__ = "test_seeds"

    owner: Mapped[str] = mapped_column(String(40), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    seed_sealed: Mapped[bytes | None] = mapped_column(Sealed)
    seed = EncryptedBytes("seed_sealed")


def test_secrets_of_bytes_under_a_key_of_several_columns(database: Database) -> None:
    with database.connection() as connection:
        _Base.metadata.create_all(connection)
        connection.commit()
    try:
        with database.transaction() as session:
            session.add(Seed(owner="usr_1", place=2, seed=b"\0secret\xff"))

        with database.read() as session:
            row = session.get(Seed, ("usr_1", 2))
            stored = session.scalar(text("SELECT seed_sealed FROM test_seeds"))
        assert row is not None
        assert row.seed == b"\0secret\xff"
        assert b"secret" not in stored
    finally:
        with database.connection() as connection:
            _Base.metadata.drop_all(connection)
            connection.commit()
