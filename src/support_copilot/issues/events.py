"""What the product itself says among the messages of an issue, for colleagues alone."""

from datetime import datetime

from sqlalchemy import update

from support_copilot.db.engine import WriteSession
from support_copilot.db.models import Issue, Message, ReadingMark
from support_copilot.issues.queries import count_messages, current_conversation, next_position, start_conversation
from support_copilot.kit.ids import new_id


def say(session: WriteSession, issue: Issue, body: str, now: datetime) -> None:
    """A line of the system among the messages of an issue; it changes nothing else."""
    conversation = current_conversation(session, issue.id) or start_conversation(session, issue.id, 0, issue.created_at)
    session.flush()
    session.add(
        Message(
            id=new_id("message"), issue_id=issue.id, conversation_id=conversation.id,
            position=next_position(session, issue.id), author="system", visibility="internal", body=body,
            created_at=now,
        )
    )  # fmt: skip
    session.flush()


def keep_read(session: WriteSession, issue: Issue, now: datetime) -> None:
    """Whoever had read all before the newest line has read all: what the system says makes no issue unread."""
    total = count_messages(session, issue.id)
    whole = (ReadingMark.issue_id == issue.id) & (ReadingMark.seen == total - 1)
    session.execute(update(ReadingMark).where(whole).values(seen=total, updated_at=now))
