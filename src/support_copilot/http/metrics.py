"""Counts and times of requests in the Prometheus form."""

import time

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60)


class HttpMetrics:
    """The metrics of one application; each has its own registry, so two in a process do not mix."""

    def __init__(self, parts: CollectorRegistry) -> None:
        self._registry = CollectorRegistry()
        self._parts = parts
        labels = ["method", "route", "status"]
        self.requests = Counter("http_requests", "Requests answered.", labels, registry=self._registry)
        self.seconds = Histogram(
            "http_request_duration_seconds", "Time to the whole answer.", labels[:2], buckets=_BUCKETS_S,
            registry=self._registry,
        )  # fmt: skip

    def render(self) -> tuple[bytes, str]:
        """All metrics as text, those of the opened parts included, and its content type."""
        return generate_latest(self._registry) + generate_latest(self._parts), CONTENT_TYPE_LATEST


class MetricsMiddleware:
    """Observes each request under its route's pattern, never under a path that holds ids."""

    def __init__(self, app: ASGIApp, *, metrics: HttpMetrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def observed_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, observed_send)
        finally:
            route = getattr(scope.get("route"), "path", "unmatched")
            self._metrics.requests.labels(scope["method"], route, str(status)).inc()
            self._metrics.seconds.labels(scope["method"], route).observe(time.perf_counter() - started)
