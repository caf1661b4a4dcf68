"""Other programs are told what happened: signed, again until they have it, and no more than ids and states."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, text

from support_copilot.connect.importer import ImportPlan, import_rows
from support_copilot.connect.readers import RawRow
from support_copilot.db.models import AuditEntry, Job, WebhookDelivery
from support_copilot.identity.principal import LOCAL_CLI
from support_copilot.outgoing.config import OutgoingConfig
from support_copilot.privacy.retention import enforce_retention
from support_copilot.resources import Resources
from support_copilot.webhooks.events import EVENTS
from support_copilot.worker import Worker
from tests.conftest import AsRole, StepClock
from tests.receiver import Receiver, running_receiver

WORDS = "Zephyrine cannot print labels"
ISSUE = {"subject": WORDS, "body": WORDS, "customer": {"name": "Zephyrine", "email": "zephyrine@example.com"}}


@pytest.fixture
def resources(resources: Resources) -> Resources:
    return replace(resources, outgoing=OutgoingConfig(allow=("127.0.0.1",)))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running_receiver() as running:
        yield running


class Desk:
    """An admin with one webhook at the receiver, and a worker that is moved by hand."""

    def __init__(self, client: TestClient, worker: Worker, receiver: Receiver, clock: StepClock) -> None:
        self.client, self.worker, self.receiver, self.clock = client, worker, receiver, clock
        made = self.sent("post", "/v1/webhooks", {"name": "Desk", "url": receiver.url, "events": list(EVENTS)})
        self.id, self.secret = str(made["webhook"]["id"]), str(made["secret"])

    def sent(self, method: str, path: str, body: Any = None, **options: Any) -> dict[str, Any]:
        answer = self.client.request(method, path, json=body, **options)
        assert answer.status_code in (200, 201, 202), answer.text
        found: dict[str, Any] = answer.json()
        return found

    def issue(self) -> str:
        return str(self.sent("post", "/v1/issues", ISSUE)["issue"]["id"])

    def work(self, **advance: float) -> None:
        """Do all that is due, after so long."""
        self.clock.advance(**advance)
        while self.worker.run_once():
            pass

    def hook(self) -> dict[str, Any]:
        return self.sent("get", f"/v1/webhooks/{self.id}")

    def deliveries(self, query: str = "") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.sent("get", f"/v1/webhooks/{self.id}/deliveries{query}")["data"]
        return found

    def only(self, *events: str) -> None:
        self.sent("patch", f"/v1/webhooks/{self.id}", {"events": list(events)})


@pytest.fixture
def desk(client: TestClient, worker: Worker, receiver: Receiver, clock: StepClock) -> Desk:
    return Desk(client, worker, receiver, clock)


def test_an_event_arrives_signed_and_says_ids_and_states_alone(desk: Desk, receiver: Receiver) -> None:
    issue_id = desk.issue()
    assert receiver.taken == []
    desk.work()

    (came,) = receiver.taken
    assert came.is_signed_by(desk.secret)
    assert not came.is_signed_by("whsec_AAAA")
    assert came.headers["content-type"] == "application/json"
    assert came.headers["user-agent"].startswith("Support-Copilot/")
    assert came.said["type"] == "issue.created"
    assert came.said["data"].keys() == {"issue_id", "version", "status", "severity", "channel"}
    assert came.said["data"]["issue_id"] == issue_id
    assert b"Zephyrine" not in came.body
    (told,) = desk.deliveries()
    assert (told["status"], told["status_code"], told["attempts"], told["error"]) == ("delivered", 204, 1, None)
    assert told["event_id"] == came.id
    assert told["duration_ms"] >= 0


def test_every_event_is_told_once(desk: Desk, receiver: Receiver) -> None:
    issue_id = desk.issue()
    desk.sent("post", f"/v1/issues/{issue_id}/messages", {"author": "agent", "body": WORDS})
    desk.sent("patch", f"/v1/issues/{issue_id}", {"severity": "critical"})
    desk.sent("post", f"/v1/issues/{issue_id}/resolve", {"resolution": {"text": WORDS}})
    desk.work()
    desk.sent("post", f"/v1/issues/{issue_id}/messages", {"author": "customer", "body": WORDS})
    desk.work()

    elsewhere = ("issue.merged", "issue.unmerged")  # tests/flows/test_merged_records.py
    assert sorted([*receiver.heard(), *elsewhere]) == sorted([*EVENTS, "message.created"])
    assert all(each.said["data"]["issue_id"] == issue_id for each in receiver.taken)
    assert len({each.id for each in receiver.taken}) == len(receiver.taken)
    by_event = {each.said["type"]: each.said["data"] for each in receiver.taken}
    assert by_event["issue.critical"]["severity"] == "critical"
    assert by_event["issue.resolved"]["status"] == "resolved"
    assert by_event["issue.reopened"]["status"] == "open"
    assert by_event["message.created"]["message_id"].startswith("msg_")
    assert by_event["summary.created"]["summary_id"].startswith("sum_")
    assert not any(b"Zephyrine" in each.body for each in receiver.taken)


def test_only_events_that_were_asked_for_are_told(desk: Desk, receiver: Receiver) -> None:
    desk.only("issue.resolved")
    desk.issue()
    desk.work()

    assert receiver.taken == []
    assert desk.deliveries() == []


def test_a_change_that_is_undone_is_told_to_nobody(desk: Desk) -> None:
    desk.client.post("/v1/issues", json={**ISSUE, "customer": {"id": "cus_00000000000000000000000000"}})

    assert desk.deliveries() == []


def test_what_is_imported_is_told_to_nobody(desk: Desk, resources: Resources) -> None:
    rows = [RawRow(1, 0, {"id": "1", "subject": WORDS, "body": WORDS})]
    report = import_rows(resources, rows, ImportPlan(kind="issues", source="old desk", actor=LOCAL_CLI))

    assert report.created == 1
    assert desk.deliveries() == []


def test_a_failure_is_tried_again_with_the_same_id_and_body(desk: Desk, receiver: Receiver) -> None:
    receiver.answers = [503, 500, 204]
    desk.issue()
    desk.work()
    assert desk.hook()["state"] == "failing"
    (told,) = desk.deliveries()
    assert (told["status"], told["status_code"], told["error"]) == ("waiting", 503, "status")
    assert told["problem"] == "The answer was no success (200 to 299)."

    desk.work(seconds=10)
    desk.work(seconds=30)

    assert len(receiver.taken) == 3
    assert len({(each.id, each.body) for each in receiver.taken}) == 1
    assert all(each.is_signed_by(desk.secret) for each in receiver.taken)
    (told,) = desk.deliveries()
    assert [each["status_code"] for each in told["tries"]] == [503, 500, 204]
    assert told["status"] == "delivered"
    assert (desk.hook()["state"], desk.hook()["failing_since"]) == ("on", None)


def test_many_events_for_a_dead_endpoint_cost_one_try(desk: Desk, receiver: Receiver) -> None:
    receiver.answers = [500]
    for _ in range(4):
        desk.issue()
    desk.work()

    assert len(receiver.taken) == 1
    assert desk.hook()["unsent"] == 4
    receiver.answers = [204]
    desk.work(minutes=1)
    assert sorted(each["status"] for each in desk.deliveries()) == ["delivered"] * 4


def test_what_cannot_be_told_in_time_is_buried_and_sent_again_by_hand(desk: Desk, receiver: Receiver) -> None:
    receiver.answers = [500, 500, 204]
    desk.issue()
    desk.work()
    desk.work(hours=73)
    (told,) = desk.deliveries("?status=failed")
    assert (told["error"], told["next_at"]) == ("status", None)
    assert len(receiver.taken) == 1

    desk.sent("post", f"/v1/webhooks/{desk.id}/deliveries/{told['id']}/redeliver")
    desk.work(minutes=2)
    desk.work(minutes=2)

    assert [each["status"] for each in desk.deliveries()] == ["delivered"]
    assert len({each.id for each in receiver.taken}) == 1


def test_what_fails_for_long_is_paused_and_a_person_resumes_it(
    desk: Desk, receiver: Receiver, resources: Resources
) -> None:
    receiver.answers = [500]
    desk.issue()
    for hours in (0, 1, 20, 2):
        desk.work(hours=hours)
    assert desk.hook()["state"] == "failing"
    desk.work(hours=2)
    hook = desk.hook()
    assert (hook["state"], hook["paused_reason"]) == ("paused", "failing")
    asked = len(receiver.taken)
    desk.issue()
    desk.work(hours=1)
    assert len(receiver.taken) == asked
    assert [each["status"] for each in desk.deliveries()] == ["held", "held"]
    with resources.database.read() as session:
        paused = session.scalar(select(AuditEntry).where(AuditEntry.action == "webhook.paused"))
        assert (paused.target, paused.reason, paused.actor_kind) == (desk.id, "failing", "job")

    receiver.answers = [204]
    assert desk.sent("post", f"/v1/webhooks/{desk.id}/resume")["state"] == "on"
    desk.work()

    assert [each["status"] for each in desk.deliveries()] == ["delivered", "delivered"]
    assert desk.client.post(f"/v1/webhooks/{desk.id}/resume").json()["code"] == "webhook_not_paused"


def test_one_that_is_gone_is_paused_at_once(desk: Desk, receiver: Receiver) -> None:
    receiver.answers = [410]
    desk.issue()
    desk.work()

    assert desk.hook()["paused_reason"] == "gone"
    told = desk.deliveries()[0]
    again = desk.client.post(f"/v1/webhooks/{desk.id}/deliveries/{told['id']}/redeliver")
    assert (again.status_code, again.json()["code"]) == (409, "webhook_off")


def test_one_that_is_off_is_told_nothing_then_or_later(desk: Desk, receiver: Receiver) -> None:
    desk.issue()
    desk.sent("patch", f"/v1/webhooks/{desk.id}", {"enabled": False})
    desk.issue()
    desk.work()

    assert receiver.taken == []
    (told,) = desk.deliveries()
    assert (told["status"], told["error"]) == ("failed", "switched_off")
    desk.sent("patch", f"/v1/webhooks/{desk.id}", {"enabled": True})
    desk.work(hours=1)
    assert receiver.taken == []


def test_both_secrets_sign_until_the_overlap_is_over(desk: Desk, receiver: Receiver) -> None:
    new = desk.sent("post", f"/v1/webhooks/{desk.id}/rotate", {"overlap_hours": 2})["secret"]
    assert new != desk.secret
    assert desk.hook()["previous_secret_until"] is not None
    desk.issue()
    desk.work()
    desk.issue()
    desk.work(hours=3)

    first, second = receiver.taken
    assert first.is_signed_by(new)
    assert first.is_signed_by(desk.secret)
    assert second.is_signed_by(new)
    assert not second.is_signed_by(desk.secret)
    assert desk.hook()["previous_secret_until"] is None


def test_a_secret_is_shown_once_and_kept_encrypted(desk: Desk, resources: Resources) -> None:
    body = {"name": "Twice", "url": "https://example.com/hooks?token=s3same", "events": ["issue.created"]}
    headers = {"Idempotency-Key": "made-twice"}
    first = desk.sent("post", "/v1/webhooks", body, headers=headers)
    second = desk.sent("post", "/v1/webhooks", body, headers=headers)

    assert first["secret"].startswith("whsec_")
    assert second["secret"] is None
    assert second["webhook"]["id"] == first["webhook"]["id"]
    assert "whsec_" not in desk.client.get("/v1/webhooks").text
    with resources.database.read() as session:
        stored = session.execute(text("SELECT url_sealed, secret_sealed FROM webhook_endpoints")).all()
        trail = [json.dumps([row.before, row.after]) for row in session.scalars(select(AuditEntry))]
    for row in stored:
        assert b"s3same" not in row.url_sealed
        assert first["secret"].encode() not in row.secret_sealed
    assert not any("s3same" in line or "whsec_" in line for line in trail)


def test_a_test_says_how_it_was_taken(desk: Desk, receiver: Receiver) -> None:
    receiver.answers = [204, 404]
    good = desk.sent("post", f"/v1/webhooks/{desk.id}/test")
    bad = desk.sent("post", f"/v1/webhooks/{desk.id}/test")

    assert (good["event"], good["status"], good["status_code"]) == ("webhook.test", "delivered", 204)
    assert (bad["status"], bad["status_code"], bad["error"]) == ("failed", 404, "status")
    assert all(each.is_signed_by(desk.secret) for each in receiver.taken)
    assert receiver.taken[0].said["data"] == {"webhook_id": desk.id}
    assert [each["id"] for each in desk.deliveries()] == [bad["id"], good["id"]]
    assert desk.hook()["state"] == "on"
    desk.work(hours=1)
    assert len(receiver.taken) == 2


def test_an_edit_on_an_older_reading_is_refused(desk: Desk) -> None:
    answer = desk.client.get(f"/v1/webhooks/{desk.id}")
    stale = {"If-Match": answer.headers["ETag"]}
    assert desk.client.patch(f"/v1/webhooks/{desk.id}", json={"name": "A"}, headers=stale).status_code == 200

    refused = desk.client.patch(f"/v1/webhooks/{desk.id}", json={"name": "B"}, headers=stale)

    assert (refused.status_code, refused.json()["code"]) == (412, "stale_version")


def test_a_removed_one_is_forgotten_with_its_deliveries(desk: Desk, receiver: Receiver, resources: Resources) -> None:
    desk.issue()
    assert desk.client.delete(f"/v1/webhooks/{desk.id}").status_code == 204
    desk.work()

    assert receiver.taken == []
    assert desk.client.get(f"/v1/webhooks/{desk.id}").json()["code"] == "webhook_not_found"
    with resources.database.read() as session:
        assert list(session.scalars(select(WebhookDelivery))) == []
        assert list(session.scalars(select(Job.id).where(Job.status != "done"))) == []


def test_a_delivery_of_another_webhook_is_not_found(desk: Desk, receiver: Receiver) -> None:
    other = Desk(desk.client, desk.worker, receiver, desk.clock)
    desk.issue()
    foreign = other.deliveries()[0]["id"]

    for delivery_id in (foreign, "whd_00000000000000000000000000", "anything"):
        answer = desk.client.post(f"/v1/webhooks/{desk.id}/deliveries/{delivery_id}/redeliver")
        assert (answer.status_code, answer.json()["code"]) == (404, "delivery_not_found")


def test_there_are_no_more_than_so_many(desk: Desk) -> None:
    body = {"name": "Another", "url": "https://example.com/hooks", "events": ["issue.created"]}
    answers = [desk.client.post("/v1/webhooks", json=body).status_code for _ in range(20)]

    assert answers == [201] * 19 + [409]
    page = desk.sent("get", "/v1/webhooks?limit=15")
    rest = desk.sent("get", f"/v1/webhooks?limit=15&cursor={page['next_cursor']}")
    assert len(page["data"]) + len(rest["data"]) == 20


def test_an_auditor_looks_and_changes_nothing(desk: Desk, as_role: AsRole) -> None:
    auditor = as_role("auditor")
    path = f"/v1/webhooks/{desk.id}"

    assert desk.client.get(path, headers=auditor).status_code == 200
    assert desk.client.get(f"{path}/deliveries", headers=auditor).status_code == 200
    for method, at in (("post", f"{path}/test"), ("post", f"{path}/rotate"), ("delete", path), ("patch", path)):
        assert desk.client.request(method, at, headers=auditor).status_code == 403
    assert desk.client.get(path, headers=as_role("lead")).status_code == 403


def test_an_erased_customer_leaves_no_delivery_behind(desk: Desk, receiver: Receiver, resources: Resources) -> None:
    receiver.answers = [500]
    issue = desk.sent("post", "/v1/issues", ISSUE)["issue"]
    desk.work()
    assert len(desk.deliveries()) == 1
    desk.sent("post", "/v1/privacy/erasures", {"customer_id": issue["customer"]["id"]})
    desk.work(minutes=10)

    assert desk.deliveries() == []
    asked = len(receiver.taken)
    desk.work(hours=1)
    assert len(receiver.taken) == asked


def test_the_log_is_kept_no_longer_than_its_rule_says(desk: Desk, resources: Resources, clock: StepClock) -> None:
    desk.issue()
    desk.work()
    clock.advance(days=29)
    assert {due.kind: due.count for due in enforce_retention(resources)}["webhook_deliveries"] == 0
    clock.advance(days=2)
    assert {due.kind: due.count for due in enforce_retention(resources)}["webhook_deliveries"] == 1

    assert desk.deliveries() == []
