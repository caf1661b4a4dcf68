"""Rate limits: how often one caller, and one address, may ask, by class of route; said in headers of every answer.

Headers follow draft-ietf-httpapi-ratelimit-headers-11: ``RateLimit-Policy: "name";q=quota;w=seconds`` and
``RateLimit: "name";r=remaining;t=seconds``.
"""

import ipaddress
import re
from dataclasses import dataclass, field
from typing import Final, Literal

from anyio import CapacityLimiter, to_thread
from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from support_copilot.backends.cache.port import Allowance, Cache, Quota
from support_copilot.http.errors import problem_response
from support_copilot.kit.errors import AppError

RouteClass = Literal["sign_in", "read", "write", "intake", "generate", "upload", "export", "operations"]
_SCOPE_KEY: Final = "support_copilot.rate_limits"
_WINDOW_S: Final = 60
_THREADS: Final = 16

#: The first rule that fits decides. None stands for every method.
_RULES: Final[tuple[tuple[str | None, re.Pattern[str], RouteClass], ...]] = (
    ("POST", re.compile(r"/v1/auth/"), "sign_in"),
    (
        "POST",
        re.compile(
            r"/v1/issues/[^/]+/(?:(?:guidance|summary|rewrite|questions|next-action|missing|macro)(?:/preview)?|"
            r"(?:panel|article)/preview)$|/v1/models/providers/[^/]+/check$|/v1/webhooks/[^/]+/test$"
        ),
        "generate",
    ),
    ("POST", re.compile(r"/v1/(issues|analyze|issues/[^/]+/messages)$"), "intake"),
    ("POST", re.compile(r"/v1/attachments$"), "upload"),
    # Asking how far an export has come is reading: the console asks until it is there.
    ("GET", re.compile(r"/v1/(audit/(export|verification)|privacy/exports/[^/]+/file)"), "export"),
    ("POST", re.compile(r"/v1/privacy/"), "export"),
    ("GET", re.compile(r"/v1/"), "read"),
    ("HEAD", re.compile(r"/v1/"), "read"),
    ("OPTIONS", re.compile(r"/v1/"), "read"),
    (None, re.compile(r"/v1/"), "write"),
)


class RateLimitsConfig(BaseModel):
    """How often one caller (a person or a key) may ask in a minute, by class of route."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    enabled: bool = Field(default=True, description="Off only where something in front of the server limits.")
    sign_in: int = Field(default=30, ge=1, description="Sign-ins, counted by address alone.")
    read: int = Field(default=1200, ge=1, description="Reading.")
    write: int = Field(default=600, ge=1, description="Edits and decisions.")
    intake: int = Field(default=600, ge=1, description="Issues, messages and texts that are analyzed.")
    generate: int = Field(
        default=120,
        ge=1,
        description="Suggested replies, other words, answers, macros and summaries; what is missing and what to do "
        "next, where it is not known yet; tests of webhooks.",
    )
    upload: int = Field(default=120, ge=1, description="Files.")
    export: int = Field(default=10, ge=1, description="Exports, verification of the trail and privacy requests.")
    operations: int = Field(default=6000, ge=1, description="Pages, health and metrics, counted by address alone.")
    address_factor: int = Field(
        default=5, ge=1, le=1000, description="How many callers' worth one address may ask: an office shares one."
    )


class TooManyRequestsError(AppError):
    status, code, title = 429, "too_many_requests", "That was asked too often; ask again a little later"


@dataclass(slots=True)
class Ledger:
    """What a request has taken from which quota so far."""

    route_class: RouteClass
    taken: list[tuple[Quota, Allowance]] = field(default_factory=list)

    def write_headers(self, headers: MutableHeaders) -> None:
        """Say each policy and what is left of it."""
        headers["RateLimit-Policy"] = ", ".join(f'"{quota.name}";q={quota.limit};w={quota.window_s}'
                                                for quota, _ in self.taken)  # fmt: skip
        headers["RateLimit"] = ", ".join(f'"{quota.name}";r={left.remaining};t={left.reset_after_s}'
                                         for quota, left in self.taken)  # fmt: skip


class RateLimiter:
    """Charges callers and addresses; holds the quotas."""

    def __init__(self, cache: Cache, config: RateLimitsConfig) -> None:
        self._config = config
        self._cache = cache
        self.waits = cache.waits
        #: Of their own, so that counting, and with it `/livez`, does not wait for the threads of requests.
        self.threads = CapacityLimiter(_THREADS)

    def charge_address(self, ledger: Ledger, address: str | None) -> None:
        """Take one from what the address may ask.

        Raises:
            TooManyRequestsError: nothing is left.
        """
        alone = ledger.route_class in ("sign_in", "operations")
        limit = getattr(self._config, ledger.route_class) * (1 if alone else self._config.address_factor)
        self._charge(ledger, Quota(f"{ledger.route_class}-address", limit, _WINDOW_S), address_block(address))

    def charge_caller(self, ledger: Ledger, caller: str, kind: RouteClass | None = None) -> None:
        """Take one from what this caller may ask.

        Args:
            caller: id of the user or the key.
            kind: what is taken from, the class of the route where it is left out.

        Raises:
            TooManyRequestsError: nothing is left.
        """
        name = kind or ledger.route_class
        self._charge(ledger, Quota(name, getattr(self._config, name), _WINDOW_S), caller)

    def _charge(self, ledger: Ledger, quota: Quota, subject: str) -> None:
        allowance = self._cache.take(quota, subject)
        ledger.taken.append((quota, allowance))
        if not allowance.allowed:
            raise TooManyRequestsError(retry_after_s=allowance.reset_after_s)


class RateLimitMiddleware:
    """Charges the address of every request, and writes what is left into every answer."""

    def __init__(self, app: ASGIApp, *, limiter: RateLimiter) -> None:
        self._app = app
        self._limiter = limiter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        ledger = Ledger(route_class(scope["method"], scope["path"]))
        scope[_SCOPE_KEY] = (self._limiter, ledger)

        async def send_with_limits(message: Message) -> None:
            if message["type"] == "http.response.start":
                ledger.write_headers(MutableHeaders(scope=message))
            await send(message)

        client = scope.get("client")
        try:
            await self._charge(ledger, client[0] if client else None)
        except TooManyRequestsError as error:
            await problem_response(error)(scope, receive, send_with_limits)
            return
        await self._app(scope, receive, send_with_limits)

    async def _charge(self, ledger: Ledger, address: str | None) -> None:
        if self._limiter.waits:
            await to_thread.run_sync(self._limiter.charge_address, ledger, address, limiter=self._limiter.threads)
        else:
            self._limiter.charge_address(ledger, address)


def charge_caller(scope: Scope, caller: str) -> None:
    """Take one from what this caller may ask on this class of route; for whoever finds out who calls.

    Raises:
        TooManyRequestsError: nothing is left.
    """
    limiter, ledger = scope.get(_SCOPE_KEY, (None, None))
    if limiter is not None:
        limiter.charge_caller(ledger, caller)


def charge_work(scope: Scope, caller: str, kind: RouteClass) -> None:
    """Take one more from what this caller may ask, of another class: reading that turns out to be work.

    Raises:
        TooManyRequestsError: nothing is left.
    """
    limiter, ledger = scope.get(_SCOPE_KEY, (None, None))
    if limiter is not None:
        limiter.charge_caller(ledger, caller, kind)


def route_class(method: str, path: str) -> RouteClass:
    """Which limits a request falls under."""
    for wanted, pattern, name in _RULES:
        if wanted in (None, method) and pattern.match(path):
            return name
    return "operations"


def address_block(address: str | None) -> str:
    """What counts as one address: an IPv4 address, or the /64 network that one IPv6 customer is given."""
    if address is None:
        return "unknown"
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.IPv6Network((int(parsed) >> 64 << 64, 64)))
    return str(parsed)
