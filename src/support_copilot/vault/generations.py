"""Generations of data keys: made, wrapped, read, and moved through their states.

``pending``: every process can read what is under it and looks it up, none writes with it yet.
``active``: the one that is written with. ``retiring``: values are still under it and are being moved.
``retired``: no value is under it any more; kept for one more rotation, in case a process wrote late, then destroyed.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

import tink
from sqlalchemy import delete, select, update
from tink import aead, prf, proto_keyset_format

from support_copilot.backends.master_key.port import MasterKey, MasterKeyError
from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import EncryptionKey

PENDING: Final = "pending"
ACTIVE: Final = "active"
RETIRING: Final = "retiring"
RETIRED: Final = "retired"


@dataclass(frozen=True, slots=True)
class Generation:
    """Keys ready for use. ``key_id`` is the 4 bytes by which ciphertexts name their key (Tink's output prefix)."""

    number: int
    state: str
    key_id: bytes
    data: Any
    index: Any


@dataclass(frozen=True, slots=True)
class NewKeys:
    """A fresh pair of keys, wrapped."""

    data_key: bytes
    index_key: bytes


@cache
def register_primitives() -> None:
    """Make Tink's algorithms known, once a process."""
    aead.register()
    prf.register()


def make_keys(master: MasterKey, number: int) -> NewKeys:
    """Draw the keys of a generation and wrap them, with no transaction open: a master key may be a network away.

    Raises:
        MasterKeyError, MasterKeyUnavailableError: the master key cannot be used.
    """
    data = tink.new_keyset_handle(aead.aead_key_templates.AES256_GCM)
    index = tink.new_keyset_handle(prf.prf_key_templates.HMAC_SHA256)
    return NewKeys(_wrap(data, master, "data", number), _wrap(index, master, "index", number))


def insert_generation(
    session: WriteSession, number: int, state: str, keys: NewKeys, master_key_id: str, *, now: datetime
) -> None:
    """Store a generation.

    Raises:
        sqlalchemy.exc.IntegrityError: another process stored this number first.
    """
    session.add(
        EncryptionKey(
            generation=number, state=state, master_key_id=master_key_id, data_key=keys.data_key,
            index_key=keys.index_key, created_at=now,
        )
    )  # fmt: skip
    session.flush()


def list_generations(session: ReadSession) -> list[EncryptionKey]:
    """All generations, oldest first."""
    return list(session.scalars(select(EncryptionKey).order_by(EncryptionKey.generation)))


def unwrap(row: EncryptionKey, master: MasterKey) -> Generation:
    """The generation's keys, ready for use.

    Raises:
        MasterKeyError: another master key wrapped them.
        MasterKeyUnavailableError: the key management service does not answer.
    """
    if row.master_key_id != master.id:
        raise MasterKeyError(
            f"This database was encrypted under the master key {row.master_key_id}, and the settings give "
            f"{master.id}. Give the right one (settings `encryption`): contact data and files cannot be read without."
        )
    data = _unwrap(row.data_key, master, "data", row.generation)
    index = _unwrap(row.index_key, master, "index", row.generation)
    key_id = int(data.keyset_info().primary_key_id).to_bytes(4, "big")
    return Generation(row.generation, row.state, key_id, data.primitive(aead.Aead), index.primitive(prf.PrfSet))


def rewrap(row: EncryptionKey, old: MasterKey, new: MasterKey) -> NewKeys:
    """The generation's keys wrapped by another master key.

    Raises:
        MasterKeyError, MasterKeyUnavailableError: one of the master keys cannot be used.
    """
    return NewKeys(
        _wrap(_unwrap(row.data_key, old, "data", row.generation), new, "data", row.generation),
        _wrap(_unwrap(row.index_key, old, "index", row.generation), new, "index", row.generation),
    )


def change_state(session: WriteSession, old: str, new: str) -> None:
    """Move all generations in one state to another."""
    session.execute(update(EncryptionKey).where(EncryptionKey.state == old).values(state=new))


def destroy_retired(session: WriteSession) -> None:
    """Forget the keys that no value is under."""
    session.execute(delete(EncryptionKey).where(EncryptionKey.state == RETIRED))


def store_wrapped(session: WriteSession, number: int, keys: NewKeys, master_key_id: str) -> None:
    """Keep the keys of a generation as another master key wrapped them."""
    values = {"data_key": keys.data_key, "index_key": keys.index_key, "master_key_id": master_key_id}
    session.execute(update(EncryptionKey).where(EncryptionKey.generation == number).values(values))


def _wrap(handle: tink.KeysetHandle, master: MasterKey, use: str, number: int) -> bytes:
    wrapped: bytes = proto_keyset_format.serialize_encrypted(handle, master, _context(use, number))
    return wrapped


def _unwrap(wrapped: bytes, master: MasterKey, use: str, number: int) -> tink.KeysetHandle:
    return proto_keyset_format.parse_encrypted(wrapped, master, _context(use, number))


def _context(use: str, number: int) -> bytes:
    return f"support-copilot {use} key {number}".encode()
