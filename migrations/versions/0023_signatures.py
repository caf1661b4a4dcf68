"""What people have put below their replies, and what they are told of"""

import sqlalchemy as sa
from alembic import op

from support_copilot.db.types import JsonValue, LongText

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.add_column("users", sa.Column("signature", LongText, nullable=True))
    op.add_column("users", sa.Column("notifications", JsonValue, nullable=True))
