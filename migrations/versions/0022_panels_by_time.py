"""Find the panels of the last seconds, of which open pages are told"""

from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_index("ix_analyses_created_at", "analyses", ["created_at"])
