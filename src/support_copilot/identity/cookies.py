"""Cookies of the front door, and what may be believed about a request."""

from ipaddress import ip_address
from typing import Final

from fastapi import Request, Response
from starlette.requests import HTTPConnection

from support_copilot.identity.authentication import PLAIN_COOKIE, SECURE_COOKIE
from support_copilot.identity.config import IdentityConfig
from support_copilot.identity.errors import CsrfError
from support_copilot.identity.sessions import OpenedSession

_DEVICE: Final = "_device"
_FLOW: Final = "_oidc"
_DEVICE_DAYS: Final = 180
_FLOW_MINUTES: Final = 10
_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
_OWN_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def set_session_cookie(answer: Response, request: Request, config: IdentityConfig, opened: OpenedSession) -> None:
    """Give the browser its session: out of reach of scripts, never sent with requests of other sites."""
    _set(answer, request, config, "", opened.secret or "", config.session_hours * 3600, "strict")


def set_device_cookie(answer: Response, request: Request, config: IdentityConfig, secret: str) -> None:
    """Have the browser known, so that guesses made elsewhere do not close the door to it."""
    _set(answer, request, config, _DEVICE, secret, _DEVICE_DAYS * 86_400, "strict")


def set_flow_cookie(answer: Response, request: Request, config: IdentityConfig, value: str) -> None:
    """Bind the way over the identity provider to this browser; `lax`, because the provider sends it back."""
    _set(answer, request, config, _FLOW, value, _FLOW_MINUTES * 60, "lax")


def device_cookie(request: Request) -> str | None:
    return _get(request, _DEVICE)


def flow_cookie(request: Request) -> str | None:
    return _get(request, _FLOW)


def clear_cookies(answer: Response, *, suffixes: tuple[str, ...] = ("",)) -> None:
    for suffix in suffixes:
        answer.delete_cookie(SECURE_COOKIE + suffix, path="/", secure=True, httponly=True, samesite="strict")
        answer.delete_cookie(PLAIN_COOKIE + suffix, path="/", httponly=True, samesite="strict")


def clear_flow_cookie(answer: Response) -> None:
    clear_cookies(answer, suffixes=(_FLOW,))


def refuse_other_sites(request: HTTPConnection) -> None:
    """A page of another site must not sign a browser in as somebody else.

    Raises:
        CsrfError: the browser says that another site sent the request.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise CsrfError


def is_from_this_machine(request: Request) -> bool:
    """Whether a browser on this machine asked us under this machine's name, with no proxy between.

    The name counts too, because a page of another site may have its own name point here (DNS rebinding).
    """
    if any(name in request.headers for name in _FORWARDED) or request.client is None:
        return False
    try:
        return ip_address(request.client.host).is_loopback and request.url.hostname in _OWN_NAMES
    except ValueError:
        return False


def _set(
    answer: Response, request: Request, config: IdentityConfig, suffix: str, value: str, seconds: int, same_site: str
) -> None:
    secure = request.url.scheme == "https" or (config.public_url or "").startswith("https:")
    answer.set_cookie(
        (SECURE_COOKIE if secure else PLAIN_COOKIE) + suffix, value, max_age=seconds, path="/", secure=secure,
        httponly=True, samesite=same_site,  # type: ignore[arg-type]  # one of two literals
    )  # fmt: skip


def _get(request: Request, suffix: str) -> str | None:
    secure = request.cookies.get(SECURE_COOKIE + suffix)
    return secure if request.url.scheme == "https" else secure or request.cookies.get(PLAIN_COOKIE + suffix)
