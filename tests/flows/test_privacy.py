"""Privacy over HTTP: a copy, anonymity, erasure, retention, holds."""

import io
import json
import zipfile

import pytest
from fastapi.testclient import TestClient

from support_copilot.resources import Resources
from support_copilot.worker import Worker
from tests.conftest import StepClock
from tests.unit.privacy.stories import CANARY, EMAIL, NAME, Story, tell_story


@pytest.fixture
def story(resources: Resources) -> Story:
    return tell_story(resources)


def work(worker: Worker) -> None:
    while worker.run_once():
        pass


def test_a_copy_holds_the_story_and_the_files(client: TestClient, story: Story, worker: Worker) -> None:
    asked = client.post("/v1/privacy/exports", json={"customer_id": story.customer_id})
    assert asked.status_code == 202
    address = f"/v1/privacy/exports/{asked.json()['id']}"
    assert client.get(address + "/file").json()["code"] == "export_not_ready"
    work(worker)
    done = client.get(address).json()
    assert done["status"] == "done"
    assert done["counts"]["messages"]["exported"] == 3
    answer = client.get(address + "/file")
    assert answer.headers["content-type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    customer = json.loads(archive.read("customer.json"))
    assert (customer["name"], customer["email"]) == (NAME, EMAIL)
    issue = json.loads(archive.read(f"issues/{story.issue_id}.json"))
    assert NAME in issue["messages"][0]["body"]
    assert f"{CANARY}panel" in json.dumps(issue["analyses"])
    assert f"{CANARY}prompt" in json.dumps(issue["model_calls"])
    assert f"{CANARY}queued" in issue["queued_messages"][0]["body"]
    assert f"{CANARY}reason" in issue["corrections"][0]["note"]
    assert [name for name in archive.namelist() if name.startswith("files/")]
    assert story.other_issue_id not in "".join(archive.namelist())


def test_a_copy_expires(client: TestClient, story: Story, worker: Worker, clock: StepClock) -> None:
    request_id = client.post("/v1/privacy/exports", json={"customer_id": story.customer_id}).json()["id"]
    work(worker)
    clock.advance(days=8)
    answer = client.get(f"/v1/privacy/exports/{request_id}/file")
    assert (answer.status_code, answer.json()["code"]) == (410, "export_expired")


def test_an_erasure_takes_the_copies_along(
    client: TestClient, story: Story, worker: Worker, resources: Resources
) -> None:
    client.post("/v1/privacy/exports", json={"customer_id": story.customer_id})
    work(worker)
    assert len(list(resources.blobs.keys("exports/"))) == 1
    request_id = client.post("/v1/privacy/erasures", json={"customer_id": story.customer_id}).json()["id"]
    work(worker)
    done = client.get(f"/v1/privacy/erasures/{request_id}").json()
    assert done["status"] == "done"
    assert done["receipt"].count(".") == 2
    assert done["counts"]["exports"] == {"removed": 1, "exported": 0, "left": 0, "kept_by_hold": 0}
    assert list(resources.blobs.keys("exports/")) == []
    assert client.get(f"/v1/customers/{story.customer_id}").status_code == 404
    assert client.get(f"/v1/issues/{story.issue_id}").status_code == 404
    assert client.get("/v1/privacy/receipt-keys").json()["keys"][0]["crv"] == "P-256"


def test_an_unknown_customer_is_a_clear_refusal(client: TestClient) -> None:
    for kind in ("exports", "anonymizations", "erasures"):
        answer = client.post(f"/v1/privacy/{kind}", json={"customer_id": "cus_00000000000000000000000000"})
        assert (answer.status_code, answer.json()["code"]) == (404, "customer_not_found")
        assert client.get(f"/v1/privacy/{kind}/prv_00000000000000000000000000").status_code == 404


def test_a_request_is_found_only_under_its_kind(client: TestClient, story: Story) -> None:
    request_id = client.post("/v1/privacy/exports", json={"customer_id": story.customer_id}).json()["id"]
    assert client.get(f"/v1/privacy/erasures/{request_id}").status_code == 404
    assert [each["id"] for each in client.get("/v1/privacy/requests").json()["data"]] == [request_id]


def test_a_hold_refuses_and_is_released(client: TestClient, story: Story) -> None:
    hold = client.post("/v1/privacy/retention/holds", json={"customer_id": story.customer_id, "reason": "Case 7"})
    assert hold.status_code == 201
    refused = client.post("/v1/privacy/erasures", json={"customer_id": story.customer_id})
    assert (refused.status_code, refused.json()["code"]) == (409, "customer_held")
    assert client.get("/v1/privacy/retention").json()["holds_in_force"] == 1
    released = client.post(f"/v1/privacy/retention/holds/{hold.json()['id']}/release").json()
    assert released["released_at"] is not None
    assert client.get("/v1/privacy/retention/holds").json()["data"] == []
    released = client.get("/v1/privacy/retention/holds?in_force=false").json()["data"][0]
    assert released["customer_name"] == client.get(f"/v1/customers/{story.customer_id}").json()["name"]
    assert client.post("/v1/privacy/erasures", json={"customer_id": story.customer_id}).status_code == 202


def test_rules_change_only_when_meant(client: TestClient, story: Story, clock: StepClock) -> None:
    clock.advance(days=40)
    body = {"rules": {"attachments": 30}}
    tried = client.put("/v1/privacy/retention?dry_run=true", json=body).json()
    assert tried["dry_run"] is True
    assert {"kind": "attachments", "days": 30, "due": 1} in tried["rules"]
    assert {"kind": "attachments", "days": None, "due": 0} in client.get("/v1/privacy/retention").json()["rules"]
    client.put("/v1/privacy/retention", json=body)
    assert {"kind": "attachments", "days": 30, "due": 1} in client.get("/v1/privacy/retention").json()["rules"]


@pytest.mark.parametrize(
    "rules", [{}, {"attachments": 0}, {"attachments": 99_999}, {"everything": 3}, {"attachments": "soon"}, None]
)
def test_a_rule_that_makes_no_sense_is_refused(client: TestClient, rules: object) -> None:
    answer = client.put("/v1/privacy/retention", json={"rules": rules})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"].startswith("rules")
