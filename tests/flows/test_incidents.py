"""Incidents: linked, renamed, closed, seen in part, left without a person."""

from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from support_copilot.analysis import incidents
from support_copilot.db.models import IdempotencyKey, Incident, IncidentLink, Issue
from support_copilot.identity.config import IdentityConfig
from support_copilot.kit.ids import new_id
from support_copilot.kit.text import shorten
from support_copilot.resources import Resources
from support_copilot.serve import build_app
from support_copilot.worker import Worker
from tests.conftest import TEST_LIMITS, TEST_SERVER, AsRole, StepClock
from tests.flows.outage import burst, clusters, link, report
from tests.flows.test_statements import counted
from tests.people import actions, add_person, headers_of


def scopes_of_keys(resources: Resources) -> set[str]:
    with resources.database.read() as session:
        return set(session.scalars(select(IdempotencyKey.scope)))


def erase(client: TestClient, worker: Worker, issue_id: str) -> None:
    """Erase the customer of the issue, to the receipt."""
    customer = client.get(f"/v1/issues/{issue_id}").json()["customer"]["id"]
    request = client.post("/v1/privacy/erasures", json={"customer_id": customer}).json()
    while worker.run_once():
        pass
    assert client.get(f"/v1/privacy/erasures/{request['id']}").json()["status"] == "done"


def test_an_incident_is_read_renamed_closed_and_opened_again(
    client: TestClient, clock: StepClock, resources: Resources
) -> None:
    issue_ids = burst(client, clock, 3)
    incident = link(client, issue_ids)
    path = f"/v1/incidents/{incident['id']}"

    assert client.patch(path, json={"title": "Payments"}, headers={"If-Match": '"1"'}).json()["title"] == "Payments"
    stale = client.patch(path, json={"status": "closed"}, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")
    closed = client.patch(path, json={"status": "closed"}, headers={"If-Match": '"2"'}).json()
    assert closed["closed_at"] is not None
    assert client.get("/v1/incidents", params={"status": "open"}).json()["data"] == []
    refused = client.post(f"{path}/issues", json={"issue_ids": issue_ids})
    assert (refused.status_code, refused.json()["code"]) == (409, "incident_closed")
    assert client.patch(path, json={"status": "open"}).json()["closed_at"] is None
    assert [each["id"] for each in client.get("/v1/incidents").json()["data"]] == [incident["id"]]
    mine = client.get("/v1/incidents", params={"issue_id": issue_ids[1]}).json()["data"]
    assert [each["id"] for each in mine] == [incident["id"]]
    done = [action for action, _, _ in actions(resources)]
    assert (done.count("incident.created"), done.count("incident.edited"), done.count("incident_link.created")) == (
        1, 3, 3,
    )  # fmt: skip


def test_a_list_tells_of_each_incident_the_oldest_issues_and_how_many_there_are(
    client: TestClient, clock: StepClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incidents, "MOST_LISTED", 2)
    issue_ids = burst(client, clock, 5)
    first, second = link(client, issue_ids[:3]), link(client, issue_ids[3:])
    client.patch(f"/v1/issues/{issue_ids[2]}", json={"status": "closed"})

    with counted() as sent:
        listed = {each["id"]: each for each in client.get("/v1/incidents").json()["data"]}

    assert [issue["id"] for issue in listed[first["id"]]["issues"]] == issue_ids[:2]
    assert (listed[first["id"]]["issue_ids"], listed[first["id"]]["issues_open"]) == (issue_ids[:3], 2)
    assert [issue["id"] for issue in listed[second["id"]]["issues"]] == issue_ids[3:]
    assert not [each for each in sent if "issues.tags" in each], "reads no issue whole"
    whole = client.get(f"/v1/incidents/{first['id']}").json()
    assert [issue["id"] for issue in whole["issues"]] == whole["issue_ids"] == issue_ids[:3]


def test_an_issue_belongs_to_one_open_incident(client: TestClient, clock: StepClock) -> None:
    issue_ids = burst(client, clock, 3)
    first = link(client, issue_ids[:2])

    again = client.post("/v1/incidents", json={"title": "Another", "issue_ids": issue_ids[1:]})
    assert (again.status_code, again.json()["code"]) == (409, "already_linked")
    client.patch(f"/v1/incidents/{first['id']}", json={"status": "closed"})
    link(client, issue_ids[1:], "Another")
    reopened = client.patch(f"/v1/incidents/{first['id']}", json={"status": "open"})
    assert (reopened.status_code, reopened.json()["code"]) == (409, "already_linked")


def test_an_incident_opened_while_its_issue_is_linked_elsewhere_is_refused(
    client: TestClient, clock: StepClock, resources: Resources
) -> None:
    (issue_id,) = burst(client, clock, 1)
    path = f"/v1/incidents/{link(client, [issue_id])['id']}"
    client.patch(path, json={"status": "closed"})
    now = clock()
    other = Incident(
        id=new_id("incident"), title="Another", status="open", created_by="usr_x", version=1, created_at=now,
        updated_at=now,
    )  # fmt: skip

    with ThreadPoolExecutor(1) as threads:
        with resources.database.transaction() as session:
            session.lock(Issue, issue_id)
            session.add(other)
            session.flush()
            session.add(
                IncidentLink(
                    id=new_id("incident_link"), incident_id=other.id, issue_id=issue_id, created_by="usr_x",
                    created_at=now,
                )
            )  # fmt: skip
            opening = threads.submit(client.patch, path, json={"status": "open"})
            wait([opening], timeout=1)  # without the lock it would be answered by now
        opened = opening.result()

    assert (opened.status_code, opened.json()["code"]) == (409, "already_linked")


@pytest.mark.parametrize("database", ["mariadb"], indirect=True)
def test_an_incident_is_renamed_while_somebody_writes_in_its_issues(
    client: TestClient, clock: StepClock, resources: Resources
) -> None:
    issue_ids = burst(client, clock, 2)
    path = f"/v1/incidents/{link(client, issue_ids)['id']}"

    with ThreadPoolExecutor(1) as threads:
        with resources.database.transaction() as session:
            session.lock(Issue, issue_ids[0])
            renamed = threads.submit(client.patch, path, json={"title": "Payments", "status": "open"})
            done, _ = wait([renamed], timeout=20)
        assert done, "waits for the issue"
    assert renamed.result().json()["title"] == "Payments"


def test_issues_are_taken_out_and_with_the_last_the_incident_goes(
    client: TestClient, clock: StepClock, resources: Resources
) -> None:
    issue_ids = burst(client, clock, 2)
    path = f"/v1/incidents/{link(client, issue_ids, headers={'Idempotency-Key': 'made'})['id']}"
    reply = {"body": "Hello", "issue_ids": issue_ids}
    client.post(f"{path}/replies", json=reply, headers={"Idempotency-Key": "answered"})

    assert client.delete(f"{path}/issues/{issue_ids[0]}").status_code == 204
    assert [issue["id"] for issue in client.get(path).json()["issues"]] == issue_ids[1:]
    assert client.delete(f"{path}/issues/{issue_ids[0]}").json()["code"] == "issue_not_found"
    assert client.delete(f"{path}/issues/{issue_ids[1]}").status_code == 204
    assert client.get(path).json()["code"] == "incident_not_found"
    assert not scopes_of_keys(resources) & {"incident", f"incident_replies:{path.rpartition('/')[2]}"}


def test_a_create_repeated_with_its_key_makes_one(client: TestClient, clock: StepClock) -> None:
    issue_ids = burst(client, clock, 3)
    key = {"Idempotency-Key": "k1"}

    assert link(client, issue_ids, headers=key)["id"] == link(client, issue_ids, headers=key)["id"]
    assert len(client.get("/v1/incidents").json()["data"]) == 1


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_who_sees_a_part_links_and_answers_only_that(
    client: TestClient, clock: StepClock, resources: Resources
) -> None:
    issue_ids = burst(client, clock, 6)
    own, other = (client.post("/v1/teams", json={"name": name}).json()["id"] for name in ("Own", "Other"))
    ada = add_person(resources, "agent", teams=(own,))
    for issue_id in issue_ids[:2]:
        client.patch(f"/v1/issues/{issue_id}", json={"team_id": other})
    identity = IdentityConfig(teams_limit_agents=True)
    with TestClient(build_app(resources, TEST_SERVER, limits=TEST_LIMITS, identity=identity)) as limited:
        limited.headers.update(headers_of(limited, ada))

        (found,) = clusters(limited)
        assert [issue["id"] for issue in found["issues"]] == issue_ids[2:]
        incident = link(client, issue_ids[:4])
        path = f"/v1/incidents/{incident['id']}"
        assert [each["id"] for each in limited.get(path).json()["issues"]] == issue_ids[2:4]
        shown = limited.post(f"{path}/reply-preview", json={"body": "Hi"}).json()["data"]
        assert [each["issue_id"] for each in shown] == issue_ids[2:4]
        for answer in (
            limited.post(f"{path}/replies", json={"body": "Hi", "issue_ids": issue_ids[:3]}),
            limited.post("/v1/incidents", json={"title": "Mine", "issue_ids": issue_ids[1:2]}),
        ):
            assert (answer.status_code, answer.json()["code"]) == (404, "issue_not_found")
        subject = client.get(f"/v1/issues/{issue_ids[2]}").json()["subject"]
        shown = limited.get(path).json()
        listed = limited.get("/v1/incidents").json()["data"]
        assert (shown["title"], shown["in_part"], [each["title"] for each in listed]) == (subject, True, [subject])
        assert (client.get(path).json()["title"], client.get(path).json()["in_part"]) == ("Checkout down", False)
        for change in ({"title": "Mine"}, {"status": "closed"}):
            refused = limited.patch(path, json=change)
            assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
        client.patch(path, json={"status": "closed"})
        whole = limited.post("/v1/incidents", json={"title": "Ours", "issue_ids": issue_ids[4:]}).json()
        assert (whole["title"], whole["in_part"]) == ("Ours", False)
        renamed = limited.patch(f"/v1/incidents/{whole['id']}", json={"title": "Still ours", "status": "closed"})
        assert renamed.json()["title"] == "Still ours"
        subject = client.get(f"/v1/issues/{issue_ids[1]}").json()["subject"]
        mixed = f"/v1/incidents/{link(client, [issue_ids[1], issue_ids[3]], subject)['id']}"
        client.delete(f"{mixed}/issues/{issue_ids[1]}")
        shown = limited.get(mixed).json()
        assert (shown["title"], shown["in_part"]) == (shown["issues"][0]["subject"], False), (
            "no words of the other team"
        )
        client.delete(f"{mixed}/issues/{issue_ids[3]}")
        foreign = link(client, issue_ids[:2])
        told = {each["id"] for each in limited.get("/v1/incidents").json()["data"]}
        assert told == {incident["id"], whole["id"]}
        assert limited.get(f"/v1/incidents/{foreign['id']}").json()["code"] == "incident_not_found"
        told = [limited.get(f"/v1/incidents?issue_id={each}").json()["data"] for each in issue_ids[1:3]]
        assert [[each["id"] for each in rows] for rows in told] == [[], [incident["id"]]], "of what is not seen nothing"


@pytest.mark.parametrize(
    "body",
    [
        {"title": "", "issue_ids": ["iss_x"]},
        {"title": "A", "issue_ids": []},
        {"title": "A", "issue_ids": ["x" * 65]},
        {"title": "A", "issue_ids": ["iss_x"] * 301},
        {"title": "A"},
    ],
)
def test_what_is_no_incident_is_refused(client: TestClient, body: dict[str, Any]) -> None:
    assert client.post("/v1/incidents", json=body).status_code == 422


def test_what_is_not_there_is_not_found(client: TestClient, clock: StepClock) -> None:
    for name in ("inc_x", "inc_01j9z3k6w8f5v9m2q4x7c1b0ad"):
        assert client.get(f"/v1/incidents/{name}").json()["code"] == "incident_not_found"
    gone = client.post("/v1/incidents", json={"title": "A", "issue_ids": ["iss_01j9z3k6w8f5v9m2q4x7c1b0ad"]})
    assert (gone.status_code, gone.json()["code"]) == (404, "issue_not_found")


def test_an_auditor_reads_and_changes_nothing(client: TestClient, clock: StepClock, as_role: AsRole) -> None:
    path = f"/v1/incidents/{link(client, burst(client, clock, 3))['id']}"

    assert client.get(path, headers=as_role("auditor")).status_code == 200
    assert client.patch(path, json={"status": "closed"}, headers=as_role("auditor")).status_code == 403


def test_an_erased_customer_leaves_no_empty_incident(
    client: TestClient, clock: StepClock, resources: Resources, worker: Worker
) -> None:
    issue_ids = burst(client, clock, 2)
    link(client, issue_ids[:1], "Of Ana0 Example", headers={"Idempotency-Key": "k1"})
    kept = link(client, issue_ids[1:], "Ana0 Example and others")

    erase(client, worker, issue_ids[0])

    with resources.database.read() as session:
        assert session.get(Issue, issue_ids[0]) is None
    (left,) = client.get("/v1/incidents").json()["data"]
    assert left["id"] == kept["id"]
    assert "Ana0" not in left["title"]
    assert "incident" not in scopes_of_keys(resources)


@pytest.mark.parametrize(
    ("title", "other"),
    [("My divorce and error 502", "Checkout fails"), ("Divorce, error 502!", f"Checkout {'fails ' * 70}")],
)
def test_an_incident_named_after_an_erased_issue_is_named_after_another(
    client: TestClient, clock: StepClock, worker: Worker, title: str, other: str
) -> None:
    first = report(client, {"subject": "My divorce and error 502", "body": "The checkout fails"}, "Ana Example")
    second = report(client, {"subject": other, "body": "Error 502 at the checkout"}, "Ben Example")
    path = f"/v1/incidents/{link(client, [first, second], title)['id']}"

    erase(client, worker, first)

    left = client.get(path).json()["title"]
    assert left == shorten(other.strip(), 300)
    assert len(left) <= 300


@pytest.mark.parametrize("before", ["taken out", "another subject", "renamed"])
def test_whose_words_a_title_has_is_known_when_the_issue_no_longer_says_them(
    client: TestClient, clock: StepClock, worker: Worker, before: str
) -> None:
    first = report(client, {"subject": "My divorce and error 502", "body": "The checkout fails"}, "Ana Example")
    second = report(client, {"subject": "Checkout fails", "body": "Error 502 at the checkout"}, "Ben Example")
    path = f"/v1/incidents/{link(client, [first, second], 'My divorce and error 502')['id']}"

    if before == "taken out":
        client.delete(f"{path}/issues/{first}")
    else:
        client.patch(f"/v1/issues/{first}", json={"subject": "Checkout"})
    if before == "renamed":
        client.patch(path, json={"title": "Error 502 (divorce)"})
    erase(client, worker, first)

    assert client.get(path).json()["title"] == "Checkout fails"


def test_a_title_in_the_words_of_the_desk_stays_when_an_issue_is_erased(
    client: TestClient, clock: StepClock, worker: Worker
) -> None:
    issue_ids = [report(client, {"subject": f"Error 502 for {name}", "body": "It fails"}, f"{name} Example")
                 for name in ("Ana", "Ben")]  # fmt: skip
    path = f"/v1/incidents/{link(client, issue_ids, 'Payment provider down since Monday, error 502')['id']}"

    erase(client, worker, issue_ids[0])

    assert client.get(path).json()["title"] == "Payment provider down since Monday, error 502"


def test_an_anonymized_issue_stays_in_its_incident_without_the_person(
    client: TestClient, clock: StepClock, worker: Worker
) -> None:
    title = "Error 502, call me at +49 30 901820"
    first = report(client, {"subject": title, "body": "The checkout fails"}, "Ana Example")
    second = report(client, {"subject": "Checkout fails", "body": "Error 502 at the checkout"}, "Ben Example")
    path = f"/v1/incidents/{link(client, [first, second], title)['id']}"
    customer = client.get(f"/v1/issues/{first}").json()["customer"]["id"]

    client.post("/v1/privacy/anonymizations", json={"customer_id": customer})
    while worker.run_once():
        pass

    left = client.get(path).json()
    assert [issue["id"] for issue in left["issues"]] == [first, second]
    assert "901820" not in left["title"] + left["issues"][0]["subject"]
    assert left["title"].startswith("Error 502")
