"""Endpoints of merging: a duplicate into another issue, out of it again, and what it may be merged into."""

from typing import Annotated

from fastapi import APIRouter, Query

from support_copilot.analysis.merge_targets import MergeTarget, merge_targets
from support_copilot.analysis.merging import MergeIn, MergeOut, UnmergeIn, merge, unmerge
from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.http.paging import Page
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires

router = APIRouter(tags=["issues"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)


@router.get("/v1/issues/{issue_id}/merge-targets", dependencies=[requires("issues.read")])
def get_merge_targets(
    issue_id: str,
    resources: ResourcesDep,
    principal: PrincipalDep,
    q: Annotated[str, Query(max_length=200, description="Words of the subject, an id or a key.")] = "",
) -> Page[MergeTarget]:
    """List issues that this one may be merged into, likely duplicates first; at most 30, all on one page."""
    return Page(data=merge_targets(resources, issue_id, q, principal.sees), next_cursor=None)


@router.post("/v1/issues/{issue_id}/merge", dependencies=[requires("issues.edit")])
def post_merge(issue_id: str, body: MergeIn, resources: ResourcesDep, principal: PrincipalDep) -> MergeOut:
    """Merge a duplicate into another issue of the same customer. The same again changes nothing.

    The duplicate is closed; the other issue shows the messages of both, and gets what is sent to either.
    """
    return merge(resources, issue_id, body.into, principal)


@router.post("/v1/issues/{issue_id}/unmerge", dependencies=[requires("issues.edit")])
def post_unmerge(
    issue_id: str, resources: ResourcesDep, principal: PrincipalDep, body: UnmergeIn | None = None
) -> MergeOut:
    """Take an issue out of the one that it is merged into; it is what it was before, with its own messages.

    What was sent to either of them since then stays with the other issue.
    """
    return unmerge(resources, issue_id, principal, body.out_of if body else None)
