"""What every request passes on its way in, and every answer on its way out, in this order."""

from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from support_copilot.backends.cache.port import Cache
from support_copilot.http.config import ServerConfig
from support_copilot.http.context import RequestContextMiddleware
from support_copilot.http.errors import FailureMiddleware
from support_copilot.http.limits import BodyLimitMiddleware
from support_copilot.http.load import LoadLimitMiddleware
from support_copilot.http.metrics import MetricsMiddleware
from support_copilot.http.rate_limits import RateLimiter, RateLimitMiddleware, RateLimitsConfig
from support_copilot.http.safety import AllowedHostsMiddleware, SafeHeadersMiddleware

_ANSWERED_TO_OTHER_SITES = ("ETag", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-Id")
_TAKEN_FROM_OTHER_SITES = ("Authorization", "Content-Type", "Idempotency-Key", "If-Match", "X-Request-Id")


def add_layers(
    app: FastAPI, config: ServerConfig, limits: RateLimitsConfig, cache: Cache, *, public_url: str | None = None
) -> None:
    """Put the layers around the application; read from the bottom: the last one added is the outermost.

    Args:
        public_url: where people meet the product; its host is answered beside ``config.allowed_hosts``.
    """
    hosts = (*config.allowed_hosts, *((urlsplit(public_url).hostname or "",) if public_url else ()))
    app.add_middleware(FailureMiddleware)
    app.add_middleware(BodyLimitMiddleware, max_bytes=config.max_body_bytes, max_upload_bytes=config.max_upload_bytes)
    app.add_middleware(LoadLimitMiddleware, config=config, load=app.state.load)
    app.add_middleware(AllowedHostsMiddleware, hosts=hosts)
    if limits.enabled:
        app.add_middleware(RateLimitMiddleware, limiter=RateLimiter(cache, limits))
    if config.cors_origins:
        # Other sites send keys in a header; cookies of people stay with the console's own site.
        app.add_middleware(
            CORSMiddleware,
            allow_origins=config.cors_origins,
            allow_methods=("GET", "POST", "PATCH", "PUT", "DELETE"),
            allow_headers=_TAKEN_FROM_OTHER_SITES,
            expose_headers=_ANSWERED_TO_OTHER_SITES,
            allow_credentials=False,
        )
    app.add_middleware(MetricsMiddleware, metrics=app.state.metrics)
    app.add_middleware(SafeHeadersMiddleware)
    app.add_middleware(RequestContextMiddleware)
    if config.trusted_proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(config.trusted_proxies))
