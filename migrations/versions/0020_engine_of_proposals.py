"""What wrote a proposed article, and why the offline engine did"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.add_column("knowledge_proposals", sa.Column("engine", sa.String(length=120), nullable=True))
    op.add_column("knowledge_proposals", sa.Column("engine_note", sa.String(length=300), nullable=True))
