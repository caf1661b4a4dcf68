"""Whether the reply of a draft has its signature already"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.add_column("drafts", sa.Column("without_signature", sa.Boolean(), nullable=True))
