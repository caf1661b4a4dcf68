"""Endpoints of the summarization service."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from support_copilot.http.concurrency import set_etag
from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.http.idempotency import IdempotencyKeyHeader, fingerprint
from support_copilot.http.paging import Page, PageArgs, page_of
from support_copilot.http.places import ModelPlacesDep
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires
from support_copilot.identity.principal import Principal
from support_copilot.identity.visibility import check_issue_seen
from support_copilot.issues.queries import count_messages, get_issue
from support_copilot.knowledge.queries import get_article, named_issues
from support_copilot.knowledge.schemas import ArticleOut, render_article
from support_copilot.prompts.outgoing import asker
from support_copilot.prompts.schemas import PreviewOut, render_preview
from support_copilot.resources import Resources
from support_copilot.summarization.from_issues import draft_from_issues
from support_copilot.summarization.queries import list_summaries
from support_copilot.summarization.schemas import SummaryKind, SummaryOut, SummaryRequest, render_summary
from support_copilot.summarization.service import preview_article, preview_summary, read_summary, write_summary

router = APIRouter(tags=["summarization"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)


@router.get("/v1/issues/{issue_id}/summary", dependencies=[requires("issues.read")])
def get_summary(
    issue_id: str,
    resources: ResourcesDep,
    kind: Annotated[
        SummaryKind, Query(description="Of the solved issue, or for a colleague who takes over.")
    ] = "resolution",
) -> SummaryOut:
    """Read the newest summary of an issue."""
    return render_summary(*read_summary(resources, issue_id, kind))


@router.post("/v1/issues/{issue_id}/summary", status_code=201, dependencies=[requires("summaries.write")])
async def post_summary(
    issue_id: str, body: SummaryRequest, resources: ResourcesDep, principal: PrincipalDep, places: ModelPlacesDep
) -> SummaryOut:
    """Write a summary of the issue as it is now."""
    summary, language = await places.run(write_summary, resources, issue_id, body.kind, asker(principal))
    return render_summary(summary, summary.message_count, language)


@router.post("/v1/issues/{issue_id}/summary/preview", dependencies=[requires("summaries.write")])
def post_summary_preview(
    issue_id: str, body: SummaryRequest, resources: ResourcesDep, principal: PrincipalDep
) -> PreviewOut:
    """Show exactly what a language model would be sent for a summary, or why nothing would."""
    return render_preview(preview_summary(resources, issue_id, body.kind, asker(principal)))


@router.post("/v1/issues/{issue_id}/article/preview", dependencies=[requires("summaries.write")])
def post_article_preview(issue_id: str, resources: ResourcesDep, principal: PrincipalDep) -> PreviewOut:
    """Show exactly what a language model would be sent for the article that this issue teaches, or why nothing would.

    The article itself is proposed by itself when an issue is resolved, and waits in the review queue.
    """
    return render_preview(preview_article(resources, issue_id, asker(principal)))


@router.get("/v1/issues/{issue_id}/summaries", dependencies=[requires("issues.read")])
def get_summaries(issue_id: str, resources: ResourcesDep, page: PageArgs) -> Page[SummaryOut]:
    """List all summaries of an issue, newest first."""
    with resources.database.read() as session:
        language = get_issue(session, issue_id).language or "en"
        rows = list_summaries(session, issue_id, page)
        message_count = count_messages(session, issue_id)
    return page_of(
        rows,
        page,
        lambda row: row.created_at,
        lambda row: row.id,
        lambda row: render_summary(row, message_count, language),
    )


class FromIssuesRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    issue_ids: Annotated[list[Annotated[str, Field(max_length=64)]], Field(min_length=1, max_length=5)]


class FromIssuesOut(BaseModel):
    article: ArticleOut
    used_issue_ids: list[str] = Field(description="Those of the issues that had something to teach.")


@router.post("/v1/knowledge/articles/from-issues", status_code=201, dependencies=[requires("knowledge.edit")])
async def post_article_from_issues(
    body: FromIssuesRequest,
    resources: ResourcesDep,
    principal: PrincipalDep,
    places: ModelPlacesDep,
    response: Response,
    idempotency_key: IdempotencyKeyHeader = None,
) -> FromIssuesOut:
    """Draft an article, unpublished, from the fixes of up to five issues, such as those of a gap.

    A language model writes it where one is set and the customers allow it, else the offline engine does. People are
    taken out.
    """
    return await places.run(_drafted, body, resources, principal, response, idempotency_key)


def _drafted(
    body: FromIssuesRequest, resources: Resources, principal: Principal, response: Response, key: str | None
) -> FromIssuesOut:
    with resources.database.read() as session:
        for issue_id in body.issue_ids:
            check_issue_seen(session, issue_id, principal.sees)
    drafted = draft_from_issues(resources, body.issue_ids, key, fingerprint(body), asker(principal))
    with resources.database.read() as session:
        article = get_article(session, drafted.creation.resource_id)
        named = named_issues(session, [article], principal.sees)
    set_etag(response, article.version)
    return FromIssuesOut(article=render_article(article, named), used_issue_ids=list(drafted.used))
