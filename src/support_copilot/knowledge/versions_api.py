"""Endpoints of the texts that articles had before."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from support_copilot.db.models import ArticleVersion
from support_copilot.http.concurrency import IfMatch, set_etag
from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.http.paging import Page, PageArgs, page_of
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires
from support_copilot.knowledge.queries import get_article, issues_of_proposals, named_issues
from support_copilot.knowledge.restoring import restore_version
from support_copilot.knowledge.schemas import ArticleOut, ArticleStatus, ChangeNote, render_article
from support_copilot.knowledge.versions import How, get_version, list_versions

router = APIRouter(tags=["knowledge"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)

VersionNumber = Annotated[int, Path(ge=1, lt=2**31, description="The article's `version` that had this text last.")]


class VersionOut(BaseModel):
    """A text that an article had, without its words, and how it was replaced."""

    version: int
    title: str
    language: str
    category: str | None
    tags: list[str]
    status: ArticleStatus
    language_model_allowed: bool
    replaced_at: datetime
    replaced_by: str | None = Field(description="Who replaced it, by name; null for an import.")
    how: How = Field(description="How it was replaced; `taken_back`: an approval was undone.")
    change_note: str | None = Field(description="Why, in the words of who replaced it.")
    issue_id: str | None = Field(description="The issue that the approved proposal came from, where it is seen.")


class VersionTextOut(VersionOut):
    body: str


class RestoreRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    change_note: ChangeNote | None = None


@router.get("/v1/knowledge/articles/{article_id}/versions", dependencies=[requires("knowledge.read")])
def get_versions(article_id: str, resources: ResourcesDep, principal: PrincipalDep, page: PageArgs) -> Page[VersionOut]:
    """List the earlier texts of an article, newest first; the last 50 are kept."""
    with resources.database.read() as session:
        get_article(session, article_id)
        rows = list_versions(session, article_id, page)
        issues = issues_of_proposals(session, [row.proposal_id for row in rows if row.proposal_id], principal.sees)
    return page_of(
        rows, page, lambda row: row.version, lambda row: row.id, lambda row: VersionOut(**_fields_of(row, issues))
    )


@router.get("/v1/knowledge/articles/{article_id}/versions/{version}", dependencies=[requires("knowledge.read")])
def get_one_version(
    article_id: str, version: VersionNumber, resources: ResourcesDep, principal: PrincipalDep
) -> VersionTextOut:
    """Read an earlier text of an article."""
    with resources.database.read() as session:
        get_article(session, article_id)
        row = get_version(session, article_id, version)
        issues = issues_of_proposals(session, [row.proposal_id] if row.proposal_id else [], principal.sees)
    return VersionTextOut(**_fields_of(row, issues), body=row.body)


@router.post(
    "/v1/knowledge/articles/{article_id}/versions/{version}/restore", dependencies=[requires("knowledge.edit")]
)
def post_restoring(
    article_id: str,
    version: VersionNumber,
    body: RestoreRequest,
    resources: ResourcesDep,
    principal: PrincipalDep,
    response: Response,
    if_match: IfMatch = None,
) -> ArticleOut:
    """Give an article an earlier text again; its status stays, and the text of now is kept as well."""
    article = restore_version(resources, article_id, version, body.change_note, principal, if_match=if_match)
    with resources.database.read() as session:
        named = named_issues(session, [article], principal.sees)
    set_etag(response, article.version)
    return render_article(article, named)


def _fields_of(row: ArticleVersion, issues: Mapping[str, str]) -> dict[str, Any]:
    return {
        "version": row.version,
        "title": row.title,
        "language": row.language,
        "category": row.category,
        "tags": row.tags,
        "status": row.status,
        "language_model_allowed": row.language_model_allowed,
        "replaced_at": row.replaced_at,
        "replaced_by": row.replaced_by,
        "how": row.how,
        "change_note": row.note,
        "issue_id": issues.get(row.proposal_id or ""),
    }
