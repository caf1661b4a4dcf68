"""Headers that keep browsers safe, names the server answers under, other sites, and proxies that are believed."""

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from support_copilot.http.config import ServerConfig
from support_copilot.resources import Resources
from support_copilot.serve import build_app
from tests.conftest import authorization

SAFE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def serving(resources: Resources, **config: object) -> TestClient:
    server = ServerConfig.model_validate({"allowed_hosts": ["testserver"], **config})
    headers = {"Authorization": authorization(resources, "admin")}
    return TestClient(build_app(resources, server), raise_server_exceptions=False, headers=headers)


@pytest.mark.parametrize("path", ["/", "/v1/issues", "/v1/issues/iss_none", "/nothing", "/livez", "/openapi.json"])
def test_every_answer_is_safe_for_browsers(client: TestClient, path: str) -> None:
    answer = client.get(path)

    assert {name: answer.headers[name] for name in SAFE} == SAFE
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(("method", "status"), [("get", 200), ("post", 422), ("delete", 405)])
def test_answers_of_the_api_are_never_kept(client: TestClient, method: str, status: int) -> None:
    answer = getattr(client, method)("/v1/issues")

    assert answer.status_code == status
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_failure_is_as_safe_as_any_answer(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("support_copilot.analysis.api.analyze_words", fail)

    answer = client.post("/v1/analyze", json={"body": "x"})

    assert answer.status_code == 500
    assert answer.json()["request_id"] == answer.headers["X-Request-Id"]
    assert {name: answer.headers[name] for name in SAFE} == SAFE
    assert "RateLimit" in answer.headers


def test_strict_transport_is_said_over_tls_alone(resources: Resources) -> None:
    with serving(resources) as plain:
        assert "Strict-Transport-Security" not in plain.get("/livez").headers
        answer = plain.get("https://testserver/livez")

    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver.evil.example", "evil.example:80", "", "[::1]", "testserver@evil.example", "*"]
)
def test_another_name_is_not_answered(resources: Resources, host: str) -> None:
    with serving(resources) as client:
        answer = client.get("/v1/issues", headers={"Host": host})

    assert (answer.status_code, answer.json()["code"]) == (421, "host_not_allowed")
    assert not host or host not in answer.text


@pytest.mark.parametrize("host", ["testserver", "TESTSERVER", "testserver:8321"])
def test_its_own_name_is_answered(resources: Resources, host: str) -> None:
    with serving(resources) as client:
        assert client.get("/v1/issues", headers={"Host": host}).status_code == 200


def test_by_itself_it_answers_this_machine_only(resources: Resources) -> None:
    with TestClient(
        build_app(resources, ServerConfig()), headers={"Authorization": authorization(resources, "agent")}
    ) as client:
        by_host = {
            host: client.get("/v1/issues", headers={"Host": host}).status_code
            for host in ("localhost:8321", "127.0.0.1", "[::1]:8321", "attacker.example")
        }

    assert by_host == {"localhost:8321": 200, "127.0.0.1": 200, "[::1]:8321": 200, "attacker.example": 421}


def test_health_checks_may_use_any_name(resources: Resources) -> None:
    with serving(resources) as client:
        assert client.get("/livez", headers={"Host": "10.0.0.7"}).status_code == 200


def test_other_sites_may_not_call(client: TestClient) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}

    assert "Access-Control-Allow-Origin" not in client.options("/v1/issues", headers=asked).headers
    assert "Access-Control-Allow-Origin" not in client.get("/v1/issues", headers=asked).headers


def test_a_site_that_is_named_may_call_without_cookies(resources: Resources) -> None:
    with serving(resources, cors_origins=["https://desk.example"]) as client:
        asked = {"Origin": "https://desk.example", "Access-Control-Request-Method": "POST"}
        preflight = client.options("/v1/issues", headers=asked)
        refused = client.options("/v1/issues", headers={**asked, "Origin": "https://evil.example"})
        error = client.get("/v1/issues/iss_none", headers={"Origin": "https://desk.example"})

    assert preflight.headers["Access-Control-Allow-Origin"] == "https://desk.example"
    assert "Access-Control-Allow-Credentials" not in preflight.headers
    assert "Access-Control-Allow-Origin" not in refused.headers
    assert error.headers["Access-Control-Allow-Origin"] == "https://desk.example"


@pytest.mark.parametrize("origin", ["*", "https://*.example", "desk.example", "https://desk.example/path", "null"])
def test_an_origin_that_is_none_is_refused(origin: str) -> None:
    with pytest.raises(ValidationError, match="cors_origins"):
        ServerConfig(cors_origins=(origin,))


def test_an_address_that_anybody_can_write_is_not_believed(resources: Resources) -> None:
    with serving(resources) as client:
        client.get("/v1/audit/export", headers={"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"})
        event = client.get("/v1/audit").json()["data"][0]

    assert event["address"] == "testclient"


def test_the_nearest_address_that_is_no_proxy_of_ours_is_the_client(resources: Resources) -> None:
    server = ServerConfig(allowed_hosts=("testserver",), trusted_proxies=("10.0.0.0/8",))
    headers = {"Authorization": authorization(resources, "admin")}
    with TestClient(build_app(resources, server), client=("10.0.0.5", 1234), headers=headers) as client:
        client.get("/v1/audit/export", headers={"X-Forwarded-For": "1.2.3.4, 203.0.113.9, 10.1.1.1"})
        event = client.get("/v1/audit").json()["data"][0]

    assert event["address"] == "203.0.113.9"


@pytest.mark.parametrize("given", ["a\r\nX-Evil: 1", "a b", "x" * 65, "ä", "", "<script>"])
def test_a_request_id_that_could_inject_is_replaced(client: TestClient, given: str) -> None:
    answer = client.get("/livez", headers={"X-Request-Id": given.encode("latin-1")})

    assert answer.headers["X-Request-Id"] != given
    assert "X-Evil" not in answer.headers


def test_a_line_break_in_an_agent_s_name_stays_out_of_the_trail(client: TestClient) -> None:
    client.get("/v1/audit/export", headers={"User-Agent": b"curl\t1 \x1b[31mred" + b"x" * 500})

    event = client.get("/v1/audit").json()["data"][0]
    assert event["user_agent"].startswith("curl 1 [31mred")
    assert len(event["user_agent"]) == 200
