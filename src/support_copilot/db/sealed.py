"""Encrypted columns: used like plain attributes, sealed when their row is written, bound to table, column and row.

A model mixes in ``SealedRow``, keeps the ciphertext in a column of type ``Sealed``, and names the plain side::

    class Customer(SealedRow, Base):
        email_sealed: Mapped[bytes | None] = mapped_column(Sealed)
        email = EncryptedText("email_sealed", index="email_index", normalise=normal_email)

Reading ``customer.email`` decrypts; assigning marks the row changed, and the next flush encrypts. A ciphertext put
into another row or column does not decrypt there. Queries cannot compare the plain side: they look up by the blind
index, with the values of ``session.blind_indexes``.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, Generic, Protocol, TypeVar, cast

from sqlalchemy import Connection, Dialect, LargeBinary, TypeDecorator, event, inspect
from sqlalchemy.dialects import mysql
from sqlalchemy.orm import QueryContext, Session, UOWTransaction, object_mapper

_CIPHER = "cipher"
_WRITTEN = "written"


class FieldCipher(Protocol):
    """What the database needs of the vault (``vault/vault.py`` documents it)."""

    def encrypt(self, purpose: str, plaintext: bytes, context: str) -> bytes: ...

    def decrypt(self, purpose: str, sealed: bytes, context: str) -> bytes: ...

    def blind_indexes(self, purpose: str, value: str) -> list[bytes]: ...


class Sealed(TypeDecorator[bytes]):
    """A ciphertext of up to 16 MiB. Refuses anything that has not been encrypted."""

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect):  # type: ignore[no-untyped-def]  # generic over every dialect's type
        if dialect.name in ("mysql", "mariadb"):
            return dialect.type_descriptor(mysql.MEDIUMBLOB())
        return dialect.type_descriptor(LargeBinary())

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        if value is not None and not isinstance(value, bytes):
            raise TypeError("only a ciphertext may be written to a sealed column")
        return value


class BlindIndex(TypeDecorator[bytes]):
    """A keyed hash of 16 bytes, by which an encrypted value is found without being readable."""

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect):  # type: ignore[no-untyped-def]  # generic over every dialect's type
        if dialect.name in ("mysql", "mariadb"):
            return dialect.type_descriptor(mysql.BINARY(16))
        return dialect.type_descriptor(LargeBinary(16))


class _Clear:
    """A value on its way to be encrypted; shows nothing of itself."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


T = TypeVar("T")
Normaliser = Callable[[str], str | None]


class _Encrypted(ABC, Generic[T]):
    """The plain side of a sealed column.

    Args:
        column: name of the mapped attribute that holds the ciphertext.
        index: name of the mapped attribute that holds the blind index, where the value is looked up exactly.
        normalise: brings equal values to one form before they are indexed; None leaves a value out of the index.
    """

    def __init__(self, column: str, *, index: str | None = None, normalise: Normaliser | None = None) -> None:
        self.column = column
        self.index = index
        self._normalise = normalise
        self.name = column

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __set__(self, row: "SealedRow", value: T) -> None:
        setattr(row, self.column, None if self.is_empty(value) else _Clear(value))

    def __eq__(self, other: object) -> bool:
        raise TypeError(f"{self.name} is encrypted: look it up by its blind index")

    __hash__ = object.__hash__

    def plain(self, row: "SealedRow") -> Any:
        held = getattr(row, self.column)
        if held is None:
            return None
        return held.value if isinstance(held, _Clear) else self.decode(row.unsealed(self.name, held))

    def seal(self, row: "SealedRow", cipher: FieldCipher) -> bool:
        """Encrypt what was assigned since the last time; whether there was anything."""
        held = getattr(row, self.column)
        if held is None and self.index is not None and getattr(row, self.index) is not None:
            setattr(row, self.index, None)
        if held is None:
            return bool(inspect(row).attrs[self.column].history.deleted)
        if not isinstance(held, _Clear):
            return False
        setattr(row, self.column, cipher.encrypt(row.purpose(self.name), self.encode(held.value), row.row_id()))
        if self.index is not None:
            normal = self._normalise(held.value) if self._normalise else str(held.value)
            keys = cipher.blind_indexes(row.purpose(self.name), normal) if normal else [None]
            setattr(row, self.index, keys[0])
        return True

    def is_empty(self, value: T) -> bool:
        return value is None

    @abstractmethod
    def encode(self, value: Any) -> bytes:
        """The bytes that are encrypted."""

    @abstractmethod
    def decode(self, plaintext: bytes) -> Any:
        """What ``encode`` was given."""


class EncryptedText(_Encrypted[str | None]):
    """A text or None."""

    def __get__(self, row: "SealedRow | None", owner: type) -> str | None:
        return cast("str | None", self if row is None else self.plain(row))

    def encode(self, value: Any) -> bytes:
        return str(value).encode()

    def decode(self, plaintext: bytes) -> str:
        return plaintext.decode()


class EncryptedBytes(_Encrypted[bytes | None]):
    """Bytes or None: keys and seeds."""

    def __get__(self, row: "SealedRow | None", owner: type) -> bytes | None:
        return cast("bytes | None", self if row is None else self.plain(row))

    def encode(self, value: Any) -> bytes:
        return bytes(value)

    def decode(self, plaintext: bytes) -> bytes:
        return plaintext


class EncryptedJson(_Encrypted[dict[str, Any]]):
    """A JSON object; an empty one is kept as NULL. To change it, assign a new one."""

    def __get__(self, row: "SealedRow | None", owner: type) -> dict[str, Any]:
        return cast("dict[str, Any]", self if row is None else self.plain(row) or {})

    def is_empty(self, value: dict[str, Any]) -> bool:
        return not value

    def encode(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

    def decode(self, plaintext: bytes) -> Any:
        return json.loads(plaintext)


class SealedRow:
    """Mixed into models that have encrypted columns."""

    def unsealed(self, name: str, ciphertext: bytes) -> bytes:
        cipher = self.__dict__.get(_CIPHER)
        if cipher is None:
            raise RuntimeError("this row was read from a database that was opened without its keys")
        plaintext: bytes = cipher.decrypt(self.purpose(name), ciphertext, self.row_id())
        return plaintext

    def purpose(self, name: str) -> str:
        """What a ciphertext is bound to beside its row: ``table.attribute``."""
        return f"{object_mapper(self).local_table.description}.{name}"

    def row_id(self) -> str:
        """The primary key, which must be known before the row is written."""
        key = object_mapper(self).primary_key_from_instance(self)
        if any(part is None for part in key):
            raise RuntimeError("a row with encrypted columns needs its id before it is written")
        return "|".join(str(part) for part in key)

    def seal(self, cipher: FieldCipher) -> list[str]:
        """Encrypt all that was assigned; returns the names of what was."""
        self.__dict__[_CIPHER] = cipher
        return [field.name for field in encrypted_fields(type(self)) if field.seal(self, cipher)]

    def write_lookups(
        self, connection: Connection, cipher: FieldCipher, changed: Sequence[str], *, is_new: bool
    ) -> None:
        """Called in the same transaction after encrypted attributes were written, for tables that find the row."""

    def reseal(self) -> None:
        """Have everything encrypted anew by the next flush, under the key in force; nothing, when a part is unreadable.

        Raises:
            UnreadableError: no key opens one of the values.
        """
        plain = {field: field.plain(self) for field in encrypted_fields(type(self))}
        for field, value in plain.items():
            if value is not None:
                setattr(self, field.column, _Clear(value))


def encrypted_fields(model: type) -> Sequence[_Encrypted[Any]]:
    """The encrypted attributes of a model."""
    return [value for owner in model.__mro__ for value in vars(owner).values() if isinstance(value, _Encrypted)]


def cipher_info(cipher: FieldCipher | None) -> dict[Any, Any]:
    """For ``Session(info=…)``: what its rows are sealed and read with."""
    return {_CIPHER: cipher}


def cipher_of(session: Session) -> FieldCipher:
    """The cipher of a session.

    Raises:
        RuntimeError: the database was opened without its keys.
    """
    cipher = session.info.get(_CIPHER)
    if cipher is None:
        raise RuntimeError("this database was opened without its keys")
    return cast("FieldCipher", cipher)


class SealingSession(Session):
    """A session that encrypts on the way in and decrypts on the way out."""


@event.listens_for(SealedRow, "load", propagate=True)
def _give_cipher(row: SealedRow, context: QueryContext) -> None:
    row.__dict__[_CIPHER] = context.session.info.get(_CIPHER)


@event.listens_for(SealingSession, "before_flush")
def _seal(session: Session, _context: UOWTransaction, _instances: object) -> None:
    new = session.new
    for row in (*new, *session.dirty):
        if isinstance(row, SealedRow) and (changed := row.seal(cipher_of(session))):
            session.info.setdefault(_WRITTEN, []).append((row, changed, row in new))


@event.listens_for(SealingSession, "after_flush")
def _write_lookups(session: Session, _context: UOWTransaction) -> None:
    for row, changed, is_new in session.info.pop(_WRITTEN, []):
        row.write_lookups(session.connection(), cipher_of(session), changed, is_new=is_new)
