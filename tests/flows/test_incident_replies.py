"""One reply to all issues of an incident: looked at, queued for all or none, taken back."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient

from support_copilot.analysis import incident_replies
from support_copilot.resources import Resources
from support_copilot.worker import Worker
from tests.conftest import StepClock
from tests.flows.outage import burst, link
from tests.flows.test_statements import counted
from tests.people import add_person, headers_of


def test_a_reply_to_all_is_filled_for_each_customer_and_waits(
    client: TestClient, clock: StepClock, resources: Resources, worker: Worker
) -> None:
    issue_ids = burst(client, clock, 3)
    path = f"/v1/incidents/{link(client, issue_ids)['id']}"
    body = "Hello {{ customer.first_name }}, we roll the release back."

    shown = client.post(f"{path}/reply-preview", json={"body": body}).json()["data"]

    assert [each["text"].partition(",")[0] for each in shown] == ["Hello Ana0", "Hello Ana1", "Hello Ana2"]
    reply = {"body": body, "issue_ids": issue_ids, "delay_s": 60, "then_status": "pending"}
    key = {"Idempotency-Key": "once"}
    queued = client.post(f"{path}/replies", json=reply, headers=key)
    assert queued.status_code == 201, queued.text
    assert client.post(f"{path}/replies", json=reply, headers=key).json() == queued.json()
    assert [each["issue_id"] for each in queued.json()["data"]] == issue_ids
    back = client.delete(f"/v1/queued-messages/{queued.json()['data'][0]['id']}")
    assert back.json()["body"].startswith("Hello Ana0")
    clock.advance(seconds=61)
    while worker.run_once():
        pass
    said = [client.get(f"/v1/issues/{each}/messages").json()["data"][-1]["body"] for each in issue_ids]
    assert [text.partition(",")[0] for text in said[1:]] == ["Hello Ana1", "Hello Ana2"]
    assert not said[0].startswith("Hello")
    statuses = [client.get(f"/v1/issues/{each}").json()["status"] for each in issue_ids]
    assert statuses == ["open", "pending", "pending"]


def test_a_reply_to_all_repeated_with_its_key_answers_the_same_whatever_came_since(
    client: TestClient, clock: StepClock, worker: Worker
) -> None:
    issue_ids = burst(client, clock, 3)
    path = f"/v1/incidents/{link(client, issue_ids)['id']}"
    key = {"Idempotency-Key": "once"}
    reply = {
        "body": "Hello {{ customer.first_name }}", "issue_ids": issue_ids, "delay_s": 60, "then_status": "resolved",
    }  # fmt: skip
    queued = client.post(f"{path}/replies", json=reply, headers=key)
    clock.advance(seconds=61)
    while worker.run_once():
        pass
    assert client.get(f"/v1/issues/{issue_ids[0]}").json()["status"] == "resolved"

    with counted() as sent:
        again = client.post(f"{path}/replies", json=reply, headers=key)

    assert (again.status_code, again.json()) == (201, queued.json())
    assert sum("FROM idempotency_keys" in each for each in sent) == 2, "one of the incident, one for all issues"
    assert sum("FROM queued_messages" in each for each in sent) == 1
    fewer = client.post(f"{path}/replies", json=reply | {"issue_ids": issue_ids[:1]}, headers=key)
    assert (fewer.status_code, fewer.json()["code"]) == (422, "idempotency_key_reused")
    for issue_id in issue_ids:
        assert client.get(f"/v1/issues/{issue_id}/queued-messages").json()["data"] == []


def test_a_reply_to_all_is_taken_back_by_its_key_and_says_what_has_gone(
    client: TestClient, clock: StepClock, worker: Worker
) -> None:
    issue_ids = burst(client, clock, 3)
    path = f"/v1/incidents/{link(client, issue_ids)['id']}/replies"
    back = {"key": "once", "issue_ids": issue_ids}
    sent = {"body": "Hello", "issue_ids": issue_ids, "delay_s": 60}
    client.post(f"/v1/issues/{issue_ids[0]}/queued-messages", json={"body": "Only you", "delay_s": 600})
    client.post(path, json=sent | {"issue_ids": issue_ids[:1], "delay_s": 10}, headers={"Idempotency-Key": "once"})
    clock.advance(seconds=11)
    while worker.run_once():
        pass

    assert client.post(f"{path}/take-back", json=back).json() == {"data": [], "gone": issue_ids[:1]}
    assert client.post(path, json=sent | {"again": True}, headers={"Idempotency-Key": "twice"}).status_code == 201
    taken = client.post(f"{path}/take-back", json=back | {"key": "twice"}).json()
    assert ([each["issue_id"] for each in taken["data"]], taken["gone"]) == (issue_ids, [])
    assert client.post(f"{path}/take-back", json=back | {"key": "twice"}).json() == {"data": [], "gone": []}
    waiting = [client.get(f"/v1/issues/{each}/queued-messages").json()["data"] for each in issue_ids]
    assert [[one["body"] for one in each] for each in waiting] == [["Only you"], [], []]


def test_a_reply_to_all_that_was_taken_back_before_it_arrived_is_refused(client: TestClient, clock: StepClock) -> None:
    issue_ids = burst(client, clock, 2)
    path = f"/v1/incidents/{link(client, issue_ids)['id']}/replies"

    for _ in range(2):
        back = client.post(f"{path}/take-back", json={"key": "late", "issue_ids": issue_ids})
        assert back.json() == {"data": [], "gone": []}
    late = client.post(path, json={"body": "Hello", "issue_ids": issue_ids}, headers={"Idempotency-Key": "late"})

    assert (late.status_code, late.json()["code"]) == (409, "request_taken_back")
    for issue_id in issue_ids:
        assert client.get(f"/v1/issues/{issue_id}/queued-messages").json()["data"] == []
    unknown = client.post("/v1/incidents/inc_x/replies/take-back", json={"key": "late", "issue_ids": issue_ids})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "incident_not_found")


def test_a_reply_to_all_is_taken_back_also_when_its_incident_is_gone(client: TestClient, clock: StepClock) -> None:
    issue_ids = burst(client, clock, 2)
    incident = f"/v1/incidents/{link(client, issue_ids)['id']}"
    sent = {"body": "Hello", "issue_ids": issue_ids, "delay_s": 60}
    client.post(f"{incident}/replies", json=sent, headers={"Idempotency-Key": "gone"})
    for issue_id in issue_ids:
        client.delete(f"{incident}/issues/{issue_id}")
    assert client.get(incident).status_code == 404

    back = client.post(f"{incident}/replies/take-back", json={"key": "gone", "issue_ids": issue_ids})

    assert back.status_code == 200
    assert [each["issue_id"] for each in back.json()["data"]] == issue_ids
    for issue_id in issue_ids:
        assert client.get(f"/v1/issues/{issue_id}/queued-messages").json()["data"] == []
    again = client.post(f"{incident}/replies/take-back", json={"key": "never", "issue_ids": issue_ids})
    assert (again.status_code, again.json()["code"]) == (404, "incident_not_found")


def test_a_reply_to_all_that_cannot_be_queued_for_one_is_queued_for_none(client: TestClient, clock: StepClock) -> None:
    issue_ids = burst(client, clock, 3)
    path = f"/v1/incidents/{link(client, issue_ids)['id']}"
    key = {"Idempotency-Key": "once"}
    own = client.post(f"/v1/issues/{issue_ids[2]}/queued-messages", json={"body": "Only you"}, headers=key)
    assert own.status_code == 201, own.text

    refused = client.post(f"{path}/replies", json={"body": "Hello", "issue_ids": issue_ids}, headers=key)

    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")
    waiting = [client.get(f"/v1/issues/{each}/queued-messages").json()["data"] for each in issue_ids]
    assert [len(each) for each in waiting] == [0, 0, 1]


def test_two_who_send_the_same_reply_to_all_at_once_queue_it_once(client: TestClient, clock: StepClock) -> None:
    issue_ids = burst(client, clock, 3)
    path = f"/v1/incidents/{link(client, issue_ids)['id']}"
    reply, key = {"body": "Hello", "issue_ids": issue_ids}, {"Idempotency-Key": "once"}

    with ThreadPoolExecutor(4) as threads:
        sending = [threads.submit(client.post, f"{path}/replies", json=reply, headers=key) for _ in range(4)]
        told = [each.result() for each in sending]

    assert {each.status_code for each in told} == {201}
    assert len({each.text for each in told}) == 1
    waiting = [client.get(f"/v1/issues/{each}/queued-messages").json()["data"] for each in issue_ids]
    assert [len(each) for each in waiting] == [1, 1, 1]


def test_a_preview_is_of_those_that_one_reply_goes_to_and_counts_the_others(
    client: TestClient, clock: StepClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incident_replies, "MOST_REPLIES", 2)
    issue_ids = burst(client, clock, 4)
    incident = link(client, issue_ids)
    path = f"/v1/incidents/{incident['id']}/reply-preview"

    first = client.post(path, json={"body": "Hello {{ customer.first_name }}: {{ issue.http_status | default: '-' }}"})
    rest = client.post(path, json={"body": "Hello", "issue_ids": issue_ids[2:]}).json()

    assert [each["issue_id"] for each in first.json()["data"]] == issue_ids[:2]
    assert [each["text"][:11] for each in first.json()["data"]] == ["Hello Ana0:", "Hello Ana1:"]
    assert first.json()["rest"] == 2
    assert ([each["issue_id"] for each in rest["data"]], rest["rest"]) == (issue_ids[2:], 0)
    stranger = client.post(path, json={"body": "Hello", "issue_ids": ["iss_x"]})
    assert (stranger.status_code, stranger.json()["code"]) == (404, "issue_not_found")


def test_a_preview_reads_what_customers_wrote_only_where_the_text_asks_for_it(
    client: TestClient, clock: StepClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue_ids = burst(client, clock, 2)
    path = f"/v1/incidents/{link(client, issue_ids)['id']}/reply-preview"
    read: list[str] = []
    extract = incident_replies.extract_entities
    monkeypatch.setattr(incident_replies, "extract_entities", lambda text: read.append(text) or extract(text))

    client.post(path, json={"body": "Hello {{ customer.first_name }}"})
    assert read == []
    client.post(path, json={"body": "Order {{ issue.order_number | default: '-' }}"})
    assert len(read) == 2


def test_a_reply_to_all_with_something_unknown_goes_to_nobody(client: TestClient, clock: StepClock) -> None:
    issue_ids = burst(client, clock, 2)
    nameless = client.post("/v1/issues", json={"subject": "502", "body": "The checkout fails"}).json()["issue"]["id"]
    path = f"/v1/incidents/{link(client, [*issue_ids, nameless])['id']}"
    body = "Hello {{ customer.first_name }}"

    shown = client.post(f"{path}/reply-preview", json={"body": body}).json()["data"]
    refused = client.post(f"{path}/replies", json={"body": body, "issue_ids": [*issue_ids, nameless]})

    assert [each["missing"] for each in shown] == [[], [], ["customer.first_name"]]
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "unfilled_placeholders")
    for issue_id in issue_ids:
        assert client.get(f"/v1/issues/{issue_id}/queued-messages").json()["data"] == []
    assert client.post(f"{path}/replies", json={"body": body, "issue_ids": issue_ids}).status_code == 201


def test_a_reply_to_all_goes_only_to_open_issues_of_the_incident(client: TestClient, clock: StepClock) -> None:
    *issue_ids, stranger = burst(client, clock, 4)
    path = f"/v1/incidents/{link(client, issue_ids)['id']}"
    client.patch(f"/v1/issues/{issue_ids[0]}", json={"status": "closed"})

    shown = client.post(f"{path}/reply-preview", json={"body": "Hello"}).json()["data"]
    assert [each["issue_id"] for each in shown] == issue_ids[1:]
    ended = client.post(f"{path}/replies", json={"body": "Hello", "issue_ids": issue_ids})
    assert (ended.status_code, ended.json()["code"]) == (409, "issue_ended")
    other = client.post(f"{path}/replies", json={"body": "Hello", "issue_ids": [stranger]})
    assert (other.status_code, other.json()["code"]) == (404, "issue_not_found")


def replied(client: TestClient, incident: str) -> list[str | None]:
    """What the incident says of the reply of each of its issues; the preview must say the same of those it shows."""
    found = {one["id"]: one["reply"] and one["reply"]["state"] for one in client.get(incident).json()["issues"]}
    shown = client.post(f"{incident}/reply-preview", json={"body": "Hello"}).json()["data"]
    assert all(found[one["issue_id"]] == (one["reply"] and one["reply"]["state"]) for one in shown)
    return list(found.values())


def test_everybody_sees_who_has_had_a_reply_and_nobody_gets_a_second_by_mistake(
    client: TestClient, clock: StepClock, resources: Resources, worker: Worker
) -> None:
    issue_ids = burst(client, clock, 3)
    incident = f"/v1/incidents/{link(client, issue_ids)['id']}"
    person = add_person(resources, "agent", name="Dana Lee")
    dana = headers_of(client, person)
    first = {"body": "We look at it.", "issue_ids": issue_ids[:2], "delay_s": 60}
    assert replied(client, incident) == [None, None, None]

    assert client.post(f"{incident}/replies", json=first, headers=dana).status_code == 201
    assert replied(client, incident) == ["queued", "queued", None]
    told = client.get(incident).json()["issues"][0]["reply"]
    assert (told["by"], told["by_name"]) == (person.id, "Dana Lee")

    second = {"body": "It is mended.", "issue_ids": issue_ids, "delay_s": 60}
    refused = client.post(f"{incident}/replies", json=second)
    assert (refused.status_code, refused.json()["code"]) == (409, "already_replied")
    assert "2 of 3" in refused.json()["detail"]
    clock.advance(seconds=61)
    while worker.run_once():
        pass
    assert replied(client, incident) == ["sent", "sent", None]
    assert client.post(f"{incident}/replies", json=second).status_code == 409

    assert client.post(f"{incident}/replies", json=second | {"issue_ids": issue_ids[2:]}).status_code == 201
    assert client.post(f"{incident}/replies", json=second | {"again": True}).status_code == 201
    assert replied(client, incident) == ["queued", "queued", "queued"]


def test_a_reply_that_was_taken_back_is_none(client: TestClient, clock: StepClock) -> None:
    issue_ids = burst(client, clock, 3)
    incident = f"/v1/incidents/{link(client, issue_ids)['id']}"
    reply = {"body": "Hello", "issue_ids": issue_ids, "delay_s": 60}
    made = client.post(f"{incident}/replies", json=reply, headers={"Idempotency-Key": "once"}).json()["data"]

    client.delete(f"/v1/queued-messages/{made[0]['id']}")
    assert replied(client, incident) == [None, "queued", "queued"]
    back = {"key": "once", "issue_ids": issue_ids}
    client.post(f"{incident}/replies/take-back", json=back)

    assert replied(client, incident) == [None, None, None]
    assert client.post(f"{incident}/replies", json=reply).status_code == 201


def test_a_second_reply_that_was_taken_back_leaves_the_first_one(
    client: TestClient, clock: StepClock, worker: Worker
) -> None:
    issue_ids = burst(client, clock, 2)
    incident = f"/v1/incidents/{link(client, issue_ids)['id']}"
    first = {"body": "First", "issue_ids": issue_ids, "delay_s": 60}
    assert client.post(f"{incident}/replies", json=first).status_code == 201
    clock.advance(seconds=61)
    while worker.run_once():
        pass
    assert replied(client, incident) == ["sent", "sent"]
    second = {**first, "body": "Second", "again": True}
    made = client.post(f"{incident}/replies", json=second, headers={"Idempotency-Key": "second"}).json()["data"]
    assert replied(client, incident) == ["queued", "queued"]

    client.delete(f"/v1/queued-messages/{made[0]['id']}")
    assert replied(client, incident) == ["sent", "queued"]
    client.post(f"{incident}/replies/take-back", json={"key": "second", "issue_ids": issue_ids})
    assert replied(client, incident) == ["sent", "sent"]
    refused = client.post(f"{incident}/replies", json=first)
    assert (refused.status_code, refused.json()["code"]) == (409, "already_replied")


def test_a_reply_that_was_withheld_is_none(
    client: TestClient, clock: StepClock, resources: Resources, worker: Worker
) -> None:
    issue_ids = burst(client, clock, 2)
    incident = f"/v1/incidents/{link(client, issue_ids)['id']}"
    person = add_person(resources, "agent")
    sent = {"body": "Hello", "issue_ids": issue_ids, "delay_s": 60}
    assert client.post(f"{incident}/replies", json=sent, headers=headers_of(client, person)).status_code == 201
    client.patch(f"/v1/users/{person.id}", json={"disabled": True})

    clock.advance(seconds=61)
    while worker.run_once():
        pass

    assert replied(client, incident) == [None, None]


def test_of_two_who_reply_to_all_at_once_one_is_refused(client: TestClient, clock: StepClock) -> None:
    issue_ids = burst(client, clock, 3)
    path = f"/v1/incidents/{link(client, issue_ids)['id']}/replies"

    def send(number: int) -> int:
        key = {"Idempotency-Key": f"browser {number}"}
        return client.post(path, json={"body": f"Hello {number}", "issue_ids": issue_ids}, headers=key).status_code

    with ThreadPoolExecutor(4) as threads:
        answers = sorted(threads.map(send, range(4)))

    assert answers == [201, 409, 409, 409]
    waiting = [client.get(f"/v1/issues/{each}/queued-messages").json()["data"] for each in issue_ids]
    assert [len(each) for each in waiting] == [1, 1, 1]
