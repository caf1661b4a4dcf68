"""What guards every route: who asks, and whether they may. A route that declares nothing cannot be made."""

from collections.abc import Callable
from typing import Annotated, Any, Final

import structlog
from fastapi import Depends, FastAPI, Request
from fastapi.params import Depends as Dependency
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from support_copilot.http.json_body import Handler, read_strictly
from support_copilot.http.rate_limits import charge_caller
from support_copilot.identity.acting import set_acting
from support_copilot.identity.audit import READ_IN_BULK, AuditEvent, record_audit
from support_copilot.identity.authentication import CSRF_HEADER, PLAIN_COOKIE, authenticate
from support_copilot.identity.errors import EnrolmentRequiredError, InvalidTokenError, PermissionDeniedError
from support_copilot.identity.permissions import PERMISSIONS
from support_copilot.identity.principal import Principal
from support_copilot.identity.runtime import Identity
from support_copilot.identity.visibility import check_path_seen
from support_copilot.kit.errors import AppError

_log = structlog.get_logger("support_copilot.identity")
#: ``x-permission`` of a route that needs none.
PUBLIC: Final = "public"
#: Permissions of lists that hold personal data, and from how many rows a page of them counts as reading in bulk.
PERSONAL_LISTS: Final = frozenset({
    "audit.read", "issues.read", "customers.read", "search.use", "users.read", "privacy.read",
})  # fmt: skip
BULK_ROWS: Final = 100
#: Bodies beyond this are not waited for, and not read, before it is known who sends them.
SMALL_BODY_BYTES: Final = 16_384
_LIMIT: Final = TypeAdapter(int)
_MOST_NOTED: Final = 100_000
_SCHEMES: Final[dict[str, dict[str, str]]] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "A short-lived access token (JWT) of a person, or an API key of a program.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": PLAIN_COOKIE,
        "description": "A browser's session (over TLS with `__Host-` before it); changes also need the CSRF token.",
    },
    "csrf": {
        "type": "apiKey",
        "in": "header",
        "name": CSRF_HEADER,
        "description": "`csrf_token` of `GET /v1/auth/me`, for requests by cookie that change something.",
    },
}


class _Guard:
    """The one dependency behind every protected route."""

    def __init__(self, permission: str) -> None:
        self.permission = permission

    def __call__(self, request: Request) -> None:
        known: Principal | None = getattr(request.state, "let_in", None)
        if known is None:
            principal = self.let_in(request)
        elif not self._is_still_good(request, known):
            raise InvalidTokenError("ended")
        else:
            principal = known
        if _reads_in_bulk(request, self.permission):
            _record_bulk_read(request.app.state.identity, request, principal)
        set_acting(principal)
        request.state.principal = principal

    def let_in(self, request: Request) -> Principal:
        """Who asks, charged for it, once they may do what they ask for.

        Raises:
            AppError: nobody is known, they asked too often, or they may not.
        """
        identity: Identity = request.app.state.identity
        principal = authenticate(identity, request)
        charge_caller(request.scope, principal.id)
        if not principal.may(self.permission):
            _log.info("identity.denied", permission=self.permission, principal=principal.id)
            if principal.needs_second_factor:
                raise EnrolmentRequiredError
            raise PermissionDeniedError(f"This needs the permission {self.permission}.")
        if principal.sees is not None:
            with identity.database.read() as session:
                check_path_seen(session, request.path_params, principal.sees)
        return principal

    def _is_still_good(self, request: Request, known: Principal) -> bool:
        """Asked again after a large body, which may have taken a minute to come."""
        return still_may(request, known, self.permission)


def still_may(request: Request, principal: Principal, permission: str) -> bool:
    """Whether who opened a stream would be let in again now, and would see the same; it should end otherwise."""
    try:
        now = authenticate(request.app.state.identity, request)
    except AppError:
        return False
    return now.id == principal.id and now.sees == principal.sees and now.may(permission)


def _reads_in_bulk(request: Request, permission: str) -> bool:
    """Whether a list of people or of what they wrote is read by large pages, or page after page."""
    if request.method != "GET" or permission not in PERSONAL_LISTS or request.path_params:
        return False
    limit = _limit_of(request)
    return "cursor" in request.query_params or (limit is not None and limit >= BULK_ROWS)


def _limit_of(request: Request) -> int | None:
    """How many rows were asked for, read as the endpoint reads it; None for what it will refuse."""
    try:
        return _LIMIT.validate_python(request.query_params.get("limit"))
    except ValidationError:
        return None


def _record_bulk_read(identity: Identity, request: Request, principal: Principal) -> None:
    """Before anything is read: what cannot be written down is not shown."""
    target = request.url.path.removeprefix("/v1/").replace("/", ".")[:64]
    limit = _limit_of(request)
    after = {"count": limit} if limit is not None and 0 <= limit < _MOST_NOTED else {}
    with identity.database.transaction() as session:
        record_audit(session, AuditEvent(f"{target}{READ_IN_BULK}", identity.clock(), principal, target, after=after))


class _Open:
    """Marks a route that anybody may call."""

    permission = PUBLIC

    async def __call__(self) -> None:
        return None


def requires(permission: str) -> Dependency:
    """Let only those in who have this permission of the table in ``permissions.py``."""
    if permission not in PERMISSIONS:
        raise ValueError(f"{permission} is not in the table of permissions")
    return Dependency(_Guard(permission))


def open_to_all() -> Dependency:
    """Let anybody in: for what must work before somebody has signed in."""
    return Dependency(_Open())


class GuardedRoute(APIRoute):
    """A route that says in the OpenAPI file what it requires, and that refuses to exist when it requires nothing."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        marks = [d.dependency for d in options.get("dependencies") or () if isinstance(d.dependency, _Guard | _Open)]
        if len(marks) != 1:
            raise TypeError(f"{path} must declare one permission: dependencies=[requires(…)] or [open_to_all()]")
        changes = set(options.get("methods") or {"GET"}) - {"GET", "HEAD"}
        options["openapi_extra"] = {
            **(options.get("openapi_extra") or {}),
            "x-permission": marks[0].permission,
            "security": _security(marks[0].permission, changes=bool(changes)),
        }
        self._mark = marks[0]
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Handler:
        handler = read_strictly(super().get_route_handler())
        return _known_before_read(self._mark, handler) if isinstance(self._mark, _Guard) else handler


def _known_before_read(guard: _Guard, handler: Handler) -> Handler:
    """The handler behind the guard, where the body is large: FastAPI reads it before any dependency is asked."""

    async def known(request: Request) -> Response:
        if _may_be_large(request):
            request.state.let_in = await run_in_threadpool(guard.let_in, request)
        return await handler(request)

    return known


def _may_be_large(request: Request) -> bool:
    announced = request.headers.get("content-length")
    if announced is None:
        return "transfer-encoding" in request.headers
    return not announced.isdigit() or int(announced) > SMALL_BODY_BYTES


def describe_security(app: FastAPI) -> None:
    """Put the ways to show who asks into the OpenAPI file."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        schema = generate()
        schema.setdefault("components", {})["securitySchemes"] = _SCHEMES
        return schema

    app.openapi = openapi  # type: ignore[method-assign]  # the hook that FastAPI documents


def _security(permission: str, *, changes: bool) -> list[dict[str, list[str]]]:
    if permission == PUBLIC:
        return []
    session: dict[str, list[str]] = {"session": []}
    return [{"bearer": []}, session | {"csrf": []} if changes else session]


async def _principal(request: Request) -> Principal:
    principal = request.state.principal
    assert isinstance(principal, Principal)  # noqa: S101  # set by the guard, which runs before
    return principal


PrincipalDep = Annotated[Principal, Depends(_principal)]
