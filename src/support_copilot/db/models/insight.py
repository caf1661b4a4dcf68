"""What the copilot worked out: analyses, corrections, suggestions, summaries."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from support_copilot.db.models.base import Base, table_options
from support_copilot.db.types import Id, JsonValue, LongText, UtcDateTime


class Analysis(Base):
    """One panel as it was shown; the newest of an issue is the present one."""

    __tablename__ = "analyses"
    __table_args__ = table_options(
        Index("ix_analyses_issue_id_created_at", "issue_id", "created_at"),
        Index("ix_analyses_created_at", "created_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    issue_id: Mapped[str] = mapped_column(ForeignKey("issues.id"))
    panel: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    #: How many messages the issue had; a larger count now means that the panel is out of date.
    message_count: Mapped[int] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Correction(Base):
    """A person's word against the model's, kept for learning and used at once."""

    __tablename__ = "corrections"
    __table_args__ = table_options(
        Index("ix_corrections_issue_id_part", "issue_id", "part"),
        Index("ix_corrections_part_created_at", "part", "created_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    issue_id: Mapped[str] = mapped_column(ForeignKey("issues.id"))
    part: Mapped[str] = mapped_column(String(40))
    value: Mapped[Any] = mapped_column(JsonValue)
    predicted: Mapped[Any | None] = mapped_column(JsonValue)
    model: Mapped[str | None] = mapped_column(String(120))
    note: Mapped[str | None] = mapped_column(LongText)
    created_by: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Suggestion(Base):
    """A drafted reply with its sources and checks, and what the agent did with it."""

    __tablename__ = "suggestions"
    __table_args__ = table_options(
        Index("ix_suggestions_issue_id_created_at", "issue_id", "created_at"),
        Index("ix_suggestions_created_at", "created_at"),
        Index("ix_suggestions_template_id", "template_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    issue_id: Mapped[str] = mapped_column(ForeignKey("issues.id"))
    template_id: Mapped[str | None] = mapped_column(ForeignKey("templates.id"))
    template_version: Mapped[int | None] = mapped_column()
    request: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    context: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    text: Mapped[str] = mapped_column(LongText)
    citations: Mapped[list[Any]] = mapped_column(JsonValue)
    checks: Mapped[list[Any]] = mapped_column(JsonValue)
    engine: Mapped[str] = mapped_column(String(120))
    usage: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    duration_ms: Mapped[float] = mapped_column()
    #: How many messages the issue had; a larger count now means that the draft is stale.
    message_count: Mapped[int] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(String(20))
    final_text: Mapped[str | None] = mapped_column(LongText)
    #: 0 (sent as it was) to 1 (nothing of it left).
    edit_distance: Mapped[float | None] = mapped_column()
    outcome_reason: Mapped[str | None] = mapped_column(LongText)
    outcome_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Summary(Base):
    __tablename__ = "summaries"
    __table_args__ = table_options(Index("ix_summaries_issue_id_kind_created_at", "issue_id", "kind", "created_at"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    issue_id: Mapped[str] = mapped_column(ForeignKey("issues.id"))
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id"))
    #: resolution or handover.
    kind: Mapped[str] = mapped_column(String(20))
    #: [{"name", "lines": [{"text", "message_ids": […]}]}]
    sections: Mapped[list[Any]] = mapped_column(JsonValue)
    text: Mapped[str] = mapped_column(LongText)
    engine: Mapped[str] = mapped_column(String(120))
    #: Why the offline engine wrote it, for people.
    engine_note: Mapped[str | None] = mapped_column(String(300))
    #: How many messages were read; a larger count now means that the summary is out of date.
    message_count: Mapped[int] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
