"""A body of more than a few bytes is not read before it is known who sends it, and that they may."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from support_copilot.db.models import ApiKey
from support_copilot.http.rate_limits import RateLimitsConfig
from support_copilot.identity.access import SMALL_BODY_BYTES
from support_copilot.kit.ids import new_id
from support_copilot.resources import Resources
from support_copilot.serve import build_app
from tests.conftest import TEST_SERVER, authorization

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
LARGE = 5_000_000
PART = 50_000
PAST_SIGN_IN = "/v1/auth/"


@dataclass
class Sender:
    """Sends a request in parts, and counts what of its body was asked for."""

    app: FastAPI
    read_bytes: int = 0
    status: int = 0
    answer: dict[str, Any] = field(default_factory=dict)

    def send(
        self, method: str, path: str, body: bytes, *, announced: int | None, after_first: Any = None, **headers: str
    ) -> "Sender":
        length = (b"transfer-encoding", b"chunked") if announced is None else (b"content-length", b"%d" % announced)
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "path": path,
            "raw_path": path.encode(), "query_string": b"", "root_path": "", "scheme": "http",
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
            "headers": [
                (b"host", b"127.0.0.1"), (b"content-type", b"application/json"), length,
                *((name.encode(), value.encode()) for name, value in headers.items()),
            ],
        }  # fmt: skip
        asyncio.run(self._exchange(scope, body, after_first))
        return self

    async def _exchange(self, scope: dict[str, Any], body: bytes, after_first: Any) -> None:
        said = b""

        async def receive() -> dict[str, Any]:
            begin = self.read_bytes
            if begin and after_first:
                after_first()
            part = body[begin : begin + PART]
            self.read_bytes += len(part)
            return {"type": "http.request", "body": part, "more_body": self.read_bytes < len(body)}

        async def send(message: dict[str, Any]) -> None:
            nonlocal said
            if message["type"] == "http.response.start":
                self.status = message["status"]
            said += message.get("body", b"")

        await self.app(scope, receive, send)
        self.answer = json.loads(said)


def changing_routes(app: FastAPI) -> list[tuple[str, str]]:
    """Method and path, with ids of nothing, of all routes that take a body of JSON or a form."""
    return [
        (method.upper(), "/".join(new_id("issue") if part.startswith("{") else part for part in path.split("/")))
        for path, methods in app.openapi()["paths"].items()
        for method, route in methods.items()
        if "requestBody" in route
    ]


def test_what_a_stranger_sends_is_not_read(anonymous: TestClient, app: FastAPI) -> None:
    routes = changing_routes(app)
    assert len(routes) > 40
    for method, path in routes:
        for announced in (LARGE, None):
            for shown in ({}, {"authorization": "Bearer x.y.z"}):
                sent = Sender(app).send(method, path, b" " * LARGE, announced=announced, **shown)
                if path.startswith(PAST_SIGN_IN):
                    assert sent.read_bytes <= 2 * PART, path
                    continue
                assert (sent.status, sent.read_bytes) == (401, 0), (method, path)


def test_what_somebody_may_not_send_is_not_read(client: TestClient, app: FastAPI, resources: Resources) -> None:
    reader = authorization(resources, "agent", scopes=["issues.read"])
    sent = Sender(app).send("POST", "/v1/issues", b" " * LARGE, announced=LARGE, authorization=reader)
    assert (sent.status, sent.answer["code"], sent.read_bytes) == (403, "permission_denied", 0)


def test_what_comes_too_often_is_not_read(resources: Resources) -> None:
    app = build_app(resources, TEST_SERVER, limits=RateLimitsConfig(intake=1))
    key = authorization(resources, "admin")
    with TestClient(app):
        answers = [
            Sender(app).send("POST", "/v1/issues", b" " * LARGE, announced=LARGE, authorization=key) for _ in range(2)
        ]
    assert [(sent.status, sent.read_bytes > 0) for sent in answers] == [(422, True), (429, False)]


def test_who_is_let_in_is_charged_once_and_asked_again_after_a_large_body(
    client: TestClient, app: FastAPI, resources: Resources
) -> None:
    issue = {"subject": "x" * 100, "messages": [{"author": "customer", "text": "word " * 20_000}]}
    body = json.dumps(issue).encode()
    assert len(body) > SMALL_BODY_BYTES
    key = authorization(resources, "admin")
    answer = client.post("/v1/issues", content=body, headers={"Authorization": key, "Content-Type": "application/json"})
    assert answer.status_code in (201, 422)
    remaining = {part.split(";")[0]: part for part in answer.headers["RateLimit"].split(", ")}
    assert remaining['"intake"'].split(";")[1] == f"r={1_000_000 - 1}"

    def revoke() -> None:
        with resources.database.transaction() as session:
            for row in session.scalars(ApiKey.__table__.select()):
                session.lock(ApiKey, row).revoked_at = resources.clock()  # type: ignore[union-attr]

    sent = Sender(app).send("POST", "/v1/issues", body, announced=len(body), after_first=revoke, authorization=key)
    assert (sent.status, sent.read_bytes) == (401, len(body))
