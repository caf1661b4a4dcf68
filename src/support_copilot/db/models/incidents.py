"""Incidents: what several issues have in common, kept by people."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from support_copilot.db.models.base import Base, Versioned, table_options
from support_copilot.db.types import Id, UtcDateTime


class Incident(Versioned, Base):
    """One cause behind several issues; there is none without an issue."""

    __tablename__ = "incidents"
    __table_args__ = table_options(
        Index("ix_incidents_status_created_at", "status", "created_at"), Index("ix_incidents_title_of", "title_of")
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    title: Mapped[str] = mapped_column(String(300))
    #: Id of the issue whose words the title has, also after it was taken out; None: it has those of whoever wrote it.
    title_of: Mapped[str | None] = mapped_column(Id)
    #: open or closed.
    status: Mapped[str] = mapped_column(String(20))
    #: Id of the user or key that made it.
    created_by: Mapped[str] = mapped_column(String(64))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class IncidentLink(Base):
    """That an issue belongs to an incident; to one open incident at most."""

    __tablename__ = "incident_links"
    __table_args__ = table_options(
        UniqueConstraint("incident_id", "issue_id"), Index("ix_incident_links_issue_id", "issue_id")
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    incident_id: Mapped[str] = mapped_column(ForeignKey("incidents.id"))
    issue_id: Mapped[str] = mapped_column(ForeignKey("issues.id"))
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class IncidentReply(Base):
    """That an issue was given a reply of its incident; gone when the reply is taken back or withheld."""

    __tablename__ = "incident_replies"
    __table_args__ = table_options(Index("ix_incident_replies_link_id", "link_id"))

    #: The id under which it waited.
    reply_id: Mapped[str] = mapped_column(Id, primary_key=True)
    link_id: Mapped[str] = mapped_column(ForeignKey("incident_links.id", ondelete="CASCADE"))
    #: Id of the user or key that sent it.
    replied_by: Mapped[str] = mapped_column(String(64))
    replied_at: Mapped[datetime] = mapped_column(UtcDateTime)
