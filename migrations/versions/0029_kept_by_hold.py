"""Whom records under a legal hold still name after an erasure"""

import sqlalchemy as sa
from alembic import op

from support_copilot.db.sealed import Sealed

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    op.add_column("privacy_requests", sa.Column("person_sealed", Sealed(), nullable=True))
