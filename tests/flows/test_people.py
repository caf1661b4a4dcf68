"""Users, teams and API keys over HTTP: made, changed, ended, by whom and for whom."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from support_copilot.db.models import ApiKey, ApiKeySecret, AuditEntry, OneTimeLink
from support_copilot.resources import Resources
from tests.conftest import AsRole, StepClock
from tests.people import PASSWORD, add_person, headers_of, log_in, tokens_of

NEW = "copper-orchard-77-bridge"


def made_user(client: TestClient, role: str = "agent", email: str = "ana@example.com") -> tuple[str, str]:
    """A user made by an administrator, and the token of the link that they got."""
    answer = client.post("/v1/users", json={"email": email, "name": "Ana", "role": role})
    assert answer.status_code == 201, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.json()["user"]["id"], answer.json()["password_link"]["link"].partition("#token=")[2]


def test_a_new_person_sets_a_password_by_the_link_and_comes_in(
    client: TestClient, anonymous: TestClient, resources: Resources
) -> None:
    user_id, token = made_user(client)
    assert log_in(anonymous, "ana@example.com", NEW)[0] == 401

    assert anonymous.post("/v1/auth/password/reset", json={"token": token, "password": NEW}).status_code == 204
    assert anonymous.post("/v1/auth/password/reset", json={"token": token, "password": PASSWORD}).status_code == 403
    assert log_in(anonymous, "ANA@example.com", NEW)[0] == 200
    with resources.database.read() as session:
        actions = session.scalars(select(AuditEntry.action).where(AuditEntry.target == user_id)).all()
        assert token not in set(session.scalars(select(OneTimeLink.hash)))
    assert set(actions) >= {"user.created", "password_link.made", "password.changed"}


def test_a_password_link_expires_and_a_newer_one_voids_it(client: TestClient, clock: StepClock) -> None:
    user_id, first = made_user(client)
    second = client.post(f"/v1/users/{user_id}/password-link").json()["link"].partition("#token=")[2]
    assert client.post("/v1/auth/password/reset", json={"token": first, "password": NEW}).status_code == 403

    clock.advance(hours=25)
    assert client.post("/v1/auth/password/reset", json={"token": second, "password": NEW}).status_code == 403


def test_disabling_somebody_ends_everything_at_once(
    client: TestClient, anonymous: TestClient, resources: Resources
) -> None:
    ada = add_person(resources, "agent")
    tokens = tokens_of(anonymous, ada)
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert anonymous.get("/v1/issues", headers=bearer).status_code == 200

    assert client.patch(f"/v1/users/{ada.id}", json={"disabled": True}).json()["disabled"]

    assert anonymous.get("/v1/issues", headers=bearer).status_code == 401
    refreshed = anonymous.post("/v1/auth/refresh", json={"refresh_token": tokens["refresh_token"]})
    assert refreshed.status_code == 401
    assert log_in(anonymous, ada.email, PASSWORD)[0] == 401
    client.patch(f"/v1/users/{ada.id}", json={"disabled": False})
    assert anonymous.get("/v1/issues", headers=bearer).status_code == 401
    assert log_in(anonymous, ada.email, PASSWORD)[0] == 200


@pytest.mark.parametrize("change", [{"disabled": True}, {"role": "lead"}])
def test_keys_of_an_administrator_end_with_their_right_to_make_them(
    client: TestClient, anonymous: TestClient, resources: Resources, change: dict[str, Any]
) -> None:
    ada = add_person(resources, "admin")
    headers = headers_of(anonymous, ada)
    add_person(resources, "admin", name="Bo")
    made = [
        anonymous.post("/v1/api-keys", json={"name": name, "role": "admin"}, headers=headers).json()
        for name in ("kept in mind", "handed over")
    ]
    handed_over = client.post(f"/v1/api-keys/{made[1]['api_key']['id']}/rotate", json={"overlap_hours": 0}).json()

    assert client.patch(f"/v1/users/{ada.id}", json=change).status_code == 200

    def opens(key: str) -> int:
        return anonymous.get("/v1/users", headers={"Authorization": f"Bearer {key}"}).status_code

    assert [opens(each["key"]) for each in (*made, handed_over)] == [401, 401, 200]
    revoked = client.get("/v1/audit?action=key.revoked").json()["data"]
    assert [(event["target"], event["reason"]) for event in revoked] == [(made[0]["api_key"]["id"], "maker_left")]


def test_another_role_ends_the_sessions_of_the_old_one(
    client: TestClient, anonymous: TestClient, resources: Resources
) -> None:
    ada = add_person(resources, "lead")
    before = headers_of(anonymous, ada)
    client.patch(f"/v1/users/{ada.id}", json={"role": "agent"})

    assert anonymous.get("/v1/jobs", headers=before).status_code == 401
    assert anonymous.get("/v1/jobs", headers=headers_of(anonymous, ada)).status_code == 403


def test_somebody_is_always_in_charge(client: TestClient, resources: Resources) -> None:
    root = add_person(resources, "admin")
    for change in ({"role": "agent"}, {"disabled": True}):
        answer = client.patch(f"/v1/users/{root.id}", json=change)
        assert (answer.status_code, answer.json()["code"]) == (409, "last_admin")

    add_person(resources, "admin", name="Second")
    assert client.patch(f"/v1/users/{root.id}", json={"role": "agent"}).status_code == 200


def test_edits_are_checked(client: TestClient) -> None:
    user_id, _token = made_user(client)
    other_id, _ = made_user(client, email="bea@example.com")
    taken = client.patch(f"/v1/users/{other_id}", json={"email": "ANA@example.com"})
    assert (taken.status_code, taken.json()["code"]) == (409, "email_taken")
    assert client.post("/v1/users", json={"email": "ana@example.com", "name": "A", "role": "agent"}).status_code == 409

    etag = client.get(f"/v1/users/{user_id}").headers["ETag"]
    assert client.patch(f"/v1/users/{user_id}", json={"name": "B"}, headers={"If-Match": etag}).status_code == 200
    assert client.patch(f"/v1/users/{user_id}", json={"name": "C"}, headers={"If-Match": etag}).status_code == 412
    for wrong in ({"role": "god"}, {"name": None}, {"password_hash": "x"}, {"team_ids": ["tem_x"]}):
        assert client.patch(f"/v1/users/{user_id}", json=wrong).status_code == 422
    assert client.get("/v1/users/usr_unknown").status_code == 404


def test_how_people_come_in_is_shown_to_those_who_oversee(
    client: TestClient, anonymous: TestClient, as_role: AsRole
) -> None:
    made_user(client)
    assert client.get("/v1/users").json()["data"][0]["standing"]["has_password"] is False
    assert anonymous.get("/v1/users", headers=as_role("agent")).json()["data"][0]["standing"] is None


def test_an_administrator_helps_who_lost_the_second_factor(
    client: TestClient, anonymous: TestClient, resources: Resources
) -> None:
    ada = add_person(resources, "agent")
    session = headers_of(anonymous, ada)
    assert len(client.get(f"/v1/users/{ada.id}/sessions").json()["data"]) == 1
    assert client.post(f"/v1/users/{ada.id}/second-factor/remove").status_code == 204
    assert anonymous.get("/v1/auth/me", headers=session).status_code == 401

    session = headers_of(anonymous, ada)
    assert client.delete(f"/v1/users/{ada.id}/sessions").status_code == 204
    assert anonymous.get("/v1/auth/me", headers=session).status_code == 401


def test_teams_have_names_of_their_own_and_members(client: TestClient) -> None:
    team = client.post("/v1/teams", json={"name": "Billing"}).json()
    assert client.post("/v1/teams", json={"name": "Billing"}).json()["code"] == "team_name_taken"
    user_id, _ = made_user(client)
    changed = client.patch(f"/v1/users/{user_id}", json={"team_ids": [team["id"]]}).json()
    assert changed["team_ids"] == [team["id"]]

    assert client.patch(f"/v1/teams/{team['id']}", json={"name": "Money"}).json()["name"] == "Money"
    assert [row["name"] for row in client.get("/v1/teams").json()["data"]] == ["Money"]
    assert [row["id"] for row in client.get("/v1/users", params={"team_id": team["id"]}).json()["data"]] == [user_id]
    assert client.patch(f"/v1/users/{user_id}", json={"team_ids": []}).json()["team_ids"] == []


def test_a_key_is_shown_once_and_kept_nowhere(client: TestClient, resources: Resources) -> None:
    body = {"name": "shop", "role": "machine", "scopes": ["issues.read", "issues.create"]}
    answer = client.post("/v1/api-keys", json=body)

    assert (answer.status_code, answer.headers["Cache-Control"]) == (201, "no-store")
    key, shown = answer.json()["key"], answer.json()["api_key"]
    assert key.startswith(shown["hint"])
    assert key not in client.get("/v1/api-keys").text + client.get(f"/v1/api-keys/{shown['id']}").text
    with resources.database.read() as session:
        rows = [row for table in (ApiKey, ApiKeySecret, AuditEntry) for row in session.scalars(select(table))]
    assert not any(key[9:] in str(vars(row)) for row in rows)


def test_a_key_is_rotated_with_an_overlap_and_revoked_at_once(
    client: TestClient, anonymous: TestClient, clock: StepClock
) -> None:
    made = client.post("/v1/api-keys", json={"name": "shop", "role": "machine"}).json()
    key_id = made["api_key"]["id"]
    turned = client.post(f"/v1/api-keys/{key_id}/rotate", json={"overlap_hours": 2}).json()

    def works(secret: str) -> bool:
        return anonymous.get("/v1/issues", headers={"Authorization": f"Bearer {secret}"}).status_code == 200

    assert works(made["key"])
    assert works(turned["key"])
    clock.advance(hours=3)
    assert not works(made["key"])
    assert works(turned["key"])
    assert client.delete(f"/v1/api-keys/{key_id}").status_code == 204
    assert not works(turned["key"])
    assert client.delete(f"/v1/api-keys/{key_id}").status_code == 204
    assert client.post(f"/v1/api-keys/{key_id}/rotate").json()["code"] == "key_revoked"
    assert client.get("/v1/api-keys", params={"revoked": True}).json()["data"][0]["id"] == key_id


def test_the_last_use_of_a_key_is_noted(client: TestClient, anonymous: TestClient) -> None:
    made = client.post("/v1/api-keys", json={"name": "shop", "role": "machine"}).json()
    path = f"/v1/api-keys/{made['api_key']['id']}"
    assert client.get(path).json()["last_used_at"] is None

    anonymous.get("/v1/issues", headers={"Authorization": f"Bearer {made['key']}"})
    anonymous.app.state.identity.last_seen.wait()  # type: ignore[attr-defined]

    assert client.get(path).json()["last_used_at"] is not None


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"role": "agent", "scopes": ["users.manage"]}, "unknown_scope"),
        ({"role": "agent", "scopes": ["account.use"]}, "unknown_scope"),
        ({"role": "agent", "scopes": []}, "too_short"),
        ({"role": "root"}, "literal_error"),
        ({"role": "agent", "expires_at": "2020-01-01T00:00:00Z"}, "in_the_past"),
        ({"role": "agent", "id": "key_mine"}, "extra_forbidden"),
    ],
)
def test_a_key_gets_no_more_than_its_role(client: TestClient, body: dict[str, object], code: str) -> None:
    answer = client.post("/v1/api-keys", json={"name": "x", **body})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == code


def test_a_key_ends_when_it_was_said(client: TestClient, anonymous: TestClient, clock: StepClock) -> None:
    ends = (clock() + timedelta(hours=1)).isoformat()
    made = client.post("/v1/api-keys", json={"name": "x", "role": "agent", "expires_at": ends}).json()
    key = {"Authorization": f"Bearer {made['key']}"}
    assert anonymous.get("/v1/issues", headers=key).status_code == 200
    clock.advance(minutes=61)
    assert anonymous.get("/v1/issues", headers=key).status_code == 401

    later = {"expires_at": (clock() + timedelta(hours=1)).isoformat(), "name": "longer"}
    assert client.patch(f"/v1/api-keys/{made['api_key']['id']}", json=later).json()["name"] == "longer"
    assert anonymous.get("/v1/issues", headers=key).status_code == 200


def test_what_people_write_and_take_is_in_their_name(
    client: TestClient, anonymous: TestClient, resources: Resources
) -> None:
    ada = add_person(resources, "agent", name="Ada Lovelace")
    headers = headers_of(anonymous, ada)
    issue = anonymous.post("/v1/issues", json={"subject": "Printer", "body": "Blank."}, headers=headers).json()["issue"]
    path = f"/v1/issues/{issue['id']}"

    reply = {"author": "agent", "body": "We look into it."}
    message = anonymous.post(f"{path}/messages", json=reply, headers=headers).json()["message"]
    assert (message["author_name"], message["created_by"]) == ("Ada Lovelace", ada.id)
    said = anonymous.post(f"{path}/messages", json={"author": "customer", "body": "Thanks"}, headers=headers).json()
    assert (said["message"]["author_name"], said["message"]["created_by"]) == (None, ada.id)
    another = {"author": "agent", "author_name": "The Managing Director", "body": "You get your money back"}
    refused = client.post(f"/v1/issues/{issue['id']}/messages", json=another, headers=headers)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "another_name")
    brought = client.post(f"/v1/issues/{issue['id']}/messages", json=another)
    assert brought.json()["message"]["author_name"] == "The Managing Director", "a program says whose words it brings"

    assert anonymous.patch(path, json={"assignee": ada.id}, headers=headers).json()["assignee"] == ada.id
    assert anonymous.patch(path, json={"assignee": "kim"}, headers=headers).json()["assignee"] == "kim"
    for wrong, code in (
        ({"assignee": "usr_01j9z3k6w8f5v9m2q4x7c1b0ad"}, "unknown_user"),
        ({"team_id": "tem_01j9z3k6w8f5v9m2q4x7c1b0ad"}, "unknown_team"),
    ):
        refused = anonymous.patch(path, json=wrong, headers=headers)
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, code)


def test_people_change_their_own_name_and_nothing_else(anonymous: TestClient, resources: Resources) -> None:
    ada = add_person(resources, "agent")
    headers = headers_of(anonymous, ada)

    answer = anonymous.patch("/v1/auth/me", json={"name": "  Ada   Lovelace "}, headers=headers)
    assert (answer.status_code, answer.json()["name"]) == (200, "Ada Lovelace")
    assert anonymous.get("/v1/auth/me", headers=headers).json()["name"] == "Ada Lovelace"
    for body in ({"name": " "}, {}, {"name": "Ada", "role": "admin"}, {"email": "root@example.com"}):
        assert anonymous.patch("/v1/auth/me", json=body, headers=headers).status_code == 422
    assert anonymous.get("/v1/auth/me", headers=headers).json()["role"] == "agent"


def test_a_program_has_no_name_of_its_own_to_change(client: TestClient) -> None:
    assert client.patch("/v1/auth/me", json={"name": "Somebody"}).status_code == 403


def test_roles_are_told_with_what_they_may_do(client: TestClient, as_role: AsRole) -> None:
    roles = {role["role"]: role for role in client.get("/v1/roles", headers=as_role("agent")).json()["data"]}

    assert set(roles) == {"agent", "lead", "admin", "auditor", "machine"}
    assert "users.manage" in roles["admin"]["permissions"]
    assert "users.manage" not in roles["lead"]["permissions"]
    assert {"account.use", "account.read"}.isdisjoint(roles["admin"]["lendable"])
    assert set(roles["machine"]["lendable"]) < set(roles["machine"]["permissions"])
