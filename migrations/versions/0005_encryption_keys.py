"""Encryption keys"""

import sqlalchemy as sa
from alembic import op

from support_copilot.db.types import MYSQL_OPTIONS, UtcDateTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "encryption_keys",
        sa.Column("generation", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("master_key_id", sa.String(length=200), nullable=False),
        sa.Column("data_key", sa.LargeBinary(), nullable=False),
        sa.Column("index_key", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("generation", name=op.f("pk_encryption_keys")),
        **MYSQL_OPTIONS,
    )
