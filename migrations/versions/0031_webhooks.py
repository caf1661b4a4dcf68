"""Addresses of other programs that are told what happened"""

import sqlalchemy as sa
from alembic import op

from support_copilot.db.sealed import Sealed
from support_copilot.db.types import MYSQL_OPTIONS, Id, JsonValue, UtcDateTime

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", Id, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("url_sealed", Sealed(), nullable=True),
        sa.Column("events", JsonValue, nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("paused_at", UtcDateTime(), nullable=True),
        sa.Column("paused_reason", sa.String(40), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", UtcDateTime(), nullable=True),
        sa.Column("rests_until", UtcDateTime(), nullable=True),
        sa.Column("secret_sealed", Sealed(), nullable=True),
        sa.Column("previous_secret_sealed", Sealed(), nullable=True),
        sa.Column("previous_until", UtcDateTime(), nullable=True),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoints")),
        **MYSQL_OPTIONS,
    )
    op.create_index("ix_webhook_endpoints_created_at_id", "webhook_endpoints", ["created_at", "id"])
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", Id, nullable=False),
        sa.Column("endpoint_id", Id, nullable=False),
        sa.Column("event_id", Id, nullable=False),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("issue_id", Id, nullable=True),
        sa.Column("data", JsonValue, nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tries", JsonValue, nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("deadline_at", UtcDateTime(), nullable=False),
        sa.Column("error", sa.String(40), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_webhook_deliveries_issue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        **MYSQL_OPTIONS,
    )
    table = "webhook_deliveries"
    op.create_index("ix_webhook_deliveries_endpoint_id_created_at_id", table, ["endpoint_id", "created_at", "id"])
    op.create_index("ix_webhook_deliveries_endpoint_id_status", table, ["endpoint_id", "status"])
    op.create_index("ix_webhook_deliveries_issue_id", table, ["issue_id"])
    op.create_index("ix_webhook_deliveries_created_at", table, ["created_at"])
