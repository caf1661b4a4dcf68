"""What the inbox of a console stands on: views and their counts, snoozing, order, drafts, replies taken back."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from support_copilot.resources import Resources
from support_copilot.worker import Worker
from tests.conftest import StepClock
from tests.people import add_person, headers_of


def open_issue(client: TestClient, subject: str = "Checkout fails", **edit: Any) -> str:
    issue_id = client.post("/v1/issues", json={"subject": subject, "body": f"{subject}. Please help."}).json()["issue"][
        "id"
    ]
    if edit:
        assert client.patch(f"/v1/issues/{issue_id}", json=edit).status_code == 200
    return str(issue_id)


def listed(client: TestClient, query: str) -> list[str]:
    return [issue["id"] for issue in client.get(f"/v1/issues?{query}").json()["data"]]


def work(worker: Worker) -> None:
    while worker.run_once():
        pass


def test_each_view_lists_what_it_counts(client: TestClient) -> None:
    me = client.get("/v1/issues/assignees").json()["me"]
    mine = open_issue(client, assignee=me, severity="low")
    other = open_issue(client, assignee="Kim", severity="critical")
    nobody = open_issue(client, severity="high")
    waiting = open_issue(client, assignee="Kim", status="pending", severity="low")
    solved = open_issue(client, status="resolved", severity="critical")
    later = open_issue(client, severity="critical", snoozed_until="2026-03-03T09:00:00Z")

    lists = {view: set(listed(client, f"view={view}")) for view in client.get("/v1/issues/counts").json()["views"]}

    assert lists == {
        "mine": {mine},
        "unassigned": {nobody},
        "all": {mine, other, nobody, waiting},
        "mentions": set(),
        "critical": {other},
        "due": {other},
        "waiting": {waiting},
        "snoozed": {later},
        "resolved": {solved},
    }
    counts = client.get("/v1/issues/counts").json()["views"]
    assert counts == {view: len(ids) for view, ids in lists.items()}
    assert listed(client, "view=all&assignee=Kim&status=open") == [other]


def test_an_unknown_view_is_refused(client: TestClient) -> None:
    assert client.get("/v1/issues?view=everything").status_code == 422


def test_a_snoozed_issue_comes_back_by_itself(client: TestClient, clock: StepClock) -> None:
    issue_id = open_issue(client, snoozed_until="2026-03-02T11:00:00Z")
    assert listed(client, "view=all") == []

    clock.advance(hours=2)

    assert listed(client, "view=all") == [issue_id]
    assert listed(client, "view=snoozed") == []


@pytest.mark.parametrize(("author", "awake"), [("customer", True), ("agent", False)])
def test_only_the_customer_wakes_a_snoozed_issue(client: TestClient, author: str, *, awake: bool) -> None:
    issue_id = open_issue(client, snoozed_until="2026-03-09T09:00:00Z")

    client.post(f"/v1/issues/{issue_id}/messages", json={"author": author, "body": "One more thing."})

    assert (client.get(f"/v1/issues/{issue_id}").json()["snoozed_until"] is None) is awake


def test_the_most_severe_come_first_page_by_page(client: TestClient) -> None:
    ids = {severity: open_issue(client, severity=severity) for severity in ("low", "critical", "medium", "high")}
    newest = open_issue(client, severity="high")
    seen: list[str] = []
    cursor = ""
    while True:
        page = client.get(f"/v1/issues?sort=-severity&limit=2{cursor}").json()
        seen += [issue["id"] for issue in page["data"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"

    assert seen == [ids["critical"], newest, ids["high"], ids["medium"], ids["low"]]


def test_a_list_shows_the_newest_message_on_one_line(client: TestClient) -> None:
    issue_id = open_issue(client)
    client.post(f"/v1/issues/{issue_id}/messages", json={"author": "agent", "body": "Dear Ana,\n\n" + "word " * 100})

    (issue,) = client.get("/v1/issues").json()["data"]

    assert issue["message_count"] == 2
    assert issue["last_message"]["author"] == "agent"
    assert issue["last_message"]["excerpt"].startswith("Dear Ana, word word")
    assert len(issue["last_message"]["excerpt"]) <= 160


def test_what_the_system_notes_is_not_what_was_said_last(client: TestClient) -> None:
    said = [{"author": "customer", "body": "Still broken."}, {"author": "system", "body": "Received and numbered."}]
    noted = [{"author": "system", "body": "Received by telephone."}]
    for messages, excerpt, author in ((said, "Still broken.", "customer"), (noted, noted[0]["body"], "system")):
        made = client.post("/v1/issues", json={"subject": "Broken", "messages": messages}).json()["issue"]
        listed = client.get(f"/v1/issues/{made['id']}").json()
        for issue in (made, listed):
            assert (issue["last_message"]["excerpt"], issue["last_message"]["author"]) == (excerpt, author)
            assert issue["message_count"] == len(messages)


def test_issues_go_to_users_and_to_names_from_elsewhere(client: TestClient, resources: Resources) -> None:
    ada = add_person(resources, "agent", name="Ada")
    headers = headers_of(client, ada)
    for assignee in ("Kim", ada.id, "Kim"):
        issue_id = open_issue(client, assignee=assignee)
    open_issue(client, assignee=ada.id)

    people = client.get("/v1/issues/assignees", headers=headers).json()

    named = [{"value": value, "name": name, "team_ids": None} for value, name in ((ada.id, "Ada"), ("Kim", "Kim"))]
    assert people == {"me": ada.id, "data": named, "teams": []}
    assert client.get("/v1/issues/counts", headers=headers).json()["views"]["mine"] == 2
    assert {issue["assignee_name"] for issue in client.get("/v1/issues").json()["data"]} == {"Ada", "Kim"}
    assert client.get(f"/v1/issues/{issue_id}").json()["assignee"] == "Kim"


def test_a_person_who_left_is_offered_no_issues(client: TestClient, resources: Resources) -> None:
    ada = add_person(resources, "agent", name="Ada")
    issue_id = open_issue(client, assignee=ada.id)
    client.patch(f"/v1/users/{ada.id}", json={"disabled": True})

    assert client.get("/v1/issues/assignees").json()["data"] == []
    assert client.get(f"/v1/issues/{issue_id}").json()["assignee_name"] == "Ada"


def test_a_draft_is_kept_replaced_and_removed(client: TestClient) -> None:
    path = f"/v1/issues/{open_issue(client)}/draft"
    empty = {"reply": "", "note": "", "unsigned": False, "updated_at": None}
    assert client.get(path).json() == empty

    client.put(path, json={"reply": "Hello"})
    kept = client.put(path, json={"reply": "Hello Ana", "note": "ask Kim"}).json()
    assert client.get(path).json() == kept
    assert (kept["reply"], kept["note"]) == ("Hello Ana", "ask Kim")

    assert client.put(path, json={}).json() == empty
    assert client.get(path).json() == empty


def test_a_draft_has_a_limit_and_an_issue(client: TestClient) -> None:
    path = f"/v1/issues/{open_issue(client)}/draft"
    assert client.put(path, json={"reply": "x" * 100_001}).status_code == 422
    assert client.put(path, json={"text": "x"}).status_code == 422
    for answer in (client.get("/v1/issues/iss_x/draft"), client.put("/v1/issues/iss_x/draft", json={})):
        assert (answer.status_code, answer.json()["code"]) == (404, "issue_not_found")


def test_a_reply_waits_and_is_then_sent_once(client: TestClient, worker: Worker, clock: StepClock) -> None:
    issue_id = open_issue(client)
    body = {"body": "Hello Ana, it works again.", "delay_s": 10, "then_status": "pending"}
    queued = client.post(f"/v1/issues/{issue_id}/queued-messages", json=body)
    assert queued.status_code == 201
    work(worker)
    assert client.get(f"/v1/issues/{issue_id}/queued-messages").json()["data"] == [queued.json()]
    assert client.get(f"/v1/issues/{issue_id}").json()["message_count"] == 1

    clock.advance(seconds=11)
    work(worker)

    issue = client.get(f"/v1/issues/{issue_id}").json()
    assert (issue["message_count"], issue["status"]) == (2, "pending")
    assert issue["first_response_at"] is not None
    sent = client.get(f"/v1/issues/{issue_id}/messages").json()["data"][-1]
    assert (sent["author"], sent["visibility"], sent["body"]) == ("agent", "public", body["body"])
    assert sent["author_name"] == "local"
    assert client.get(f"/v1/issues/{issue_id}/queued-messages").json()["data"] == []
    too_late = client.delete(f"/v1/queued-messages/{queued.json()['id']}")
    assert (too_late.status_code, too_late.json()["code"]) == (404, "queued_message_not_found")


def test_a_reply_taken_back_is_never_sent(client: TestClient, worker: Worker, clock: StepClock) -> None:
    issue_id = open_issue(client)
    queued = client.post(f"/v1/issues/{issue_id}/queued-messages", json={"body": "Wrong customer"}).json()

    assert client.delete(f"/v1/queued-messages/{queued['id']}").json()["body"] == "Wrong customer"

    clock.advance(seconds=60)
    work(worker)
    assert client.get(f"/v1/issues/{issue_id}").json()["message_count"] == 1
    assert client.get("/v1/jobs?status=buried").json()["data"] == []


@pytest.mark.parametrize("change", [{"disabled": True}, {"role": "auditor"}])
def test_a_reply_of_who_may_not_reply_any_more_is_not_sent(
    client: TestClient, resources: Resources, worker: Worker, clock: StepClock, change: dict[str, object]
) -> None:
    issue_id = open_issue(client)
    ada = add_person(resources, "agent")
    body = {"body": "Send me your card number.", "delay_s": 600, "then_status": "resolved"}
    client.post(f"/v1/issues/{issue_id}/queued-messages", json=body, headers=headers_of(client, ada))
    client.patch(f"/v1/users/{ada.id}", json=change)

    clock.advance(seconds=601)
    work(worker)

    kept = client.get(f"/v1/issues/{issue_id}/messages").json()["data"][-1]
    assert (kept["author"], kept["visibility"]) == ("system", "internal")
    assert kept["body"].endswith(body["body"])
    issue = client.get(f"/v1/issues/{issue_id}").json()
    assert (issue["status"], issue["first_response_at"]) == ("open", None)
    assert client.get(f"/v1/issues/{issue_id}/queued-messages").json()["data"] == []


def test_a_lead_stops_the_reply_of_somebody_else_and_an_agent_does_not(
    client: TestClient, resources: Resources
) -> None:
    issue_id = open_issue(client)
    path, body = f"/v1/issues/{issue_id}/queued-messages", {"body": "Wrong customer"}
    watching = add_person(resources, "lead")
    agent, other = (headers_of(client, add_person(resources, "agent")) for _ in range(2))
    queued = f"/v1/queued-messages/{client.post(path, json=body, headers=agent).json()['id']}"

    refused = client.delete(queued, headers=other)
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    assert client.delete(queued, headers=headers_of(client, watching)).json()["body"] == "Wrong customer"
    (event,) = client.get("/v1/audit?action=queued_message.deleted").json()["data"]
    assert (event["target"], event["actor"]) == (issue_id, watching.id)


def test_send_and_resolve_keeps_the_reply_as_the_fix(client: TestClient, worker: Worker, clock: StepClock) -> None:
    issue_id = open_issue(client)
    body = {"body": "Reset the key under Settings.", "then_status": "resolved", "delay_s": 0}
    client.post(f"/v1/issues/{issue_id}/queued-messages", json=body)

    clock.advance(seconds=1)
    work(worker)

    issue = client.get(f"/v1/issues/{issue_id}").json()
    assert issue["status"] == "resolved"
    assert issue["resolution"]["text"] == body["body"]


def test_an_issue_that_ended_meanwhile_stays_ended(client: TestClient, worker: Worker, clock: StepClock) -> None:
    issue_id = open_issue(client)
    client.post(f"/v1/issues/{issue_id}/queued-messages", json={"body": "Done", "then_status": "pending"})
    client.patch(f"/v1/issues/{issue_id}", json={"status": "closed"})

    clock.advance(seconds=11)
    work(worker)

    issue = client.get(f"/v1/issues/{issue_id}").json()
    assert (issue["status"], issue["message_count"]) == ("closed", 2)


def test_a_reply_queued_twice_with_one_key_is_one(client: TestClient, resources: Resources) -> None:
    path = f"/v1/issues/{open_issue(client)}/queued-messages"
    first, second = (client.post(path, json={"body": "Hi"}, headers={"Idempotency-Key": "k1"}) for _ in range(2))

    assert first.json() == second.json()
    assert len(client.get(path).json()["data"]) == 1


@pytest.mark.parametrize("taken_back", [False, True])
def test_a_key_that_comes_again_after_the_reply_left_gets_the_same_answer(
    client: TestClient, worker: Worker, clock: StepClock, taken_back: bool
) -> None:
    issue_id = open_issue(client)
    path, key = f"/v1/issues/{issue_id}/queued-messages", {"Idempotency-Key": "k1"}
    first = client.post(path, json={"body": "Hi", "then_status": "pending"}, headers=key)
    if taken_back:
        client.delete(f"/v1/queued-messages/{first.json()['id']}")
    clock.advance(seconds=11)
    work(worker)

    again = client.post(path, json={"body": "Hi", "then_status": "pending"}, headers=key)
    clock.advance(seconds=11)
    work(worker)

    assert (again.status_code, again.json()) == (201, first.json())
    assert client.get(path).json()["data"] == []
    assert client.get(f"/v1/issues/{issue_id}").json()["message_count"] == (1 if taken_back else 2)


def test_a_reply_for_no_issue_is_refused(client: TestClient) -> None:
    assert client.post("/v1/issues/iss_x/queued-messages", json={"body": "Hi"}).status_code == 404
    assert client.delete("/v1/queued-messages/que_x").status_code == 404
    assert (
        client.post(f"/v1/issues/{open_issue(client)}/queued-messages", json={"body": "Hi", "delay_s": -1}).status_code
        == 422
    )
