"""All SQL about templates, articles and proposals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import func, select, union

from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import Article, Customer, Issue, Proposal, Suggestion, Template, TemplateUse
from support_copilot.http.paging import PageRequest, paged
from support_copilot.identity.visibility import ProposalNotFoundError, Sees, seen_issue, seen_issue_ids
from support_copilot.kit.errors import NotFoundError
from support_copilot.kit.ids import is_id

Row = TypeVar("Row", Template, Article)


class TemplateNotFoundError(NotFoundError):
    code, title = "template_not_found", "There is no template with this id"


class ArticleNotFoundError(NotFoundError):
    code, title = "article_not_found", "There is no article with this id"


def get_template(session: ReadSession, template_id: str) -> Template:
    """The template's row, archived or not.

    Raises:
        TemplateNotFoundError: no template has this id.
    """
    row = session.get(Template, template_id) if is_id(template_id, "template") else None
    if row is None:
        raise TemplateNotFoundError
    return row


def lock_template(session: WriteSession, template_id: str) -> Template:
    """The template's row, locked until the transaction ends.

    Raises:
        TemplateNotFoundError: no template has this id.
    """
    row = session.lock(Template, template_id) if is_id(template_id, "template") else None
    if row is None:
        raise TemplateNotFoundError
    return row


def get_article(session: ReadSession, article_id: str) -> Article:
    """The article's row, whatever its status.

    Raises:
        ArticleNotFoundError: no article has this id.
    """
    row = session.get(Article, article_id) if is_id(article_id, "article") else None
    if row is None:
        raise ArticleNotFoundError
    return row


def lock_article(session: WriteSession, article_id: str) -> Article:
    """The article's row, locked until the transaction ends.

    Raises:
        ArticleNotFoundError: no article has this id.
    """
    row = session.lock(Article, article_id) if is_id(article_id, "article") else None
    if row is None:
        raise ArticleNotFoundError
    return row


def get_proposal(session: ReadSession, proposal_id: str) -> Proposal:
    """The proposal's row.

    Raises:
        ProposalNotFoundError: no proposal has this id.
    """
    row = session.get(Proposal, proposal_id) if is_id(proposal_id, "proposal") else None
    if row is None:
        raise ProposalNotFoundError
    return row


def lock_proposal(session: WriteSession, proposal_id: str) -> Proposal:
    """The proposal's row, locked until the transaction ends.

    Raises:
        ProposalNotFoundError: no proposal has this id.
    """
    row = session.lock(Proposal, proposal_id) if is_id(proposal_id, "proposal") else None
    if row is None:
        raise ProposalNotFoundError
    return row


def of_who_opted_out(session: ReadSession, issue_ids: Sequence[str]) -> frozenset[str]:
    """Those of the issues whose customer does not want models to read what they wrote."""
    query = select(Issue.id).join(Customer, Customer.id == Issue.customer_id)
    return frozenset(session.scalars(query.where(Issue.id.in_(issue_ids), ~Customer.language_model_allowed)))


def find_proposal(session: ReadSession, issue_id: str, resolution_id: str | None) -> Proposal | None:
    """What was proposed from this fix of this issue."""
    row = session.scalar(
        select(Proposal).where(Proposal.issue_id == issue_id, Proposal.resolution_id == resolution_id).limit(1)
    )
    return row if isinstance(row, Proposal) else None


def id_by_reference(session: ReadSession, table: type[Row], reference: tuple[str, str] | None) -> str | None:
    """The id of the record another system knows by ``reference`` (source, id)."""
    if reference is None:
        return None
    source, external_id = reference
    query = select(table.id).where(table.external_source == source, table.external_id == external_id)
    found = session.scalar(query)
    return str(found) if found else None


def templates_by_id(session: ReadSession, template_ids: Sequence[str]) -> dict[str, Template]:
    """The templates that exist among these ids."""
    return {row.id: row for row in session.scalars(select(Template).where(Template.id.in_(template_ids)))}


def articles_by_id(session: ReadSession, article_ids: Sequence[str]) -> dict[str, Article]:
    """The articles that exist among these ids."""
    return {row.id: row for row in session.scalars(select(Article).where(Article.id.in_(article_ids)))}


def list_templates(
    session: ReadSession,
    *,
    active: bool | None,
    category: str | None,
    language: str | None,
    folder: str | None,
    page: PageRequest,
) -> Sequence[Template]:
    """One page of templates and one row more, newest first."""
    query = select(Template)
    if active is not None:
        query = query.where(Template.active == active)
    if category is not None:
        query = query.where(Template.category == category)
    if language is not None:
        query = query.where(Template.language == language)
    if folder is not None:
        query = query.where(Template.folder == folder)
    return list(session.scalars(paged(query, page, Template.created_at, Template.id)))


def ratings_of_templates(session: ReadSession, template_ids: Sequence[str]) -> Mapping[str, tuple[int, float]]:
    """By template how many rated issues had a reply of it, and their mean rating, 1 to 5."""
    drafted = select(Suggestion.template_id, Suggestion.issue_id).where(
        Suggestion.template_id.in_(template_ids), Suggestion.outcome.in_(("accepted", "edited"))
    )
    inserted = select(TemplateUse.template_id, TemplateUse.issue_id).where(TemplateUse.template_id.in_(template_ids))
    used = union(drafted, inserted).subquery()
    query = (
        select(used.c.template_id, func.count().label("rated"), func.avg(Issue.rating).label("mean"))
        .join(Issue, Issue.id == used.c.issue_id)
        .where(Issue.rating.is_not(None))
        .group_by(used.c.template_id)
    )
    return {row.template_id: (row.rated, float(row.mean)) for row in session.execute(query)}


def list_articles(
    session: ReadSession, *, statuses: Sequence[str], category: str | None, language: str | None, page: PageRequest
) -> Sequence[Article]:
    """One page of articles and one row more, newest first."""
    query = select(Article)
    if statuses:
        query = query.where(Article.status.in_(statuses))
    if category is not None:
        query = query.where(Article.category == category)
    if language is not None:
        query = query.where(Article.language == language)
    return list(session.scalars(paged(query, page, Article.created_at, Article.id)))


@dataclass(frozen=True, slots=True)
class NamedIssues:
    """The issues which articles name: ids of those that are not seen, and subject and outside id of what is there."""

    hidden: frozenset[str] = frozenset()
    sources: Mapping[str, tuple[str, str | None]] = field(default_factory=dict)


def named_issues(session: ReadSession, articles: Sequence[Article], sees: Sees) -> NamedIssues:
    """What the reader of articles is told of the issues which they name."""
    sources = {issue_id for article in articles for issue_id in article.source_issue_ids}
    named = sources | {noted["issue_id"] for article in articles for noted in article.contradictions}
    hidden = frozenset(named - seen_issue_ids(session, named, sees))
    if not sources - hidden:
        return NamedIssues(hidden)
    query = select(Issue.id, Issue.subject, Issue.external_id).where(Issue.id.in_(sources - hidden))
    return NamedIssues(hidden, {row.id: (row.subject, row.external_id) for row in session.execute(query)})


def issues_of_proposals(session: ReadSession, proposal_ids: Sequence[str], sees: Sees) -> dict[str, str]:
    """From which issue each of the proposals came; without those that are gone or not seen."""
    query = select(Proposal).where(Proposal.id.in_(proposal_ids))
    issues: dict[str, str] = {row.id: row.issue_id for row in session.scalars(query)}
    seen = seen_issue_ids(session, set(issues.values()), sees)
    return {proposal_id: issue_id for proposal_id, issue_id in issues.items() if issue_id in seen}


def list_proposals(
    session: ReadSession, *, statuses: Sequence[str], sees: Sees, sort: str, page: PageRequest
) -> Sequence[Proposal]:
    """One page of the review queue and one row more; none of an issue that is not seen.

    Args:
        sort: ``waiting``: the longest waiting first; ``changed``: what was decided or reopened last first.
    """
    query = select(Proposal)
    if sees is not None:
        query = query.join(Issue, Issue.id == Proposal.issue_id).where(seen_issue(sees))
    if statuses:
        query = query.where(Proposal.status.in_(statuses))
    waiting = sort == "waiting"
    key = Proposal.created_at if waiting else Proposal.updated_at
    return list(session.scalars(paged(query, page, key, Proposal.id, newest_first=not waiting)))
