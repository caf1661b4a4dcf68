"""What goes with a reply: tags and a status of its template, and files"""

import sqlalchemy as sa
from alembic import op

from support_copilot.db.types import Id, JsonValue

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("templates", sa.Column("add_tags", JsonValue, nullable=True))
    op.add_column("templates", sa.Column("then_status", sa.String(length=20), nullable=True))
    op.add_column("queued_messages", sa.Column("add_tags", JsonValue, nullable=True))
    op.add_column("queued_messages", sa.Column("attachment_ids", JsonValue, nullable=True))
    op.add_column("attachments", sa.Column("drafted_by", Id, nullable=True))
