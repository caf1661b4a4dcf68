"""Which embedding model serves, and vectors of the next one"""

import sqlalchemy as sa
from alembic import op

from support_copilot.db.types import MYSQL_OPTIONS, Blob, Id, JsonValue, UtcDateTime

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "embedding_models",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("settings", JsonValue, nullable=False),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_embedding_models")),
        **MYSQL_OPTIONS,
    )
    op.create_table(
        "search_next_vectors",
        sa.Column("document_id", Id, nullable=False),
        sa.Column("model", sa.String(length=80), nullable=False),
        sa.Column("vector", Blob, nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["search_documents.id"],
            name=op.f("fk_search_next_vectors_document_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document_id", "model", name=op.f("pk_search_next_vectors")),
        **MYSQL_OPTIONS,
    )
