"""Whether models may be given an article: not those that stem from issues of customers who do not want that"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from support_copilot.db.types import Id, JsonValue

revision = "0019"
down_revision = "0018"

_TABLES = ("articles", "knowledge_proposals")


def upgrade() -> None:
    for table in _TABLES:
        op.add_column(
            table, sa.Column("language_model_allowed", sa.Boolean(), server_default=sa.true(), nullable=False)
        )
    _withhold_what_stems_from_who_opted_out()


def _withhold_what_stems_from_who_opted_out() -> None:
    articles = _table("articles", sa.column("id", Id), sa.column("source_issue_ids", JsonValue))
    proposals = _table("knowledge_proposals", sa.column("issue_id", Id))
    customers = _table("customers", sa.column("id", Id))
    issues = sa.table("issues", sa.column("id", Id), sa.column("customer_id", Id))
    theirs = (
        sa.select(issues.c.id)
        .join(customers, customers.c.id == issues.c.customer_id)
        .where(~customers.c.language_model_allowed)
    )
    session = op.get_bind()
    session.execute(sa.update(proposals).where(proposals.c.issue_id.in_(theirs)).values(language_model_allowed=False))
    opted_out = set(session.scalars(theirs))
    for row in session.execute(sa.select(articles.c.id, articles.c.source_issue_ids)).all():
        if not opted_out.isdisjoint(row.source_issue_ids):
            session.execute(sa.update(articles).where(articles.c.id == row.id).values(language_model_allowed=False))


def _table(name: str, *columns: sa.ColumnClause[Any]) -> sa.TableClause:
    return sa.table(name, *columns, sa.column("language_model_allowed", sa.Boolean()))
