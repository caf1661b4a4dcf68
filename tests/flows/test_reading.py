"""What people have read: kept on the server for each person, counted by view, told to their other browsers."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from support_copilot.identity.config import IdentityConfig
from support_copilot.identity.housekeeping import forget_what_ended
from support_copilot.resources import Resources
from support_copilot.serve import build_app
from tests.conftest import TEST_SERVER, StepClock
from tests.people import add_person, headers_of

Headers = dict[str, str]


@pytest.fixture
def ada(client: TestClient, resources: Resources) -> Headers:
    return headers_of(client, add_person(resources, "agent", name="Ada"))


def open_issue(client: TestClient, subject: str = "Checkout fails", **edit: Any) -> str:
    body = {"subject": subject, "body": f"{subject}. Please help."}
    issue_id = str(client.post("/v1/issues", json=body).json()["issue"]["id"])
    if edit:
        assert client.patch(f"/v1/issues/{issue_id}", json=edit).status_code == 200
    return issue_id


def mark(client: TestClient, headers: Headers, *marks: dict[str, Any]) -> list[dict[str, Any]]:
    answer = client.put("/v1/reading", json={"marks": list(marks)}, headers=headers)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


def unread(client: TestClient, headers: Headers) -> dict[str, int]:
    counts: dict[str, int] = client.get("/v1/issues/counts", headers=headers).json()["unread"]
    return {view: count for view, count in counts.items() if count}


def me(client: TestClient, headers: Headers) -> str:
    return str(client.get("/v1/issues/assignees", headers=headers).json()["me"])


def test_marks_are_kept_for_each_person(client: TestClient, resources: Resources, ada: Headers) -> None:
    bo = headers_of(client, add_person(resources, "agent", name="Bo"))
    issue_id = open_issue(client)

    told = mark(client, ada, {"issue_id": issue_id, "seen": 1, "unread": True})

    assert told == [{"issue_id": issue_id, "seen": 1, "unread": True}]
    assert client.get("/v1/reading", headers=ada).json()["data"] == told
    assert client.get("/v1/reading", headers=bo).json()["data"] == []


def test_what_was_seen_grows_only_and_what_is_left_out_stays(client: TestClient, ada: Headers) -> None:
    issue_id = open_issue(client)
    mark(client, ada, {"issue_id": issue_id, "seen": 3, "unread": True})

    assert mark(client, ada, {"issue_id": issue_id, "seen": 2}) == [{"issue_id": issue_id, "seen": 3, "unread": True}]
    assert mark(client, ada, {"issue_id": issue_id, "unread": False})[0]["seen"] == 3


def test_ones_own_issues_are_unread_until_what_the_customer_wrote_was_seen(client: TestClient, ada: Headers) -> None:
    issue_id = open_issue(client, assignee=me(client, ada), severity="low")
    open_issue(client, "Nobody has this one", severity="low")
    assert unread(client, ada) == {"mine": 1, "all": 1}

    mark(client, ada, {"issue_id": issue_id, "seen": 1})
    assert unread(client, ada) == {}

    client.post(f"/v1/issues/{issue_id}/messages", json={"author": "customer", "body": "Still broken."})
    assert unread(client, ada) == {"mine": 1, "all": 1}

    client.post(f"/v1/issues/{issue_id}/messages", json={"author": "agent", "body": "We look at it."})
    assert unread(client, ada) == {}


def test_a_mark_counts_in_every_view_that_holds_the_issue(client: TestClient, ada: Headers) -> None:
    nobody = open_issue(client, severity="critical")
    solved = open_issue(client, "Printer is fixed", status="resolved")
    mark(client, ada, {"issue_id": nobody, "seen": 1, "unread": True}, {"issue_id": solved, "unread": True})

    assert unread(client, ada) == {"unassigned": 1, "all": 1, "critical": 1, "due": 1, "resolved": 1}

    mark(client, ada, {"issue_id": nobody, "unread": False})
    assert unread(client, ada) == {"resolved": 1}


def test_an_own_issue_that_is_marked_counts_once(client: TestClient, ada: Headers) -> None:
    issue_id = open_issue(client, assignee=me(client, ada), severity="low")
    mark(client, ada, {"issue_id": issue_id, "unread": True})
    assert unread(client, ada) == {"mine": 1, "all": 1}


def test_issues_of_other_teams_are_neither_marked_nor_counted(client: TestClient, resources: Resources) -> None:
    app = build_app(resources, TEST_SERVER, identity=IdentityConfig(teams_limit_agents=True))
    team_id = client.post("/v1/teams", json={"name": "Payments"}).json()["id"]
    hidden, seen = open_issue(client, severity="low"), open_issue(client, "Printer prints nothing", severity="low")
    with TestClient(app) as limited:
        ada = headers_of(limited, add_person(resources, "agent", name="Ada"))
        mark(limited, ada, {"issue_id": hidden, "unread": True})
        client.patch(f"/v1/issues/{hidden}", json={"team_id": team_id})

        told = mark(limited, ada, *({"issue_id": one, "unread": True} for one in (hidden, seen, "iss_nothing")))

        assert [one["issue_id"] for one in told] == [seen]
        assert unread(limited, ada) == {"unassigned": 1, "all": 1}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"marks": []}, "marks"),
        ({"marks": [{"issue_id": "iss_x", "seen": -1}]}, "marks.0.seen"),
        ({"marks": [{"issue_id": "iss_x", "unread": "maybe"}]}, "marks.0.unread"),
        ({"marks": [{"issue_id": "iss_x"}] * 501}, "marks"),
    ],
)
def test_marks_that_are_none_are_refused(client: TestClient, ada: Headers, body: Any, field: str) -> None:
    answer = client.put("/v1/reading", json=body, headers=ada)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_program_reads_nothing(client: TestClient) -> None:
    assert client.get("/v1/reading").json() == {"data": []}
    assert client.put("/v1/reading", json={"marks": [{"issue_id": "iss_x", "unread": True}]}).status_code == 403


def test_other_browsers_of_the_same_person_are_told(client: TestClient, resources: Resources, ada: Headers) -> None:
    bo = headers_of(client, add_person(resources, "agent", name="Bo"))
    issue_id = open_issue(client)
    start = client.get("/v1/events", headers=ada).json()["until"]
    mark(client, ada, {"issue_id": issue_id, "unread": True})

    def told(headers: Headers) -> list[dict[str, Any]]:
        events = client.get("/v1/events", params={"after": start}, headers=headers).json()["events"]
        return [event for event in events if event["type"] == "reading"]

    assert told(ada) == [{"type": "reading", "marks": [{"issue_id": issue_id, "seen": 0, "unread": True}]}]
    assert told(bo) == []


def test_old_marks_are_forgotten_but_not_what_is_to_be_read_again(
    client: TestClient, resources: Resources, clock: StepClock
) -> None:
    person = add_person(resources, "agent", name="Ada")
    ada = headers_of(client, person)
    read, kept = open_issue(client), open_issue(client, "Printer prints nothing")
    mark(client, ada, {"issue_id": read, "seen": 1}, {"issue_id": kept, "unread": True})

    clock.advance(days=401)
    forget_what_ended(resources.database, clock())

    ada = headers_of(client, person)
    assert client.get("/v1/reading", headers=ada).json()["data"] == [{"issue_id": kept, "seen": 0, "unread": True}]
