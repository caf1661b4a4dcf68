"""How likely a bad rating is, of issues that nobody has looked at: what an import brought is not analyzed."""

from typing import Final

from sqlalchemy import select, update

from support_copilot.analysis.panel import analyze_case
from support_copilot.analysis.service import load_case, risk_percent
from support_copilot.db.models import Issue
from support_copilot.issues.queries import ENDED
from support_copilot.resources import Resources

_AT_ONCE: Final = 40


class RiskEstimates:
    """Estimates a few at a time, the oldest first, so that lists can be narrowed and ordered by it.

    Nothing else of the analysis is kept and nobody is told: for whom the issue is open nothing has changed.
    """

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._after = ""

    def run(self) -> int:
        """Answers how many were looked at; after the last one it begins again with what is new by then."""
        unknown = select(Issue.id).where(Issue.status.not_in(sorted(ENDED)), Issue.rating_risk.is_(None))
        with self._resources.database.read() as session:
            ids = list(session.scalars(unknown.where(Issue.id > self._after).order_by(Issue.id).limit(_AT_ONCE)))
        for issue_id in ids:
            self._estimate(issue_id)
        self._after = ids[-1] if ids else ""
        return len(ids)

    def _estimate(self, issue_id: str) -> None:
        with self._resources.database.read() as session:
            if session.get(Issue, issue_id) is None:
                return
            _record, case = load_case(session, issue_id)
        panel, _vector = analyze_case(self._resources, case, self._resources.clock())
        risk = risk_percent(panel)
        still = (Issue.id == issue_id, Issue.rating_risk.is_(None))
        with self._resources.database.transaction() as session:
            session.execute(update(Issue).where(*still).values(rating_risk=risk))
