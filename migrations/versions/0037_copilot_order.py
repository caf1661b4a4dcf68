"""Since when a customer waits, how likely a bad rating is, and plans: what lists are ordered and narrowed by"""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from support_copilot.db.types import UtcDateTime

revision = "0037"
down_revision = "0036"

_AT_ONCE = 200
_WAITING = sa.text("""
    UPDATE issues SET waiting_since = (
        SELECT MIN(m.created_at) FROM messages m
        WHERE m.issue_id = issues.id AND m.author = 'customer' AND m.visibility = 'public'
        AND m.position > COALESCE((
            SELECT MAX(r.position) FROM messages r
            WHERE r.issue_id = issues.id AND r.author = 'agent' AND r.visibility = 'public'), -1))
    WHERE status IN ('open', 'pending')""")
_UNENDED = sa.text("SELECT id FROM issues WHERE status IN ('open', 'pending')")
_PANELS = sa.text("SELECT issue_id, panel FROM analyses WHERE issue_id IN :ids ORDER BY created_at, id")
_RISK = sa.text("UPDATE issues SET rating_risk = :risk WHERE id = :id")


def upgrade() -> None:
    op.add_column("issues", sa.Column("waiting_since", UtcDateTime(), nullable=True))
    op.add_column("issues", sa.Column("rating_risk", sa.Integer(), nullable=True))
    op.create_index("ix_issues_rating_risk", "issues", ["rating_risk"])
    op.create_index("ix_customers_plan", "customers", ["plan"])
    connection = op.get_bind()
    connection.execute(_WAITING)
    unended = [row.id for row in connection.execute(_UNENDED)]
    for start in range(0, len(unended), _AT_ONCE):
        ids = unended[start : start + _AT_ONCE]
        panels = connection.execute(_PANELS.bindparams(sa.bindparam("ids", ids, expanding=True)))
        risks = {row.issue_id: _percent(row.panel) for row in panels}
        known = [{"id": issue_id, "risk": risk} for issue_id, risk in risks.items() if risk is not None]
        if known:
            connection.execute(_RISK, known)


def _percent(panel: Any) -> int | None:
    """The chance of a bad rating that a panel tells; the newest panel of an issue comes last."""
    told = json.loads(panel) if isinstance(panel, str | bytes) else panel
    chance = (told.get("satisfaction_risk") or {}).get("probability")
    return round(100 * chance) if isinstance(chance, int | float) else None
