"""What an issue may be merged into: the customer's other issues, those that look like the same request first."""

from datetime import datetime
from typing import Final

from pydantic import BaseModel, Field
from sqlalchemy import func, or_, select

from support_copilot.analysis.case import case_of_record, text_of
from support_copilot.db.engine import ReadSession
from support_copilot.db.functions import is_nothing
from support_copilot.db.models import Issue
from support_copilot.identity.visibility import Sees, seen_issue
from support_copilot.issues.listing import describe_issues
from support_copilot.issues.queries import ENDED, load_issue
from support_copilot.issues.schemas import IssueOut
from support_copilot.kit.ids import end_of_spoken
from support_copilot.resources import Resources
from support_copilot.retrieval.embedding import embed_text
from support_copilot.retrieval.find import find_documents
from support_copilot.retrieval.word_likeness import likeness_of

#: So many are offered, of so many that were looked at.
_SHOWN: Final = 30
_NEWEST: Final = 200
#: From this likeness on two open issues of one customer are probably one request.
_LIKELY: Final = 0.6


class MergeTarget(BaseModel):
    """An issue that another one may be merged into."""

    issue: IssueOut
    likeness: float = Field(ge=0, le=1, description="How alike the two texts are; 0 where nothing tells.")
    likely: bool = Field(description="Whether both are probably about the same: it is open and the texts are alike.")


def merge_targets(resources: Resources, issue_id: str, words: str, sees: Sees) -> list[MergeTarget]:
    """The issues of the same customer, or of nobody known, that are not merged.

    Likely duplicates come first, open ones next, each by likeness and then the newest.

    Args:
        words: only those with these words in the subject, or that are called so.

    Raises:
        IssueNotFoundError: no issue has this id.
        SearchUnavailableError: the index cannot answer.
    """
    with resources.database.read() as session:
        record = load_issue(session, issue_id)
    case = case_of_record(record, {})
    text = text_of(case, case.words)
    customer_id = record.issue.customer_id
    filters = {"customer_id": [customer_id]} if customer_id else {}
    vector = embed_text(resources, text, case.speaker)
    hits = find_documents(
        resources, text, vector, kinds=["issue"], filters=filters, exclude_ids=[issue_id], limit=_SHOWN, sees=sees
    )
    likeness = {hit.id: round(likeness_of(hit), 4) for hit in hits}
    with resources.database.read() as session:
        rows = _others(session, record.issue, list(likeness), words.strip(), sees)
        rows.sort(key=lambda row: _rank(row, likeness), reverse=True)
        shown = rows[:_SHOWN]
        return [
            MergeTarget(issue=issue, likeness=likeness.get(row.id, 0.0), likely=_is_likely(row, likeness))
            for row, issue in zip(shown, describe_issues(session, shown), strict=True)
        ]


def _rank(issue: Issue, likeness: dict[str, float]) -> tuple[bool, bool, float, datetime]:
    return _is_likely(issue, likeness), issue.status not in ENDED, likeness.get(issue.id, 0.0), issue.created_at


def _is_likely(issue: Issue, likeness: dict[str, float]) -> bool:
    return issue.status not in ENDED and likeness.get(issue.id, 0.0) >= _LIKELY


def _others(session: ReadSession, issue: Issue, alike: list[str], words: str, sees: Sees) -> list[Issue]:
    query = select(Issue).where(
        Issue.id != issue.id, is_nothing(Issue.merged_into_id), Issue.customer_id == issue.customer_id
    )
    if sees is not None:
        query = query.where(seen_issue(sees))
    if words:
        named = func.lower(Issue.subject).contains(words.lower(), autoescape=True) | (Issue.external_id == words)
        end = end_of_spoken(words)
        query = query.where(or_(named, Issue.id == words, *([Issue.id.endswith(end)] if end else [])))
    found = {row.id: row for row in session.scalars(query.order_by(Issue.created_at.desc(), Issue.id).limit(_NEWEST))}
    missing = [each for each in alike if each not in found]
    # Those alike are of any age, where nobody asked for words.
    if missing and not words:
        found |= {row.id: row for row in session.scalars(query.where(Issue.id.in_(missing)))}
    return list(found.values())
