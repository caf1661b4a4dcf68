"""What the board of critical issues says of each: why it is critical, in the words of its newest panel."""

from collections.abc import Mapping
from typing import Any, Final

import structlog
from sqlalchemy import func, select
from sqlalchemy.engine import Row

from support_copilot.analysis.panel import PERSON_SET_CRITICAL
from support_copilot.analysis.schemas import CriticalPart, CriticalReasonsOut
from support_copilot.analysis.service import analyze_issue
from support_copilot.db.engine import ReadSession
from support_copilot.db.models import Analysis, Issue
from support_copilot.identity.visibility import Sees, seen_issue
from support_copilot.issues.queries import ENDED
from support_copilot.kit.errors import AppError
from support_copilot.kit.reasons import Reason
from support_copilot.resources import Resources

_log = structlog.get_logger("support_copilot.analysis")

MOST_CRITICAL: Final = 200
#: Issues that came without an analysis, as imported ones do, and are analyzed for one answer.
_MOST_ANALYZED: Final = 10
_IMPORTED_CRITICAL: Final = Reason("critical.by_import", "it came as critical from another desk")


def critical_reasons(resources: Resources, sees: Sees) -> list[CriticalReasonsOut]:
    """Why each of the newest critical issues that are open and seen is critical, newest first."""
    query = select(Issue.id, Issue.severity_source).where(Issue.severity == "critical", Issue.status.not_in(ENDED))
    if sees is not None:
        query = query.where(seen_issue(sees))
    with resources.database.read() as session:
        rows = session.execute(query.order_by(Issue.created_at.desc(), Issue.id.desc()).limit(MOST_CRITICAL)).all()
        stored = _stored_parts(session, [row.id for row in rows])
    missing = [row.id for row in rows if row.id not in stored and row.severity_source != "agent"]
    made = {each: part for each in missing[:_MOST_ANALYZED] if (part := _analyzed(resources, each)) is not None}
    return [_reasons(row, stored | made) for row in rows]


def _stored_parts(session: ReadSession, issue_ids: list[str]) -> dict[str, CriticalPart]:
    """Of the newest panel of each issue the part that says whether it is critical; the rest of it is not read."""
    newest = (
        select(Analysis.issue_id, func.max(Analysis.created_at).label("made"))
        .where(Analysis.issue_id.in_(issue_ids))
        .group_by(Analysis.issue_id)
        .subquery()
    )
    same = (Analysis.issue_id == newest.c.issue_id) & (Analysis.created_at == newest.c.made)
    parts = select(Analysis.issue_id, Analysis.panel["critical"].label("part")).join(newest, same).order_by(Analysis.id)
    return {row.issue_id: CriticalPart.model_validate(row.part) for row in session.execute(parts) if row.part}


def _analyzed(resources: Resources, issue_id: str) -> CriticalPart | None:
    try:
        return analyze_issue(resources, issue_id).critical
    except AppError as error:
        # The board has its cards all the same.
        _log.warning("analysis.board.failed", issue_id=issue_id, code=error.code)
        return None


def _reasons(row: Row[Any], parts: Mapping[str, CriticalPart]) -> CriticalReasonsOut:
    if row.severity_source == "agent":
        return CriticalReasonsOut(issue_id=row.id, reasons=[PERSON_SET_CRITICAL])
    part = parts.get(row.id)
    if part is not None and part.value and part.reasons:
        return CriticalReasonsOut(issue_id=row.id, reasons=part.reasons, reasons_code=part.reasons_code)
    return CriticalReasonsOut(issue_id=row.id, reasons=[_IMPORTED_CRITICAL] * (row.severity_source == "import"))
