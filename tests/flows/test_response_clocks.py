"""Until when issues are to be answered and resolved: told with each, sorted by, and a view of what is due soon."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from support_copilot.resources import Resources
from tests.conftest import StepClock
from tests.flows.test_inbox import listed, open_issue
from tests.people import add_person, headers_of


def due(client: TestClient, issue_id: str) -> Any:
    return client.get(f"/v1/issues/{issue_id}").json()["due"]


def answer(client: TestClient, issue_id: str, author: str = "agent") -> None:
    client.post(f"/v1/issues/{issue_id}/messages", json={"author": author, "body": "We look into it."})


def promise(client: TestClient, severity: str, first: int | None, resolution: int | None) -> None:
    target = {"first_response_minutes": first, "resolution_minutes": resolution}
    assert client.put("/v1/response-targets", json={"targets": {severity: target}}).status_code == 200


def test_the_first_response_is_due_and_then_the_resolution(client: TestClient, clock: StepClock) -> None:
    promise(client, "high", 60, 480)
    issue_id = open_issue(client, severity="high")
    opened = client.get(f"/v1/issues/{issue_id}").json()["created_at"]
    first = due(client, issue_id)
    assert first["clock"] == "first_response"
    assert first["at"] == opened.replace("T09", "T10", 1)

    clock.advance(minutes=5)
    answer(client, issue_id)

    then = due(client, issue_id)
    assert (then["clock"], then["at"]) == ("resolution", opened.replace("T09", "T17", 1))
    client.patch(f"/v1/issues/{issue_id}", json={"status": "pending"})
    assert due(client, issue_id) is None
    client.patch(f"/v1/issues/{issue_id}", json={"status": "resolved"})
    assert due(client, issue_id) is None


def test_a_reopened_issue_starts_anew(client: TestClient, clock: StepClock) -> None:
    promise(client, "low", 60, 480)
    issue_id = open_issue(client, severity="low")
    answer(client, issue_id)
    client.patch(f"/v1/issues/{issue_id}", json={"status": "resolved"})
    clock.advance(hours=24)
    answer(client, issue_id, author="customer")

    again = due(client, issue_id)

    assert again["clock"] == "resolution"
    assert again["at"] > clock().isoformat()
    assert listed(client, "sort=due") == [issue_id]


def test_nothing_is_due_where_nothing_is_promised(client: TestClient) -> None:
    promise(client, "low", None, None)
    promise(client, "medium", None, 60)
    low, medium = open_issue(client, severity="low"), open_issue(client, severity="medium")

    assert due(client, low) is None
    assert due(client, medium)["clock"] == "resolution"
    assert listed(client, "sort=due") == [medium, low]


def test_what_is_due_first_comes_first_page_by_page(client: TestClient, clock: StepClock) -> None:
    ids = {severity: open_issue(client, severity=severity) for severity in ("low", "critical", "medium", "high")}
    clock.advance(minutes=1)
    newer = open_issue(client, severity="critical")
    waiting = open_issue(client, severity="critical", status="pending")
    done = open_issue(client, severity="critical", status="resolved")
    seen: list[str] = []
    cursor = ""
    while True:
        page = client.get(f"/v1/issues?sort=due&limit=2{cursor}").json()
        seen += [issue["id"] for issue in page["data"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"

    assert seen == [ids["critical"], newer, ids["high"], ids["medium"], ids["low"], waiting, done]


def test_what_breaks_soon_or_did_is_in_a_view(client: TestClient, clock: StepClock) -> None:
    critical, high = open_issue(client, severity="critical"), open_issue(client, severity="high")
    assert listed(client, "view=due") == [critical]

    clock.advance(minutes=61)

    assert set(listed(client, "view=due&sort=due")) == {critical, high}
    assert client.get("/v1/issues/counts").json()["views"]["due"] == 2
    answer(client, critical)
    assert listed(client, "view=due") == [high]


def test_targets_are_the_admins_to_change(client: TestClient, resources: Resources) -> None:
    before = client.get("/v1/response-targets").json()["targets"]
    assert before["critical"] == {"first_response_minutes": 30, "resolution_minutes": 240}
    body = {"targets": {"critical": {"first_response_minutes": 15, "resolution_minutes": None}}}
    lead = headers_of(client, add_person(resources, "lead"))
    assert client.put("/v1/response-targets", json=body, headers=lead).status_code == 403

    after = client.put("/v1/response-targets", json=body).json()["targets"]

    assert after == before | body["targets"]
    assert client.get("/v1/response-targets", headers=lead).json()["targets"] == after


@pytest.mark.parametrize(
    ("target", "field"),
    [
        ({"first_response_minutes": 0, "resolution_minutes": 1}, "first_response_minutes"),
        ({"first_response_minutes": 1, "resolution_minutes": 10**9}, "resolution_minutes"),
        ({"first_response_minutes": 1}, "resolution_minutes"),
        ({"first_response_minutes": 60, "resolution_minutes": 59}, "resolution_minutes"),
        ({"first_response_minutes": "soon", "resolution_minutes": 1}, "first_response_minutes"),
    ],
)
def test_targets_that_make_no_sense_are_refused(client: TestClient, target: dict[str, Any], field: str) -> None:
    refused = client.put("/v1/response-targets", json={"targets": {"low": target}})

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"].endswith(field)
