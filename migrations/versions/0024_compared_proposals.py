"""What proposals in the words of a model are compared by"""

import sqlalchemy as sa
from alembic import op

from support_copilot.db.types import LongText

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.add_column("knowledge_proposals", sa.Column("compared", LongText, nullable=True))
