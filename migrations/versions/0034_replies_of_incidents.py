"""Which reply of an incident each of its issues has had"""

import sqlalchemy as sa
from alembic import op

from support_copilot.db.types import Id, UtcDateTime

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.add_column("incident_links", sa.Column("reply_id", Id, nullable=True))
    op.add_column("incident_links", sa.Column("replied_by", sa.String(64), nullable=True))
    op.add_column("incident_links", sa.Column("replied_at", UtcDateTime(), nullable=True))
    op.create_index("ix_incident_links_reply_id", "incident_links", ["reply_id"])
