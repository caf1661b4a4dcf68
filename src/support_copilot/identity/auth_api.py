"""Endpoints of coming in and going out, and the public keys of access tokens."""

import re
from typing import Annotated, Any, Final, cast
from urllib.parse import quote, unquote

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from support_copilot.db.models import User
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.http.load import ServerBusyError
from support_copilot.http.places import ProviderPlacesDep
from support_copilot.identity.access import GuardedRoute, PrincipalDep, open_to_all, requires
from support_copilot.identity.auth_schemas import (
    JwksOut,
    LinkCheck,
    LinkCheckOut,
    LoginRequest,
    RefreshRequest,
    ResetRequest,
    SetupRequest,
    SignedInOut,
    SignInOptions,
    TokensOut,
)
from support_copilot.identity.authentication import authenticate, session_cookie
from support_copilot.identity.cookies import (
    clear_cookies,
    clear_flow_cookie,
    device_cookie,
    flow_cookie,
    is_from_this_machine,
    refuse_other_sites,
    set_device_cookie,
    set_flow_cookie,
    set_session_cookie,
)
from support_copilot.identity.errors import LinkRefusedError, NoProviderError
from support_copilot.identity.links import check_link, use_link
from support_copilot.identity.oidc import CALLBACK_PATH, OidcProvider, OidcRefusedError
from support_copilot.identity.oidc_sign_in import sign_in_proven
from support_copilot.identity.passwords import check_new_password, hash_password
from support_copilot.identity.permissions import Role
from support_copilot.identity.queries import first_admin
from support_copilot.identity.refresh import TokenPair, first_pair, next_pair
from support_copilot.identity.runtime import Identity, IdentityDep
from support_copilot.identity.secrets import new_secret
from support_copilot.identity.sessions import OpenedSession, csrf_token, end_session, end_session_of, open_session
from support_copilot.identity.sign_in import Attempt, sign_in
from support_copilot.identity.signing import PUBLISHED_AHEAD
from support_copilot.identity.users import get_user, reset_password, set_up
from support_copilot.kit.errors import AppError

router = APIRouter(tags=["sign-in"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)
#: Served by every service, so that each can be asked for the keys.
jwks_router = APIRouter(tags=["sign-in"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)

_NOT_KEPT: Final = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
#: A path of this site: one slash, and nothing that a browser might read as the beginning of another host.
_LOCAL_PATH: Final = r"^/([^/\\\x00-\x20][^\\\x00-\x20]*)?$"
_AWAY: Final[dict[int | str, dict[str, Any]]] = {303: {"description": "On to another page."}}


@router.get("/v1/auth/options", dependencies=[open_to_all()])
def get_sign_in_options(identity: IdentityDep) -> SignInOptions:
    """Which ways in there are."""
    with identity.database.read() as session:
        setup_needed = first_admin(session) is None
    label = identity.config.oidc.label if identity.config.oidc else None
    return SignInOptions(
        provider=label, setup_needed=setup_needed, password_min_chars=identity.config.password_min_chars
    )


@router.post("/v1/auth/login", dependencies=[open_to_all()])
def post_login(body: LoginRequest, identity: IdentityDep, request: Request, response: Response) -> SignedInOut:
    """Sign in with address and password, and a code where there is a second factor."""
    refuse_other_sites(request)
    browser = body.use == "cookie"
    attempt = Attempt(body.email, body.password, body.code, body.recovery_code, device_cookie(request), browser)
    signed_in = sign_in(identity, attempt)
    if browser:
        _end_replaced(identity, request)
        set_session_cookie(response, request, identity.config, signed_in.session)
        set_device_cookie(response, request, identity.config, signed_in.device or "")
    return _signed_in(identity, response, signed_in.user, signed_in.session)


@router.post("/v1/auth/refresh", dependencies=[open_to_all()])
def post_refresh(body: RefreshRequest, identity: IdentityDep, response: Response) -> TokensOut:
    """Trade a refresh token, good for one use, for the next pair."""
    response.headers.update(_NOT_KEPT)
    return _tokens(next_pair(identity, body.refresh_token))


@router.post("/v1/auth/logout", status_code=204, dependencies=[requires("account.use")])
def post_logout(principal: PrincipalDep, identity: IdentityDep) -> Response:
    """End this session: its cookie, its access tokens and its refresh token are good no longer."""
    if principal.session_id:
        with identity.database.transaction() as session:
            end_session(session, principal.session_id, "signed_out", principal, identity.clock())
    answer = Response(status_code=204, headers={"Clear-Site-Data": '"cache", "storage"'})
    clear_cookies(answer)
    return answer


@router.post("/v1/auth/setup", status_code=201, dependencies=[open_to_all()])
def post_setup(body: SetupRequest, identity: IdentityDep, request: Request, response: Response) -> SignedInOut:
    """Make the first administrator, with the link that the start printed, and sign in."""
    refuse_other_sites(request)
    now = identity.clock()
    with identity.database.read() as session:
        check_link(session, body.token, "setup", now)
    check_new_password(body.password, [body.name, body.email], identity.config.password_min_chars)
    password_hash = hash_password(body.password)
    with identity.database.transaction() as session:
        user = set_up(session, body.token, email=body.email, name=body.name, password_hash=password_hash, now=now)
        opened = open_session(session, identity.config, user, ["setup_link", "password"], now)
    set_session_cookie(response, request, identity.config, opened)
    return _signed_in(identity, response, user, opened)


@router.post("/v1/auth/links/check", dependencies=[open_to_all()])
def post_link_check(body: LinkCheck, identity: IdentityDep, request: Request, response: Response) -> LinkCheckOut:
    """Say whose a one-time link is, without using it: before a person fills in a form that it may no longer open."""
    refuse_other_sites(request)
    response.headers.update(_NOT_KEPT)
    with identity.database.read() as session:
        link = check_link(session, body.token, body.purpose, identity.clock())
        user = get_user(session, link.user_id) if link.user_id else None
    return LinkCheckOut(email=user and user.email, name=user and user.name, expires_at=link.expires_at)


@router.post("/v1/auth/password/reset", status_code=204, dependencies=[open_to_all()])
def post_password_reset(body: ResetRequest, identity: IdentityDep, request: Request) -> None:
    """Set a password with the link that an administrator made; every session of the person ends."""
    refuse_other_sites(request)
    now = identity.clock()
    with identity.database.read() as session:
        user = get_user(session, check_link(session, body.token, "password_reset", now).user_id or "")
    check_new_password(body.password, [user.name, user.email], identity.config.password_min_chars)
    password_hash = hash_password(body.password)
    with identity.database.transaction() as session:
        reset_password(session, body.token, password_hash, now)


@router.get(
    "/v1/auth/link",
    response_class=RedirectResponse,
    status_code=303,
    responses=_AWAY,
    dependencies=[open_to_all()],
)
def get_link_sign_in(
    identity: IdentityDep, request: Request, token: Annotated[str, Query(min_length=20, max_length=100)]
) -> Response:
    """Sign in at this machine with the one-time link that the start printed.

    A browser with a link that is not good comes to the sign-in page, or in, where somebody is signed in there.
    """
    try:
        opened = _opened_by_link(identity, request, token)
    except LinkRefusedError as error:
        if "text/html" not in request.headers.get("accept", ""):
            raise
        page = "/" if _is_signed_in(identity, request) else f"/sign-in?problem={error.code}"
        return RedirectResponse(page, 303, headers=_NOT_KEPT)
    answer = RedirectResponse("/", 303, headers=_NOT_KEPT)
    _end_replaced(identity, request)
    set_session_cookie(answer, request, identity.config, opened)
    return answer


@router.get(
    "/v1/auth/oidc/start",
    response_class=RedirectResponse,
    status_code=303,
    responses=_AWAY,
    dependencies=[open_to_all()],
)
async def get_oidc_start(
    identity: IdentityDep,
    request: Request,
    places: ProviderPlacesDep,
    return_to: Annotated[str, Query(pattern=_LOCAL_PATH, max_length=500, description="A path of this site.")] = "/",
) -> Response:
    """Send the browser to the identity provider."""
    provider, secret = _provider(identity), new_secret()
    address = await places.run(provider.authorization_url, secret, identity.clock())
    answer = RedirectResponse(address, 303, headers=_NOT_KEPT)
    set_flow_cookie(answer, request, identity.config, f"{secret}.{quote(return_to, safe='')}")
    return answer


@router.get(
    CALLBACK_PATH,
    response_class=RedirectResponse,
    status_code=303,
    responses=_AWAY,
    dependencies=[open_to_all()],
)
async def get_oidc_callback(
    identity: IdentityDep,
    request: Request,
    places: ProviderPlacesDep,
    code: Annotated[str, Query(max_length=2000)] = "",
    state: Annotated[str, Query(max_length=200)] = "",
    iss: Annotated[str | None, Query(max_length=500)] = None,
) -> Response:
    """Where the identity provider sends the browser back to."""
    try:
        return await places.run(_came_back, identity, request, code, state, iss)
    except ServerBusyError as error:
        # The browser may ask again with the same code, so its part of the secret stays.
        return RedirectResponse(f"/sign-in?problem={error.code}", 303, headers=_NOT_KEPT)


def _came_back(identity: Identity, request: Request, code: str, state: str, iss: str | None) -> Response:
    secret, _, path = (flow_cookie(request) or "").partition(".")
    try:
        opened = _oidc_session(identity, secret, state, code, iss)
        answer = RedirectResponse(local_path(unquote(path)), 303, headers=_NOT_KEPT)
        _end_replaced(identity, request)
        set_session_cookie(answer, request, identity.config, opened)
    except AppError as error:
        answer = RedirectResponse(f"/sign-in?problem={error.code}", 303, headers=_NOT_KEPT)
    clear_flow_cookie(answer)
    return answer


@jwks_router.get("/.well-known/jwks.json", dependencies=[open_to_all()])
def get_jwks(identity: IdentityDep, response: Response) -> JwksOut:
    """The public keys of access tokens, the next one included."""
    # Half of the time by which a new key is published ahead, so that a copy is never too old.
    response.headers["Cache-Control"] = f"public, max-age={int(PUBLISHED_AHEAD.total_seconds() / 2)}"
    return JwksOut(keys=identity.keyring.public_keys(identity.clock()))


def local_path(path: str) -> str:
    """The path if it is one of this site, else the first page."""
    return path if re.fullmatch(_LOCAL_PATH, path) else "/"


def _opened_by_link(identity: Identity, request: Request, token: str) -> OpenedSession:
    if not is_from_this_machine(request):
        raise LinkRefusedError
    now = identity.clock()
    with identity.database.transaction() as session:
        link = use_link(session, token, "local_sign_in", now)
        user = session.lock(User, link.user_id)
        if user is None or user.disabled_at is not None:
            raise LinkRefusedError
        return open_session(session, identity.config, user, ["link"], now)


def _is_signed_in(identity: Identity, request: Request) -> bool:
    try:
        authenticate(identity, request)
    except AppError:
        return False
    return True


def _oidc_session(identity: Identity, secret: str, state: str, code: str, issuer: str | None) -> OpenedSession:
    provider = _provider(identity)
    if not secret or not code:
        raise OidcRefusedError
    proven = provider.person(secret, state, code, issuer, identity.clock())
    return sign_in_proven(identity, provider.config, proven)


def _provider(identity: Identity) -> OidcProvider:
    if identity.provider is None:
        raise NoProviderError
    return identity.provider


def _signed_in(identity: Identity, response: Response, user: User, opened: OpenedSession) -> SignedInOut:
    response.headers.update(_NOT_KEPT)
    pair = None if opened.secret else first_pair(identity, user.id, opened.id)
    return SignedInOut(
        user_id=user.id, name=user.name, role=cast("Role", user.role), session_id=opened.id,
        csrf_token=csrf_token(opened.secret) if opened.secret else None, tokens=_tokens(pair) if pair else None,
    )  # fmt: skip


def _tokens(pair: TokenPair) -> TokensOut:
    return TokensOut(access_token=pair.access_token, expires_in=pair.expires_in_s, refresh_token=pair.refresh_token)


def _end_replaced(identity: Identity, request: Request) -> None:
    """The session that the browser had before is over: one browser, one session."""
    if earlier := session_cookie(request):
        with identity.database.transaction() as session:
            end_session_of(session, earlier, "replaced", identity.clock())
