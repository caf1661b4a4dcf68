"""Endpoints of one's own account: who am I, password, second factor, sessions."""

from typing import Annotated, cast

from fastapi import APIRouter, Path, Request, Response

from support_copilot.db.models import User, UserSession
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.http.paging import Page
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires
from support_copilot.identity.account import (
    begin_enrolment,
    change_password,
    confirm_enrolment,
    edit_oneself,
    end_own_sessions,
    leave_second_factor,
    renew_recovery_codes,
)
from support_copilot.identity.auth_schemas import (
    NEWS,
    AccountEdit,
    AccountOut,
    CodeRequest,
    EnrolmentOut,
    MeOut,
    PasswordAgain,
    PasswordChange,
    RecoveryCodesOut,
    SessionOut,
)
from support_copilot.identity.authentication import session_cookie
from support_copilot.identity.principal import Principal
from support_copilot.identity.queries import running_sessions
from support_copilot.identity.runtime import Identity, IdentityDep
from support_copilot.identity.second_factor import recovery_codes_left
from support_copilot.identity.sessions import csrf_token
from support_copilot.identity.users import UserChanges, get_user

router = APIRouter(tags=["account"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)


@router.get("/v1/auth/me", dependencies=[requires("account.read")])
def get_me(principal: PrincipalDep, identity: IdentityDep, request: Request, response: Response) -> MeOut:
    """Who am I, and what may I do?"""
    return _me(principal, principal.name, identity, request, response)


@router.patch("/v1/auth/me", dependencies=[requires("account.use")])
def patch_me(
    body: AccountEdit, principal: PrincipalDep, identity: IdentityDep, request: Request, response: Response
) -> MeOut:
    """Change one's own name, as colleagues and customers read it, one's signature, or what one is told of."""
    name = edit_oneself(identity, principal, cast(UserChanges, body.changes()))
    return _me(principal, name, identity, request, response)


def _me(principal: Principal, name: str, identity: Identity, request: Request, response: Response) -> MeOut:
    response.headers["Cache-Control"] = "no-store"
    by_cookie = None if "authorization" in request.headers else session_cookie(request)
    return MeOut(
        kind=principal.kind, id=principal.id, name=name, role=principal.role,
        permissions=sorted(principal.permissions), team_ids=sorted(principal.team_ids),
        session_id=principal.session_id, csrf_token=csrf_token(by_cookie) if by_cookie else None,
        account=_account(identity, principal) if principal.kind == "user" else None,
    )  # fmt: skip


@router.post("/v1/auth/password", status_code=204, dependencies=[requires("account.use")])
def post_password(body: PasswordChange, principal: PrincipalDep, identity: IdentityDep) -> None:
    """Change one's password, or set the first one; every other session ends."""
    change_password(identity, principal, body.current_password, body.new_password)


@router.post("/v1/auth/totp", dependencies=[requires("account.use")])
def post_totp(body: PasswordAgain, principal: PrincipalDep, identity: IdentityDep, response: Response) -> EnrolmentOut:
    """Begin to set up a second factor: feed the answer to an authenticator, then confirm with its code."""
    response.headers["Cache-Control"] = "no-store"
    enrolment = begin_enrolment(identity, principal, body.password)
    return EnrolmentOut(secret=enrolment.secret, uri=enrolment.uri)


@router.post("/v1/auth/totp/confirm", dependencies=[requires("account.use")])
def post_totp_confirmation(
    body: CodeRequest, principal: PrincipalDep, identity: IdentityDep, response: Response
) -> RecoveryCodesOut:
    """Put the second factor in force; keep the recovery codes of the answer where the authenticator is not."""
    response.headers["Cache-Control"] = "no-store"
    return RecoveryCodesOut(recovery_codes=confirm_enrolment(identity, principal, body.code))


@router.post("/v1/auth/totp/remove", status_code=204, dependencies=[requires("account.use")])
def post_totp_removal(body: PasswordAgain, principal: PrincipalDep, identity: IdentityDep) -> None:
    """Go back to the password alone."""
    leave_second_factor(identity, principal, body.password)


@router.post("/v1/auth/recovery-codes", dependencies=[requires("account.use")])
def post_recovery_codes(
    body: PasswordAgain, principal: PrincipalDep, identity: IdentityDep, response: Response
) -> RecoveryCodesOut:
    """Get fresh recovery codes; the ones before are good no longer."""
    response.headers["Cache-Control"] = "no-store"
    return RecoveryCodesOut(recovery_codes=renew_recovery_codes(identity, principal, body.password))


@router.get("/v1/auth/sessions", dependencies=[requires("account.use")])
def get_sessions(principal: PrincipalDep, identity: IdentityDep) -> Page[SessionOut]:
    """List where one is signed in, newest first; all on one page."""
    with identity.database.read() as session:
        rows = running_sessions(session, principal.id, identity.clock())
    return Page(data=[render_session(row, principal.session_id) for row in rows], next_cursor=None)


@router.delete("/v1/auth/sessions/{session_id}", status_code=204, dependencies=[requires("account.use")])
def delete_session(
    session_id: Annotated[str, Path(max_length=64)], principal: PrincipalDep, identity: IdentityDep
) -> None:
    """End one of one's sessions."""
    end_own_sessions(identity, principal, session_id)


@router.post("/v1/auth/sessions/end-others", status_code=204, dependencies=[requires("account.use")])
def post_end_other_sessions(principal: PrincipalDep, identity: IdentityDep) -> None:
    """End all of one's sessions but this one."""
    end_own_sessions(identity, principal, None)


def render_session(row: UserSession, current_id: str | None) -> SessionOut:
    return SessionOut(
        id=row.id, current=row.id == current_id, methods=row.methods, address=row.address, user_agent=row.user_agent,
        created_at=row.created_at, last_seen_at=row.last_seen_at, expires_at=row.expires_at,
    )  # fmt: skip


def _account(identity: Identity, principal: Principal) -> AccountOut:
    with identity.database.read() as session:
        user: User = get_user(session, principal.id)
        left = recovery_codes_left(session, user.id)
    return AccountOut(
        email=user.email, has_password=user.password_hash is not None,
        has_second_factor=user.totp_confirmed_at is not None, recovery_codes_left=left,
        second_factor_needed=principal.needs_second_factor, signature=user.signature or "",
        notifications=[kind for kind in NEWS if user.notifications is None or kind in user.notifications],
    )  # fmt: skip
