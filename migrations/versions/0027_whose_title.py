"""Which issue the title of an incident is from"""

import sqlalchemy as sa
from alembic import op

from support_copilot.db.types import Id

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.add_column("incidents", sa.Column("title_of", Id, nullable=True))
    op.create_index("ix_incidents_title_of", "incidents", ["title_of"])
    op.execute(
        "UPDATE incidents SET title_of = (SELECT MIN(i.id) FROM incident_links l JOIN issues i ON i.id = l.issue_id"
        " WHERE l.incident_id = incidents.id AND SUBSTR(i.subject, 1, 300) = incidents.title)"
    )
