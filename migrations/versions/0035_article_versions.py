"""The texts that articles had before"""

import sqlalchemy as sa
from alembic import op

from support_copilot.db.types import MYSQL_OPTIONS, Id, JsonValue, LongText, UtcDateTime

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    op.create_table(
        "article_versions",
        sa.Column("id", Id, nullable=False),
        sa.Column("article_id", Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("body", LongText, nullable=False),
        sa.Column("category", sa.String(length=80), nullable=True),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("tags", JsonValue, nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("contradictions", JsonValue, nullable=False),
        sa.Column("source_issue_ids", JsonValue, nullable=False),
        sa.Column("language_model_allowed", sa.Boolean(), nullable=False),
        sa.Column("replaced_at", UtcDateTime(), nullable=False),
        sa.Column("replaced_by", sa.String(length=200), nullable=True),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=True),
        sa.Column("proposal_id", Id, nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_article_versions_article_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_versions")),
        sa.UniqueConstraint("article_id", "version", name=op.f("uq_article_versions_article_id_version")),
        **MYSQL_OPTIONS,
    )
    op.create_index("ix_article_versions_replaced_at", "article_versions", ["replaced_at"])
