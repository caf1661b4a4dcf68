"""Calls of language models, as they were sent and answered"""

import sqlalchemy as sa
from alembic import op

from support_copilot.db.types import MYSQL_OPTIONS, Id, JsonValue, LongText, UtcDateTime

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "model_calls",
        sa.Column("id", Id, nullable=False),
        sa.Column("issue_id", Id, nullable=True),
        sa.Column("task", sa.String(length=40), nullable=False),
        sa.Column("prompt", sa.String(length=60), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=True),
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("request", JsonValue, nullable=False),
        sa.Column("response", LongText, nullable=False),
        sa.Column("input_tokens", sa.BigInteger(), nullable=False),
        sa.Column("cached_input_tokens", sa.BigInteger(), nullable=False),
        sa.Column("output_tokens", sa.BigInteger(), nullable=False),
        sa.Column("estimated", sa.Boolean(), nullable=False),
        sa.Column("cost_micros", sa.BigInteger(), nullable=False),
        sa.Column("first_token_ms", sa.Float(), nullable=True),
        sa.Column("duration_ms", sa.Float(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_model_calls_issue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_calls")),
        **MYSQL_OPTIONS,
    )
    op.create_index("ix_model_calls_created_at_id", "model_calls", ["created_at", "id"])
    op.create_index("ix_model_calls_issue_id", "model_calls", ["issue_id"])
