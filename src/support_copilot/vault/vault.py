"""The vault: AES-256-GCM under rotating data keys (Tink), blind indexes and signatures under separate ones."""

import hmac
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog
import tink
from sqlalchemy.exc import IntegrityError

from support_copilot.backends.master_key.port import MasterKey
from support_copilot.db.engine import Database
from support_copilot.kit.errors import AppError
from support_copilot.vault.generations import (
    ACTIVE,
    RETIRED,
    Generation,
    insert_generation,
    list_generations,
    make_keys,
    register_primitives,
    unwrap,
)

_log = structlog.get_logger("support_copilot.vault")
#: A Tink ciphertext begins with a version byte and the 4 bytes of its key's id.
_KEY_ID: Final = slice(1, 5)
_INDEX_BYTES: Final = 16
_SIGNATURE_BYTES: Final = 32


class UnreadableError(AppError):
    """A ciphertext was altered, belongs elsewhere, or its key is gone."""

    code, title = "unreadable_value", "A stored value cannot be decrypted"


@dataclass(frozen=True, slots=True)
class _Ring:
    by_key_id: dict[bytes, Generation]
    #: Newest first, the one that is written with before all.
    looked_up: tuple[Generation, ...]
    writing: Generation


class Vault:
    """Encrypts, decrypts, indexes and signs; safe from any thread.

    Every value is bound to a ``purpose`` (``table.attribute``, or the name of a use) and a ``context`` (the id of
    the row or thing it belongs to): under any other it does not decrypt. What is kept longer than until the next key
    rotation must be an encrypted column (``db/sealed.py``), because only those are moved to the new key.
    """

    def __init__(self, database: Database, master: MasterKey, *, refresh_s: float) -> None:
        register_primitives()
        self._database = database
        self._master = master
        self._refresh_s = refresh_s
        self._lock = threading.Lock()
        self._read_at = 0.0
        self._ring = self._load({})

    def encrypt(self, purpose: str, plaintext: bytes, context: str) -> bytes:
        """Encrypt with the key in force; 33 bytes longer than the plaintext, different each time."""
        sealed: bytes = self._fresh().writing.data.encrypt(plaintext, _bound(purpose, context))
        return sealed

    def decrypt(self, purpose: str, sealed: bytes, context: str) -> bytes:
        """What ``encrypt`` was given.

        Raises:
            UnreadableError: altered, made for another purpose or context, or its key is gone.
        """
        key_id = sealed[_KEY_ID]
        generation = self._fresh().by_key_id.get(key_id) or self._reloaded().by_key_id.get(key_id)
        if generation is None:
            raise UnreadableError
        try:
            plaintext: bytes = generation.data.decrypt(sealed, _bound(purpose, context))
        except tink.TinkError:
            raise UnreadableError from None
        return plaintext

    def blind_indexes(self, purpose: str, value: str) -> list[bytes]:
        """Keyed hashes (16 bytes) that the value may be stored under: the first is the one to store, all are looked up.

        There are several only while keys are being rotated.
        """
        return [_prf(generation, f"index\0{purpose}\0{value}", _INDEX_BYTES) for generation in self._fresh().looked_up]

    def sign(self, purpose: str, message: str) -> bytes:
        """A keyed hash of 32 bytes over a message that is handed out and comes back."""
        return _prf(self._fresh().writing, f"signature\0{purpose}\0{message}", _SIGNATURE_BYTES)

    def verify(self, purpose: str, message: str, signature: bytes) -> bool:
        """Whether ``sign`` made this signature, under any key that is not destroyed; takes as long if it did not.

        A rotation leaves the keys before it for the next one to destroy, so nobody's signature is void
        because of a rotation that happens meanwhile.
        """
        signed = f"signature\0{purpose}\0{message}"
        made = [_prf(generation, signed, _SIGNATURE_BYTES) for generation in self._fresh().by_key_id.values()]
        return sum(hmac.compare_digest(one, signature) for one in made) > 0

    @property
    def master_key(self) -> MasterKey:
        """What the data keys are wrapped by."""
        return self._master

    def is_current(self, sealed: bytes) -> bool:
        """Whether a ciphertext is under the key in force."""
        return sealed[_KEY_ID] == self._ring.writing.key_id

    def generation_of(self, sealed: bytes) -> int | None:
        """The number of the generation that a ciphertext is under, None when its key is gone."""
        generation = self._ring.by_key_id.get(sealed[_KEY_ID])
        return generation.number if generation else None

    def reload(self) -> None:
        """Learn at once what another step changed about the keys."""
        self._reloaded()

    def _fresh(self) -> _Ring:
        """The keys, never staler than ``refresh_s``: a rotation counts on every process knowing them by then."""
        if time.monotonic() - self._read_at < self._refresh_s:
            return self._ring
        return self._reloaded()

    def _reloaded(self) -> _Ring:
        asked_at = time.monotonic()
        with self._lock:
            if self._read_at < asked_at:
                self._ring = self._load(self._ring.by_key_id)
            return self._ring

    def _load(self, known: dict[bytes, Generation]) -> _Ring:
        begun_at = time.monotonic()
        # Not from the pool: this thread may hold a session already, and threads that wait for each other's never end.
        with self._database.read_aside() as session:
            rows = list_generations(session)
        have = {generation.number: generation for generation in known.values()}
        ring = [
            Generation(row.generation, row.state, old.key_id, old.data, old.index)
            if (old := have.get(row.generation))
            else unwrap(row, self._master)
            for row in rows
        ]
        writing = next(generation for generation in ring if generation.state == ACTIVE)
        others = sorted((g for g in ring if g.state not in (ACTIVE, RETIRED)), key=lambda g: -g.number)
        self._read_at = begun_at
        return _Ring({g.key_id: g for g in ring}, (writing, *others), writing)


def open_vault(database: Database, master: MasterKey, *, refresh_s: float, clock: Callable[[], datetime]) -> Vault:
    """Open the data keys of a database, drawing the first ones when it has none, and let its rows use them.

    Raises:
        MasterKeyError: the master key is not the one that this database was encrypted with.
        MasterKeyUnavailableError: the key management service does not answer.
    """
    register_primitives()
    if not has_keys(database):
        keys = make_keys(master, 1)
        try:
            with database.transaction() as session:
                insert_generation(session, 1, ACTIVE, keys, master.id, now=clock())
            _log.info("vault.keys.created", master_key=master.id)
        except IntegrityError:
            pass  # another process was first; its keys are read now
    vault = Vault(database, master, refresh_s=refresh_s)
    database.use_cipher(vault)
    return vault


def has_keys(database: Database) -> bool:
    """Whether the database has data keys already."""
    with database.read() as session:
        return bool(list_generations(session))


def _bound(purpose: str, context: str) -> bytes:
    return f"{purpose}\0{context}".encode()


def _prf(generation: Generation, message: str, length: int) -> bytes:
    digest: bytes = generation.index.primary().compute(message.encode(), length)
    return digest
