"""Why a summary was written by the offline engine"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("summaries", sa.Column("engine_note", sa.String(length=300), nullable=True))
