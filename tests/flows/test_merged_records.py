"""What else of the product a merged issue touches: figures, search, privacy, incidents, imports, webhooks, reading."""

from pathlib import Path

from fastapi.testclient import TestClient
from sqlalchemy import select

from support_copilot.db.models import Job, SearchDocument
from support_copilot.resources import Resources
from support_copilot.worker import Worker
from tests.conftest import StepClock
from tests.flows.outage import link
from tests.flows.test_import import run
from tests.flows.test_merging import merge, open_issue, pair, read, run_all, said, say, unmerge
from tests.people import add_person, headers_of


def test_a_duplicate_teaches_nobody_and_counts_once(
    client: TestClient, clock: StepClock, worker: Worker, resources: Resources
) -> None:
    first, second = pair(client, clock)
    merge(client, second, first)
    run_all(worker)

    with resources.database.read() as session:
        living = select(SearchDocument.id).where(SearchDocument.kind == "issue", ~SearchDocument.deleted)
        assert list(session.scalars(living)) == [first]
        asked = session.scalars(select(Job).where(Job.name == "summarization.summarize_issue")).all()
    assert asked == []
    again = open_issue(client, customer={"email": "bo@example.com"})
    similar = client.get(f"/v1/issues/{again['id']}/panel").json()["similar_issues"]["items"]
    assert second not in [each["issue_id"] for each in similar]
    reported = client.get("/v1/reports/desk", params={"days": 7}).json()
    assert reported["figures"]["opened"] == 2
    customer = client.get(f"/v1/issues/{first}/panel").json()["customer"]
    assert customer["issues_total"] == 0
    assert client.get("/v1/issues/counts").json()["views"]["resolved"] == 0

    unmerge(client, second)
    run_all(worker)
    with resources.database.read() as session:
        assert set(session.scalars(living)) == {first, second, again["id"]}


def test_who_was_erased_leaves_nothing_of_a_merged_issue(client: TestClient, clock: StepClock, worker: Worker) -> None:
    first, second = pair(client, clock)
    customer_id = read(client, first)["customer"]["id"]
    merge(client, second, first)

    request = client.post("/v1/privacy/erasures", json={"customer_id": customer_id}).json()
    run_all(worker)

    assert client.get(f"/v1/privacy/erasures/{request['id']}").json()["status"] == "done"
    assert {client.get(f"/v1/issues/{each}").status_code for each in (first, second)} == {404}


def test_the_time_of_a_duplicate_is_over_with_that_of_the_other_one(
    client: TestClient, clock: StepClock, worker: Worker
) -> None:
    first, second = pair(client, clock)
    merge(client, second, first)
    clock.advance(days=40)
    due = {"rules": {"conversations": 30}}

    def conversations() -> int:
        answer = client.put("/v1/privacy/retention", params={"dry_run": True}, json=due)
        assert answer.status_code == 200, answer.text
        return next(int(each["due"]) for each in answer.json()["rules"] if each["kind"] == "conversations")

    assert conversations() == 0
    client.patch(f"/v1/issues/{first}", json={"status": "closed"})
    clock.advance(days=40)
    assert conversations() == 2


def test_the_incident_of_a_duplicate_is_that_of_the_other_one(client: TestClient, clock: StepClock) -> None:
    first, second = pair(client, clock)
    incident = link(client, [second])
    path = f"/v1/incidents/{incident['id']}"
    merge(client, second, first)
    assert client.get(path).json()["issue_ids"] == [first]

    unmerge(client, second)
    assert client.get(path).json()["issue_ids"] == [second]


def test_an_import_of_a_merged_issue_adds_what_is_new_and_leaves_it_merged(
    client: TestClient, resources: Resources, tmp_path: Path
) -> None:
    reference = {"source": "desk", "id": "T-2"}
    first, second = open_issue(client)["id"], open_issue(client, external_ref=reference)["id"]
    merge(client, second, first)

    rows = [{"issue_id": "T-2", "author": "customer", "body": "Still blank."}]

    reports = [run(resources, tmp_path, rows, kind="messages") for _ in range(2)]

    assert [(each.created, each.unchanged) for each in reports] == [(1, 0), (0, 1)]
    assert [each for each in said(client, first) if each[0] == "Still blank."] == [("Still blank.", second)]
    assert read(client, second)["status"] == "closed"


def test_webhooks_are_told_of_a_merge_and_of_its_end(client: TestClient, clock: StepClock) -> None:
    first, second = pair(client, clock)
    events = ["issue.merged", "issue.unmerged", "issue.resolved", "issue.reopened"]
    hook = client.post("/v1/webhooks", json={"name": "W", "url": "https://example.com/h", "events": events}).json()
    merge(client, second, first)
    unmerge(client, second)

    told = client.get(f"/v1/webhooks/{hook['webhook']['id']}/deliveries").json()["data"]
    assert sorted((each["event"], each["data"]["into"], each["data"]["issue_id"]) for each in told) == [
        ("issue.merged", first, second), ("issue.unmerged", first, second),
    ]  # fmt: skip


def test_what_was_read_before_a_merge_is_read_and_what_comes_after_it_is_not(
    client: TestClient, clock: StepClock, resources: Resources
) -> None:
    first, second = pair(client, clock)
    ada = headers_of(client, add_person(resources, "agent", name="Ada"))
    me = client.get("/v1/issues/assignees", headers=ada).json()["me"]
    client.patch(f"/v1/issues/{first}", json={"assignee": me})
    client.put("/v1/reading", json={"marks": [{"issue_id": first, "seen": 1}]}, headers=ada)

    def unread() -> int:
        return int(client.get("/v1/issues/counts", headers=ada).json()["unread"]["mine"])

    merge(client, second, first, headers=ada)
    assert unread() == 0
    say(client, second, "Anybody there?")
    assert unread() == 1
    client.put("/v1/reading", json={"marks": [{"issue_id": first, "seen": 4}]}, headers=ada)
    assert unread() == 0
    unmerge(client, second)
    say(client, first, "Hello?")
    assert unread() == 1
