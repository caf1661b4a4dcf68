"""Which embedding model serves, which one is being prepared, and the vectors that wait for the change."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from support_copilot.db.models.base import Base, table_options
from support_copilot.db.types import Blob, Id, JsonValue, UtcDateTime


class EmbeddingModel(Base):
    """A model that vectors are made with. At most one serves, and at most one is being prepared."""

    __tablename__ = "embedding_models"
    __table_args__ = table_options()

    #: As ``search_documents.vector_model`` names it.
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    #: serving or preparing.
    state: Mapped[str] = mapped_column(String(20))
    #: The settings it was opened with, without secrets, so that it can be opened again while its successor is prepared.
    settings: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    #: Ending of the name of its index.
    place: Mapped[str] = mapped_column(String(20))
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class NextVector(Base):
    """A vector of the model that is being prepared, or of one that serves since a moment ago."""

    __tablename__ = "search_next_vectors"
    __table_args__ = table_options()

    document_id: Mapped[str] = mapped_column(
        Id, ForeignKey("search_documents.id", ondelete="CASCADE"), primary_key=True
    )
    model: Mapped[str] = mapped_column(String(80), primary_key=True)
    #: float16, little-endian.
    vector: Mapped[bytes] = mapped_column(Blob)
