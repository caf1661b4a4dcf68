"""Endpoints of teams, and of who is in them."""

from fastapi import APIRouter, Response

from support_copilot.http.concurrency import IfMatch, set_etag
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.http.paging import Page, PageArgs, page_of
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires
from support_copilot.identity.directory_queries import list_teams
from support_copilot.identity.directory_schemas import TeamIn, TeamOut, TeamUse, render_team
from support_copilot.identity.runtime import IdentityDep
from support_copilot.identity.teams import (
    count_issues,
    count_members,
    create_team,
    delete_team,
    free_unseen_issues,
    get_team,
    put_into_team,
    rename_team,
    take_out_of_team,
)

router = APIRouter(tags=["users"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)


@router.get("/v1/teams", dependencies=[requires("teams.read")])
def get_teams(identity: IdentityDep, page: PageArgs) -> Page[TeamOut]:
    """List teams, newest first."""
    with identity.database.read() as session:
        rows = list_teams(session, page)
        members = count_members(session, [row.id for row in rows])
    return page_of(
        rows, page, lambda row: row.created_at, lambda row: row.id, lambda row: render_team(row, members.get(row.id, 0))
    )


@router.post("/v1/teams", status_code=201, dependencies=[requires("teams.manage")])
def post_team(body: TeamIn, identity: IdentityDep, principal: PrincipalDep) -> TeamOut:
    """Make a team; people are put into it, and issues join it by their `team_id`."""
    with identity.database.transaction() as session:
        return render_team(create_team(session, body.name, principal, identity.clock()), 0)


@router.get("/v1/teams/{team_id}", dependencies=[requires("teams.manage")])
def get_one_team(team_id: str, identity: IdentityDep, response: Response) -> TeamUse:
    """Read one team, and how much it has: what is told before it is deleted."""
    with identity.database.read() as session:
        team, members = get_team(session, team_id), count_members(session, [team_id])
        shown = render_team(team, members.get(team_id, 0))
        issues = count_issues(session, team_id)
    set_etag(response, team.version)
    return TeamUse(**shown.model_dump(), issues=issues, limits=identity.config.teams_limit_agents)


@router.patch("/v1/teams/{team_id}", dependencies=[requires("teams.manage")])
def patch_team(
    team_id: str, body: TeamIn, identity: IdentityDep, principal: PrincipalDep, if_match: IfMatch = None
) -> TeamOut:
    """Rename a team."""
    with identity.database.transaction() as session:
        team = rename_team(session, team_id, body.name, if_match, principal, identity.clock())
        return render_team(team, count_members(session, [team_id]).get(team_id, 0))


@router.delete("/v1/teams/{team_id}", status_code=204, dependencies=[requires("teams.manage")])
def delete_one_team(team_id: str, identity: IdentityDep, principal: PrincipalDep, if_match: IfMatch = None) -> None:
    """Delete a team. Its issues are of no team then: where teams limit agents, all of them see these issues."""
    with identity.database.transaction() as session:
        delete_team(session, team_id, if_match, principal, identity.clock())


@router.put("/v1/teams/{team_id}/members/{user_id}", status_code=204, dependencies=[requires("teams.manage")])
def put_team_member(team_id: str, user_id: str, identity: IdentityDep, principal: PrincipalDep) -> None:
    """Put a person into a team; again does nothing."""
    with identity.database.transaction() as session:
        put_into_team(session, team_id, user_id, principal, identity.clock())


@router.delete("/v1/teams/{team_id}/members/{user_id}", status_code=204, dependencies=[requires("teams.manage")])
def delete_team_member(team_id: str, user_id: str, identity: IdentityDep, principal: PrincipalDep) -> None:
    """Take a person out of a team; again does nothing. Open issues that they do not see then are nobody's."""
    now = identity.clock()
    with identity.database.transaction() as session:
        user = take_out_of_team(session, team_id, user_id, principal, now)
        if identity.config.teams_limit_agents:
            free_unseen_issues(session, user, principal, now)
