"""Issues, their conversations and messages, attachments and resolutions."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from support_copilot.db.models.base import Base, Timestamped, Versioned, table_options
from support_copilot.db.sealed import EncryptedBytes, Sealed, SealedRow
from support_copilot.db.types import Id, JsonValue, LongText, UtcDateTime


class Issue(Versioned, Base):
    __tablename__ = "issues"
    __table_args__ = table_options(
        UniqueConstraint("external_source", "external_id"),
        Index("ix_issues_customer_id_created_at", "customer_id", "created_at"),
        Index("ix_issues_created_at_id", "created_at", "id"),
        Index("ix_issues_updated_at_id", "updated_at", "id"),
        Index("ix_issues_status_created_at", "status", "created_at"),
        Index("ix_issues_resolved_at", "resolved_at"),
        Index("ix_issues_team_id_created_at", "team_id", "created_at"),
        Index("ix_issues_assignee_status", "assignee", "status"),
        Index("ix_issues_rating_risk", "rating_risk"),
        Index("ix_issues_merged_into_id", "merged_into_id"),
        Index("ix_issues_external_id", "external_id"),
        Index("ix_issues_came_by_customer_id", "came_by_customer_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.id"))
    #: The record that is merged into the customer's by which the issue came; empty where it came by the customer's own.
    came_by_customer_id: Mapped[str | None] = mapped_column(Id)
    subject: Mapped[str] = mapped_column(String(500))
    channel: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20))
    #: The severity in force: the model's, until a person says otherwise (``severity_source``).
    severity: Mapped[str | None] = mapped_column(String(20))
    severity_source: Mapped[str | None] = mapped_column(String(20))
    category: Mapped[str | None] = mapped_column(String(80))
    category_source: Mapped[str | None] = mapped_column(String(20))
    language: Mapped[str | None] = mapped_column(String(12))
    language_source: Mapped[str | None] = mapped_column(String(20))
    assignee: Mapped[str | None] = mapped_column(String(200))
    team_id: Mapped[str | None] = mapped_column(ForeignKey("teams.id"))
    #: Until then it is out of sight; a message of the customer brings it back at once.
    snoozed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tags: Mapped[list[str]] = mapped_column(JsonValue, default=list)
    first_response_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The first public message of the customer after the newest reply; empty where there is none, and after an end.
    waiting_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The chance of a bad rating in percent, as the newest analysis or a person said.
    rating_risk: Mapped[int | None] = mapped_column()
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reopened_count: Mapped[int] = mapped_column(default=0)
    rating: Mapped[int | None] = mapped_column()
    rating_comment: Mapped[str | None] = mapped_column(LongText)
    external_source: Mapped[str | None] = mapped_column(String(60))
    external_id: Mapped[str | None] = mapped_column(String(190))
    #: The issue that this one is a duplicate of, which shows its messages; never one that is merged itself. No foreign
    #: key: both go with their customer, in batches.
    merged_into_id: Mapped[str | None] = mapped_column(Id)
    #: What it was before it was merged, so that it can be taken out again, and by whom and when it was merged.
    merge_record: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)


class Conversation(Base):
    """One exchange within an issue: it ends when the issue is resolved; reopening starts the next."""

    __tablename__ = "conversations"
    __table_args__ = table_options(UniqueConstraint("issue_id", "sequence"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    issue_id: Mapped[str] = mapped_column(ForeignKey("issues.id"))
    sequence: Mapped[int] = mapped_column()
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Message(Base):
    __tablename__ = "messages"
    __table_args__ = table_options(
        UniqueConstraint("issue_id", "position"),
        Index("ix_messages_conversation_id", "conversation_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    issue_id: Mapped[str] = mapped_column(ForeignKey("issues.id"))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    #: 0, 1, 2 … within the issue.
    position: Mapped[int] = mapped_column()
    author: Mapped[str] = mapped_column(String(20))
    author_name: Mapped[str | None] = mapped_column(String(200))
    #: Id of the user, key or job that brought it; empty for what was imported.
    created_by: Mapped[str | None] = mapped_column(String(64))
    visibility: Mapped[str] = mapped_column(String(20))
    body: Mapped[str] = mapped_column(LongText)
    #: Sanitised before it is stored.
    body_html: Mapped[str | None] = mapped_column(LongText)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Attachment(SealedRow, Base):
    __tablename__ = "attachments"
    __table_args__ = table_options(Index("ix_attachments_issue_id", "issue_id"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    issue_id: Mapped[str] = mapped_column(ForeignKey("issues.id"))
    message_id: Mapped[str | None] = mapped_column(ForeignKey("messages.id"))
    #: Id of the person in whose draft it waits to be sent.
    drafted_by: Mapped[str | None] = mapped_column(Id)
    #: Which text of that draft it goes with: reply or note.
    drafted_for: Mapped[str | None] = mapped_column(String(10))
    filename: Mapped[str] = mapped_column(String(255))
    #: By content, not by what the sender said.
    content_type: Mapped[str] = mapped_column(String(120))
    size_bytes: Mapped[int] = mapped_column()
    sha256: Mapped[str] = mapped_column(String(64))
    blob_key: Mapped[str] = mapped_column(String(190))
    #: What the file is encrypted with; NULL for one from before files were encrypted.
    file_key_sealed: Mapped[bytes | None] = mapped_column(Sealed)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    file_key = EncryptedBytes("file_key_sealed")

    @property
    def drafted(self) -> str | None:
        # What nobody said goes to colleagues only.
        return (self.drafted_for or "note") if self.drafted_by else None


class Resolution(Timestamped, Base):
    """The fix of one conversation; ``reopened`` says that it did not last."""

    __tablename__ = "resolutions"
    __table_args__ = table_options(Index("ix_resolutions_issue_id_created_at", "issue_id", "created_at"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    issue_id: Mapped[str] = mapped_column(ForeignKey("issues.id"))
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id"))
    text: Mapped[str] = mapped_column(LongText)
    steps: Mapped[list[Any]] = mapped_column(JsonValue, default=list)
    kind: Mapped[str | None] = mapped_column(String(40))
    resolved_in_hours: Mapped[float] = mapped_column()
    reopened: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[str | None] = mapped_column(String(200))
