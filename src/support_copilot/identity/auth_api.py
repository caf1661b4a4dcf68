"""Endpoints of signing in and out, and the public keys of access tokens."""

from ipaddress import ip_address
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from support_copilot.db.models import User
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.identity.access import GuardedRoute, PrincipalDep, open_to_all, requires
from support_copilot.identity.auth_schemas import JwksOut, MeOut
from support_copilot.identity.authentication import PLAIN_COOKIE, SECURE_COOKIE, session_cookie
from support_copilot.identity.errors import LinkRefusedError
from support_copilot.identity.links import use_link
from support_copilot.identity.runtime import Identity, IdentityDep
from support_copilot.identity.sessions import OpenedSession, csrf_token, end_session, open_session
from support_copilot.identity.signing import PUBLISHED_AHEAD

router = APIRouter(tags=["sign-in"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)
#: Served by every service, so that each can be asked for the keys.
jwks_router = APIRouter(tags=["sign-in"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)

_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
_OWN_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_NOT_KEPT: Final = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


@router.get(
    "/v1/auth/link",
    response_class=RedirectResponse,
    status_code=303,
    responses={303: {"description": "Signed in; on to the first page."}},
    dependencies=[open_to_all()],
)
def get_link_sign_in(
    identity: IdentityDep, request: Request, token: Annotated[str, Query(min_length=20, max_length=100)]
) -> Response:
    """Sign in at this machine with the one-time link that the start printed."""
    if not _from_this_machine(request):
        raise LinkRefusedError
    now = identity.clock()
    with identity.database.transaction() as session:
        link = use_link(session, token, "local_sign_in", now)
        user = session.lock(User, link.user_id)
        if user is None or user.disabled_at is not None:
            raise LinkRefusedError
        opened = open_session(session, identity.config, user, ["link"], now)
    answer = RedirectResponse("/", 303, headers=_NOT_KEPT)
    set_session_cookie(answer, request, identity, opened)
    return answer


@router.get("/v1/auth/me", dependencies=[requires("account.read")])
def get_me(principal: PrincipalDep, request: Request, response: Response) -> MeOut:
    """Who am I, and what may I do?"""
    response.headers["Cache-Control"] = "no-store"
    by_cookie = None if "authorization" in request.headers else session_cookie(request)
    return MeOut(
        kind=principal.kind, id=principal.id, name=principal.name, role=principal.role,
        permissions=sorted(principal.permissions), team_ids=sorted(principal.team_ids),
        session_id=principal.session_id, csrf_token=csrf_token(by_cookie) if by_cookie else None,
    )  # fmt: skip


@router.post("/v1/auth/logout", status_code=204, dependencies=[requires("account.use")])
def post_logout(principal: PrincipalDep, identity: IdentityDep) -> Response:
    """End this session: its cookie, its access tokens and its refresh token are good no longer."""
    if principal.session_id:
        with identity.database.transaction() as session:
            end_session(session, principal.session_id, "signed_out", principal, identity.clock())
    answer = Response(status_code=204, headers={"Clear-Site-Data": '"cache", "cookies", "storage"'})
    for name, secure in ((SECURE_COOKIE, True), (PLAIN_COOKIE, False)):
        answer.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="strict")
    return answer


@jwks_router.get("/.well-known/jwks.json", dependencies=[open_to_all()])
def get_jwks(identity: IdentityDep, response: Response) -> JwksOut:
    """The public keys of access tokens, the next one included."""
    # Half of the time by which a new key is published ahead, so that a copy is never too old.
    response.headers["Cache-Control"] = f"public, max-age={int(PUBLISHED_AHEAD.total_seconds() / 2)}"
    return JwksOut(keys=identity.keyring.public_keys(identity.clock()))


def set_session_cookie(answer: Response, request: Request, identity: Identity, opened: OpenedSession) -> None:
    """Give the browser its session: out of reach of scripts, never sent with requests of other sites."""
    secure = request.url.scheme == "https" or (identity.config.public_url or "").startswith("https:")
    answer.set_cookie(
        SECURE_COOKIE if secure else PLAIN_COOKIE, opened.secret, max_age=identity.config.session_hours * 3600,
        path="/", secure=secure, httponly=True, samesite="strict",
    )  # fmt: skip


def _from_this_machine(request: Request) -> bool:
    """Whether a browser on this machine asked us under this machine's name, with no proxy between.

    The name counts too, because a page of another site may have its own name point here (DNS rebinding).
    """
    if any(name in request.headers for name in _FORWARDED) or request.client is None:
        return False
    try:
        return ip_address(request.client.host).is_loopback and request.url.hostname in _OWN_NAMES
    except ValueError:
        return False
