"""Limits of how often: said on every answer, kept by address and caller, by class of route."""

import re

import pytest
from fastapi.testclient import TestClient

from support_copilot.http.rate_limits import RateLimitsConfig, route_class
from support_copilot.resources import Resources
from support_copilot.serve import build_app
from tests.conftest import TEST_SERVER, authorization

POLICY = re.compile(r'"([a-z_-]+)";q=(\d+);w=60')
LEFT = re.compile(r'"([a-z_-]+)";r=(\d+);t=(\d+)')


def limited(resources: Resources, **limits: int) -> TestClient:
    app = build_app(resources, TEST_SERVER, limits=RateLimitsConfig(address_factor=1, **limits))
    return TestClient(app, raise_server_exceptions=False, headers={"Authorization": authorization(resources, "admin")})


@pytest.mark.parametrize("path", ["/v1/issues", "/v1/issues/iss_none", "/livez", "/", "/nothing/here", "/openapi.json"])
def test_every_answer_says_the_limits(client: TestClient, path: str) -> None:
    answer = client.get(path)

    policy, left = POLICY.match(answer.headers["RateLimit-Policy"]), LEFT.match(answer.headers["RateLimit"])
    assert policy
    assert left
    assert policy[1] == left[1]
    assert 0 < int(left[2]) < int(policy[2])
    assert 1 <= int(left[3]) <= 60


def test_a_refusal_of_any_kind_says_the_limits(client: TestClient) -> None:
    answers = [
        client.get("/v1/issues", headers={"Authorization": "Bearer no"}),
        client.post("/v1/issues", content=b"{", headers={"Content-Type": "application/json"}),
        client.post("/v1/issues", content=b"x" * 9_000_000),
        client.delete("/v1/issues"),
    ]

    assert [answer.status_code for answer in answers] == [401, 422, 413, 405]
    assert all("RateLimit" in answer.headers and "RateLimit-Policy" in answer.headers for answer in answers)


def test_beyond_the_limit_the_answer_says_when_to_ask_again(resources: Resources) -> None:
    with limited(resources, read=3) as client:
        answers = [client.get("/v1/issues") for _ in range(5)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    refused = answers[-1]
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json()["code"] == "too_many_requests"
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert LEFT.match(refused.headers["RateLimit"])[2] == "0"  # type: ignore[index]


def test_classes_of_routes_are_counted_apart(resources: Resources) -> None:
    with limited(resources, export=1, read=2) as client:
        exports = [client.get("/v1/audit/export").status_code for _ in range(2)]
        reads = [client.get("/v1/customers").status_code for _ in range(3)]
        alive = client.get("/livez").status_code

    assert (exports, reads, alive) == ([200, 429], [200, 200, 429], 200)


def test_limits_can_be_left_to_what_stands_in_front(resources: Resources) -> None:
    app = build_app(resources, TEST_SERVER, limits=RateLimitsConfig(enabled=False, read=1))
    with TestClient(app, headers={"Authorization": authorization(resources, "admin")}) as client:
        answers = [client.get("/v1/issues") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert "RateLimit" not in answers[0].headers


def test_callers_behind_one_address_are_counted_apart(resources: Resources) -> None:
    app = build_app(resources, TEST_SERVER, limits=RateLimitsConfig(read=2))
    one, other = ({"Authorization": authorization(resources, "agent", name=name)} for name in ("one", "other"))
    with TestClient(app) as client:
        answers = [client.get("/v1/issues", headers=headers) for headers in (one, one, one, other)]

    assert [answer.status_code for answer in answers] == [200, 200, 429, 200]
    assert LEFT.findall(answers[0].headers["RateLimit"])[1][:2] == ("read", "1")
    assert [name for name, _ in POLICY.findall(answers[0].headers["RateLimit-Policy"])] == ["read-address", "read"]


def test_somebody_unknown_is_counted_by_address(resources: Resources) -> None:
    app = build_app(resources, TEST_SERVER, limits=RateLimitsConfig(read=1, address_factor=2))
    with TestClient(app) as client:
        answers = [client.get("/v1/issues", headers={"Authorization": f"Bearer guess{n}"}) for n in range(4)]

    assert [answer.status_code for answer in answers] == [401, 401, 429, 429]
    assert all("RateLimit" in answer.headers for answer in answers)


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("POST", "/v1/auth/sessions", "sign_in"),
        ("GET", "/v1/auth/me", "read"),
        ("POST", "/v1/issues", "intake"),
        ("POST", "/v1/issues/iss_1/messages", "intake"),
        ("POST", "/v1/issues/iss_1/guidance", "generate"),
        ("POST", "/v1/issues/iss_1/summary", "generate"),
        ("POST", "/v1/issues/iss_1/guidance/preview", "generate"),
        ("POST", "/v1/issues/iss_1/rewrite", "generate"),
        ("POST", "/v1/issues/iss_1/rewrite/preview", "generate"),
        ("POST", "/v1/issues/iss_1/questions/preview", "generate"),
        ("POST", "/v1/issues/iss_1/summary/preview", "generate"),
        ("POST", "/v1/issues/iss_1/panel/preview", "generate"),
        ("POST", "/v1/issues/iss_1/next-action", "generate"),
        ("POST", "/v1/issues/iss_1/next-action/preview", "generate"),
        ("GET", "/v1/issues/iss_1/next-action", "read"),
        ("POST", "/v1/issues/iss_1/questions", "generate"),
        ("POST", "/v1/issues/iss_1/macro", "generate"),
        ("GET", "/v1/issues/iss_1/missing", "read"),
        ("GET", "/v1/issues/iss_1/summary", "read"),
        ("POST", "/v1/issues/iss_1/resolve", "write"),
        ("PATCH", "/v1/customers/cus_1", "write"),
        ("POST", "/v1/attachments", "upload"),
        ("GET", "/v1/audit/export", "export"),
        ("GET", "/v1/audit/verification", "export"),
        ("POST", "/v1/privacy/erasures", "export"),
        ("GET", "/v1/privacy/exports/req_1/file", "export"),
        ("GET", "/v1/privacy/exports/req_1", "read"),
        ("BREW", "/v1/issues", "write"),
        ("GET", "/livez", "operations"),
        ("GET", "/", "operations"),
    ],
)
def test_each_route_has_its_class(method: str, path: str, expected: str) -> None:
    assert route_class(method, path) == expected
