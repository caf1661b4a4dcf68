"""Addresses of other programs that are told what happened, and what became of telling them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from support_copilot.db.models.base import Base, Versioned, table_options
from support_copilot.db.sealed import EncryptedText, Sealed, SealedRow
from support_copilot.db.types import Id, JsonValue, UtcDateTime


class WebhookEndpoint(SealedRow, Versioned, Base):
    """An address that is told of events. It is encrypted like the secret: many carry a token of their own."""

    __tablename__ = "webhook_endpoints"
    __table_args__ = table_options(Index("ix_webhook_endpoints_created_at_id", "created_at", "id"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    url_sealed: Mapped[bytes | None] = mapped_column(Sealed)
    #: Names of events, as ``webhooks.events`` has them.
    events: Mapped[list[str]] = mapped_column(JsonValue)
    #: Off by a person: nothing is written down for it.
    enabled: Mapped[bool] = mapped_column()
    #: Stopped by the product, with the code of the reason: what happens meanwhile is held for it.
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_reason: Mapped[str | None] = mapped_column(String(40))
    #: Tries in a row that failed, since when, and until when it is left alone.
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rests_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    secret_sealed: Mapped[bytes | None] = mapped_column(Sealed)
    #: The secret before, which signs beside the new one until the overlap is over.
    previous_secret_sealed: Mapped[bytes | None] = mapped_column(Sealed)
    previous_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_by: Mapped[str] = mapped_column(String(64))

    url = EncryptedText("url_sealed")
    secret = EncryptedText("secret_sealed")
    previous_secret = EncryptedText("previous_secret_sealed")


class WebhookDelivery(Base):
    """One event for one endpoint, and how telling it went. No foreign key to the endpoint: events of all requests
    would wait for each other at its row."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = table_options(
        Index("ix_webhook_deliveries_endpoint_id_created_at_id", "endpoint_id", "created_at", "id"),
        Index("ix_webhook_deliveries_endpoint_id_status", "endpoint_id", "status"),
        Index("ix_webhook_deliveries_issue_id", "issue_id"),
        Index("ix_webhook_deliveries_created_at", "created_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    endpoint_id: Mapped[str] = mapped_column(Id)
    #: The same for every endpoint and every try: receivers know by it what they have had.
    event_id: Mapped[str] = mapped_column(Id)
    event: Mapped[str] = mapped_column(String(40))
    #: None: a test.
    issue_id: Mapped[str | None] = mapped_column(ForeignKey("issues.id"))
    #: Ids and states; nobody's words.
    data: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: waiting, held, delivered or failed.
    status: Mapped[str] = mapped_column(String(20))
    #: Rises with each job that is to send it: a job of an earlier round has nothing to do.
    round: Mapped[int] = mapped_column(default=1)
    attempts: Mapped[int] = mapped_column(default=0)
    #: The newest tries: {"at", "status_code", "duration_ms", "error"}; never what the other side answered.
    tries: Mapped[list[dict[str, Any]]] = mapped_column(JsonValue, default=list)
    next_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: After it nothing is tried any more.
    deadline_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Code of why the last try failed, or of why there is none.
    error: Mapped[str | None] = mapped_column(String(40))
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
