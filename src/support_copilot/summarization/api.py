"""Endpoints of the summarization service."""

from typing import Annotated

from fastapi import APIRouter, Query

from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.http.paging import Page, PageArgs, page_of
from support_copilot.http.places import ModelPlacesDep
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires
from support_copilot.issues.queries import count_messages, get_issue
from support_copilot.prompts.outgoing import asker
from support_copilot.prompts.schemas import PreviewOut, render_preview
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
    summary, message_count = read_summary(resources, issue_id, kind)
    return render_summary(summary, message_count)


@router.post("/v1/issues/{issue_id}/summary", status_code=201, dependencies=[requires("summaries.write")])
async def post_summary(
    issue_id: str, body: SummaryRequest, resources: ResourcesDep, principal: PrincipalDep, places: ModelPlacesDep
) -> SummaryOut:
    """Write a summary of the issue as it is now."""
    summary = await places.run(write_summary, resources, issue_id, body.kind, asker(principal))
    return render_summary(summary, summary.message_count)


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
        get_issue(session, issue_id)
        rows = list_summaries(session, issue_id, page)
        message_count = count_messages(session, issue_id)
    return page_of(
        rows, page, lambda row: row.created_at, lambda row: row.id, lambda row: render_summary(row, message_count)
    )
