"""Endpoints of how articles do, and of what is asked and stands in none."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy import Row

from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.http.fields import LanguageCode, Slug
from support_copilot.http.paging import Page, PageArgs, page_of_kept
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires
from support_copilot.identity.visibility import Sees
from support_copilot.issues.schemas import issue_key
from support_copilot.kit.kept import Kept
from support_copilot.knowledge.gaps import LOOK_BACK_DAYS, Gap, Gaps, KeptGaps, drafts_of, find_gaps
from support_copilot.knowledge.health import (
    USED_DAYS,
    AllUses,
    Health,
    HealthSort,
    HealthState,
    UsesOfArticles,
    Wanted,
    count_uses,
    in_order,
    list_health,
)
from support_copilot.knowledge.schemas import ArticleStatus
from support_copilot.resources import Resources

router = APIRouter(tags=["knowledge"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)


class ArticleHealthOut(BaseModel):
    """Counted are drafts that were made in the last 90 days, of issues that are seen, and that stood on the article."""

    id: str = Field(examples=["art_01j9z3k6w8f5v9m2q4x7c1b0ad"])
    title: str
    category: str | None
    language: str
    status: ArticleStatus
    updated_at: datetime
    drafts: int
    kept: int = Field(description="Drafts that agents sent, as they were or after a change.")
    rejected: int
    rated: int = Field(description="Drafts that were sent and whose issue the customer rated.")
    satisfied: int = Field(description="Of these the ones that were rated 4 or 5.")
    last_used_at: datetime | None
    contradictions: int = Field(description="Resolved issues that speak against it.")
    stale: bool = Field(description="Published, and not changed for long or contradicted.")


class ArticleHealthPage(Page[ArticleHealthOut]):
    days: int = Field(description="Of how many days drafts were counted.")
    drafts_read: int
    complete: bool = Field(description="False: there were more drafts than are read, the newest were.")


async def _uses(request: Request) -> UsesOfArticles:
    uses = request.app.state.uses_of_articles
    assert isinstance(uses, Kept)  # noqa: S101  # set by serve.py before the first request
    return uses


@router.get("/v1/knowledge/health", dependencies=[requires("knowledge.read")])
def get_articles_health(
    resources: ResourcesDep,
    principal: PrincipalDep,
    page: PageArgs,
    uses: Annotated[UsesOfArticles, Depends(_uses)],
    status: Annotated[Sequence[ArticleStatus], Query(description="May be given several times.")] = (),
    category: Annotated[Slug | None, Query()] = None,
    language: Annotated[LanguageCode | None, Query()] = None,
    article_id: Annotated[str | None, Query(max_length=64, description="Only this one.")] = None,
    state: Annotated[HealthState | None, Query(description="`unused`: published, and in no draft.")] = None,
    stale_days: Annotated[int, Query(ge=1, le=3650, description="Unchanged for so many days is stale.")] = 180,
    sort: Annotated[HealthSort, Query(description="`oldest`: unchanged for longest first.")] = "changed",
) -> ArticleHealthPage:
    """List articles with how they do: used in drafts, kept by agents, helpful to customers, or out of date.

    Of the 2,000 articles that were changed last; figures are at most a minute old.
    """
    now = resources.clock()
    counted = uses.get(principal.sees, now, lambda: _counted(resources, principal.sees, now))
    wanted = Wanted(status, language, category, article_id, state, now - timedelta(days=stale_days))
    with resources.database.read() as session:
        found = list_health(session, wanted, counted, principal.sees)
    listed = page_of_kept(in_order(found, sort), page, lambda each: each.article.id, _render)
    return ArticleHealthPage(
        data=listed.data, next_cursor=listed.next_cursor,
        days=USED_DAYS, drafts_read=counted.read, complete=counted.complete,
    )  # fmt: skip


def _counted(resources: Resources, sees: Sees, now: datetime) -> AllUses:
    with resources.database.read() as session:
        return count_uses(session, sees, now)


def _render(health: Health) -> ArticleHealthOut:
    article, uses = health.article, health.uses
    return ArticleHealthOut(
        id=article.id, title=article.title, category=article.category, language=article.language,
        status=article.status, updated_at=article.updated_at, drafts=uses.drafts, kept=uses.kept,
        rejected=uses.rejected, rated=uses.rated, satisfied=uses.satisfied, last_used_at=uses.last_at,
        contradictions=health.contradictions, stale=health.is_stale,
    )  # fmt: skip


class GapIssueOut(BaseModel):
    id: str
    key: str
    subject: str
    created_at: datetime
    solved: bool = Field(description="It has a fix.")
    typical: bool = Field(description="It has one, and is about the same as most: of these one article can be drafted.")


class GapDraftOut(BaseModel):
    id: str
    title: str


class GapOut(BaseModel):
    """A topic whose issues found nothing; counted are issues of the last 90 days that are seen."""

    topic: str | None = Field(description="null: issues of no topic.")
    issues: int = Field(description="All of the topic.")
    uncovered: int = Field(description="Of these the ones that found nothing.")
    without_source: int = Field(description="Their newest draft said that it had no good source.")
    without_article: int = Field(description="No published article is near them.")
    solved: int = Field(description="Of the uncovered ones those that have a fix.")
    last_at: datetime
    examples: list[GapIssueOut] = Field(description="Up to five, the typical ones first, then those with a fix.")
    draft: GapDraftOut | None = Field(description="An article that was learned from one of them and is not published.")


class GapsOut(BaseModel):
    data: list[GapOut] = Field(description="Most uncovered issues first, those of no topic last; with at least two.")
    days: int
    read: int
    judged: int = Field(description="Issues with a draft, or with a vector, to tell by; of others nothing is known.")
    complete: bool = Field(description="False: there were more issues than are read, the newest were.")


async def _gaps(request: Request) -> KeptGaps:
    gaps = request.app.state.gaps
    assert isinstance(gaps, Kept)  # noqa: S101  # set by serve.py before the first request
    return gaps


@router.get("/v1/knowledge/gaps", dependencies=[requires("knowledge.read")])
def get_gaps(resources: ResourcesDep, principal: PrincipalDep, gaps: Annotated[KeptGaps, Depends(_gaps)]) -> GapsOut:
    """List topics that are asked often and stand in no article: drafts had no good source, or no article is near.

    `POST /v1/knowledge/articles/from-issues` drafts an article from the fixes of such issues.
    """
    now = resources.clock()
    found = gaps.get(principal.sees, now, lambda: _found(resources, principal.sees, now))
    with resources.database.read() as session:
        drafts = drafts_of(session, found.gaps)
    return GapsOut(
        data=[_render_gap(gap, drafts.get(gap.topic)) for gap in found.gaps],
        days=LOOK_BACK_DAYS, read=found.read, judged=found.judged,
        complete=found.complete,
    )  # fmt: skip


def _found(resources: Resources, sees: Sees, now: datetime) -> Gaps:
    with resources.database.read() as session:
        return find_gaps(session, resources.embedder.model, sees, now)


def _render_gap(gap: Gap, draft: Row[Any] | None) -> GapOut:
    return GapOut(
        topic=gap.topic, issues=gap.issues, uncovered=gap.uncovered, without_source=gap.without_source,
        without_article=gap.without_article, solved=gap.solved, last_at=gap.last_at,
        examples=[
            GapIssueOut(
                id=each.id, key=issue_key(each.id, each.external_id), subject=each.subject,
                created_at=each.created_at, solved=each.solved, typical=each.typical,
            )
            for each in gap.examples
        ],
        draft=GapDraftOut(id=draft.id, title=draft.title) if draft else None,
    )  # fmt: skip
