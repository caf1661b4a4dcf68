"""Which of the two texts of a draft a file goes with"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("attachments", sa.Column("drafted_for", sa.String(length=10), nullable=True))
