"""Notes that name colleagues: kept by their ids, counted until they are read, told nobody else."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from support_copilot.db.models import NoteMention, User
from support_copilot.identity.principal import LOCAL_CLI
from support_copilot.privacy.requests import ask
from support_copilot.resources import Resources
from support_copilot.worker import Worker
from tests.conftest import StepClock
from tests.people import Person, add_person, headers_of

Headers = dict[str, str]


def open_issue(client: TestClient, subject: str = "Checkout fails", **more: Any) -> str:
    made = client.post("/v1/issues", json={"subject": subject, "body": f"{subject}. Please help.", **more})
    return str(made.json()["issue"]["id"])


def note(client: TestClient, issue_id: str, body: str, headers: Headers | None = None) -> str:
    said = {"author": "agent", "visibility": "internal", "body": body}
    answer = client.post(f"/v1/issues/{issue_id}/messages", json=said, headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["message"]["id"])


def unread(client: TestClient, headers: Headers) -> list[str]:
    found = client.get("/v1/mentions", headers=headers).json()["data"]
    count = client.get("/v1/issues/counts", headers=headers).json()["views"]["mentions"]
    assert count == len({row["issue_id"] for row in found})
    return [row["message_id"] for row in found]


def mentions_view(client: TestClient, headers: Headers) -> list[str]:
    return [row["id"] for row in client.get("/v1/issues?view=mentions", headers=headers).json()["data"]]


@pytest.fixture
def bo(resources: Resources) -> Person:
    return add_person(resources, "agent", name="Bo Berg")


def test_whoever_was_away_finds_the_note_that_names_them_until_they_read_it(
    client: TestClient, resources: Resources, bo: Person, clock: StepClock
) -> None:
    ada = headers_of(client, add_person(resources, "agent", name="Ada Lovelace"))
    issue_id, other = open_issue(client), open_issue(client, "Another one")
    clock.advance(seconds=1)
    first = note(client, issue_id, "@bo berg, have you seen this? @Ada Lovelace has not.", ada)
    clock.advance(minutes=4)
    second, third = note(client, issue_id, "Any news, @Bo Berg?", ada), note(client, other, "@Bo Berg too", ada)
    as_bo = headers_of(client, bo)

    assert set(unread(client, as_bo)) == {first, second, third}
    assert unread(client, ada) == []  # who names oneself is told nothing
    assert client.post(f"/v1/issues/{issue_id}/mentions/read", headers=as_bo).status_code == 204
    assert unread(client, as_bo) == [third]
    assert set(mentions_view(client, as_bo)) == {issue_id, other}  # what was read stays to be found
    assert client.post(f"/v1/issues/{issue_id}/mentions/read", headers=as_bo).status_code == 204
    assert unread(client, as_bo) == [third]


def test_one_reads_for_oneself_only(client: TestClient, resources: Resources, bo: Person) -> None:
    cleo = add_person(resources, "auditor", name="Cleo")
    message = note(client, issue_id := open_issue(client), "@Bo Berg and @Cleo, look")
    as_bo, as_cleo = headers_of(client, bo), headers_of(client, cleo)

    client.post(f"/v1/issues/{issue_id}/mentions/read", headers=as_cleo)

    assert unread(client, as_cleo) == []
    assert unread(client, as_bo) == [message]


def test_a_mention_is_of_a_person_and_not_of_a_name(
    client: TestClient, resources: Resources, bo: Person, clock: StepClock
) -> None:
    message = note(client, open_issue(client), "@Bo Berg, look")
    with resources.database.transaction() as session:
        user = session.get(User, bo.id)
        assert user is not None
        user.name = "Bo Bergman"
    later = add_person(resources, "agent", name="Bo Berg")

    assert unread(client, headers_of(client, bo)) == [message]
    assert unread(client, headers_of(client, later)) == []


def test_only_notes_of_the_desk_name_people(client: TestClient, resources: Resources, bo: Person) -> None:
    issue_id = open_issue(client, "Where is @Bo Berg?")
    client.post(f"/v1/issues/{issue_id}/messages", json={"author": "customer", "body": "Hello @Bo Berg"})
    client.post(f"/v1/issues/{issue_id}/messages", json={"author": "agent", "body": "@Bo Berg will call you"})
    made = [{"author": "agent", "visibility": "internal", "body": "Called @Bo Berg first"}]
    told = open_issue(client, "By phone", body=None, messages=[{"author": "customer", "body": "It rings"}, *made])

    assert mentions_view(client, headers_of(client, bo)) == [told]


def test_who_left_is_neither_offered_nor_named(
    client: TestClient, resources: Resources, bo: Person, clock: StepClock
) -> None:
    issue_id = open_issue(client)
    offered = client.get(f"/v1/issues/{issue_id}/colleagues").json()["data"]
    assert {"id": bo.id, "name": "Bo Berg"} in offered
    with resources.database.transaction() as session:
        user = session.get(User, bo.id)
        assert user is not None
        user.disabled_at = clock()
    note(client, issue_id, "@Bo Berg, look")

    assert bo.id not in {row["id"] for row in client.get(f"/v1/issues/{issue_id}/colleagues").json()["data"]}
    with resources.database.read() as session:
        assert session.scalar(select(func.count()).select_from(NoteMention)) == 0


@pytest.mark.parametrize("kind", ["erasure", "anonymization"])
def test_a_customer_who_is_erased_leaves_no_mention(
    client: TestClient, resources: Resources, worker: Worker, bo: Person, kind: str
) -> None:
    made = client.post(
        "/v1/issues", json={"subject": "Help", "body": "It fails", "customer": {"name": "Zoe Quux"}}
    ).json()
    note(client, made["issue"]["id"], "@Bo Berg, call Zoe Quux")
    note(client, kept := open_issue(client), "@Bo Berg, look")

    ask(resources, kind, made["issue"]["customer"]["id"], LOCAL_CLI)
    while worker.run_once():
        pass

    assert mentions_view(client, headers_of(client, bo)) == [kept]
    with resources.database.read() as session:
        assert session.scalar(select(func.count()).select_from(NoteMention)) == 1
