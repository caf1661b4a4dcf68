"""Keys of encrypted files, in the rows that name them"""

import sqlalchemy as sa
from alembic import op

from support_copilot.db.sealed import Sealed

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    for table in ("attachments", "privacy_requests"):
        op.add_column(table, sa.Column("file_key_sealed", Sealed(), nullable=True))
