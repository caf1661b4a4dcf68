"""What each person has read, and what they marked as unread"""

import sqlalchemy as sa
from alembic import op

from support_copilot.db.types import MYSQL_OPTIONS, Id, UtcDateTime

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.create_table(
        "reading_marks",
        sa.Column("person_id", Id, nullable=False),
        sa.Column("issue_id", Id, nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("unread", sa.Boolean(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["users.id"], name=op.f("fk_reading_marks_person_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_reading_marks_issue_id")),
        sa.PrimaryKeyConstraint("person_id", "issue_id", name=op.f("pk_reading_marks")),
        **MYSQL_OPTIONS,
    )
    op.create_index("ix_reading_marks_issue_id", "reading_marks", ["issue_id"])
    op.create_index("ix_reading_marks_updated_at", "reading_marks", ["updated_at"])
    op.create_index("ix_reading_marks_person_id_unread", "reading_marks", ["person_id", "unread"])
