"""Requests about one person's data, legal holds, and how long each kind of data is kept."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from support_copilot.db.models.base import Base, Timestamped, table_options
from support_copilot.db.sealed import EncryptedBytes, EncryptedJson, Sealed, SealedRow
from support_copilot.db.types import Id, JsonValue, LongText, UtcDateTime


class PrivacyRequest(SealedRow, Timestamped, Base):
    """An export, anonymization or erasure of one customer. No foreign key: the request outlives the customer."""

    __tablename__ = "privacy_requests"
    __table_args__ = table_options(
        Index("ix_privacy_requests_customer_id_kind", "customer_id", "kind"),
        Index("ix_privacy_requests_created_at_id", "created_at", "id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    #: export, anonymization or erasure.
    kind: Mapped[str] = mapped_column(String(20))
    customer_id: Mapped[str] = mapped_column(Id)
    #: queued, running, done or refused.
    status: Mapped[str] = mapped_column(String(20))
    #: Code of why it was refused.
    reason: Mapped[str | None] = mapped_column(String(80))
    requested_by: Mapped[str] = mapped_column(String(64))
    #: {store: {"removed", "left", "kept_by_hold"}}; ``left`` is there once each store was asked again.
    counts: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict)
    #: Ids that the work still has to look for, while it runs; ids only.
    progress: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict)
    #: Signed (JWS, compact); present when done.
    receipt: Mapped[str | None] = mapped_column(LongText)
    #: An export's file, until it expires.
    blob_key: Mapped[str | None] = mapped_column(String(190))
    file_key_sealed: Mapped[bytes | None] = mapped_column(Sealed)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    #: What the person is known by, while records still name them that a legal hold keeps; otherwise None.
    person_sealed: Mapped[bytes | None] = mapped_column(Sealed)

    file_key = EncryptedBytes("file_key_sealed")
    person = EncryptedJson("person_sealed")


class LegalHold(Base):
    """While it is in force nothing of the customer is erased, anonymized or forgotten by age."""

    __tablename__ = "legal_holds"
    __table_args__ = table_options(
        Index("ix_legal_holds_customer_id", "customer_id"),
        Index("ix_legal_holds_created_at_id", "created_at", "id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    customer_id: Mapped[str] = mapped_column(Id)
    #: A matter's number or name; of the case, not of the person.
    reason: Mapped[str] = mapped_column(String(200))
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    released_by: Mapped[str | None] = mapped_column(String(64))
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RetentionRule(Base):
    """How many days one kind of data is kept; kinds without a row keep their default."""

    __tablename__ = "retention_rules"
    __table_args__ = table_options()

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: None: for good.
    days: Mapped[int | None] = mapped_column()
    updated_by: Mapped[str] = mapped_column(String(64))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PrivacySecret(SealedRow, Base):
    """Keys that must outlive the rotation of others, encrypted: the one of the list of erased customers."""

    __tablename__ = "privacy_secrets"
    __table_args__ = table_options()

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    secret_sealed: Mapped[bytes | None] = mapped_column(Sealed)

    secret = EncryptedBytes("secret_sealed")
