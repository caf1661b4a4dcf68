"""Customers that are merged into another one, and by which of them an issue came"""

import sqlalchemy as sa
from alembic import op

from support_copilot.db.sealed import Sealed
from support_copilot.db.types import Id

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    op.add_column("customers", sa.Column("merged_into_id", Id, nullable=True))
    op.add_column("customers", sa.Column("merge_record_sealed", Sealed, nullable=True))
    op.add_column("customers", sa.Column("also_known_sealed", Sealed, nullable=True))
    op.create_index("ix_customers_merged_into_id", "customers", ["merged_into_id"])
    op.add_column("issues", sa.Column("came_by_customer_id", Id, nullable=True))
    op.create_index("ix_issues_came_by_customer_id", "issues", ["came_by_customer_id"])
