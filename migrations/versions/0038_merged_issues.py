"""Issues that are merged into another one"""

import sqlalchemy as sa
from alembic import op

from support_copilot.db.types import Id, JsonValue

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    op.add_column("issues", sa.Column("merged_into_id", Id, nullable=True))
    op.add_column("issues", sa.Column("merge_record", JsonValue, nullable=True))
    op.create_index("ix_issues_merged_into_id", "issues", ["merged_into_id"])
