"""A newcomer has a made-up company loaded to look around; it never comes among real issues."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from support_copilot.connect import sample_data
from support_copilot.connect.sample_data import LOAD_SAMPLE, load_sample, sample_size
from support_copilot.db.outbox import claim, fail
from support_copilot.resources import Resources
from support_copilot.worker import Worker
from tests.conftest import AsRole

ISSUE = {"subject": "Printer on fire", "body": "It smokes."}


def state(client: TestClient) -> dict[str, Any]:
    answer: dict[str, Any] = client.get("/v1/sample-data").json()
    return answer


def actions(client: TestClient) -> dict[str, str]:
    """What was done, and by what kind of actor."""
    return {event["action"]: event["actor_kind"] for event in client.get("/v1/audit?limit=200").json()["data"]}


def test_the_sample_company_is_loaded_once_in_the_background(client: TestClient, worker: Worker) -> None:
    assert state(client) == {"state": "none", "done": 0, "total": sample_size()}

    asked = client.post("/v1/sample-data")
    again = client.post("/v1/sample-data")
    assert (asked.status_code, asked.json()["state"]) == (202, "loading")
    assert (again.status_code, again.json()["state"]) == (202, "loading")
    assert len(client.get(f"/v1/jobs?name={LOAD_SAMPLE}").json()["data"]) == 1

    worker.run_once()
    assert state(client) == {"state": "loaded", "done": sample_size(), "total": sample_size()}
    assert client.get("/v1/issues/counts").json()["views"]["all"] > 20
    refused = client.post("/v1/sample-data")
    assert (refused.status_code, refused.json()["code"]) == (409, "record_not_empty")
    assert actions(client) | {"sample_data.requested": "key", "issues.imported": "job"} == actions(client)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_real_issues_keep_made_up_ones_out(client: TestClient) -> None:
    client.post("/v1/issues", json=ISSUE)

    refused = client.post("/v1/sample-data")

    assert (refused.status_code, refused.json()["code"]) == (409, "record_not_empty")
    assert state(client)["state"] == "none"
    assert "sample_data.requested" not in actions(client)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_only_administrators_load_it(client: TestClient, as_role: AsRole) -> None:
    for role in ("agent", "lead", "auditor", "machine"):
        assert client.post("/v1/sample-data", headers=as_role(role)).status_code == 403
    assert state(client)["state"] == "none"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_load_that_failed_is_told_and_can_be_asked_for_again(
    client: TestClient, resources: Resources, worker: Worker
) -> None:
    client.post("/v1/sample-data")
    now = resources.clock()
    (job,) = claim(resources.database, "w", now=now, lease_s=10)
    assert state(client)["state"] == "loading"
    fail(resources.database, job, "OSError", now=now, permanent=True)
    assert state(client)["state"] == "failed"

    assert client.post("/v1/sample-data").status_code == 202
    (revived,) = client.get(f"/v1/jobs?name={LOAD_SAMPLE}").json()["data"]
    assert (revived["id"], revived["payload"], revived["status"]) == (job.id, job.payload, "queued")
    worker.run_once()
    assert state(client)["state"] == "loaded"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_load_that_failed_does_not_go_on_among_real_issues(
    client: TestClient, resources: Resources, worker: Worker
) -> None:
    client.post("/v1/sample-data")
    now = resources.clock()
    (job,) = claim(resources.database, "w", now=now, lease_s=10)
    fail(resources.database, job, "OSError", now=now, permanent=True)
    client.post("/v1/issues", json=ISSUE)

    refused = client.post("/v1/sample-data")

    assert (refused.status_code, refused.json()["code"]) == (409, "record_not_empty")
    assert client.get(f"/v1/jobs/{job.id}").json()["status"] == "buried"
    # Nor when somebody tries the job itself again, at whatever moment the real ones came.
    assert client.post(f"/v1/jobs/{job.id}/retry").status_code == 202
    worker.run_once()
    assert client.get(f"/v1/jobs/{job.id}").json()["status"] == "buried"
    assert client.get("/v1/issues/counts").json()["views"]["all"] == 1


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_of_two_who_ask_again_at_once_one_alone_has_it_loaded(
    client: TestClient, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.post("/v1/sample-data")
    now = resources.clock()
    (job,) = claim(resources.database, "w", now=now, lease_s=10)
    fail(resources.database, job, "OSError", now=now, permanent=True)

    # What the second of the two finds after the first, where both read before either wrote.
    monkeypatch.setattr(sample_data, "revive", lambda *_args, **_options: False)
    asked = client.post("/v1/sample-data")

    assert (asked.status_code, asked.json()["state"]) == (202, "loading")
    assert len(client.get(f"/v1/jobs?name={LOAD_SAMPLE}").json()["data"]) == 1


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_is_there_as_a_whole_has_not_failed(client: TestClient, resources: Resources) -> None:
    client.post("/v1/sample-data")
    now = resources.clock()
    (job,) = claim(resources.database, "w", now=now, lease_s=10)
    load_sample(resources, now)
    fail(resources.database, job, "OSError", now=now, permanent=True)

    assert state(client)["state"] == "loaded"


class _CutError(Exception):
    """The process ended here."""


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_load_that_broke_off_goes_on_where_it_was(client: TestClient, resources: Resources) -> None:
    now = resources.clock()
    rows = 0

    def count(more: int) -> None:
        nonlocal rows
        rows += more
        if rows > sample_size() // 2:
            raise _CutError

    with pytest.raises(_CutError):
        load_sample(resources, now, report_rows=count)
    part = state(client)
    load_sample(resources, now)

    assert 0 < part["done"] < part["total"]
    assert state(client) == {"state": "loaded", "done": sample_size(), "total": sample_size()}
    views = client.get("/v1/issues/counts").json()["views"]
    assert views["all"] + views["resolved"] == 300
