"""Keys end with who was shown them: made by another key, rotated by another person, or asked for at the last moment."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from support_copilot.db.models import User
from support_copilot.identity.config import IdentityConfig
from support_copilot.resources import Resources
from support_copilot.serve import build_app
from tests.conftest import TEST_LIMITS, TEST_SERVER, StepClock
from tests.people import Person, add_person, headers_of

LEAVING = pytest.mark.parametrize("change", [{"disabled": True}, {"role": "lead"}])
ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def ada(resources: Resources) -> Person:
    return add_person(resources, "admin", name="Ada")


@pytest.fixture
def bea(resources: Resources) -> Person:
    return add_person(resources, "admin", name="Bea")


def shown(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def made(client: TestClient, headers: dict[str, str], **more: Any) -> tuple[str, str]:
    """Id and secret of a fresh key of an administrator."""
    answer = client.post("/v1/api-keys", json={"name": "program", "role": "admin", **more}, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()["api_key"]["id"], answer.json()["key"]


def rotated(client: TestClient, key_id: str, headers: dict[str, str], overlap_hours: int = 720) -> str:
    answer = client.post(f"/v1/api-keys/{key_id}/rotate", json={"overlap_hours": overlap_hours}, headers=headers)
    assert answer.status_code == 200, answer.text
    secret: str = answer.json()["key"]
    return secret


def opens(client: TestClient, *secrets: str) -> list[int]:
    return [client.get("/v1/users", headers=shown(secret)).status_code for secret in secrets]


@LEAVING
def test_a_key_that_was_made_with_a_key_ends_with_the_person_behind_both(
    anonymous: TestClient, ada: Person, bea: Person, change: dict[str, Any]
) -> None:
    _, first = made(anonymous, headers_of(anonymous, ada))
    second_id, second = made(anonymous, shown(first))
    _, third = made(anonymous, shown(second))
    turned = rotated(anonymous, second_id, shown(third))
    assert opens(anonymous, first, second, third, turned) == [200] * 4

    by_bea = headers_of(anonymous, bea)
    assert anonymous.patch(f"/v1/users/{ada.id}", json=change, headers=by_bea).status_code == 200

    assert opens(anonymous, first, second, third, turned) == [401] * 4
    listed = anonymous.get("/v1/api-keys?revoked=false", headers=by_bea).json()["data"]
    assert [key["name"] for key in listed if key["name"] == "program"] == []


@LEAVING
def test_a_secret_that_was_rotated_away_ends_with_who_saw_it_and_the_new_one_goes_on(
    anonymous: TestClient, clock: StepClock, ada: Person, bea: Person, change: dict[str, Any]
) -> None:
    key_id, old = made(anonymous, headers_of(anonymous, ada))
    by_bea = headers_of(anonymous, bea)
    new = rotated(anonymous, key_id, by_bea)
    # Made in the overlap with the old secret, and so by Ada; and with the new one, by Bea.
    _, with_old = made(anonymous, shown(old), expires_at=(clock() + timedelta(days=7)).isoformat())
    _, with_new = made(anonymous, shown(new))
    assert opens(anonymous, old, new, with_old, with_new) == [200] * 4

    anonymous.patch(f"/v1/users/{ada.id}", json=change, headers=by_bea)

    assert opens(anonymous, old, new, with_old, with_new) == [401, 200, 401, 200]
    events = anonymous.get("/v1/audit?action=key.secret_ended", headers=by_bea).json()["data"]
    assert [(event["target"], event["reason"]) for event in events] == [(key_id, "maker_left")]
    # Coming back brings nothing back.
    anonymous.patch(f"/v1/users/{ada.id}", json={"disabled": False, "role": "admin"}, headers=by_bea)
    assert opens(anonymous, old, new, with_old, with_new) == [401, 200, 401, 200]


@ONE_DATABASE
def test_a_key_that_slipped_past_the_leaving_opens_nothing(
    anonymous: TestClient, resources: Resources, ada: Person, bea: Person
) -> None:
    """As if it had been made by a request that was let in a moment before, and committed a moment after."""
    _, secret = made(anonymous, headers_of(anonymous, ada))
    at = resources.clock()
    for field, value, after in (("disabled_at", at, 401), ("disabled_at", None, 200), ("role", "agent", 401)):
        set_person(resources, ada.id, field, value)
        assert opens(anonymous, secret) == [after]


@ONE_DATABASE
def test_keys_of_a_person_of_the_provider_rest_until_the_provider_has_confirmed_them(
    resources: Resources, clock: StepClock, ada: Person, bea: Person
) -> None:
    app = build_app(resources, TEST_SERVER, limits=TEST_LIMITS, identity=IdentityConfig(provider_keys_days=10))
    with TestClient(app, raise_server_exceptions=False) as client:
        _, of_provider = made(client, headers_of(client, ada))
        _, of_password = made(client, headers_of(client, bea))
        set_person(resources, ada.id, "oidc_subject", "ada")

        clock.advance(days=9)
        assert opens(client, of_provider, of_password) == [200, 200]
        clock.advance(days=1)
        assert opens(client, of_provider, of_password) == [401, 200]
        # As a sign-in does.
        set_person(resources, ada.id, "last_signed_in_at", clock())
        assert opens(client, of_provider, of_password) == [200, 200]


def set_person(resources: Resources, user_id: str, field: str, value: Any) -> None:
    with resources.database.transaction() as session:
        user = session.lock(User, user_id)
        assert user is not None
        setattr(user, field, value)
