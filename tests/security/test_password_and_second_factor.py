"""What a password and a second factor must withstand."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from support_copilot.db.models import User
from support_copilot.identity.config import IdentityConfig
from support_copilot.resources import Resources
from support_copilot.serve import build_app
from tests.conftest import TEST_SERVER, StepClock
from tests.people import (
    PASSWORD,
    Person,
    actions,
    add_person,
    enrol,
    headers_of,
    log_in,
    other_place,
)

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
NEW = "copper-orchard-77-bridge"


@pytest.fixture
def ada(resources: Resources) -> Person:
    return add_person(resources, "agent")


# Passwords


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short1!", "invalid_length"), ("x" * 129, "invalid_length"), ("password1234", "common_password"),
        ("qwertyuiop12", "common_password"), ("aaaaaaaaaaaaaa", "common_password"),
        ("trustno1trustno1", "common_password"), ("12345678901234", "common_password"),
        ("my-support-copilot", "personal_password"), ("adalovelace-19-rainy", "personal_password"),
    ],
)  # fmt: skip
def test_passwords_that_would_be_guessed_are_refused(
    anonymous: TestClient, resources: Resources, password: str, code: str
) -> None:
    person = add_person(resources, "agent", name="Adalovelace")
    body = {"current_password": PASSWORD, "new_password": password}
    answer = anonymous.post("/v1/auth/password", json=body, headers=headers_of(anonymous, person))

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] in (code, "string_too_long")
    assert password not in answer.text


def test_a_password_is_taken_as_it_is(anonymous: TestClient, ada: Person) -> None:
    odd = "  Ünïcode 🦊 with spaces, all 64+ letters of it are kept and counted  "
    body = {"current_password": PASSWORD, "new_password": odd}
    assert anonymous.post("/v1/auth/password", json=body, headers=headers_of(anonymous, ada)).status_code == 204

    assert log_in(anonymous, ada.email, odd)[0] == 200
    for near in (odd.strip(), odd.lower(), odd[:-1]):
        assert log_in(anonymous, ada.email, near)[0] == 401


def test_a_new_password_needs_the_old_one_and_ends_other_sessions(
    anonymous: TestClient, ada: Person, resources: Resources
) -> None:
    elsewhere, here = headers_of(anonymous, ada), headers_of(anonymous, ada)
    for current in (None, "wrong"):
        body = {"current_password": current, "new_password": NEW}
        assert anonymous.post("/v1/auth/password", json=body, headers=here).status_code == 401
    body = {"current_password": PASSWORD, "new_password": NEW}
    assert anonymous.post("/v1/auth/password", json=body, headers=here).status_code == 204

    assert anonymous.get("/v1/auth/me", headers=here).status_code == 200
    assert anonymous.get("/v1/auth/me", headers=elsewhere).status_code == 401
    assert log_in(anonymous, ada.email, PASSWORD)[0] == 401
    assert ("password.changed", "done", None) in actions(resources)


def test_passwords_are_kept_as_argon2id_only(resources: Resources, ada: Person) -> None:
    with resources.database.read() as session:
        stored = session.get(User, ada.id)
    assert stored is not None
    assert str(stored.password_hash).startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    assert ada.email.encode() not in bytes(stored.email_sealed or b"")


# Second factor


def test_a_code_is_asked_for_and_is_good_once(
    anonymous: TestClient, ada: Person, clock: StepClock, resources: Resources
) -> None:
    totp, _codes = enrol(anonymous, ada, clock)
    assert log_in(anonymous, ada.email, "wrong") == (401, "sign_in_failed")
    assert log_in(anonymous, ada.email, PASSWORD) == (401, "second_factor_required")

    code = totp.at(clock())
    assert log_in(anonymous, ada.email, PASSWORD, code=code)[0] == 200
    assert log_in(anonymous, ada.email, PASSWORD, code=code) == (401, "sign_in_failed")
    clock.advance(seconds=30)
    assert log_in(anonymous, ada.email, PASSWORD, code=code)[0] == 401
    assert log_in(anonymous, ada.email, PASSWORD, code=totp.at(clock()))[0] == 200
    assert ("session.opened", "refused", "wrong_code") in actions(resources)


def test_a_code_of_another_time_is_refused(anonymous: TestClient, ada: Person, clock: StepClock) -> None:
    totp, _codes = enrol(anonymous, ada, clock)
    for seconds in (-90, 90, 3600):
        code = totp.at(clock() + timedelta(seconds=seconds))
        assert log_in(anonymous, ada.email, PASSWORD, code=code)[0] == 401


def test_codes_cannot_be_guessed_from_many_places(
    app: FastAPI, anonymous: TestClient, ada: Person, clock: StepClock
) -> None:
    totp, _codes = enrol(anonymous, ada, clock)
    for n in range(10):
        assert log_in(other_place(app, f"203.0.113.{n}"), ada.email, PASSWORD, code="000000")[0] == 401

    assert log_in(anonymous, ada.email, PASSWORD, code=totp.at(clock())) == (429, "too_many_attempts")


def test_a_recovery_code_is_good_once_and_only_for_its_owner(
    anonymous: TestClient, ada: Person, resources: Resources, clock: StepClock
) -> None:
    _totp, codes = enrol(anonymous, ada, clock)
    eve = add_person(resources, "agent", name="Eve")
    enrol(anonymous, eve, clock)
    assert len(set(codes)) == 10

    assert log_in(anonymous, eve.email, PASSWORD, recovery_code=codes[0])[0] == 401
    assert log_in(anonymous, ada.email, PASSWORD, recovery_code=codes[0].upper().replace("-", " "))[0] == 200
    assert log_in(anonymous, ada.email, PASSWORD, recovery_code=codes[0])[0] == 401
    me = anonymous.get("/v1/auth/me", headers=headers_of(anonymous, ada, recovery_code=codes[1])).json()
    assert me["account"]["recovery_codes_left"] == 8


def test_fresh_recovery_codes_and_removal_need_the_password(
    anonymous: TestClient, ada: Person, clock: StepClock
) -> None:
    totp, codes = enrol(anonymous, ada, clock)
    headers = headers_of(anonymous, ada, code=totp.at(clock()))
    for path in ("/v1/auth/recovery-codes", "/v1/auth/totp/remove", "/v1/auth/totp"):
        assert anonymous.post(path, json={"password": "wrong"}, headers=headers).status_code == 401
    again = anonymous.post("/v1/auth/totp", json={"password": PASSWORD}, headers=headers)
    assert (again.status_code, again.json()["code"]) == (409, "second_factor_set")

    fresh = anonymous.post("/v1/auth/recovery-codes", json={"password": PASSWORD}, headers=headers).json()
    assert log_in(anonymous, ada.email, PASSWORD, recovery_code=codes[0])[0] == 401
    assert log_in(anonymous, ada.email, PASSWORD, recovery_code=fresh["recovery_codes"][0])[0] == 200
    assert anonymous.post("/v1/auth/totp/remove", json={"password": PASSWORD}, headers=headers).status_code == 204
    assert log_in(anonymous, ada.email, PASSWORD)[0] == 200


@pytest.fixture
def strict(resources: Resources) -> Iterator[TestClient]:
    """An installation where administrators need a second factor."""
    config = IdentityConfig(second_factor_roles=frozenset({"admin"}))
    with TestClient(build_app(resources, TEST_SERVER, identity=config), raise_server_exceptions=False) as opened:
        yield opened


def test_a_role_that_needs_a_second_factor_can_do_nothing_before(
    strict: TestClient, resources: Resources, clock: StepClock, ada: Person
) -> None:
    root = add_person(resources, "admin")
    headers = headers_of(strict, root)
    refused = strict.get("/v1/issues", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_enrolment_required")
    assert strict.get("/v1/auth/me", headers=headers).json()["account"]["second_factor_needed"]
    assert strict.get("/v1/issues", headers=headers_of(strict, ada)).status_code == 200

    totp, _codes = enrol(strict, root, clock)
    headers = headers_of(strict, root, code=totp.at(clock()))
    assert strict.get("/v1/issues", headers=headers).status_code == 200
