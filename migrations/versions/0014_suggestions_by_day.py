"""Suggestions by the day they were made, for reports"""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_index("ix_suggestions_created_at", "suggestions", ["created_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_suggestions_created_at", "suggestions")
