"""What belongs to one request: its id, who asks, one summary log line, and the size limit of its body."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

import structlog
import uuid_utils
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from support_copilot.kit.text import one_line


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a change comes from: a request, a background job, or a command of this machine."""

    via: Literal["http", "job", "process"] = "process"
    address: str | None = None
    user_agent: str | None = None
    request_id: str | None = None


@dataclass(slots=True)
class Caller:
    """Who asks, filled in by whoever finds out: one object for all threads that work on a request."""

    principal: object = None


_log = structlog.get_logger("support_copilot.http")
_request_id: ContextVar[str] = ContextVar("request_id", default="-")
_origin: ContextVar[Origin | None] = ContextVar("origin", default=None)
_caller: ContextVar[Caller | None] = ContextVar("caller", default=None)
_ACCEPTABLE_ID = re.compile(r"^[A-Za-z0-9._:-]{1,64}$")


def request_id() -> str:
    """The id of the request in progress, ``-`` outside of one."""
    return _request_id.get()


def origin() -> Origin:
    """Where the work in progress comes from."""
    return _origin.get() or Origin()


def caller() -> Caller | None:
    """Who asks, None outside of a request."""
    return _caller.get()


@contextmanager
def working_on_job(job_id: str) -> Iterator[None]:
    """What is done inside comes from this job."""
    token = _origin.set(Origin("job", request_id=job_id))
    try:
        yield
    finally:
        _origin.reset(token)


class RequestContextMiddleware:
    """Gives each request an id (a sane one from the caller is kept), binds it to logs, and logs one line."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        identifier = given if _ACCEPTABLE_ID.match(given) else uuid_utils.uuid7().hex
        token = _request_id.set(identifier)
        origin_token = _origin.set(_origin_of(scope, identifier))
        caller_token = _caller.set(Caller())
        structlog.contextvars.bind_contextvars(request_id=identifier)
        started, status = time.perf_counter(), 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = identifier
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        finally:
            route = scope.get("route")
            _log.info(
                "http.request",
                method=scope["method"],
                route=getattr(route, "path", "unmatched"),
                status=status,
                duration_ms=round((time.perf_counter() - started) * 1000, 1),
            )
            structlog.contextvars.unbind_contextvars("request_id")
            _caller.reset(caller_token)
            _origin.reset(origin_token)
            _request_id.reset(token)


def _origin_of(scope: Scope, identifier: str) -> Origin:
    client = scope.get("client")
    agent = one_line(dict(scope["headers"]).get(b"user-agent", b"").decode("latin-1"))[:200]
    return Origin("http", client[0][:45] if client else None, agent or None, identifier)
