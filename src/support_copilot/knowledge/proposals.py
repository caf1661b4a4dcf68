"""The review queue: articles proposed from solved issues, approved or rejected by a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from support_copilot.db.documents import Vector
from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import Article, Proposal
from support_copilot.http.concurrency import check_version
from support_copilot.kit.errors import ConflictError
from support_copilot.kit.ids import new_id
from support_copilot.knowledge.articles import NewArticle, apply_changes, insert_article
from support_copilot.knowledge.queries import (
    find_proposal,
    get_proposal,
    lock_article,
    lock_proposal,
    of_who_opted_out,
)
from support_copilot.knowledge.versions import ArticleChanges, Edit
from support_copilot.resources import Resources
from support_copilot.retrieval.embedding import embed_text, embedded_text
from support_copilot.retrieval.feed import tell_index
from support_copilot.retrieval.outside import Speaker


class ProposalDecidedError(ConflictError):
    code, title = "proposal_decided", "The proposal was approved or rejected before"


class ArticleChangedError(ConflictError):
    code = "article_changed"
    title = "The article changed since the proposal was made; compare, then approve with `force`"


@dataclass(frozen=True, slots=True)
class NewProposal:
    """A new article found in a solved issue, or new words for an article that is there (``article_id``).

    ``article_version`` is the version of that article which the proposal was made from; ``likeness`` is the
    cosine to the nearest article. ``engine`` names what wrote it, ``engine_note`` says why the offline engine did.
    ``compared`` is what that would have written, where a model did: by it equal proposals are told.
    """

    issue_id: str
    title: str
    body: str
    reason: str
    language: str = "en"
    category: str | None = None
    tags: Sequence[str] = ()
    resolution_id: str | None = None
    article_id: str | None = None
    article_version: int | None = None
    likeness: float | None = None
    #: What the customer of the issue allows.
    language_model_allowed: bool = True
    engine: str | None = None
    engine_note: str | None = None
    compared: str | None = None


def propose(session: WriteSession, new: NewProposal, *, now: datetime) -> Proposal:
    """Put a proposal into the review queue; from one fix only one is ever made, so the same call twice is harmless."""
    known = find_proposal(session, new.issue_id, new.resolution_id) if new.resolution_id else None
    if known is not None:
        return known
    proposal = Proposal(
        id=new_id("proposal"), kind="change" if new.article_id else "new", article_id=new.article_id,
        article_version=new.article_version, issue_id=new.issue_id, resolution_id=new.resolution_id, title=new.title,
        body=new.body, category=new.category, language=new.language, tags=list(dict.fromkeys(new.tags)),
        reason=new.reason, likeness=new.likeness, engine=new.engine, engine_note=new.engine_note, status="pending",
        compared=new.compared,
        language_model_allowed=new.language_model_allowed, created_at=now, updated_at=now, version=1,
    )  # fmt: skip
    session.add(proposal)
    session.flush()
    return proposal


def approve_proposal(
    resources: Resources,
    proposal_id: str,
    edits: ArticleChanges,
    *,
    force: bool = False,
    if_match: str | None = None,
    decided_by: str,
) -> tuple[Proposal, Article]:
    """Make or change the article as proposed, or as edited by the reviewer, and publish it; findable on return.

    Where the customer of the issue opted out, no model is given the article until a person says with
    ``language_model_allowed`` that nothing of what the customer wrote stands in it.

    Args:
        force: approve a change although the article was edited after it had been proposed.

    Raises:
        ProposalNotFoundError: no proposal has this id.
        ProposalDecidedError: somebody decided before.
        ArticleChangedError: the article is not the one that the proposal was made from.
        StaleVersionError: the proposal changed since ``if_match`` was read.
    """
    with resources.database.read() as reader:
        seen = get_proposal(reader, proposal_id)
        allowed = _model_allowed(reader, seen, edits)
    text = embedded_text(edits.get("title", seen.title), edits.get("body", seen.body))
    vector = embed_text(resources, text, Speaker(allowed=allowed))
    now = resources.clock()
    with resources.database.transaction() as session:
        proposal = _undecided(session, proposal_id, if_match)
        final: ArticleChanges = {
            "title": proposal.title,
            "body": proposal.body,
            "category": proposal.category,
            "language": proposal.language,
            "tags": proposal.tags,
            **edits,
            "language_model_allowed": _model_allowed(session, proposal, edits),
            "status": "published",
        }
        embedded = (vector, resources.embedder.model)
        edit = Edit("approved", decided_by, proposal_id=proposal.id)
        article = _put_article(session, proposal, final, embedded, edit, force=force, now=now)
        proposal.article_id, proposal.article_version = article.id, article.version
        _decide(proposal, "approved", decided_by, None, now)
    tell_index(resources)
    return proposal, article


def reject_proposal(
    resources: Resources, proposal_id: str, reason: str | None, *, if_match: str | None = None, decided_by: str
) -> Proposal:
    """Take a proposal out of the queue; it is kept with the reason.

    Raises:
        ProposalNotFoundError: no proposal has this id.
        ProposalDecidedError: somebody decided before.
        StaleVersionError: the proposal changed since ``if_match`` was read.
    """
    with resources.database.transaction() as session:
        proposal = _undecided(session, proposal_id, if_match)
        _decide(proposal, "rejected", decided_by, reason, resources.clock())
    return proposal


def _model_allowed(session: ReadSession, proposal: Proposal, edits: ArticleChanges) -> bool:
    """Whether models may be given the article: as the reviewer says, else as the customer and the article allow now."""
    if "language_model_allowed" in edits:
        return edits["language_model_allowed"]
    article = session.get(Article, proposal.article_id) if proposal.article_id else None
    before = article is None or article.language_model_allowed
    return before and proposal.language_model_allowed and not of_who_opted_out(session, [proposal.issue_id])


def _undecided(session: WriteSession, proposal_id: str, if_match: str | None) -> Proposal:
    proposal = lock_proposal(session, proposal_id)
    if proposal.status != "pending":
        raise ProposalDecidedError
    check_version(if_match, proposal.version)
    return proposal


def _put_article(
    session: WriteSession,
    proposal: Proposal,
    final: ArticleChanges,
    embedded: tuple[Vector | None, str | None],
    edit: Edit,
    *,
    force: bool,
    now: datetime,
) -> Article:
    if proposal.article_id is None:
        new = NewArticle(source_issue_ids=[proposal.issue_id], **final)
        return insert_article(session, new, *embedded, now=now)
    article = lock_article(session, proposal.article_id)
    if article.version != proposal.article_version and not force:
        raise ArticleChangedError
    apply_changes(session, article, final, embedded, edit, now=now)
    article.source_issue_ids = list(dict.fromkeys([*article.source_issue_ids, proposal.issue_id]))
    article.contradictions = []
    return article


def _decide(proposal: Proposal, status: str, decided_by: str, note: str | None, now: datetime) -> None:
    proposal.status, proposal.decided_by, proposal.decision_note, proposal.decided_at = status, decided_by, note, now
    proposal.compared = None
    proposal.updated_at = now
    proposal.version += 1
