"""The endpoint behind the search box."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AfterValidator, BaseModel, Field

from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.http.fields import Severity
from support_copilot.http.paging import Page
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires
from support_copilot.kit.text import one_line
from support_copilot.lookup.found import Kind
from support_copilot.lookup.service import look_up

router = APIRouter(tags=["search"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)

_DEFAULT_KINDS: tuple[Kind, ...] = ("issue", "customer", "article")


class FoundPersonOut(BaseModel):
    """A customer as one tells them from others."""

    name: str | None
    email: str | None
    company: str | None
    plan: str | None


class FoundOut(BaseModel):
    """One record that was found, best first."""

    kind: Kind
    id: str
    title: str
    snippet: str = Field(description="The part of the text around the first matched word.")
    score: float = Field(description="Compares records of one kind within one answer only.")
    status: str | None
    key: str | None = Field(description="What people call an issue.")
    severity: Severity | None = Field(description="Of an issue.")
    customer: FoundPersonOut | None = Field(description="Who was found, or whose issue.")
    created_at: datetime | None


def _with_words(query: str) -> str:
    words = one_line(query)
    if not words:
        raise ValueError("must hold some text")
    return words


@router.get("/v1/search", dependencies=[requires("search.use")])
def get_search(
    resources: ResourcesDep,
    principal: PrincipalDep,
    q: Annotated[
        str,
        Query(min_length=1, max_length=1000, description="Words, an id or key, a name or an address."),
        AfterValidator(_with_words),
    ],
    kind: Annotated[
        Sequence[Kind], Query(description="May be given several times; without it issues, customers and articles.")
    ] = (),
    status: Annotated[
        Sequence[str], Query(max_length=10, description="Only issues and articles with one of these statuses.")
    ] = (),
    severity: Annotated[Sequence[Severity], Query(description="Only issues with one of these severities.")] = (),
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
) -> Page[FoundOut]:
    """Find records by words and by meaning; all that was found is on one page."""
    found = look_up(
        resources, q, kinds=kind or _DEFAULT_KINDS, statuses=status, severities=severity, limit=limit,
        sees=principal.sees,
    )  # fmt: skip
    return Page(data=[FoundOut(**asdict(item)) for item in found], next_cursor=None)
