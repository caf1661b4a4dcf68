"""Templates that people put into their replies"""

import sqlalchemy as sa
from alembic import op

from support_copilot.db.models.base import MYSQL_OPTIONS
from support_copilot.db.types import Id, JsonValue

revision = "0043"
down_revision = "0041"


def upgrade() -> None:
    op.add_column("queued_messages", sa.Column("made_of", JsonValue, nullable=True))
    op.create_table(
        "template_uses",
        sa.Column("message_id", Id, nullable=False),
        sa.Column("template_id", Id, nullable=False),
        sa.Column("issue_id", Id, nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("message_id", "template_id", name=op.f("pk_template_uses")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_template_uses_message_id")),
        sa.ForeignKeyConstraint(["template_id"], ["templates.id"], name=op.f("fk_template_uses_template_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name=op.f("fk_template_uses_issue_id")),
        **MYSQL_OPTIONS,
    )
    op.create_index("ix_template_uses_template_id", "template_uses", ["template_id"])
    op.create_index("ix_template_uses_issue_id", "template_uses", ["issue_id"])
