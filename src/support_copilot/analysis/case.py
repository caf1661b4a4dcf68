"""What is analyzed: a stored issue, or words that are not stored, in one form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from support_copilot.db.models import Customer
from support_copilot.issues.documents import customer_words
from support_copilot.issues.queries import IssueRecord
from support_copilot.issues.service import NewMessage
from support_copilot.retrieval.embedding import embedded_text
from support_copilot.retrieval.outside import Speaker, speaker_of


@dataclass(frozen=True, slots=True)
class CaseMessage:
    """A message; ``id`` is None while it is not stored."""

    id: str | None
    author: str
    visibility: str
    body: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """An issue as the analysis sees it. ``corrected`` holds what people said: part -> value."""

    issue_id: str | None
    subject: str
    messages: tuple[CaseMessage, ...]
    customer: Customer | None
    created_at: datetime
    #: What the customer said in public, cleaned.
    words: str
    status: str = "open"
    reopened_count: int = 0
    language: str | None = None
    corrected: Mapping[str, Any] = field(default_factory=dict)
    hidden_issue_ids: tuple[str, ...] = ()
    #: What came says that no model outside may read it, whatever was known of the customer before.
    models_refused: bool = False

    @property
    def speaker(self) -> Speaker:
        """Whose words they are, as an embedding service needs to know."""
        speaker = speaker_of(self.customer)
        return replace(speaker, allowed=False) if self.models_refused else speaker

    @property
    def customer_messages(self) -> tuple[CaseMessage, ...]:
        return tuple(m for m in self.messages if m.author == "customer" and m.visibility == "public")


def case_of_record(record: IssueRecord, corrected: Mapping[str, Any], hidden: Sequence[str] = ()) -> Case:
    """A stored issue with what people said of it."""
    issue = record.issue
    return Case(
        issue_id=issue.id,
        subject=issue.subject,
        messages=tuple(CaseMessage(m.id, m.author, m.visibility, m.body, m.created_at) for m in record.messages),
        customer=record.customer,
        created_at=issue.created_at,
        words=customer_words(record.messages),
        status=issue.status,
        reopened_count=issue.reopened_count,
        corrected=corrected,
        hidden_issue_ids=tuple(hidden),
    )


def case_of_words(
    subject: str,
    messages: Sequence[NewMessage],
    customer: Customer | None,
    now: datetime,
    *,
    language: str | None = None,
    models_refused: bool = False,
) -> Case:
    """Words that are not stored, or not yet."""
    return Case(
        issue_id=None,
        subject=subject,
        messages=tuple(CaseMessage(None, m.author, m.visibility, m.body, now) for m in messages),
        customer=customer,
        created_at=now,
        words=customer_words(messages),
        language=language,
        models_refused=models_refused,
    )


def text_of(case: Case, words: str) -> str:
    """The text that is embedded and searched for."""
    return embedded_text(case.subject, words)
