"""Requests about one person's data, legal holds, retention"""

import sqlalchemy as sa
from alembic import op

from support_copilot.db.sealed import Sealed
from support_copilot.db.types import MYSQL_OPTIONS, Id, JsonValue, LongText, UtcDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "privacy_requests",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=80), nullable=True),
        sa.Column("requested_by", sa.String(length=64), nullable=False),
        sa.Column("counts", JsonValue, nullable=False),
        sa.Column("progress", JsonValue, nullable=False),
        sa.Column("receipt", LongText, nullable=True),
        sa.Column("blob_key", sa.String(length=190), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_requests")),
        **MYSQL_OPTIONS,
    )
    op.create_index("ix_privacy_requests_customer_id_kind", "privacy_requests", ["customer_id", "kind"], unique=False)
    op.create_index("ix_privacy_requests_created_at_id", "privacy_requests", ["created_at", "id"], unique=False)
    op.create_table(
        "legal_holds",
        sa.Column("id", Id, nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("released_by", sa.String(length=64), nullable=True),
        sa.Column("released_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_holds")),
        **MYSQL_OPTIONS,
    )
    op.create_index("ix_legal_holds_customer_id", "legal_holds", ["customer_id"], unique=False)
    op.create_index("ix_legal_holds_created_at_id", "legal_holds", ["created_at", "id"], unique=False)
    op.create_table(
        "retention_rules",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("updated_by", sa.String(length=64), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_retention_rules")),
        **MYSQL_OPTIONS,
    )
    op.create_table(
        "privacy_secrets",
        sa.Column("id", Id, nullable=False),
        sa.Column("secret_sealed", Sealed(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_secrets")),
        **MYSQL_OPTIONS,
    )
    op.add_column("customers", sa.Column("anonymized_at", UtcDateTime(), nullable=True))
    op.add_column(
        "customers", sa.Column("language_model_allowed", sa.Boolean(), nullable=False, server_default=sa.true())
    )
