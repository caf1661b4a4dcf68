"""What is on the desk of an agent: texts that are not part of the record yet."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from support_copilot.db.models.base import Base, Versioned, table_options
from support_copilot.db.types import Id, JsonValue, LongText, UtcDateTime


class Draft(Base):
    """What one person has begun to write to one issue."""

    __tablename__ = "drafts"
    __table_args__ = table_options(UniqueConstraint("person_id", "issue_id"), Index("ix_drafts_issue_id", "issue_id"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    #: A user's id, or a key's.
    person_id: Mapped[str] = mapped_column(Id)
    issue_id: Mapped[str] = mapped_column(ForeignKey("issues.id"))
    reply: Mapped[str] = mapped_column(LongText)
    note: Mapped[str] = mapped_column(LongText)
    #: The reply has its signature already, or is to have none; NULL: it gets one.
    without_signature: Mapped[bool | None] = mapped_column()
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class QueuedMessage(Base):
    """A reply that is sent at ``send_at`` unless it is taken back before; it is removed when either happens."""

    __tablename__ = "queued_messages"
    __table_args__ = table_options(Index("ix_queued_messages_issue_id", "issue_id"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    issue_id: Mapped[str] = mapped_column(ForeignKey("issues.id"))
    body: Mapped[str] = mapped_column(LongText)
    #: What becomes of the issue once it is sent: pending or resolved; None leaves it as it is.
    then_status: Mapped[str | None] = mapped_column(String(20))
    #: Tags that the issue gets, and files of it that become the message's, once it is sent.
    add_tags: Mapped[list[str] | None] = mapped_column(JsonValue)
    attachment_ids: Mapped[list[str] | None] = mapped_column(JsonValue)
    #: What was put in from templates, as ``template_id`` and ``text``; counted once it is sent.
    made_of: Mapped[list[dict[str, str]] | None] = mapped_column(JsonValue)
    author_name: Mapped[str | None] = mapped_column(String(200))
    #: Id of the user or key that wrote it.
    created_by: Mapped[str] = mapped_column(String(64))
    send_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Presence(Base):
    """That a person has an issue open; their browser says so again every few seconds."""

    __tablename__ = "presence"
    __table_args__ = table_options(Index("ix_presence_seen_at", "seen_at"))

    issue_id: Mapped[str] = mapped_column(ForeignKey("issues.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    #: viewing, replying or left.
    state: Mapped[str] = mapped_column(String(20))
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class NoteMention(Base):
    """That a note names a colleague, from the moment it was stored: nobody who was away then misses it."""

    __tablename__ = "note_mentions"
    __table_args__ = table_options(
        Index("ix_note_mentions_user_id_read_at", "user_id", "read_at"),
        Index("ix_note_mentions_issue_id", "issue_id"),
    )

    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    issue_id: Mapped[str] = mapped_column(ForeignKey("issues.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: When this person opened the issue after it; NULL: not yet.
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ReadingMark(Base):
    """How much of an issue a person has seen, and whether they marked it as unread to come back to it."""

    __tablename__ = "reading_marks"
    __table_args__ = table_options(
        Index("ix_reading_marks_issue_id", "issue_id"),
        Index("ix_reading_marks_updated_at", "updated_at"),
        Index("ix_reading_marks_person_id_unread", "person_id", "unread"),
    )

    person_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    issue_id: Mapped[str] = mapped_column(ForeignKey("issues.id"), primary_key=True)
    #: So many messages.
    seen: Mapped[int] = mapped_column()
    unread: Mapped[bool] = mapped_column()
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ResponseTarget(Base):
    """How fast issues of a severity are to be answered and resolved; NULL: nothing is promised."""

    __tablename__ = "response_targets"
    __table_args__ = table_options()

    severity: Mapped[str] = mapped_column(String(20), primary_key=True)
    first_response_minutes: Mapped[int | None] = mapped_column()
    resolution_minutes: Mapped[int | None] = mapped_column()
    updated_by: Mapped[str] = mapped_column(String(64))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SavedView(Versioned, Base):
    """Filters of the inbox under a name, of one person or for everybody."""

    __tablename__ = "saved_views"
    __table_args__ = table_options(
        Index("ix_saved_views_owner_id", "owner_id"), Index("ix_saved_views_shared", "shared")
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    owner_id: Mapped[str] = mapped_column(Id)
    name: Mapped[str] = mapped_column(String(80))
    shared: Mapped[bool] = mapped_column()
    #: Its place among those of its owner.
    position: Mapped[int] = mapped_column()
    #: As ``issues.saved_views.ViewFilters`` writes them.
    filters: Mapped[dict[str, Any]] = mapped_column(JsonValue)
