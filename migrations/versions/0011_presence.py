"""Who is looking at an issue just now"""

import sqlalchemy as sa
from alembic import op

from support_copilot.db.types import MYSQL_OPTIONS, Id, UtcDateTime

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "presence",
        sa.Column("issue_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_presence_issue_id")),
        sa.ForeignKeyConstraint(["person_id"], ["users.id"], name=op.f("fk_presence_person_id")),
        sa.PrimaryKeyConstraint("issue_id", "person_id", name=op.f("pk_presence")),
        **MYSQL_OPTIONS,
    )
    op.create_index("ix_presence_seen_at", "presence", ["seen_at"], unique=False)


def downgrade() -> None:
    op.drop_table("presence")
