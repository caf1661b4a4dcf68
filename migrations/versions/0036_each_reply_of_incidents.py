"""Every reply of an incident that an issue has had, not only the newest"""

import sqlalchemy as sa
from alembic import op

from support_copilot.db.types import MYSQL_OPTIONS, Id, UtcDateTime

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    op.create_table(
        "incident_replies",
        sa.Column("reply_id", Id, nullable=False),
        sa.Column("link_id", Id, nullable=False),
        sa.Column("replied_by", sa.String(64), nullable=False),
        sa.Column("replied_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"], ["incident_links.id"], name=op.f("fk_incident_replies_link_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("reply_id", name=op.f("pk_incident_replies")),
        **MYSQL_OPTIONS,
    )
    op.create_index("ix_incident_replies_link_id", "incident_replies", ["link_id"])
    op.execute(
        "INSERT INTO incident_replies (reply_id, link_id, replied_by, replied_at)"
        " SELECT reply_id, id, replied_by, replied_at FROM incident_links"
        " WHERE reply_id IS NOT NULL AND replied_by IS NOT NULL AND replied_at IS NOT NULL"
    )
    op.drop_index("ix_incident_links_reply_id", "incident_links")
    for column in ("reply_id", "replied_by", "replied_at"):
        op.drop_column("incident_links", column)
