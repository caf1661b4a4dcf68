"""What an issue is found by: its subject and what the customer said, and the filters of a search."""

from collections.abc import Iterable
from typing import Final, Protocol

from support_copilot.db.documents import DocumentText, Vector, change_filters, put_document, remove_documents
from support_copilot.db.engine import WriteSession
from support_copilot.db.models import Issue
from support_copilot.issues.queries import ENDED, IssueRecord, has_resolution
from support_copilot.kit.text import shorten
from support_copilot.ml.mail_text import clean_message

#: Longer documents cost index size and find nothing more: what an issue is about is said at its beginning.
_DOCUMENT_CHARS: Final = 6_000
#: A single message is read up to here before its quotes and signature are cut away.
_READ_CHARS: Final = 20_000


class Words(Protocol):
    """What a stored message and one that is about to be stored have in common."""

    @property
    def author(self) -> str: ...
    @property
    def visibility(self) -> str: ...
    @property
    def body(self) -> str: ...


def customer_words(messages: Iterable[Words]) -> str:
    """What the customer said in public, without quotes and signatures: the text an issue is found by.

    Internal notes and replies stay out, so that nothing in them can show through a search.
    """
    said: list[str] = []
    length = 0
    for message in messages:
        if message.author != "customer" or message.visibility != "public" or length >= _DOCUMENT_CHARS:
            continue
        text = clean_message(message.body[:_READ_CHARS]).text
        said.append(text)
        length += len(text)
    return shorten("\n".join(said), _DOCUMENT_CHARS)


def issue_document(record: IssueRecord, *, has_fix: bool = False, words: str | None = None) -> DocumentText:
    """The issue as it is found: by its subject and by what the customer said (``words``, if at hand already)."""
    issue = record.issue
    return DocumentText(
        id=issue.id,
        kind="issue",
        title=issue.subject,
        body=customer_words(record.messages) if words is None else words,
        created_at=issue.created_at,
        filters={name: value for name, value in _filters(issue, has_fix=has_fix).items() if value is not None},
    )


def put_issue_document(
    session: WriteSession,
    record: IssueRecord,
    vector: Vector | None,
    model: str | None,
    *,
    words: str | None = None,
    is_new: bool = False,
) -> None:
    """Make the issue findable, or renew what is found; one that is merged is found by the issue it is merged into.

    Args:
        vector: float32 (n,) of ``embedded_text(subject, words)`` made by ``model``; None to have it embedded in
            the background.
        words: ``customer_words`` of all the messages; worked out here when the caller has not done so.
        is_new: whether the issue is stored by this transaction.
    """
    issue = record.issue
    if issue.merged_into_id is not None:
        remove_documents(session, [issue.id])
        return
    # A new, open issue cannot have a fix: intake is spared the question.
    may_have_fix = issue.status in ENDED or issue.reopened_count > 0
    has_fix = may_have_fix and has_resolution(session, issue.id)
    put_document(session, issue_document(record, has_fix=has_fix, words=words), vector, model, is_new=is_new)


def refresh_issue_filters(session: WriteSession, issue: Issue) -> None:
    """Bring the filters of the issue's search document up to date after an edit."""
    changes = _filters(issue, has_fix=False)
    del changes["has_fix"]  # edits do not touch fixes
    change_filters(session, issue.id, changes)


def _filters(issue: Issue, *, has_fix: bool) -> dict[str, str | None]:
    return {
        "status": issue.status,
        "severity": issue.severity,
        "has_fix": "yes" if has_fix else "no",
        "customer_id": issue.customer_id,
        "language": issue.language,
        "category": issue.category,
    }
