"""Customers: the people and companies who write in. What says who they are is encrypted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    ForeignKey,
    Index,
    Numeric,
    String,
    UniqueConstraint,
    delete,
    insert,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from support_copilot.db.models.base import Base, Versioned, table_options
from support_copilot.db.sealed import (
    BlindIndex,
    EncryptedJson,
    EncryptedText,
    FieldCipher,
    Sealed,
    SealedRow,
)
from support_copilot.db.types import MYSQL_OPTIONS, Id, UtcDateTime
from support_copilot.kit.contact import beginnings, normal_email, normal_phone, words_of

WORDS_PURPOSE = "customers.words"


@dataclass(frozen=True, slots=True)
class KnownAs:
    """What one record calls a person."""

    name: str | None
    email: str | None
    phone: str | None
    external_id: str | None


#: Attributes that name the company somebody writes for, the likeliest first.
COMPANY_ATTRIBUTES = ("company", "organisation", "organization", "shop")


class Customer(SealedRow, Versioned, Base):
    __tablename__ = "customers"
    __table_args__ = table_options(
        UniqueConstraint("external_source", "external_id"),
        Index("ix_customers_email_index", "email_index"),
        Index("ix_customers_phone_index", "phone_index"),
        Index("ix_customers_created_at_id", "created_at", "id"),
        Index("ix_customers_plan", "plan"),
        Index("ix_customers_external_id", "external_id"),
        Index("ix_customers_merged_into_id", "merged_into_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name_sealed: Mapped[bytes | None] = mapped_column(Sealed)
    email_sealed: Mapped[bytes | None] = mapped_column(Sealed)
    email_index: Mapped[bytes | None] = mapped_column(BlindIndex)
    phone_sealed: Mapped[bytes | None] = mapped_column(Sealed)
    phone_index: Mapped[bytes | None] = mapped_column(BlindIndex)
    plan: Mapped[str | None] = mapped_column(String(60))
    value_amount: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    value_currency: Mapped[str | None] = mapped_column(String(3))
    language: Mapped[str | None] = mapped_column(String(12))
    notes_sealed: Mapped[bytes | None] = mapped_column(Sealed)
    attributes_sealed: Mapped[bytes | None] = mapped_column(Sealed)
    external_source: Mapped[str | None] = mapped_column(String(60))
    external_id: Mapped[str | None] = mapped_column(String(190))
    #: The person's word on having a language model read what they write; False keeps every such call from happening.
    language_model_allowed: Mapped[bool] = mapped_column(default=True, server_default=true())
    #: When the person was taken out of this record and its issues; what is left is about nobody.
    anonymized_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The customer that this one is a second record of; never one that is merged itself. No foreign key: they are
    #: erased together.
    merged_into_id: Mapped[str | None] = mapped_column(Id)
    merge_record_sealed: Mapped[bytes | None] = mapped_column(Sealed)
    also_known_sealed: Mapped[bytes | None] = mapped_column(Sealed)

    name = EncryptedText("name_sealed")
    #: Lower-cased, so that one address is one customer.
    email = EncryptedText("email_sealed", index="email_index", normalise=normal_email)
    phone = EncryptedText("phone_sealed", index="phone_index", normalise=normal_phone)
    notes = EncryptedText("notes_sealed")
    attributes = EncryptedJson("attributes_sealed")
    #: Of a merged one: into whom, by whom, when, and which fields of that record were empty and are filled from here.
    merge_record = EncryptedJson("merge_record_sealed")
    #: What the records that are merged into this one call the person, by their ids: ``filling.renew_known``.
    also_known = EncryptedJson("also_known_sealed")

    @property
    def company(self) -> str | None:
        """For whom the person writes, where an attribute says so and it is not the name itself."""
        found = self.told_company
        return found if found != self.name else None

    @company.setter
    def company(self, company: str | None) -> None:
        """Goes where the company stands already; with None the record names none any more."""
        attributes = dict(self.attributes)
        held = [name for name in COMPANY_ATTRIBUTES if isinstance(told := attributes.get(name), str) and told.strip()]
        if company is None:
            attributes = {name: value for name, value in attributes.items() if name not in held}
        else:
            attributes[held[0] if held else COMPANY_ATTRIBUTES[0]] = company
        if attributes != self.attributes:
            self.attributes = attributes

    @property
    def told_company(self) -> str | None:
        """What an attribute names as company, also where it is the name of the record."""
        return company_of(self.attributes)

    @property
    def known_as(self) -> tuple[KnownAs, ...]:
        """What the person is called, here first and then by the records that are merged into this one."""
        own = KnownAs(self.name, self.email, self.phone, self.external_id)
        return (own, *(KnownAs(**each) for each in self.also_known.values()))

    def write_lookups(
        self, connection: Connection, cipher: FieldCipher, changed: Sequence[str], *, is_new: bool
    ) -> None:
        if not {"name", "email", "attributes"}.intersection(changed):
            return
        if not is_new:
            connection.execute(delete(CustomerWord).where(CustomerWord.customer_id == self.id))
        tokens = word_tokens(cipher, self.name, self.email, self.told_company)
        rows = [{"token": token, "customer_id": self.id} for token in tokens]
        if rows:
            connection.execute(insert(CustomerWord), rows)


class CustomerWord(Base):
    """Keyed hashes of the beginnings of words in a customer's name, address and company: what finds them when typed."""

    __tablename__ = "customer_words"
    __table_args__ = (
        Index("ix_customer_words_customer_id", "customer_id"),
        {**MYSQL_OPTIONS, "sqlite_with_rowid": False},
    )

    token: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True)


def company_of(attributes: Mapping[str, Any]) -> str | None:
    """The company that the attributes of a customer name."""
    known = (attributes.get(name) for name in COMPANY_ATTRIBUTES)
    return next((value.strip() for value in known if isinstance(value, str) and value.strip()), None)


def found_by(name: str | None, email: str | None, company: str | None) -> list[str]:
    """The words that a customer is found by; a long name leaves room for the company."""
    return [*words_of(f"{name or ''} {email or ''}"), *words_of(company or "")]


def word_tokens(cipher: FieldCipher, name: str | None, email: str | None, company: str | None) -> set[int]:
    """The tokens that a customer is stored under."""
    stored = {part for word in found_by(name, email, company) for part in beginnings(word)}
    return {token_of(cipher.blind_indexes(WORDS_PURPOSE, part)[0]) for part in stored}


def token_of(blind_index: bytes) -> int:
    """The first 64 bits of a blind index, as the signed number that is stored."""
    return int.from_bytes(blind_index[:8], "big", signed=True)
