"""Edits by people as whole use cases: what needs the embedding model happens before the transaction."""

from support_copilot.db.documents import Vector
from support_copilot.issues.documents import customer_words, put_issue_document
from support_copilot.issues.listing import read_issue
from support_copilot.issues.queries import load_issue
from support_copilot.issues.schemas import IssueOut
from support_copilot.issues.service import IssueChanges, NewResolution, edit_issue, resolve_issue
from support_copilot.resources import Resources
from support_copilot.retrieval.embedding import embed_text, embedded_text
from support_copilot.retrieval.outside import speaker_of


def change_issue(
    resources: Resources, issue_id: str, changes: IssueChanges, if_match: str | None, *, teams_limit: bool
) -> IssueOut:
    """Apply an edit and keep the issue findable by its present subject.

    Args:
        teams_limit: agents see the issues of their teams and of none only.

    Raises:
        IssueNotFoundError: no issue has this id.
        StaleVersionError: the issue changed since ``if_match`` was read.
    """
    vector = _vector_of(resources, issue_id, changes["subject"]) if "subject" in changes else None
    with resources.database.transaction() as session:
        edit_issue(session, issue_id, changes, if_match=if_match, now=resources.clock(), teams_limit=teams_limit)
        if "subject" in changes:
            put_issue_document(session, load_issue(session, issue_id), vector, resources.embedder.model)
        return read_issue(session, issue_id)


def close_with_fix(resources: Resources, issue_id: str, fix: NewResolution) -> IssueOut:
    """Resolve the issue.

    Raises:
        IssueNotFoundError: no issue has this id.
        AlreadyResolvedError: the issue is resolved or closed.
    """
    with resources.database.transaction() as session:
        resolve_issue(session, issue_id, fix, now=resources.clock())
        return read_issue(session, issue_id)


def _vector_of(resources: Resources, issue_id: str, subject: str) -> Vector | None:
    with resources.database.read() as session:
        record = load_issue(session, issue_id)
    return embed_text(resources, embedded_text(subject, customer_words(record.messages)), speaker_of(record.customer))
