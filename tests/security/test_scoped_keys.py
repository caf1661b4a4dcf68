"""A key that scopes limit opens no more by another key, by another person, or by waiting."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from support_copilot.resources import Resources
from tests.conftest import StepClock, authorization
from tests.flows.test_records_attachments import upload
from tests.flows.test_records_issues import stored
from tests.people import Person, add_person

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def boss(resources: Resources) -> Person:
    add_person(resources, "admin", name="Another")
    return add_person(resources, "admin", name="Boss")


def shown(resources: Resources, *scopes: str) -> dict[str, str]:
    return {"Authorization": authorization(resources, "admin", scopes=[*scopes])}


def is_denied(answer: Any) -> None:
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied"), answer.text


def test_it_makes_and_rotates_no_key_with_more_than_its_own(client: TestClient, resources: Resources) -> None:
    mine = shown(resources, "keys.manage", "keys.read", "issues.read")
    for asked in ({"role": "admin"}, {"role": "agent"}, {"role": "admin", "scopes": ["issues.read", "users.manage"]}):
        is_denied(client.post("/v1/api-keys", json={"name": "more", **asked}, headers=mine))
    allowed = {"name": "less", "role": "admin", "scopes": ["issues.read"]}
    less = client.post("/v1/api-keys", json=allowed, headers=mine)
    assert less.status_code == 201
    assert client.post(f"/v1/api-keys/{less.json()['api_key']['id']}/rotate", headers=mine).status_code == 200

    full = client.post("/v1/api-keys", json={"name": "full", "role": "admin"}).json()["api_key"]["id"]
    is_denied(client.post(f"/v1/api-keys/{full}/rotate", headers=mine))
    is_denied(client.patch(f"/v1/api-keys/{full}", json={"expires_at": None}, headers=mine))
    # What takes away is open to whoever may manage keys.
    assert client.delete(f"/v1/api-keys/{full}", headers=mine).status_code == 204


def test_it_does_not_move_its_own_end(client: TestClient, resources: Resources, clock: StepClock) -> None:
    end = (clock() + timedelta(hours=1)).isoformat()
    made = client.post("/v1/api-keys", json={"name": "short", "role": "admin", "expires_at": end}).json()
    own, path = {"Authorization": f"Bearer {made['key']}"}, f"/v1/api-keys/{made['api_key']['id']}"
    is_denied(client.patch(path, json={"expires_at": None}, headers=own))
    assert client.patch(path, json={"name": "renamed"}, headers=own).status_code == 200
    assert client.patch(path, json={"expires_at": None}).status_code == 200


def test_it_does_not_live_on_in_another_that_ends_later(client: TestClient, clock: StepClock) -> None:
    end = clock() + timedelta(hours=1)
    before, after = ((end + timedelta(minutes=step)).isoformat() for step in (-1, 1))
    made = client.post("/v1/api-keys", json={"name": "s", "role": "admin", "expires_at": end.isoformat()}).json()
    own = {"Authorization": f"Bearer {made['key']}"}
    for later in (None, after):
        is_denied(client.post("/v1/api-keys", json={"name": "x", "role": "agent", "expires_at": later}, headers=own))
    less = client.post("/v1/api-keys", json={"name": "x", "role": "agent", "expires_at": before}, headers=own)
    path = f"/v1/api-keys/{less.json()['api_key']['id']}"
    for later in (None, after):
        is_denied(client.patch(path, json={"expires_at": later}, headers=own))
    assert client.post(f"{path}/rotate", headers=own).status_code == 200
    endless = client.post("/v1/api-keys", json={"name": "y", "role": "agent"}).json()["api_key"]["id"]
    is_denied(client.post(f"/v1/api-keys/{endless}/rotate", headers=own))


def test_a_secret_in_its_overlap_is_not_made_new_by_itself(client: TestClient) -> None:
    made = client.post("/v1/api-keys", json={"name": "worn", "role": "admin"}).json()
    old, path = {"Authorization": f"Bearer {made['key']}"}, f"/v1/api-keys/{made['api_key']['id']}"
    new = {"Authorization": f"Bearer {client.post(f'{path}/rotate', headers=old).json()['key']}"}

    is_denied(client.post(f"{path}/rotate", headers=old))
    is_denied(client.post("/v1/api-keys", json={"name": "more", "role": "admin"}, headers=old))
    assert client.post(f"{path}/rotate", headers=new).status_code == 200


def test_it_makes_nobody_who_may_do_more_and_opens_no_account_of_such(
    client: TestClient, resources: Resources, boss: Person
) -> None:
    mine = shown(resources, "users.manage", "users.read")
    person = {"name": "New", "email": "new@example.com", "role": "admin"}
    is_denied(client.post("/v1/users", json=person, headers=mine))
    is_denied(client.post(f"/v1/users/{boss.id}/password-link", headers=mine))
    is_denied(client.post(f"/v1/users/{boss.id}/second-factor/remove", headers=mine))
    is_denied(client.patch(f"/v1/users/{boss.id}", json={"email": "mine@example.com"}, headers=mine))
    helper = add_person(resources, "agent", name="Helper")
    is_denied(client.patch(f"/v1/users/{helper.id}", json={"role": "admin"}, headers=mine))
    assert client.get(f"/v1/users/{helper.id}", headers=mine).json()["role"] == "agent"


def test_a_key_without_scopes_manages_all_of_them(client: TestClient, resources: Resources, boss: Person) -> None:
    person = {"name": "New", "email": "new@example.com", "role": "admin"}
    assert client.post("/v1/users", json=person).status_code == 201
    assert client.post(f"/v1/users/{boss.id}/password-link").status_code == 201
    assert client.patch(f"/v1/users/{boss.id}", json={"role": "lead"}).status_code == 200


def test_one_idempotency_key_of_two_people_gives_nobody_the_draft_file_of_the_other(
    client: TestClient, resources: Resources
) -> None:
    issue_id = stored(resources)
    first = upload(client, "a.txt", b"the same words", issue_id=issue_id, draft="reply", key="one")
    client.headers["Authorization"] = authorization(resources, "agent")
    second = upload(client, "a.txt", b"the same words", issue_id=issue_id, draft="reply", key="one")
    assert second.status_code == 201
    assert second.json()["id"] != first.json()["id"]
    assert client.get(f"/v1/attachments/{second.json()['id']}").status_code == 200
