"""Whom notes name, and whether they have seen it"""

import sqlalchemy as sa
from alembic import op

from support_copilot.db.types import MYSQL_OPTIONS, Id, UtcDateTime

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    op.create_table(
        "note_mentions",
        sa.Column("message_id", Id, nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("issue_id", Id, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_note_mentions_issue_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_note_mentions_message_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_note_mentions_user_id")),
        sa.PrimaryKeyConstraint("message_id", "user_id", name=op.f("pk_note_mentions")),
        **MYSQL_OPTIONS,
    )
    op.create_index("ix_note_mentions_issue_id", "note_mentions", ["issue_id"], unique=False)
    op.create_index("ix_note_mentions_user_id_read_at", "note_mentions", ["user_id", "read_at"], unique=False)


def downgrade() -> None:
    op.drop_table("note_mentions")
