"""Headers that keep browsers from doing harm, on every answer; and whom the server takes itself for."""

from collections.abc import Sequence
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from support_copilot.http.errors import problem_response
from support_copilot.kit.errors import AppError

#: A page brings a policy of its own (``gateway/console.py``); all else runs nothing and is framed nowhere.
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
        "microphone=(), midi=(), payment=(), publickey-credentials-get=(self), usb=()"
    ),
    "X-Permitted-Cross-Domain-Policies": "none",
}
_HSTS: Final = "max-age=63072000; includeSubDomains"


class SafeHeadersMiddleware:
    """Adds what an endpoint did not say itself; over TLS also that it must always be TLS."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                if scope["scheme"] == "https":
                    headers["Strict-Transport-Security"] = _HSTS
            await send(message)

        await self._app(scope, receive, send_safely)


class HostNotAllowedError(AppError):
    status, code, title = 421, "host_not_allowed", "This server does not answer under that name"


class AllowedHostsMiddleware:
    """Answers only under the names given: a page of another site must not reach this server by renaming itself to it.

    Health checks name the machine by whatever address they have, and learn nothing, so they are let through.
    """

    def __init__(self, app: ASGIApp, *, hosts: Sequence[str]) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] not in ("/livez", "/readyz") and not self._allowed(scope):
            await problem_response(HostNotAllowedError())(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _allowed(self, scope: Scope) -> bool:
        if "*" in self._hosts:
            return True
        given = [value for name, value in scope["headers"] if name == b"host"]
        return len(given) == 1 and host_name(given[0].decode("latin-1")) in self._hosts


def host_name(host: str) -> str:
    """The name in a ``Host`` header, without port and brackets, in lower case."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()
