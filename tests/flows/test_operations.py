"""Health, version, metrics, the first look page, limits, and the shape of errors outside the routes."""

import inspect
from dataclasses import replace

from fastapi.testclient import TestClient

from support_copilot.backends.embedder.none import NoEmbedder
from support_copilot.http.config import ServerConfig
from support_copilot.http.health import livez
from support_copilot.resources import Resources
from support_copilot.serve import build_app
from tests.conftest import TEST_SERVER, authorization


def test_alive_ready_and_version_answer(client: TestClient) -> None:
    assert client.get("/livez").json() == {"status": "ok"}
    assert client.get("/readyz").json()["status"] == "ok"
    assert client.get("/version").json()["embedder"].startswith("minilm")


def test_a_closed_index_is_named_and_the_process_is_not_ready(client: TestClient, resources: Resources) -> None:
    resources.search.close()

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["parts"]["search"] == {"status": "failed", "code": "search_unavailable"}
    assert client.get("/livez").status_code == 200


def test_a_missing_model_is_named_and_no_reason_to_stop(resources: Resources) -> None:
    with TestClient(build_app(replace(resources, embedder=NoEmbedder()), TEST_SERVER)) as client:
        answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["parts"]["embedder"]["status"] == "failed"


def test_metrics_count_requests_by_route_and_not_by_id(client: TestClient) -> None:
    client.get("/v1/issues/iss_01j9z3k6w8f5v9m2q4x7c1b0ad")

    text = client.get("/metrics").text

    assert 'route="/v1/issues/{issue_id}"' in text
    assert "iss_01j9" not in text


def test_every_answer_carries_a_request_id_and_a_sane_one_is_kept(client: TestClient) -> None:
    assert client.get("/livez", headers={"X-Request-Id": "abc-1"}).headers["X-Request-Id"] == "abc-1"
    forged = client.get("/livez", headers={"X-Request-Id": "a b\tc"}).headers["X-Request-Id"]
    assert forged != "a b\tc"


def test_unknown_paths_and_methods_have_the_one_error_shape(client: TestClient) -> None:
    for answer, status in ((client.get("/v1/nothing"), 404), (client.delete("/v1/issues"), 405)):
        assert answer.status_code == status
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json().keys() >= {"type", "title", "status", "detail", "code", "request_id"}


def test_a_body_beyond_the_limit_is_refused_before_it_is_read(resources: Resources) -> None:
    headers = {"Authorization": authorization(resources, "agent")}
    config = ServerConfig(max_body_bytes=2000, allowed_hosts=("testserver",))
    with TestClient(build_app(resources, config), headers=headers) as client:
        answer = client.post("/v1/issues", json={"subject": "x" * 3000})

    assert answer.status_code == 413
    assert answer.json()["code"] == "payload_too_large"


def test_operation_ids_are_unique_so_that_clients_can_be_generated(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    ids = [operation["operationId"] for path in paths.values() for operation in path.values()]

    assert len(ids) == len(set(ids))


def test_being_alive_takes_no_thread() -> None:
    assert inspect.iscoroutinefunction(livez)
