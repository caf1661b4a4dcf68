"""The endpoint behind the search box."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AfterValidator, BaseModel, Field

from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.http.paging import Page
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires
from support_copilot.kit.text import one_line
from support_copilot.lookup.service import Kind, look_up

router = APIRouter(tags=["search"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)

_DEFAULT_KINDS: tuple[Kind, ...] = ("issue", "customer", "article")


class FoundOut(BaseModel):
    """One record that was found, best first."""

    kind: Kind
    id: str
    title: str
    snippet: str = Field(description="The part of the text around the first matched word.")
    score: float = Field(description="Compares records of one kind within one answer only.")
    status: str | None


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
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
) -> Page[FoundOut]:
    """Find records by words and by meaning; all that was found is on one page."""
    found = look_up(resources, q, kinds=kind or _DEFAULT_KINDS, statuses=status, limit=limit, sees=principal.sees)
    return Page(data=[FoundOut(**asdict(item)) for item in found], next_cursor=None)
