"""Attacks on the way in: guessing, replaying, fixing sessions, forging requests, taking more than was given."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from support_copilot.db.models import KnownDevice, OneTimeLink, User, UserSession
from support_copilot.identity import sign_in as sign_in_module
from support_copilot.identity.users import make_setup_link
from support_copilot.resources import Resources
from tests.conftest import StepClock
from tests.people import (
    PASSWORD,
    Person,
    actions,
    add_person,
    headers_of,
    log_in,
    other_place,
    sign_in_browser,
    tokens_of,
)

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
NEW = "copper-orchard-77-bridge"


@pytest.fixture
def ada(resources: Resources) -> Person:
    return add_person(resources, "agent")


# Guessing


def test_refusals_do_not_tell_whether_the_person_exists(
    anonymous: TestClient, ada: Person, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str | None] = []
    right = sign_in_module.is_right
    monkeypatch.setattr(sign_in_module, "is_right", lambda p, h: checked.append(h) or right(p, h))
    disabled = add_person(resources, "agent")
    with resources.database.transaction() as session:
        row = session.lock(User, disabled.id)
        assert row is not None
        row.disabled_at = resources.clock()

    refusals = [
        anonymous.post("/v1/auth/login", json={"email": email, "password": password})
        for email, password in ((ada.email, "wrong"), ("nobody@example.com", PASSWORD), (disabled.email, PASSWORD))
    ]

    assert {answer.status_code for answer in refusals} == {401}
    shapes = {tuple(sorted((k, v) for k, v in a.json().items() if k != "request_id")) for a in refusals}
    assert len(shapes) == 1
    # The same slow check ran for all three, so time tells nothing either.
    assert len(checked) == 3
    assert [outcome for _action, outcome, _reason in actions(resources)] == ["refused"] * 3


def test_guessing_is_stopped_and_says_when_to_come_back(anonymous: TestClient, ada: Person, clock: StepClock) -> None:
    assert [log_in(anonymous, ada.email, f"guess {n}")[0] for n in range(5)] == [401] * 5

    answer = anonymous.post("/v1/auth/login", json={"email": ada.email, "password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_attempts")
    assert 800 < int(answer.headers["Retry-After"]) <= 901

    clock.advance(minutes=16)
    assert log_in(anonymous, ada.email, PASSWORD)[0] == 200


def test_unknown_accounts_close_like_known_ones(anonymous: TestClient) -> None:
    assert [log_in(anonymous, "nobody@example.com", "x")[0] for _ in range(6)] == [401] * 5 + [429]


def test_a_right_password_forgives_earlier_mistakes(anonymous: TestClient, ada: Person) -> None:
    for _ in range(3):
        assert [log_in(anonymous, ada.email, "wrong")[0] for _ in range(4)] == [401] * 4
        assert log_in(anonymous, ada.email, PASSWORD)[0] == 200


def test_guessing_from_elsewhere_does_not_lock_the_owner_out(app: FastAPI, anonymous: TestClient, ada: Person) -> None:
    sign_in_browser(anonymous, ada)
    attacker = other_place(app, "203.0.113.9")
    assert [log_in(attacker, ada.email, f"guess {n}")[0] for n in range(6)] == [401] * 5 + [429]

    anonymous.cookies.delete("support_copilot")
    assert log_in(anonymous, ada.email, PASSWORD)[0] == 200


def test_even_a_thousand_places_do_not_lock_the_owners_browser_out(
    app: FastAPI, anonymous: TestClient, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in_browser(anonymous, ada)
    monkeypatch.setattr(sign_in_module, "is_right", lambda password, _hash: password == PASSWORD)
    for n in range(50):
        assert log_in(other_place(app, f"203.0.113.{n}"), ada.email, "guess")[0] == 401
    assert log_in(other_place(app, "198.51.100.1"), ada.email, PASSWORD)[0] == 429

    assert log_in(anonymous, ada.email, PASSWORD)[0] == 200
    # The known browser is no way around the limit for who stole its cookie.
    assert {log_in(anonymous, ada.email, "guess")[0] for _ in range(10)} == {401}
    assert log_in(anonymous, ada.email, PASSWORD)[0] == 429


def test_many_accounts_from_one_address_are_stopped(anonymous: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in_module, "is_right", lambda _password, _hash: False)

    answers = [log_in(anonymous, f"person{n}@example.com", "spring")[0] for n in range(52)]

    assert answers == [401] * 50 + [429] * 2


def test_guesses_at_once_count_like_guesses_one_after_another(app: FastAPI, ada: Person) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: log_in(other_place(app, "203.0.113.9"), ada.email, f"g{n}")[0], range(8)))

    assert set(answers) <= {401, 429}
    assert log_in(other_place(app, "203.0.113.9"), ada.email, PASSWORD)[0] == 429


# Sessions


def test_a_session_planted_before_is_not_the_one_after(anonymous: TestClient, ada: Person) -> None:
    planted = {"Cookie": "support_copilot=planted-by-somebody-else"}
    answer = anonymous.post("/v1/auth/login", json=ada.credentials(), headers=planted)
    first = answer.cookies["support_copilot"]
    assert first != "planted-by-somebody-else"

    sign_in_browser(anonymous, ada)
    assert anonymous.cookies["support_copilot"] != first
    anonymous.cookies.clear()
    assert anonymous.get("/v1/auth/me", headers={"Cookie": f"support_copilot={first}"}).status_code == 401


def test_another_site_cannot_sign_a_browser_in(anonymous: TestClient, ada: Person) -> None:
    crossed = {"Sec-Fetch-Site": "cross-site"}
    assert anonymous.post("/v1/auth/login", json=ada.credentials(), headers=crossed).status_code == 403
    form = anonymous.post("/v1/auth/login", data=ada.credentials())
    assert form.status_code == 422
    text = anonymous.post("/v1/auth/login", content="{}", headers={"Content-Type": "text/plain"})
    assert text.status_code == 422


def test_the_cookie_alone_changes_nothing(anonymous: TestClient, ada: Person, resources: Resources) -> None:
    csrf = sign_in_browser(anonymous, ada)
    other = add_person(resources, "agent", name="Eve")
    browser = TestClient(anonymous.app)
    foreign = sign_in_browser(browser, other)

    for headers in ({}, foreign, {"X-CSRF-Token": ""}):
        assert anonymous.post("/v1/auth/sessions/end-others", headers=headers).status_code == 403
    assert anonymous.post("/v1/auth/sessions/end-others", headers=csrf).status_code == 204


def test_refresh_tokens_rotate_and_a_second_use_ends_the_session(
    anonymous: TestClient, ada: Person, resources: Resources
) -> None:
    first = tokens_of(anonymous, ada)
    second = anonymous.post("/v1/auth/refresh", json={"refresh_token": first["refresh_token"]}).json()
    assert second["refresh_token"] != first["refresh_token"]
    bearer = {"Authorization": f"Bearer {second['access_token']}"}
    assert anonymous.get("/v1/auth/me", headers=bearer).status_code == 200

    replayed = anonymous.post("/v1/auth/refresh", json={"refresh_token": first["refresh_token"]})
    assert (replayed.status_code, replayed.json()["code"]) == (401, "invalid_token")
    assert anonymous.get("/v1/auth/me", headers=bearer).status_code == 401
    assert anonymous.post("/v1/auth/refresh", json={"refresh_token": second["refresh_token"]}).status_code == 401
    assert ("session.ended", "done", "refresh_token_reused") in actions(resources)


def test_one_refresh_token_used_twice_at_once_yields_one_pair_at_most(anonymous: TestClient, ada: Person) -> None:
    token = tokens_of(anonymous, ada)["refresh_token"]
    with ThreadPoolExecutor(2) as pool:
        codes = list(
            pool.map(lambda _: anonymous.post("/v1/auth/refresh", json={"refresh_token": token}).status_code, range(2))
        )
    assert sorted(codes) == [200, 401]


def test_one_password_link_used_four_times_at_once_is_good_once(client: TestClient) -> None:
    new = {"email": "bo@example.com", "name": "Bo", "role": "agent"}
    token = client.post("/v1/users", json=new).json()["password_link"]["link"].partition("#token=")[2]
    passwords = [f"{PASSWORD}-{number}" for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(
            lambda each: client.post("/v1/auth/password/reset", json={"token": token, "password": each}), passwords
        )
        codes = [answer.status_code for answer in answers]

    assert sorted(codes) == [204, 403, 403, 403]
    assert [log_in(client, "bo@example.com", each)[0] == 200 for each in passwords] == [code == 204 for code in codes]


def test_a_password_link_says_whose_it_is_until_it_was_used(client: TestClient, anonymous: TestClient) -> None:
    new = {"email": "bo@example.com", "name": "Bo", "role": "agent"}
    token = client.post("/v1/users", json=new).json()["password_link"]["link"].partition("#token=")[2]
    check = {"token": token, "purpose": "password_reset"}

    answer = anonymous.post("/v1/auth/links/check", json=check)
    assert (answer.status_code, answer.json()["email"], answer.json()["name"]) == (200, "bo@example.com", "Bo")
    assert answer.headers["Cache-Control"] == "no-store"
    assert anonymous.post("/v1/auth/links/check", json=check | {"purpose": "setup"}).status_code == 403
    assert anonymous.post("/v1/auth/links/check", json=check | {"token": "x" * 43}).status_code == 403
    other_site = {"Sec-Fetch-Site": "cross-site"}
    assert anonymous.post("/v1/auth/links/check", json=check, headers=other_site).status_code == 403

    assert anonymous.post("/v1/auth/password/reset", json={"token": token, "password": PASSWORD}).status_code == 204
    used = anonymous.post("/v1/auth/links/check", json=check)
    assert (used.status_code, used.json()["code"]) == (403, "link_refused")


def test_a_refresh_token_ends_with_its_session(anonymous: TestClient, ada: Person, clock: StepClock) -> None:
    tokens = tokens_of(anonymous, ada)
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert anonymous.post("/v1/auth/logout", headers=bearer).status_code == 204
    assert anonymous.post("/v1/auth/refresh", json={"refresh_token": tokens["refresh_token"]}).status_code == 401

    idle = tokens_of(anonymous, ada)
    clock.advance(minutes=61)
    assert anonymous.post("/v1/auth/refresh", json={"refresh_token": idle["refresh_token"]}).status_code == 401


def test_people_see_and_end_their_own_sessions_only(anonymous: TestClient, ada: Person, resources: Resources) -> None:
    first, second = headers_of(anonymous, ada), headers_of(anonymous, ada)
    eve = headers_of(anonymous, add_person(resources, "agent", name="Eve"))
    sessions = anonymous.get("/v1/auth/sessions", headers=second).json()["data"]
    assert [row["current"] for row in sessions] == [True, False]

    target = sessions[1]["id"]
    assert anonymous.delete(f"/v1/auth/sessions/{target}", headers=eve).status_code == 404
    assert anonymous.get("/v1/auth/me", headers=first).status_code == 200
    assert anonymous.delete(f"/v1/auth/sessions/{target}", headers=second).status_code == 204
    assert anonymous.get("/v1/auth/me", headers=first).status_code == 401


# First run


def test_the_setup_link_makes_one_administrator_and_no_second(anonymous: TestClient, resources: Resources) -> None:
    assert anonymous.get("/v1/auth/options").json()["setup_needed"]
    with resources.database.transaction() as session:
        older = make_setup_link(session, resources.clock())
        token = make_setup_link(session, resources.clock())
    body = {"token": older, "email": "root@example.com", "name": "Root", "password": NEW}
    assert anonymous.post("/v1/auth/setup", json=body).status_code == 403

    made = anonymous.post("/v1/auth/setup", json=body | {"token": token})
    assert made.status_code == 201
    assert anonymous.get("/v1/auth/me").json()["role"] == "admin"
    assert anonymous.post("/v1/auth/setup", json=body | {"token": token, "email": "b@example.com"}).status_code == 403
    with resources.database.transaction() as session:
        assert make_setup_link(session, resources.clock()) is None
        assert session.scalar(select(func.count()).select_from(User)) == 1
        hashes = session.scalars(select(OneTimeLink.hash)).all()
    assert token not in hashes


def test_a_setup_link_is_void_once_somebody_is_in_charge(anonymous: TestClient, resources: Resources) -> None:
    with resources.database.transaction() as session:
        token = make_setup_link(session, resources.clock())
    add_person(resources, "admin")

    body = {"token": token, "email": "root@example.com", "name": "Root", "password": NEW}
    assert anonymous.post("/v1/auth/setup", json=body).status_code == 403


def test_there_is_no_account_before_somebody_makes_one(anonymous: TestClient, resources: Resources) -> None:
    for email, password in (("admin@example.com", "admin"), ("root@localhost.localdomain", "root")):
        assert log_in(anonymous, email, password)[0] == 401
    with resources.database.read() as session:
        assert session.scalar(select(func.count()).select_from(User)) == 0
        assert session.scalar(select(func.count()).select_from(UserSession)) == 0


# More than was given


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/auth/login", {"role": "admin"}), ("/v1/auth/login", {"user_id": "usr_x"}),
        ("/v1/auth/password", {"current_password": PASSWORD, "new_password": NEW, "role": "admin"}),
        ("/v1/auth/totp", {"password": PASSWORD, "totp_confirmed_at": "2026-01-01T00:00:00Z"}),
    ],
)  # fmt: skip
def test_fields_that_nobody_asked_for_are_refused(
    anonymous: TestClient, ada: Person, path: str, body: dict[str, Any]
) -> None:
    full = ada.credentials() | body if path.endswith("login") else body
    answer = anonymous.post(path, json=full, headers=headers_of(anonymous, ada))

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "extra_forbidden"


@pytest.mark.parametrize("text", ["\ud800", "\x00\x00\x00", "x" * 129, "🦊" * 64])
def test_strange_passwords_are_no_accident(anonymous: TestClient, ada: Person, text: str) -> None:
    body = json.dumps({"email": ada.email, "password": text})
    answer = anonymous.post("/v1/auth/login", content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code in (401, 422)


def test_a_browser_is_known_by_one_secret_at_a_time(anonymous: TestClient, ada: Person, resources: Resources) -> None:
    for _ in range(3):
        sign_in_browser(anonymous, ada)

    with resources.database.read() as session:
        assert session.scalar(select(func.count()).select_from(KnownDevice)) == 1


def test_a_link_that_is_no_good_costs_no_hashing(anonymous: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("support_copilot.identity.auth_api.hash_password", lambda _password: pytest.fail("was hashed"))
    token = "x" * 43

    reset = anonymous.post("/v1/auth/password/reset", json={"token": token, "password": NEW})
    setup = {"token": token, "password": NEW, "email": "a@example.com", "name": "A"}
    assert (reset.status_code, anonymous.post("/v1/auth/setup", json=setup).status_code) == (403, 403)
