"""The desk of an agent: snoozed issues, drafts, replies that wait to be sent"""

import sqlalchemy as sa
from alembic import op

from support_copilot.db.types import MYSQL_OPTIONS, Id, LongText, UtcDateTime

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("issues", sa.Column("snoozed_until", UtcDateTime(), nullable=True))
    op.create_index("ix_issues_assignee_status", "issues", ["assignee", "status"], unique=False)
    op.create_table(
        "drafts",
        sa.Column("id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("issue_id", Id, nullable=False),
        sa.Column("reply", LongText, nullable=False),
        sa.Column("note", LongText, nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_drafts_issue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("person_id", "issue_id", name=op.f("uq_drafts_person_id_issue_id")),
        **MYSQL_OPTIONS,
    )
    op.create_index("ix_drafts_issue_id", "drafts", ["issue_id"], unique=False)
    op.create_table(
        "queued_messages",
        sa.Column("id", Id, nullable=False),
        sa.Column("issue_id", Id, nullable=False),
        sa.Column("body", LongText, nullable=False),
        sa.Column("then_status", sa.String(length=20), nullable=True),
        sa.Column("author_name", sa.String(length=200), nullable=True),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("send_at", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_queued_messages_issue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queued_messages")),
        **MYSQL_OPTIONS,
    )
    op.create_index("ix_queued_messages_issue_id", "queued_messages", ["issue_id"], unique=False)


def downgrade() -> None:
    op.drop_table("queued_messages")
    op.drop_table("drafts")
    op.drop_index("ix_issues_assignee_status", table_name="issues")
    op.drop_column("issues", "snoozed_until")
