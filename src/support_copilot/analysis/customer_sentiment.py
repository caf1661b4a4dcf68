"""How a customer sounded over time, from message to message of all their issues."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from pydantic import BaseModel, Field
from sqlalchemy import select

from support_copilot.customers.merging import survivor_of
from support_copilot.customers.queries import get_customer
from support_copilot.db.engine import ReadSession
from support_copilot.db.models import Issue, Message
from support_copilot.identity.visibility import Sees, seen_issue
from support_copilot.ml.sentiment import SentimentLabel, score_sentiment

MOST_MESSAGES: Final = 100


class MessageSentimentOut(BaseModel):
    """How one message sounds."""

    issue_id: str
    subject: str
    message_id: str
    at: datetime
    label: SentimentLabel
    value: float = Field(ge=-1, le=1, description="-1 (furious) to 1 (delighted).")


def sentiment_of_customer(session: ReadSession, customer_id: str, sees: Sees) -> Sequence[MessageSentimentOut]:
    """The newest public messages of a customer in the issues that are seen, oldest first.

    Raises:
        CustomerNotFoundError: no customer has this id.
    """
    customer_id = survivor_of(session, get_customer(session, customer_id)).id
    query = (
        select(Message.id, Message.body, Message.created_at, Issue.id.label("issue_id"), Issue.subject, Issue.language)
        .join(Issue, Issue.id == Message.issue_id)
        .where(Issue.customer_id == customer_id, Message.author == "customer", Message.visibility == "public")
    )
    if sees is not None:
        query = query.where(seen_issue(sees))
    rows = session.execute(query.order_by(Message.created_at.desc(), Message.id.desc()).limit(MOST_MESSAGES)).all()
    scored = [(row, score_sentiment(row.body, row.language or "en")) for row in reversed(rows)]
    return [
        MessageSentimentOut(
            issue_id=row.issue_id,
            subject=row.subject,
            message_id=row.id,
            at=row.created_at,
            label=score.label,
            value=score.value,
        )
        for row, score in scored
    ]
