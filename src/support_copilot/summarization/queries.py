"""All SQL of the summarization service."""

from collections.abc import Sequence

from sqlalchemy import insert, select

from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import Article, Counter, Proposal, Resolution, Summary
from support_copilot.http.paging import PageRequest, paged

_PENDING = 200
#: A row that is only locked.
_TURN = "proposals"


def newest_summary(session: ReadSession, issue_id: str, kind: str) -> Summary | None:
    """The summary of this kind that was written last."""
    query = select(Summary).where(Summary.issue_id == issue_id, Summary.kind == kind)
    row = session.scalar(query.order_by(Summary.created_at.desc(), Summary.id.desc()).limit(1))
    return row if isinstance(row, Summary) else None


def summary_of_conversation(session: ReadSession, conversation_id: str, message_count: int) -> Summary | None:
    """The resolution summary of this conversation over so many messages: that it is there says the work is done."""
    row = session.scalar(
        select(Summary).where(
            Summary.conversation_id == conversation_id,
            Summary.kind == "resolution",
            Summary.message_count == message_count,
        )
    )
    return row if isinstance(row, Summary) else None


def list_summaries(session: ReadSession, issue_id: str, page: PageRequest) -> Sequence[Summary]:
    """One page of an issue's summaries and one row more, newest first."""
    query = select(Summary).where(Summary.issue_id == issue_id)
    return list(session.scalars(paged(query, page, Summary.created_at, Summary.id)))


def newest_resolution(session: ReadSession, issue_id: str) -> Resolution | None:
    query = select(Resolution).where(Resolution.issue_id == issue_id)
    row = session.scalar(query.order_by(Resolution.created_at.desc(), Resolution.id.desc()).limit(1))
    return row if isinstance(row, Resolution) else None


def get_published_article(session: ReadSession, article_id: str) -> Article | None:
    article = session.get(Article, article_id)
    return article if article is not None and article.status == "published" else None


def take_turn(session: WriteSession) -> None:
    """Let one transaction at a time look whether a proposal is needed and make it."""
    if session.lock(Counter, _TURN) is None:
        # Of two who find none, one waits here for the other and then locks the row that it made.
        first = insert(Counter).values(name=_TURN, value=0).prefix_with("OR IGNORE", dialect="sqlite")
        session.execute(first.prefix_with("IGNORE", dialect="mysql").prefix_with("IGNORE", dialect="mariadb"))
        session.lock(Counter, _TURN)


def pending_proposals(session: ReadSession) -> Sequence[Proposal]:
    """What waits for review, newest first, at most 200."""
    query = select(Proposal).where(Proposal.status == "pending").order_by(Proposal.created_at.desc()).limit(_PENDING)
    return list(session.scalars(query))
