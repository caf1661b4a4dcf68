"""Endpoints of mentions: who can be named in a note, what names you, and that you have seen it."""

from datetime import datetime

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.http.paging import Page
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires
from support_copilot.identity.runtime import IdentityDep
from support_copilot.issues.mentions import list_colleagues, list_unread, mark_read
from support_copilot.issues.queries import get_issue

router = APIRouter(tags=["issues"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)


class MentionOut(BaseModel):
    """A note that names you and that you have not seen."""

    issue_id: str
    message_id: str
    created_at: datetime


class ColleagueOut(BaseModel):
    """Somebody whom a note of the issue can name."""

    id: str
    name: str = Field(description="What stands after the `@` of a note that names them.")


@router.get("/v1/mentions", dependencies=[requires("issues.read")])
def get_mentions(resources: ResourcesDep, principal: PrincipalDep) -> Page[MentionOut]:
    """List what names you and was not read, newest first; at most 500, all of them on one page."""
    with resources.database.read() as session:
        rows = list_unread(session, principal.sees, principal.id)
    data = [MentionOut(issue_id=row.issue_id, message_id=row.message_id, created_at=row.created_at) for row in rows]
    return Page(data=data, next_cursor=None)


@router.post("/v1/issues/{issue_id}/mentions/read", status_code=204, dependencies=[requires("issues.read")])
def post_mentions_read(issue_id: str, resources: ResourcesDep, principal: PrincipalDep) -> Response:
    """Say that you have seen the notes of an issue that name you; saying it again does nothing."""
    with resources.database.transaction() as session:
        get_issue(session, issue_id)
        mark_read(session, issue_id, principal.id, resources.clock())
    return Response(status_code=204)


@router.get("/v1/issues/{issue_id}/colleagues", dependencies=[requires("issues.read")])
def get_colleagues(issue_id: str, resources: ResourcesDep, identity: IdentityDep) -> Page[ColleagueOut]:
    """List who may see an issue and can be named in its notes, by name; at most 500, all of them on one page."""
    with resources.database.read() as session:
        issue = get_issue(session, issue_id)
        rows = list_colleagues(session, issue, teams_limit=identity.config.teams_limit_agents)
    return Page(data=[ColleagueOut(id=user_id, name=name) for user_id, name in rows], next_cursor=None)
