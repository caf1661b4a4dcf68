"""All SQL of guidance."""

from collections.abc import Sequence

from sqlalchemy import func, select, update

from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import Message, Suggestion, Template
from support_copilot.http.paging import PageRequest, paged
from support_copilot.identity.visibility import SuggestionNotFoundError
from support_copilot.kit.ids import is_id

#: Of a past issue so many messages tell who its people are and what its notes say.
_READ_MESSAGES = 40


def get_suggestion(session: ReadSession, suggestion_id: str) -> Suggestion:
    """The suggestion's row.

    Raises:
        SuggestionNotFoundError: no suggestion has this id.
    """
    row = session.get(Suggestion, suggestion_id) if is_id(suggestion_id, "suggestion") else None
    if row is None:
        raise SuggestionNotFoundError
    return row


def lock_suggestion(session: WriteSession, suggestion_id: str) -> Suggestion:
    """The suggestion's row, locked until the transaction ends.

    Raises:
        SuggestionNotFoundError: no suggestion has this id.
    """
    row = session.lock(Suggestion, suggestion_id) if is_id(suggestion_id, "suggestion") else None
    if row is None:
        raise SuggestionNotFoundError
    return row


def list_suggestions(session: ReadSession, issue_id: str, page: PageRequest) -> Sequence[Suggestion]:
    """One page of the issue's suggestions and one row more, newest first."""
    query = select(Suggestion).where(Suggestion.issue_id == issue_id)
    return list(session.scalars(paged(query, page, Suggestion.created_at, Suggestion.id)))


def messages_by_issue(session: ReadSession, issue_ids: Sequence[str]) -> dict[str, list[Message]]:
    """The messages at the beginning of each issue, and all its internal notes up to as many."""
    found: dict[str, list[Message]] = {issue_id: [] for issue_id in issue_ids}
    numbered = (
        select(
            Message.id,
            func.row_number()
            .over(partition_by=(Message.issue_id, Message.visibility), order_by=Message.position)
            .label("place"),
        )
        .where(Message.issue_id.in_(issue_ids))
        .subquery()
    )
    query = (
        select(Message)
        .join(numbered, numbered.c.id == Message.id)
        .where(numbered.c.place <= _READ_MESSAGES)
        .order_by(Message.issue_id, Message.position)
    )
    for row in session.scalars(query):
        found[row.issue_id].append(row)
    return found


def take_back_template_outcome(session: WriteSession, template_id: str, outcome: str) -> None:
    """Undo one count of an outcome (accepted, edited, rejected) that was replaced by another."""
    column = {
        "accepted": Template.accepted_count,
        "edited": Template.edited_count,
        "rejected": Template.rejected_count,
    }[outcome]
    session.execute(update(Template).where(Template.id == template_id).values({column: column - 1}))
