"""What pages that are open are told: changes of issues, and who has which open."""

from typing import Any

from fastapi.testclient import TestClient

from support_copilot.issues.presence import PRESENT_FOR
from support_copilot.resources import Resources
from tests.conftest import StepClock
from tests.people import add_person, headers_of


def open_issue(client: TestClient, subject: str = "Checkout fails") -> str:
    answer = client.post("/v1/issues", json={"subject": subject, "body": f"{subject}. Please help."})
    return str(answer.json()["issue"]["id"])


def events(client: TestClient, after: str, headers: dict[str, str] | None = None) -> list[dict[str, Any]]:
    answer = client.get("/v1/events", params={"after": after}, headers=headers)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["events"]
    return found


def test_what_happens_after_a_moment_is_told_in_order(client: TestClient, clock: StepClock) -> None:
    before = open_issue(client, "Printer prints nothing")
    clock.advance(minutes=5)
    start = clock().isoformat()
    first, second = open_issue(client), open_issue(client, "Refund is late")
    clock.advance(seconds=1)
    client.post(f"/v1/issues/{first}/messages", json={"author": "customer", "body": "Still broken."})

    told = [event for event in events(client, start) if event["type"] == "issue"]

    assert [event["issue_id"] for event in told] == [second, first]
    assert told[1]["version"] == client.get(f"/v1/issues/{first}").json()["version"]
    assert before not in {event["issue_id"] for event in told}


def test_the_next_moment_to_ask_from_misses_nothing(client: TestClient, clock: StepClock) -> None:
    until = client.get("/v1/events").json()["until"]
    issue_id = open_issue(client)
    clock.advance(seconds=3)

    assert [event["issue_id"] for event in events(client, until)] == [issue_id]


def test_a_moment_that_is_none_is_refused(client: TestClient) -> None:
    assert client.get("/v1/events?after=yesterday").status_code == 422


def test_people_see_who_has_an_issue_open(client: TestClient, resources: Resources, clock: StepClock) -> None:
    issue_id = open_issue(client)
    path = f"/v1/issues/{issue_id}/presence"
    ada, bo = (add_person(resources, "agent", name=name) for name in ("Ada", "Bo"))
    as_ada, as_bo = headers_of(client, ada), headers_of(client, bo)

    client.put(path, json={"state": "viewing"}, headers=as_ada)
    both = client.put(path, json={"state": "replying"}, headers=as_bo).json()["people"]

    assert both == [
        {"person_id": ada.id, "name": "Ada", "state": "viewing"},
        {"person_id": bo.id, "name": "Bo", "state": "replying"},
    ]
    told = [event for event in events(client, clock().isoformat()) if event["type"] == "presence"]
    assert told == [{"type": "presence", "issue_id": issue_id, "people": both}]
    assert client.put(path, json={"state": "left"}, headers=as_bo).json()["people"] == both[:1]
    clock.advance(seconds=PRESENT_FOR.total_seconds() + 1)
    assert client.put(path, json={"state": "viewing"}, headers=as_bo).json()["people"] == [
        {"person_id": bo.id, "name": "Bo", "state": "viewing"}
    ]


def test_only_people_are_present_and_only_at_issues_that_exist(client: TestClient, resources: Resources) -> None:
    path = f"/v1/issues/{open_issue(client)}/presence"
    agent = headers_of(client, add_person(resources, "agent"))

    assert client.put(path, json={"state": "viewing"}).json()["code"] == "permission_denied"
    assert client.put(path, json={"state": "asleep"}, headers=agent).status_code == 422
    missing = client.put("/v1/issues/iss_x/presence", json={"state": "viewing"}, headers=agent)
    assert missing.json()["code"] == "issue_not_found"
