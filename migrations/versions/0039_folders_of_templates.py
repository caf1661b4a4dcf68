"""Folders of templates, and drafts found by the template that they were made from"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    op.add_column("templates", sa.Column("folder", sa.String(80), nullable=True))
    op.create_index("ix_suggestions_template_id", "suggestions", ["template_id"])
