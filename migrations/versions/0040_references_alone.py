"""Issues and customers found by their id at another desk alone"""

from alembic import op

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    op.create_index("ix_issues_external_id", "issues", ["external_id"])
    op.create_index("ix_customers_external_id", "customers", ["external_id"])
