"""Reply templates, knowledge articles, and the proposals that wait for a person's review."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from support_copilot.db.models.base import Base, Versioned, table_options
from support_copilot.db.types import Id, JsonValue, LongText, UtcDateTime


class Template(Versioned, Base):
    __tablename__ = "templates"
    __table_args__ = table_options(
        UniqueConstraint("external_source", "external_id"),
        Index("ix_templates_created_at_id", "created_at", "id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    title: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(LongText)
    category: Mapped[str | None] = mapped_column(String(80))
    #: Where people look for it; the copilot does not.
    folder: Mapped[str | None] = mapped_column(String(80))
    language: Mapped[str] = mapped_column(String(12))
    tone: Mapped[str | None] = mapped_column(String(20))
    tags: Mapped[list[str]] = mapped_column(JsonValue, default=list)
    #: What makes it a macro: tags that the issue gets with the reply, and what the issue becomes then.
    add_tags: Mapped[list[str] | None] = mapped_column(JsonValue)
    then_status: Mapped[str | None] = mapped_column(String(20))
    active: Mapped[bool] = mapped_column(default=True)
    #: Outcome figures: drafts made from it, and what became of them.
    used_count: Mapped[int] = mapped_column(default=0)
    accepted_count: Mapped[int] = mapped_column(default=0)
    edited_count: Mapped[int] = mapped_column(default=0)
    rejected_count: Mapped[int] = mapped_column(default=0)
    external_source: Mapped[str | None] = mapped_column(String(60))
    external_id: Mapped[str | None] = mapped_column(String(190))


class Article(Versioned, Base):
    __tablename__ = "articles"
    __table_args__ = table_options(
        UniqueConstraint("external_source", "external_id"),
        Index("ix_articles_status_created_at", "status", "created_at"),
        Index("ix_articles_created_at_id", "created_at", "id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    title: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(LongText)
    category: Mapped[str | None] = mapped_column(String(80))
    language: Mapped[str] = mapped_column(String(12))
    tags: Mapped[list[str]] = mapped_column(JsonValue, default=list)
    #: draft, published or archived; only published articles are found by guidance.
    status: Mapped[str] = mapped_column(String(20))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Issues whose newer fix speaks against this article: [{"issue_id", "resolution_id", "reason", "noted_at"}].
    contradictions: Mapped[list[Any]] = mapped_column(JsonValue, default=list)
    source_issue_ids: Mapped[list[str]] = mapped_column(JsonValue, default=list)
    #: Whether models may be given its text: not while words of a customer who does not want that may stand in it.
    language_model_allowed: Mapped[bool] = mapped_column(default=True, server_default=true())
    external_source: Mapped[str | None] = mapped_column(String(60))
    external_id: Mapped[str | None] = mapped_column(String(190))


class ArticleVersion(Base):
    """A text that an article had before it was replaced; who replaced it, when and why."""

    __tablename__ = "article_versions"
    __table_args__ = table_options(
        UniqueConstraint("article_id", "version"), Index("ix_article_versions_replaced_at", "replaced_at")
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    article_id: Mapped[str] = mapped_column(ForeignKey("articles.id"))
    #: The article's version that had this text last.
    version: Mapped[int] = mapped_column()
    title: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(LongText)
    category: Mapped[str | None] = mapped_column(String(80))
    language: Mapped[str] = mapped_column(String(12))
    tags: Mapped[list[str]] = mapped_column(JsonValue, default=list)
    status: Mapped[str] = mapped_column(String(20))
    contradictions: Mapped[list[Any]] = mapped_column(JsonValue, default=list)
    source_issue_ids: Mapped[list[str]] = mapped_column(JsonValue, default=list)
    language_model_allowed: Mapped[bool] = mapped_column()
    replaced_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: The name of the person or program; None for an import.
    replaced_by: Mapped[str | None] = mapped_column(String(200))
    #: edited, approved, taken_back, restored or imported.
    how: Mapped[str] = mapped_column(String(20))
    note: Mapped[str | None] = mapped_column(String(300))
    #: What was approved or taken back; no foreign key, since proposals go with their issue and texts stay.
    proposal_id: Mapped[str | None] = mapped_column(Id)


class Proposal(Versioned, Base):
    """A suggested new article, or a change to one (``article_id``), found in a solved issue."""

    __tablename__ = "knowledge_proposals"
    __table_args__ = table_options(
        Index("ix_knowledge_proposals_status_created_at", "status", "created_at"),
        UniqueConstraint("issue_id", "resolution_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    article_id: Mapped[str | None] = mapped_column(ForeignKey("articles.id"))
    #: The article's version that it was made from; once it is approved, the one that it made.
    article_version: Mapped[int | None] = mapped_column()
    issue_id: Mapped[str] = mapped_column(ForeignKey("issues.id"))
    resolution_id: Mapped[str | None] = mapped_column(ForeignKey("resolutions.id"))
    title: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(LongText)
    category: Mapped[str | None] = mapped_column(String(80))
    language: Mapped[str] = mapped_column(String(12))
    tags: Mapped[list[str]] = mapped_column(JsonValue, default=list)
    #: Why it was proposed, in words, and how like the nearest article is (0..1).
    reason: Mapped[str] = mapped_column(LongText)
    likeness: Mapped[float | None] = mapped_column()
    #: What the customer of the issue allowed when it was drafted.
    language_model_allowed: Mapped[bool] = mapped_column(default=True, server_default=true())
    #: What wrote it, and for people why the offline engine did; None where that was not noted yet.
    engine: Mapped[str | None] = mapped_column(String(120))
    engine_note: Mapped[str | None] = mapped_column(String(300))
    #: What the offline engine would have written, while it waits: equal fixes are told by it, whatever a model wrote.
    compared: Mapped[str | None] = mapped_column(LongText)
    #: pending, approved or rejected.
    status: Mapped[str] = mapped_column(String(20))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(String(200))
    decision_note: Mapped[str | None] = mapped_column(LongText)


class TemplateUse(Base):
    """That a reply which was sent holds what somebody put in from a template; drafts of Copilot are in suggestions."""

    __tablename__ = "template_uses"
    __table_args__ = table_options(
        Index("ix_template_uses_template_id", "template_id"), Index("ix_template_uses_issue_id", "issue_id")
    )

    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    template_id: Mapped[str] = mapped_column(ForeignKey("templates.id"), primary_key=True)
    issue_id: Mapped[str] = mapped_column(ForeignKey("issues.id"))
    #: accepted: sent as it was; edited.
    outcome: Mapped[str] = mapped_column(String(20))


class ReplyRule(Base):
    """What becomes of a sentence that breaks a rule for replies; rules without a row keep their default."""

    __tablename__ = "reply_rules"
    __table_args__ = table_options()

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: withhold, flag or off.
    action: Mapped[str] = mapped_column(String(20))
    #: Words of the desk's own; only of the rule ``words``.
    words: Mapped[list[str]] = mapped_column(JsonValue)
    updated_by: Mapped[str] = mapped_column(String(64))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
