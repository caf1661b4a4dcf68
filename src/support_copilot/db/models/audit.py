"""The audit trail: rows that are only ever added, each sealed by a hash over itself and the one before."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from support_copilot.db.models.base import Base, table_options
from support_copilot.db.types import Id, JsonValue, UtcDateTime


class AuditEntry(Base):
    """Who did what, when, from where. Triggers refuse UPDATE and DELETE; ``identity/audit_chain.py`` finds the rest.

    ``seq`` comes from the counter ``audit_events``, taken last in the transaction of the change, so it has no gaps.
    """

    __tablename__ = "audit_events"
    __table_args__ = table_options(
        Index("ix_audit_events_id", "id", unique=True),
        Index("ix_audit_events_occurred_at", "occurred_at"),
        Index("ix_audit_events_actor_seq", "actor", "seq"),
        Index("ix_audit_events_target_seq", "target", "seq"),
        Index("ix_audit_events_action_seq", "action", "seq"),
    )

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(Id)
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: slice.verb, in the past tense.
    action: Mapped[str] = mapped_column(String(80))
    #: done, refused or failed.
    outcome: Mapped[str] = mapped_column(String(20))
    #: user, key, job or local, and the id of that one; empty when nobody was signed in.
    actor_kind: Mapped[str | None] = mapped_column(String(20))
    actor: Mapped[str | None] = mapped_column(String(64))
    #: Id of the record, or the word for a whole kind of records.
    target: Mapped[str | None] = mapped_column(String(64))
    #: Code of why it was refused or failed.
    reason: Mapped[str | None] = mapped_column(String(80))
    #: Names of all fields that changed; values of those that hold nothing personal are in ``before`` and ``after``.
    changed: Mapped[list[str]] = mapped_column(JsonValue)
    before: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    after: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    #: http, job or process.
    via: Mapped[str] = mapped_column(String(10))
    address: Mapped[str | None] = mapped_column(String(45))
    user_agent: Mapped[str | None] = mapped_column(String(200))
    request_id: Mapped[str | None] = mapped_column(String(64))
    #: SHA-256, in hexadecimal.
    hash: Mapped[str] = mapped_column(String(64))


class AuditCheckpoint(Base):
    """Seals a beginning of the trail that was removed when its time was over: the chain goes on from ``hash``."""

    __tablename__ = "audit_checkpoints"
    __table_args__ = table_options()

    through_seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime)
