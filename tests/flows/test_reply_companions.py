"""What goes with a reply: files out of the draft, tags, a status; with it when it is sent, back when it is not."""

import io
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from support_copilot.backends.blobs.local import LocalBlobStore
from support_copilot.db.models import Attachment
from support_copilot.issues.message_files import remove_draft_file
from support_copilot.privacy.jobs import ask_for_daily_work
from support_copilot.privacy.retention import enforce_retention
from support_copilot.resources import Resources
from support_copilot.worker import Worker
from tests.conftest import StepClock
from tests.flows.test_inbox import open_issue, work
from tests.people import add_person, headers_of


def upload(
    client: TestClient, issue_id: str, name: str = "log.txt", part: str = "reply", **more: Any
) -> dict[str, Any]:
    form = {"issue_id": issue_id, "draft": part}
    answer = client.post("/v1/attachments", data=form, files={"file": (name, io.BytesIO(name.encode()))}, **more)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def files_of(client: TestClient, issue_id: str, **more: Any) -> list[tuple[str, str | None, str | None]]:
    rows = client.get(f"/v1/issues/{issue_id}/attachments", **more).json()["data"]
    return [(row["filename"], row["drafted"], row["message_id"]) for row in rows]


def queue(client: TestClient, issue_id: str, **more: Any) -> dict[str, Any]:
    answer = client.post(f"/v1/issues/{issue_id}/queued-messages", json={"body": "Here it is.", **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def test_files_and_tags_go_with_the_reply(client: TestClient, worker: Worker, clock: StepClock) -> None:
    issue_id = open_issue(client, tags=["billing"])
    one, two = upload(client, issue_id, "a.txt"), upload(client, issue_id, "b.txt")
    given = {"attachment_ids": [one["id"], two["id"], one["id"]], "add_tags": ["refund", "billing"]}
    waiting = queue(client, issue_id, then_status="pending", **given)
    assert (waiting["attachment_ids"], waiting["add_tags"]) == ([one["id"], two["id"]], ["refund", "billing"])
    assert files_of(client, issue_id) == [("a.txt", None, None), ("b.txt", None, None)]

    clock.advance(minutes=1)
    work(worker)

    message = client.get(f"/v1/issues/{issue_id}/messages").json()["data"][-1]
    assert message["body"] == "Here it is."
    assert files_of(client, issue_id) == [("a.txt", None, message["id"]), ("b.txt", None, message["id"])]
    issue = client.get(f"/v1/issues/{issue_id}").json()
    assert (issue["tags"], issue["status"]) == (["billing", "refund"], "pending")


def test_what_is_taken_back_is_in_the_draft_again(client: TestClient) -> None:
    issue_id = open_issue(client)
    file_id = upload(client, issue_id)["id"]
    waiting = queue(client, issue_id, attachment_ids=[file_id], add_tags=["refund"])

    back = client.delete(f"/v1/queued-messages/{waiting['id']}").json()

    assert (back["attachment_ids"], back["add_tags"]) == ([file_id], ["refund"])
    assert files_of(client, issue_id) == [("log.txt", "reply", None)]
    assert client.get(f"/v1/issues/{issue_id}").json()["tags"] == []


def test_a_file_goes_with_a_note(client: TestClient) -> None:
    issue_id = open_issue(client)
    file_id = upload(client, issue_id, part="note")["id"]
    reply = client.post(f"/v1/issues/{issue_id}/queued-messages", json={"body": "Hi", "attachment_ids": [file_id]})
    assert (reply.status_code, reply.json()["errors"][0]["field"]) == (422, "attachment_ids")
    note = {"author": "agent", "visibility": "internal", "body": "See the log.", "attachment_ids": [file_id]}

    message = client.post(f"/v1/issues/{issue_id}/messages", json=note).json()["message"]

    assert files_of(client, issue_id) == [("log.txt", None, message["id"])]


def test_what_waits_in_a_draft_is_its_persons_alone(client: TestClient, resources: Resources) -> None:
    issue_id = open_issue(client)
    file_id = upload(client, issue_id)["id"]
    ada = headers_of(client, add_person(resources, "agent"))

    assert files_of(client, issue_id, headers=ada) == []
    theirs = {"body": "Hello", "attachment_ids": [file_id]}
    refused = client.post(f"/v1/issues/{issue_id}/queued-messages", json=theirs, headers=ada)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "attachment_ids")
    path = f"/v1/attachments/{file_id}"
    link = client.post(f"{path}/link").json()["url"]
    by_ada = [
        client.get(path, headers=ada), client.get(f"{path}/content", headers=ada),
        client.post(f"{path}/link", headers=ada), client.delete(path, headers=ada),
    ]  # fmt: skip
    assert [answer.status_code for answer in by_ada] == [404, 404, 404, 404]
    assert client.get(link, headers={"Authorization": ""}).content == b"log.txt", "its writer may open it anywhere"
    assert client.delete(f"/v1/attachments/{file_id}").status_code == 204
    assert client.get(f"/v1/attachments/{file_id}").status_code == 404
    assert list(resources.blobs.keys()) == []


@pytest.mark.parametrize("sent", ["att_01j9z3k6w8f5v9m2q4x7c1b0ad", "another issue", "already"])
def test_only_files_of_the_draft_of_this_issue_are_taken(client: TestClient, sent: str) -> None:
    issue_id = open_issue(client)
    other = upload(client, open_issue(client, "Another thing"))["id"]
    mine = upload(client, issue_id)["id"]
    queue(client, issue_id, attachment_ids=[mine])
    file_id = {"another issue": other, "already": mine}.get(sent, sent)

    refused = client.post(f"/v1/issues/{issue_id}/queued-messages", json={"body": "Hi", "attachment_ids": [file_id]})

    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "attachment_ids")
    assert file_id not in refused.text


def test_no_other_agent_takes_a_waiting_reply_back(client: TestClient, resources: Resources) -> None:
    waiting = queue(client, open_issue(client))
    ada = headers_of(client, add_person(resources, "agent"))

    assert client.delete(f"/v1/queued-messages/{waiting['id']}", headers=ada).status_code == 403
    assert client.delete(f"/v1/queued-messages/{waiting['id']}").status_code == 200


def test_what_is_taken_is_told_before(client: TestClient) -> None:
    rules = client.get("/v1/attachment-rules").json()

    assert rules["max_per_message"] == 20
    assert rules["max_bytes"] < 26_000_000
    assert "image/png" in rules["types"]
    assert "text/html" not in rules["types"]


def test_a_macro_is_a_template_with_what_goes_along(client: TestClient) -> None:
    body = {"title": "Refund", "body": "Hello", "add_tags": ["refund", "refund"], "then_status": "resolved"}
    made = client.post("/v1/templates", json=body).json()
    assert (made["add_tags"], made["then_status"]) == (["refund"], "resolved")

    edited = client.patch(f"/v1/templates/{made['id']}", json={"then_status": None, "add_tags": []}).json()

    assert (edited["add_tags"], edited["then_status"]) == ([], None)
    plain = client.post("/v1/templates", json={"title": "Plain", "body": "Hello"}).json()
    assert (plain["add_tags"], plain["then_status"]) == ([], None)
    refused = client.patch(f"/v1/templates/{made['id']}", json={"then_status": "closed"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "then_status")


def kept_files(resources: Resources) -> int:
    return sum(1 for each in (resources.data_dir / "files").rglob("*") if each.is_file())


def rule_for_draft_files(client: TestClient) -> dict[str, Any]:
    rules = client.get("/v1/privacy/retention").json()["rules"]
    return next(dict(rule) for rule in rules if rule["kind"] == "draft_files")


def test_files_that_nobody_sends_go_after_their_time(
    client: TestClient, resources: Resources, worker: Worker, clock: StepClock
) -> None:
    abandoned, written_on, sent = open_issue(client), open_issue(client), open_issue(client)
    for issue_id in (abandoned, written_on, sent):
        upload(client, issue_id)
    note = {"author": "agent", "visibility": "internal", "body": "See the log."}
    upload(client, sent, "note.txt", part="note")
    files = client.get(f"/v1/issues/{sent}/attachments").json()["data"]
    note_file = next(row["id"] for row in files if row["filename"] == "note.txt")
    assert client.post(f"/v1/issues/{sent}/messages", json={**note, "attachment_ids": [note_file]}).is_success
    clock.advance(days=29)
    assert rule_for_draft_files(client) == {"kind": "draft_files", "days": 30, "due": 0}
    assert client.put(f"/v1/issues/{written_on}/draft", json={"reply": "Hello Ana,", "note": ""}).is_success
    clock.advance(days=2)
    assert rule_for_draft_files(client)["due"] == 2
    tried = client.put("/v1/privacy/retention?dry_run=true", json={"rules": {"draft_files": 365}}).json()
    assert {"kind": "draft_files", "days": 365, "due": 0} in tried["rules"]
    before = kept_files(resources)

    ask_for_daily_work(resources)
    work(worker)

    assert files_of(client, abandoned) == []
    assert files_of(client, written_on) == [("log.txt", "reply", None)], "somebody still writes there"
    assert [name for name, _, _ in files_of(client, sent)] == ["note.txt"]
    assert kept_files(resources) == before - 2, "the bytes go with the rows"
    assert rule_for_draft_files(client)["due"] == 0
    done = client.get("/v1/audit?action=privacy.retention_enforced").json()["data"]
    assert [(event["target"], event["after"]) for event in done] == [("draft_files", {"count": 2})]


class FailsOnce(LocalBlobStore):
    """A store that is away when the first file is to be removed."""

    failed = False

    def delete(self, key: str) -> None:
        if not self.failed:
            self.failed = True
            raise OSError("away")
        super().delete(key)


def test_what_a_failure_left_of_them_goes_the_next_day(
    client: TestClient, resources: Resources, clock: StepClock
) -> None:
    issue_id = open_issue(client)
    file_id = upload(client, issue_id)["id"]
    clock.advance(days=31)
    with pytest.raises(OSError, match="away"):
        enforce_retention(replace(resources, blobs=FailsOnce(resources.data_dir / "files")))
    assert kept_files(resources) == 1
    assert rule_for_draft_files(client)["due"] == 1, "the row still names the file"
    assert files_of(client, issue_id) == [], "and nobody sends it any more"
    reply = {"author": "agent", "visibility": "internal", "body": "See the log.", "attachment_ids": [file_id]}
    assert client.post(f"/v1/issues/{issue_id}/messages", json=reply).status_code == 422

    enforce_retention(resources)

    assert kept_files(resources) == 0
    assert rule_for_draft_files(client)["due"] == 0


def test_what_a_failure_left_of_one_that_somebody_removed_goes_the_next_day(
    client: TestClient, resources: Resources
) -> None:
    issue_id = open_issue(client)
    file_id = upload(client, issue_id)["id"]
    with resources.database.read() as session:
        drafted_by = session.scalar(select(Attachment.drafted_by).where(Attachment.id == file_id)) or ""
    with pytest.raises(OSError, match="away"):
        remove_draft_file(replace(resources, blobs=FailsOnce(resources.data_dir / "files")), file_id, drafted_by)
    assert kept_files(resources) == 1
    assert rule_for_draft_files(client)["due"] == 1, "the row still names the file"
    assert files_of(client, issue_id) == []
    assert client.delete(f"/v1/attachments/{file_id}").status_code == 404

    enforce_retention(resources)

    assert kept_files(resources) == 0
    assert rule_for_draft_files(client)["due"] == 0


def test_a_legal_hold_keeps_files_that_nobody_sent(
    client: TestClient, resources: Resources, worker: Worker, clock: StepClock
) -> None:
    customer_id = client.post("/v1/customers", json={"email": "ana@example.com"}).json()["id"]
    body = {"subject": "Checkout fails", "body": "Please help.", "customer": {"id": customer_id}}
    issue_id = client.post("/v1/issues", json=body).json()["issue"]["id"]
    upload(client, issue_id)
    assert client.post("/v1/privacy/retention/holds", json={"customer_id": customer_id, "reason": "Case 7"}).is_success
    clock.advance(days=400)

    ask_for_daily_work(resources)
    work(worker)

    assert files_of(client, issue_id) == [("log.txt", "reply", None)]
