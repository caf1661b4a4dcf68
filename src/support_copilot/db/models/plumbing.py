"""Tables no person looks at: searchable documents, jobs (the outbox), idempotency keys, counters."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from support_copilot.db.models.base import Base, Timestamped, table_options
from support_copilot.db.types import Blob, Id, JsonValue, LongText, UtcDateTime


class SearchDocument(Base):
    """The truth behind the search index: text and vector of everything that can be found.

    ``seq`` comes from the counter ``search_documents``, taken in the same transaction, so its order is the
    order of commits; an index is caught up by reading upwards from the last ``seq`` it knows.
    """

    __tablename__ = "search_documents"
    __table_args__ = table_options(
        Index("ix_search_documents_seq", "seq", unique=True),
        Index("ix_search_documents_vector_model_id", "vector_model", "id"),
    )

    #: The id of the issue, article or template.
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    seq: Mapped[int] = mapped_column(BigInteger)
    title: Mapped[str] = mapped_column(String(500))
    body: Mapped[str] = mapped_column(LongText)
    filters: Mapped[dict[str, str]] = mapped_column(JsonValue, default=dict)
    #: float16 little-endian, and the model that made it; both empty until the text has been embedded.
    vector: Mapped[bytes | None] = mapped_column(Blob)
    vector_model: Mapped[str | None] = mapped_column(String(80))
    deleted: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Counter(Base):
    """A number that only rises; its row is locked until the transaction that raised it ends."""

    __tablename__ = "counters"
    __table_args__ = table_options()

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)


class Job(Timestamped, Base):
    """Work to be done at least once, written in the transaction of the change that asks for it."""

    __tablename__ = "jobs"
    __table_args__ = table_options(
        Index("ix_jobs_status_run_at", "status", "run_at"),
        Index("ix_jobs_dedupe_key", "dedupe_key", unique=True),
        Index("ix_jobs_created_at_id", "created_at", "id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    #: slice.verb
    name: Mapped[str] = mapped_column(String(80))
    payload: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    #: queued, running, done or buried.
    status: Mapped[str] = mapped_column(String(20))
    run_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    max_attempts: Mapped[int] = mapped_column()
    #: While it is running: who has it, and until when; past that, anyone may take it again.
    leased_by: Mapped[str | None] = mapped_column(String(80))
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: While set, a second job with the same key is not added; cleared when the job ends.
    dedupe_key: Mapped[str | None] = mapped_column(String(190))
    #: Name of the error class and its code, never its text.
    last_error: Mapped[str | None] = mapped_column(LongText)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class IdempotencyKey(Base):
    """Remembers which record a create with this key made; the answer is rebuilt from the record."""

    __tablename__ = "idempotency_keys"
    __table_args__ = table_options(Index("ix_idempotency_keys_created_at", "created_at"))

    scope: Mapped[str] = mapped_column(String(120), primary_key=True)
    key: Mapped[str] = mapped_column(String(190), primary_key=True)
    #: SHA-256 of the request body: the same key with another body is refused.
    fingerprint: Mapped[str] = mapped_column(String(64))
    resource_id: Mapped[str] = mapped_column(Id)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
