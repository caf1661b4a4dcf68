"""Endpoints of knowledge articles and of the queue of proposals."""

from collections.abc import Sequence
from typing import Annotated, cast

from fastapi import APIRouter, Query, Response

from support_copilot.db.models import Article
from support_copilot.http.concurrency import IfMatch, set_etag
from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.http.fields import LanguageCode, Slug
from support_copilot.http.idempotency import IdempotencyKeyHeader, fingerprint
from support_copilot.http.paging import Page, PageArgs, page_of
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires
from support_copilot.identity.principal import Principal
from support_copilot.knowledge.articles import NewArticle, create_article, edit_article
from support_copilot.knowledge.proposals import approve_proposal, reject_proposal
from support_copilot.knowledge.queries import (
    get_article,
    get_proposal,
    list_articles,
    list_proposals,
    named_issues,
    of_who_opted_out,
)
from support_copilot.knowledge.reopening import reopen_proposal
from support_copilot.knowledge.schemas import (
    ApprovalOut,
    ApproveRequest,
    ArticleEdit,
    ArticleIn,
    ArticleOut,
    ArticleStatus,
    ProposalOut,
    ProposalSort,
    ProposalStatus,
    RejectRequest,
    render_article,
    render_proposal,
)
from support_copilot.knowledge.versions import ArticleChanges, Edit
from support_copilot.resources import Resources

router = APIRouter(tags=["knowledge"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)


@router.get("/v1/knowledge/articles", dependencies=[requires("knowledge.read")])
def get_articles(
    resources: ResourcesDep,
    principal: PrincipalDep,
    page: PageArgs,
    status: Annotated[Sequence[ArticleStatus], Query(description="May be given several times.")] = (),
    category: Annotated[Slug | None, Query()] = None,
    language: Annotated[LanguageCode | None, Query()] = None,
) -> Page[ArticleOut]:
    """List articles, newest first."""
    with resources.database.read() as session:
        rows = list_articles(session, statuses=status, category=category, language=language, page=page)
        named = named_issues(session, rows, principal.sees)
    return page_of(rows, page, lambda row: row.created_at, lambda row: row.id, lambda row: render_article(row, named))


@router.post(
    "/v1/knowledge/articles",
    status_code=201,
    responses={200: {"model": ArticleOut, "description": "An article with this external reference was there."}},
    dependencies=[requires("knowledge.edit")],
)
def post_article(
    body: ArticleIn,
    resources: ResourcesDep,
    principal: PrincipalDep,
    response: Response,
    idempotency_key: IdempotencyKeyHeader = None,
) -> ArticleOut:
    """Store an article, as a draft unless `status` says otherwise."""
    new = NewArticle(
        title=body.title,
        body=body.body,
        language=body.language,
        category=body.category,
        tags=body.tags,
        status=body.status,
        language_model_allowed=body.language_model_allowed,
        external_source=body.external_ref.source if body.external_ref else None,
        external_id=body.external_ref.id if body.external_ref else None,
    )
    creation = create_article(resources, new, idempotency_key, fingerprint(body))
    response.status_code = creation.status
    return get_one_article(creation.resource_id, resources, principal, response)


@router.get("/v1/knowledge/articles/{article_id}", dependencies=[requires("knowledge.read")])
def get_one_article(
    article_id: str, resources: ResourcesDep, principal: PrincipalDep, response: Response
) -> ArticleOut:
    """Read one article, whatever its status."""
    with resources.database.read() as session:
        article = get_article(session, article_id)
        named = named_issues(session, [article], principal.sees)
    set_etag(response, article.version)
    return render_article(article, named)


@router.patch("/v1/knowledge/articles/{article_id}", dependencies=[requires("knowledge.edit")])
def patch_article(
    article_id: str,
    body: ArticleEdit,
    resources: ResourcesDep,
    principal: PrincipalDep,
    response: Response,
    if_match: IfMatch = None,
) -> ArticleOut:
    """Edit, publish, withdraw or archive an article; its text before is kept as an earlier version."""
    changes = body.changes()
    note, since = changes.pop("change_note", None), changes.pop("unchanged_since", None)
    edit = Edit("edited", principal.name, note, unchanged_since=since)
    may_decide = principal.may("knowledge.decide")
    article = edit_article(
        resources, article_id, cast("ArticleChanges", changes), edit, may_decide=may_decide, if_match=if_match
    )
    set_etag(response, article.version)
    return _shown(article, resources, principal)


@router.get("/v1/knowledge/proposals", dependencies=[requires("knowledge.read")])
def get_proposals(
    resources: ResourcesDep,
    principal: PrincipalDep,
    page: PageArgs,
    status: Annotated[Sequence[ProposalStatus], Query(description="May be given several times.")] = (),
    sort: Annotated[ProposalSort, Query(description="`changed`: what was decided last comes first.")] = "waiting",
) -> Page[ProposalOut]:
    """List what solved issues proposed for the knowledge base, the longest waiting first."""
    with resources.database.read() as session:
        rows = list_proposals(session, statuses=status, sees=principal.sees, sort=sort, page=page)
        opted_out = of_who_opted_out(session, [row.issue_id for row in rows])
    return page_of(
        rows,
        page,
        lambda row: row.created_at if sort == "waiting" else row.updated_at,
        lambda row: row.id,
        lambda row: render_proposal(row, opted_out),
    )


@router.get("/v1/knowledge/proposals/{proposal_id}", dependencies=[requires("knowledge.read")])
def get_one_proposal(proposal_id: str, resources: ResourcesDep, response: Response) -> ProposalOut:
    """Read one proposal."""
    with resources.database.read() as session:
        proposal = get_proposal(session, proposal_id)
        opted_out = of_who_opted_out(session, [proposal.issue_id])
    set_etag(response, proposal.version)
    return render_proposal(proposal, opted_out)


@router.post("/v1/knowledge/proposals/{proposal_id}/approve", dependencies=[requires("knowledge.decide")])
def post_approval(
    proposal_id: str,
    body: ApproveRequest,
    resources: ResourcesDep,
    principal: PrincipalDep,
    if_match: IfMatch = None,
) -> ApprovalOut:
    """Publish what was proposed, as it is or as edited; it can be found at once."""
    edits = {name: value for name, value in body.changes().items() if name != "force"}
    proposal, article = approve_proposal(
        resources,
        proposal_id,
        cast("ArticleChanges", edits),
        force=body.force,
        if_match=if_match,
        decided_by=principal.name,
    )
    return ApprovalOut(proposal=render_proposal(proposal), article=_shown(article, resources, principal))


@router.post("/v1/knowledge/proposals/{proposal_id}/reject", dependencies=[requires("knowledge.decide")])
def post_rejection(
    proposal_id: str,
    body: RejectRequest,
    resources: ResourcesDep,
    principal: PrincipalDep,
    if_match: IfMatch = None,
) -> ProposalOut:
    """Turn a proposal down."""
    return render_proposal(
        reject_proposal(resources, proposal_id, body.reason, if_match=if_match, decided_by=principal.name)
    )


@router.post("/v1/knowledge/proposals/{proposal_id}/reopen", dependencies=[requires("knowledge.decide")])
def post_reopening(
    proposal_id: str, resources: ResourcesDep, principal: PrincipalDep, if_match: IfMatch = None
) -> ProposalOut:
    """Take a decision back: the proposal waits again.

    Of an approval, the article has its text of before again; a new one is archived. Refused once it was edited since.
    """
    return render_proposal(reopen_proposal(resources, proposal_id, if_match=if_match, reopened_by=principal.name))


def _shown(article: Article, resources: Resources, principal: Principal) -> ArticleOut:
    with resources.database.read() as session:
        return render_article(article, named_issues(session, [article], principal.sees))
