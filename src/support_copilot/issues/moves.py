"""Issues that went to another team: whoever saw them before and sees them no more is told so."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import BaseModel
from sqlalchemy import select

from support_copilot.db.engine import ReadSession
from support_copilot.db.models import AuditEntry, Issue
from support_copilot.identity.visibility import Sees


class IssueGone(BaseModel):
    """An issue went to a team whose issues you do not see: what is shown of it goes."""

    type: Literal["gone"] = "gone"
    issue_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Move:
    """An issue and two of its teams: one that it was taken from, and the one that has it now."""

    issue_id: str
    before: str | None
    now: str
    at: datetime

    def takes_from(self, sees: Sees) -> bool:
        """Whether somebody who sees these teams saw the issue before, and sees it no more."""
        return sees is not None and (self.before is None or self.before in sees) and self.now not in sees

    def event(self) -> IssueGone:
        return IssueGone(issue_id=self.issue_id, at=self.at)


def moves_since(session: ReadSession, after: datetime, issue_ids: Collection[str] | None, most: int) -> list[Move]:
    """What went to another team since, as the audit trail has it, oldest first; what no team has now is everybody's.

    Args:
        issue_ids: of these issues alone.
        most: so many changes of issues are looked through, the newest.
    """
    query = select(AuditEntry.target, AuditEntry.occurred_at, AuditEntry.before, AuditEntry.changed)
    query = query.where(AuditEntry.action == "issue.edited", AuditEntry.occurred_at >= after)
    if issue_ids is not None:
        query = query.where(AuditEntry.target.in_(sorted(issue_ids)))
    rows = session.execute(query.order_by(AuditEntry.seq.desc()).limit(most)).mappings().all()
    moved = [row for row in reversed(rows) if "team_id" in row["changed"]]
    teams = select(Issue.id, Issue.team_id).where(Issue.id.in_({row["target"] for row in moved}))
    now = {row["id"]: row["team_id"] for row in session.execute(teams).mappings()} if moved else {}
    return [
        Move(row["target"], row["before"].get("team_id"), team, row["occurred_at"])
        for row in moved
        if (team := now.get(row["target"])) is not None
    ]
