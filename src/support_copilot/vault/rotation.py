"""Replaces the data keys while the product serves: publish, promote, move every value, retire.

Each step is safe to be killed in and is found again in the states of the keys: running the rotation once more goes on
where it ended. Between the steps it waits until every process must have read the keys anew (``refresh_s``), so that no
process meets a value it cannot read, looks up by a hash that is not stored, or writes under a key being emptied.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapper

from support_copilot.backends.master_key.port import MasterKey
from support_copilot.db.engine import Database, WriteSession
from support_copilot.db.models import Base
from support_copilot.db.sealed import SealedRow, encrypted_fields
from support_copilot.kit.errors import ConflictError
from support_copilot.vault.generations import (
    ACTIVE,
    PENDING,
    RETIRED,
    RETIRING,
    change_state,
    destroy_retired,
    insert_generation,
    list_generations,
    make_keys,
    rewrap,
    store_wrapped,
)
from support_copilot.vault.vault import UnreadableError, Vault

BATCH: Final = 100


class RotationUnderWayError(ConflictError):
    code, title = "rotation_under_way", "Another process is rotating the encryption keys"


@dataclass(frozen=True, slots=True)
class Rotation:
    """What a rotation did: the generation in force, rows moved to it, and whether it went on with an earlier one.

    ``unreadable`` names rows (``table:id``) that no key opens; while there are any, the old keys stay ``retiring``.
    """

    generation: int
    moved: int
    resumed: bool
    unreadable: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyUse:
    """One generation of keys, and how many values are under it."""

    generation: int
    state: str
    master_key_id: str
    created_at: datetime
    values: int


def rotate_keys(
    database: Database,
    vault: Vault,
    *,
    clock: Callable[[], datetime],
    wait: Callable[[], None],
    report: Callable[[str, int], None],
    record: Callable[[WriteSession, int], None],
) -> Rotation:
    """Draw new data keys and move every encrypted value to them, or finish a rotation that was interrupted.

    Args:
        wait: returns when every process has read the keys anew.
        report: told the table and the rows moved in it, batch by batch.
        record: writes the change down, in the transaction by which the generation named comes in force.

    Raises:
        MasterKeyError, MasterKeyUnavailableError: the master key cannot be used.
        RotationUnderWayError: another process began one at the same moment.
    """
    states = _states(database)
    resumed = PENDING in states or RETIRING in states
    if not resumed:
        _publish(database, vault, clock())
    if PENDING in _states(database):
        vault.reload()
        wait()
        _promote(database, record)
    vault.reload()
    wait()
    moved, unreadable = 0, set[str]()
    # A process that was slow may have written under the old key after its row was passed: go on until none is left.
    while moved_now := sum(_move_all(database, vault, unreadable, report)):
        moved += moved_now
    if not unreadable:
        _retire(database)
    vault.reload()
    return Rotation(_states(database)[ACTIVE][-1], moved, resumed, tuple(sorted(unreadable)))


def rewrap_keys(
    database: Database, vault: Vault, new: MasterKey, *, record: Callable[[WriteSession, int], None]
) -> int:
    """Wrap the data keys by another master key; processes go on, and need the new one at their next start.

    Args:
        record: writes the change down in the same transaction, given how many generations were wrapped.

    Returns:
        How many generations were wrapped.

    Raises:
        MasterKeyError, MasterKeyUnavailableError: one of the master keys cannot be used.
        RotationUnderWayError: the data keys changed meanwhile.
    """
    with database.read() as session:
        rows = list_generations(session)
    wrapped = {row.generation: rewrap(row, vault.master_key, new) for row in rows}
    with database.transaction() as session:
        if [row.generation for row in list_generations(session)] != list(wrapped):
            raise RotationUnderWayError
        for number, keys in wrapped.items():
            store_wrapped(session, number, keys, new.id)
        record(session, len(wrapped))
    return len(wrapped)


def key_uses(database: Database, vault: Vault) -> list[KeyUse]:
    """Every generation of keys, oldest first, with the number of values under it; reads all encrypted rows."""
    vault.reload()
    counts: dict[int | None, int] = {}
    for mapper in sealed_mappers():
        for batch in _batches(database, mapper):
            for _key, values in batch:
                for value in values:
                    number = vault.generation_of(value)
                    counts[number] = counts.get(number, 0) + 1
    with database.read() as session:
        rows = list_generations(session)
    return [
        KeyUse(row.generation, row.state, row.master_key_id, row.created_at, counts.get(row.generation, 0))
        for row in rows
    ]


def sealed_mappers() -> list[Mapper[Any]]:
    """The models that have encrypted columns."""
    found = [mapper for mapper in Base.registry.mappers if issubclass(mapper.class_, SealedRow)]
    return sorted(found, key=lambda mapper: str(mapper.local_table.description))


def _states(database: Database) -> dict[str, list[int]]:
    states: dict[str, list[int]] = {}
    with database.read() as session:
        for row in list_generations(session):
            states.setdefault(row.state, []).append(row.generation)
    return states


def _publish(database: Database, vault: Vault, now: datetime) -> None:
    with database.read() as session:
        number = list_generations(session)[-1].generation + 1
    keys = make_keys(vault.master_key, number)
    try:
        with database.transaction() as session:
            insert_generation(session, number, PENDING, keys, vault.master_key.id, now=now)
    except IntegrityError as error:
        raise RotationUnderWayError from error


def _promote(database: Database, record: Callable[[WriteSession, int], None]) -> None:
    with database.transaction() as session:
        pending = [row.generation for row in list_generations(session) if row.state == PENDING]
        if not pending:
            raise RotationUnderWayError
        change_state(session, ACTIVE, RETIRING)
        change_state(session, PENDING, ACTIVE)
        record(session, pending[-1])


def _retire(database: Database) -> None:
    """The keys just emptied are kept for one more rotation; those from before it have been proved empty twice."""
    with database.transaction() as session:
        destroy_retired(session)
        change_state(session, RETIRING, RETIRED)


def _move_all(
    database: Database, vault: Vault, unreadable: set[str], report: Callable[[str, int], None]
) -> Iterator[int]:
    for mapper in sealed_mappers():
        table = str(mapper.local_table.description)
        for batch in _batches(database, mapper):
            old = [
                key
                for key, values in batch
                if not all(vault.is_current(value) for value in values) and _named(table, key) not in unreadable
            ]
            if old:
                failed = _move(database, mapper, old)
                unreadable |= {_named(table, key) for key in failed}
                report(table, len(old) - len(failed))
                yield len(old) - len(failed)


def _move(database: Database, mapper: Mapper[Any], keys: Sequence[Any]) -> list[Any]:
    """Encrypt rows anew, locked first so that nobody's change is written over; returns those that cannot be read."""
    failed = []
    query = select(mapper.class_).where(tuple_(*mapper.primary_key).in_(keys)).with_for_update()
    with database.transaction() as session:
        for row in session.scalars(query):
            try:
                row.reseal()
            except UnreadableError:
                failed.append(tuple(mapper.primary_key_from_instance(row)))
    return failed


def _named(table: str, key: Any) -> str:
    return f"{table}:{'|'.join(str(part) for part in key)}"


def _batches(database: Database, mapper: Mapper[Any]) -> Iterator[list[tuple[Any, list[bytes]]]]:
    """All rows in the order of their keys: primary key, and the encrypted values that there are."""
    primary = tuple_(*mapper.primary_key)
    sealed = [getattr(mapper.class_, field.column) for field in encrypted_fields(mapper.class_)]
    width = len(mapper.primary_key)
    query = select(*mapper.primary_key, *sealed).order_by(*mapper.primary_key).limit(BATCH)
    after: tuple[Any, ...] | None = None
    while True:
        page = query if after is None else query.where(primary > after)
        with database.read() as session:
            rows = session.execute(page).all()
        if not rows:
            return
        yield [(tuple(row[:width]), [value for value in row[width:] if value is not None]) for row in rows]
        after = tuple(rows[-1][:width])
