"""A decision of the review queue is taken back: the proposal waits again, and the article is as it was before."""

from sqlalchemy import select

from support_copilot.db.documents import Vector
from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import Article, ArticleVersion, Proposal
from support_copilot.http.concurrency import check_version
from support_copilot.kit.errors import ConflictError
from support_copilot.knowledge.articles import apply_changes
from support_copilot.knowledge.queries import get_proposal, lock_article, lock_proposal
from support_copilot.knowledge.versions import ArticleChanges, Edit, words_of
from support_copilot.resources import Resources
from support_copilot.retrieval.embedding import embed_text, embedded_text
from support_copilot.retrieval.feed import tell_index
from support_copilot.retrieval.outside import Speaker


class ArticleEditedSinceError(ConflictError):
    code = "article_edited_since"
    title = "The article was edited after the approval; restore an earlier text of it instead"


def reopen_proposal(
    resources: Resources, proposal_id: str, *, if_match: str | None = None, reopened_by: str
) -> Proposal:
    """Let a proposal wait for a decision again; one that waits stays as it is.

    What an approval published goes: a changed article has its text and status of before again, a new one is archived
    and is the one that another approval publishes.

    Raises:
        ProposalNotFoundError: no proposal has this id.
        ArticleEditedSinceError: the article is no longer as the approval left it.
        StaleVersionError: the proposal changed since ``if_match`` was read.
    """
    vector = _embed_text_before(resources, proposal_id)
    now = resources.clock()
    with resources.database.transaction() as session:
        proposal = lock_proposal(session, proposal_id)
        if proposal.status == "pending":
            return proposal
        check_version(if_match, proposal.version)
        if proposal.status == "approved":
            article = lock_article(session, proposal.article_id or "")
            if article.version != proposal.article_version:
                raise ArticleEditedSinceError
            before = _text_before(session, proposal)
            sources = before.source_issue_ids if before else article.source_issue_ids
            contradictions = before.contradictions if before else article.contradictions
            embedded = (vector, resources.embedder.model)
            edit = Edit("taken_back", reopened_by, proposal_id=proposal.id)
            apply_changes(session, article, _changes_back(before), embedded, edit, now=now)
            article.source_issue_ids, article.contradictions = list(sources), list(contradictions)
            proposal.article_version = article.version
        proposal.status, proposal.decided_by, proposal.decision_note, proposal.decided_at = "pending", None, None, None
        proposal.updated_at = now
        proposal.version += 1
    tell_index(resources)
    return proposal


def _embed_text_before(resources: Resources, proposal_id: str) -> Vector | None:
    with resources.database.read() as reader:
        proposal = get_proposal(reader, proposal_id)
        if proposal.status != "approved":
            return None
        before = _text_before(reader, proposal) or reader.get(Article, proposal.article_id)
        if before is None:
            return None
        text, allowed = embedded_text(before.title, before.body), before.language_model_allowed
    return embed_text(resources, text, Speaker(allowed=allowed))


def _text_before(session: ReadSession | WriteSession, proposal: Proposal) -> ArticleVersion | None:
    """What the approval replaced; None where it made a new article."""
    query = select(ArticleVersion).where(
        ArticleVersion.article_id == proposal.article_id,
        ArticleVersion.proposal_id == proposal.id,
        ArticleVersion.how == "approved",
        ArticleVersion.version == (proposal.article_version or 0) - 1,
    )
    row = session.scalar(query)
    return row if isinstance(row, ArticleVersion) else None


def _changes_back(before: ArticleVersion | None) -> ArticleChanges:
    if before is None:
        return {"status": "archived"}
    return {**words_of(before), "status": before.status, "language_model_allowed": before.language_model_allowed}
