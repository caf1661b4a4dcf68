"""The application: all services or one, each route answered by exactly one, each operation under its own name."""

import threading
from collections import Counter
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from support_copilot import serve
from support_copilot.db.engine import Observer
from support_copilot.issues.service import NewIssue, insert_issue
from support_copilot.resources import Resources
from support_copilot.serve import JOB_HANDLERS, ROUTERS, WAITING_JOBS, Service, build_app
from support_copilot.settings import load_settings
from support_copilot.worker import Worker
from tests.conftest import TEST_SERVER, StepClock


def operations(app: FastAPI) -> set[str]:
    paths = app.openapi()["paths"]
    return {operation["operationId"] for path in paths.values() for operation in path.values()}


def test_operation_ids_are_unique_and_every_operation_is_described(resources: Resources) -> None:
    paths = build_app(resources, TEST_SERVER).openapi()["paths"]
    described = [operation for path in paths.values() for operation in path.values()]

    doubles = [name for name, count in Counter(o["operationId"] for o in described).items() if count > 1]
    assert doubles == []
    assert [o["operationId"] for o in described if not (o.get("description") or o.get("summary"))] == []
    assert [o["operationId"] for o in described if "4XX" not in o["responses"]] == []


def test_the_services_together_answer_what_all_of_them_do(resources: Resources) -> None:
    everything = operations(build_app(resources, TEST_SERVER))
    alone = {service: operations(build_app(resources, TEST_SERVER, (service,))) for service in ROUTERS}

    assert set().union(*alone.values()) == everything
    shared = alone["analysis"] & alone["guidance"]
    assert shared == alone["guidance"] & alone["summarization"] == {
        "livez", "readyz", "version", "metrics", "get_jwks",
    }  # fmt: skip


@pytest.mark.parametrize("service", list(ROUTERS))
def test_one_service_knows_nothing_of_the_others_routes(resources: Resources, service: Service) -> None:
    probes = {
        "gateway": "/v1/audit",
        "analysis": "/v1/issues",
        "guidance": "/v1/templates",
        "summarization": "/v1/knowledge/articles",
    }
    with TestClient(build_app(resources, TEST_SERVER, (service,))) as client:
        answers = {name: client.get(path).status_code for name, path in probes.items()}

    assert {name for name, status in answers.items() if status != 404} == {service}


def test_every_job_is_named_after_the_slice_that_does_it() -> None:
    assert {name.partition(".")[0] for name in JOB_HANDLERS} <= {
        "analysis",
        "summarization",
        "guidance",
        "webhooks",
        "privacy",
        "connect",
    }
    assert all("." in name for name in JOB_HANDLERS)
    assert set(JOB_HANDLERS) > WAITING_JOBS


def test_caches_let_go_of_what_is_too_old_though_nobody_looks(
    resources: Resources, clock: StepClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "_FORGET_EVERY_S", 0.01)
    app = build_app(resources, TEST_SERVER)
    gone = threading.Event()
    outlooks = app.state.outlooks
    outlooks.get("issue", clock(), lambda: "words of an issue")
    clock.advance(seconds=60)
    forget = outlooks.forget

    def noticed(now: datetime) -> None:
        forget(now)
        gone.set()

    monkeypatch.setattr(outlooks, "forget", noticed)
    with TestClient(app):
        assert gone.wait(20)
    assert len(outlooks) == 0


def test_webhooks_are_told_of_what_a_worker_alone_does(
    resources: Resources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def work_once(_worker: Worker) -> None:
        with resources.database.transaction() as session:
            insert_issue(session, NewIssue(subject="Labels", channel="api", messages=()), now=resources.clock())

    def watch(*_: object) -> Observer:
        return lambda _session, changes: told.extend(type(change.row).__name__ for change in changes)

    monkeypatch.setattr(serve, "open_resources", lambda _settings: nullcontext(resources))
    monkeypatch.setattr(serve, "watch_for_webhooks", watch)
    monkeypatch.setattr(Worker, "run", work_once)

    serve.work(load_settings(data_dir=tmp_path))
    resources.database.watch(lambda: None)

    assert "Issue" in told
