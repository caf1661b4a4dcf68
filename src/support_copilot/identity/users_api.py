"""Endpoints of users."""

from collections.abc import Sequence
from typing import Annotated, cast

from fastapi import APIRouter, Query, Response

from support_copilot.db.engine import ReadSession
from support_copilot.db.models import User
from support_copilot.http.concurrency import IfMatch, set_etag
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.http.paging import Page, PageArgs, page_of
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires
from support_copilot.identity.account_api import render_session
from support_copilot.identity.audit import AuditEvent, record_audit
from support_copilot.identity.auth_schemas import SessionOut
from support_copilot.identity.directory_queries import list_users, teams_of_users
from support_copilot.identity.directory_schemas import (
    LinkOut,
    RoleOut,
    UserCreated,
    UserEdit,
    UserIn,
    UserOut,
    render_role,
    render_user,
)
from support_copilot.identity.permissions import ROLES, Role
from support_copilot.identity.principal import Principal
from support_copilot.identity.queries import end_sessions, running_sessions
from support_copilot.identity.runtime import Identity, IdentityDep
from support_copilot.identity.teams import free_unseen_issues
from support_copilot.identity.users import (
    PASSWORD_LINK_LASTS,
    UserChanges,
    create_user,
    edit_user,
    get_locked_user,
    get_user,
    make_password_link,
    set_teams,
    take_second_factor,
)

router = APIRouter(tags=["users"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)


@router.get("/v1/users", dependencies=[requires("users.read")])
def get_users(
    identity: IdentityDep,
    principal: PrincipalDep,
    page: PageArgs,
    role: Annotated[Role | None, Query()] = None,
    team_id: Annotated[str | None, Query(max_length=64)] = None,
    disabled: Annotated[bool | None, Query(description="Leave out for all.")] = None,
) -> Page[UserOut]:
    """List users, newest first."""
    with identity.database.read() as session:
        rows = list_users(session, page, role=role, team_id=team_id, disabled=disabled)
        shown = {user.id: user for user in _rendered(session, rows, principal)}
    return page_of(rows, page, lambda row: row.created_at, lambda row: row.id, lambda row: shown[row.id])


@router.post("/v1/users", status_code=201, dependencies=[requires("users.manage")])
def post_user(body: UserIn, identity: IdentityDep, principal: PrincipalDep, response: Response) -> UserCreated:
    """Add a person; give them the link of the answer, by which they set their password."""
    response.headers["Cache-Control"] = "no-store"
    now = identity.clock()
    with identity.database.transaction() as session:
        user = create_user(session, email=body.email, name=body.name, role=body.role, actor=principal, now=now)
        set_teams(session, user.id, body.team_ids)
        link = _password_link(identity, make_password_link(session, user.id, principal, now))
        session.flush()
        (shown,) = _rendered(session, [user], principal)
    return UserCreated(user=shown, password_link=link)


@router.get("/v1/users/{user_id}", dependencies=[requires("users.read")])
def get_one_user(user_id: str, identity: IdentityDep, principal: PrincipalDep, response: Response) -> UserOut:
    """Read one user."""
    with identity.database.read() as session:
        user = get_user(session, user_id)
        (shown,) = _rendered(session, [user], principal)
    set_etag(response, user.version)
    return shown


@router.patch("/v1/users/{user_id}", dependencies=[requires("users.manage")])
def patch_user(
    user_id: str,
    body: UserEdit,
    identity: IdentityDep,
    principal: PrincipalDep,
    response: Response,
    if_match: IfMatch = None,
) -> UserOut:
    """Edit a user. Another role counts from the next request; who is disabled is out at once."""
    changes = cast("UserChanges", body.changes())
    with identity.database.transaction() as session:
        user = edit_user(session, user_id, changes, if_match, principal, identity.clock())
        if identity.config.teams_limit_agents:
            free_unseen_issues(session, user, principal, identity.clock())
        session.flush()
        (shown,) = _rendered(session, [user], principal)
    set_etag(response, user.version)
    return shown


@router.post("/v1/users/{user_id}/password-link", status_code=201, dependencies=[requires("users.manage")])
def post_password_link(user_id: str, identity: IdentityDep, principal: PrincipalDep, response: Response) -> LinkOut:
    """Make a link by which a person sets a password; one that was made before is void."""
    response.headers["Cache-Control"] = "no-store"
    with identity.database.transaction() as session:
        return _password_link(identity, make_password_link(session, user_id, principal, identity.clock()))


@router.post("/v1/users/{user_id}/second-factor/remove", status_code=204, dependencies=[requires("users.manage")])
def post_second_factor_removal(user_id: str, identity: IdentityDep, principal: PrincipalDep) -> None:
    """Take away the second factor of somebody who lost it; their sessions end."""
    now = identity.clock()
    with identity.database.transaction() as session:
        user = get_locked_user(session, user_id)
        take_second_factor(session, user, principal, now)
        end_sessions(session, user.id, "second_factor_removed", now)


@router.get("/v1/users/{user_id}/sessions", dependencies=[requires("users.manage")])
def get_user_sessions(user_id: str, identity: IdentityDep, principal: PrincipalDep) -> Page[SessionOut]:
    """List where a user is signed in, newest first; all on one page."""
    with identity.database.read() as session:
        rows = running_sessions(session, get_user(session, user_id).id, identity.clock())
    return Page(data=[render_session(row, principal.session_id) for row in rows], next_cursor=None)


@router.delete("/v1/users/{user_id}/sessions", status_code=204, dependencies=[requires("users.manage")])
def delete_user_sessions(user_id: str, identity: IdentityDep, principal: PrincipalDep) -> None:
    """End every session of a user."""
    now = identity.clock()
    with identity.database.transaction() as session:
        end_sessions(session, get_user(session, user_id).id, "revoked", now)
        record_audit(session, AuditEvent("session.ended", now, principal, user_id, reason="revoked"))


@router.get("/v1/roles", dependencies=[requires("users.read")])
def get_roles() -> Page[RoleOut]:
    """List the roles with what each may do; all on one page."""
    return Page(data=[render_role(role) for role in ROLES], next_cursor=None)


def _rendered(session: ReadSession, users: Sequence[User], principal: Principal) -> list[UserOut]:
    teams = teams_of_users(session, [user.id for user in users])
    oversees = principal.may("audit.read")
    return [render_user(user, teams.get(user.id, []), with_standing=oversees) for user in users]


def _password_link(identity: Identity, token: str) -> LinkOut:
    address = identity.config.public_url or ""
    return LinkOut(link=f"{address}/reset-password#token={token}", expires_at=identity.clock() + PASSWORD_LINK_LASTS)
