"""Rotation of the data keys: every value moves, every step may be the last one before a crash."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from support_copilot.backends.master_key.file import FileMasterKey
from support_copilot.backends.master_key.port import MasterKeyError
from support_copilot.customers.queries import find_customer, search_customers
from support_copilot.db.engine import Database, WriteSession
from support_copilot.db.models import Customer
from support_copilot.vault.rotation import BATCH, Rotation, key_uses, rewrap_keys, rotate_keys
from support_copilot.vault.vault import Vault, open_vault
from tests.conftest import MASTER_KEY, open_test_vault

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
COUNT = 2 * BATCH + 7


class PowerFailureError(Exception):
    pass


@pytest.fixture
def customers(database: Database, vault: Vault) -> list[str]:
    ids = [f"cus_{number:03}" for number in range(COUNT)]
    with database.transaction() as session:
        session.add_all(
            [
                Customer(
                    id=identifier, name=f"Ana Nr{identifier}", email=f"{identifier}@example.com",
                    phone=f"030 {100000 + n}", notes="likes tea", attributes={"n": n}, version=3,
                    created_at=NOW, updated_at=NOW,
                )
                for n, identifier in enumerate(ids)
            ]
        )  # fmt: skip
    return ids


def rotate(
    database: Database,
    vault: Vault,
    wait: Callable[[], None] = lambda: None,
    report: Callable[[str, int], None] = lambda _table, _rows: None,
    record: Callable[[WriteSession, int], None] = lambda _session, _generation: None,
) -> Rotation:
    return rotate_keys(database, vault, clock=lambda: NOW, wait=wait, report=report, record=record)


def uses(database: Database, vault: Vault) -> list[tuple[int, str, int]]:
    return [(use.generation, use.state, use.values) for use in key_uses(database, vault)]


def assert_all_there(database: Database) -> None:
    with database.read() as session:
        for n in (0, BATCH, COUNT - 1):
            identifier = f"cus_{n:03}"
            row = session.get(Customer, identifier)
            assert row is not None
            assert (row.name, row.phone, row.notes) == (f"Ana Nr{identifier}", f"030 {100000 + n}", "likes tea")
            assert (row.attributes, row.version, row.updated_at) == ({"n": n}, 3, NOW)
            found = find_customer(session, email=f"{identifier}@example.com")
            assert found is not None
            assert found.id == identifier
        assert [row.id for row in search_customers(session, "cus_042", limit=5)] == ["cus_042"]
        assert session.scalar(text("SELECT COUNT(*) FROM customer_words WHERE customer_id = 'cus_001'")) > 0


def test_every_value_moves_and_nothing_else_changes(database: Database, vault: Vault, customers: list[str]) -> None:
    done = rotate(database, vault)

    assert (done.generation, done.moved, done.resumed, done.unreadable) == (2, COUNT, False, ())
    assert uses(database, vault) == [(1, "retired", 0), (2, "active", 5 * COUNT)]
    assert_all_there(database)


def test_a_rotation_is_written_down_with_the_new_key_or_not_at_all(
    database: Database, vault: Vault, customers: list[str]
) -> None:
    def fail(_session: WriteSession, _generation: int) -> None:
        raise PowerFailureError

    with pytest.raises(PowerFailureError):
        rotate(database, vault, record=fail)
    assert [state for _number, state, _count in uses(database, vault)] == ["active", "pending"]

    written: list[int] = []
    rotate(database, vault, record=lambda _session, generation: written.append(generation))
    assert written == [2]


def test_the_next_rotation_destroys_what_the_last_one_emptied(
    database: Database, vault: Vault, customers: list[str]
) -> None:
    rotate(database, vault)
    rotate(database, vault)

    assert [(number, state) for number, state, _count in uses(database, vault)] == [(2, "retired"), (3, "active")]
    assert_all_there(database)


@pytest.mark.parametrize("fails_at", [1, 2])
def test_an_interrupted_rotation_goes_on(database: Database, vault: Vault, customers: list[str], fails_at: int) -> None:
    waits = 0

    def wait() -> None:
        nonlocal waits
        waits += 1
        if waits == fails_at:
            raise PowerFailureError

    with pytest.raises(PowerFailureError):
        rotate(database, vault, wait)
    assert_all_there(database)

    done = rotate(database, open_test_vault(database))

    assert (done.generation, done.moved, done.resumed) == (2, COUNT, True)
    assert uses(database, vault) == [(1, "retired", 0), (2, "active", 5 * COUNT)]
    assert_all_there(database)


def test_a_rotation_interrupted_between_batches_moves_only_the_rest(
    database: Database, vault: Vault, customers: list[str]
) -> None:
    def fail(_table: str, _rows: int) -> None:
        raise PowerFailureError

    with pytest.raises(PowerFailureError):
        rotate(database, vault, report=fail)
    assert [state for _number, state, _count in uses(database, vault)] == ["retiring", "active"]
    assert_all_there(database)

    assert rotate(database, vault).moved == COUNT - BATCH
    assert_all_there(database)


def test_another_process_reads_and_finds_at_every_step(database: Database, vault: Vault, customers: list[str]) -> None:
    other = open_vault(database, MASTER_KEY, refresh_s=1e9, clock=lambda: NOW)
    looked = 0

    def wait() -> None:
        other.reload()  # what waiting waits for
        look()

    def look(*_told: object) -> None:
        nonlocal looked
        looked += 1
        assert_all_there(database)
        sealed = other.encrypt("test.field", b"x", "1")
        assert vault.decrypt("test.field", sealed, "1") == b"x"

    database.use_cipher(other)
    rotate(database, vault, wait, look)

    assert looked >= 5


def test_what_was_written_between_the_passes_is_moved_too(
    database: Database, vault: Vault, customers: list[str]
) -> None:
    slow = open_vault(database, MASTER_KEY, refresh_s=1e9, clock=lambda: NOW)
    written = False

    def write_late(_table: str, _rows: int) -> None:
        nonlocal written
        if not written:
            written = True
            database.use_cipher(slow)
            with database.transaction() as session:
                session.add(Customer(id="cus_0000", name="Late", created_at=NOW, updated_at=NOW, version=1))
            database.use_cipher(vault)

    rotate(database, vault, report=write_late)

    assert uses(database, vault) == [(1, "retired", 0), (2, "active", 5 * COUNT + 1)]


def test_a_row_that_no_key_opens_is_named_and_keeps_the_old_keys(
    database: Database, vault: Vault, customers: list[str]
) -> None:
    with database.transaction() as session:
        session.execute(text("UPDATE customers SET notes_sealed = :s WHERE id = 'cus_007'"), {"s": b"\1nonsense"})

    done = rotate(database, vault)

    assert done.unreadable == ("customers:cus_007",)
    assert done.moved == COUNT - 1
    assert uses(database, vault) == [(1, "retiring", 4), (2, "active", 5 * (COUNT - 1))]


def test_signatures_of_before_hold_until_the_keys_are_destroyed(
    database: Database, vault: Vault, customers: list[str]
) -> None:
    signature = vault.sign("downloads", "att_1")
    held: list[bool] = []

    def look() -> None:
        held.append(vault.verify("downloads", "att_1", signature))

    rotate(database, vault, wait=look)
    look()
    assert held == [True, True, True]

    rotate(database, vault)
    look()
    assert held[-1] is False


def test_the_master_key_can_be_changed(database: Database, vault: Vault, customers: list[str]) -> None:
    rotate(database, vault)
    new = FileMasterKey(b"\7" * 32, Path("new.key"))
    wrapped: list[int] = []

    assert rewrap_keys(database, vault, new, record=lambda _session, count: wrapped.append(count)) == 2

    assert wrapped == [2]
    assert_all_there(database)  # the running process goes on
    open_vault(database, new, refresh_s=1, clock=lambda: NOW)
    assert_all_there(database)
    with pytest.raises(MasterKeyError, match="was encrypted under the master key"):
        open_test_vault(database)
