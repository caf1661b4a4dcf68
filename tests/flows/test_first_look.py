"""A newcomer opens the link of the start and is in; it works once, here, and nowhere else."""

from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from support_copilot.db.models import AuditEntry
from support_copilot.identity.authentication import CSRF_HEADER, PLAIN_COOKIE, SECURE_COOKIE
from support_copilot.identity.links import LOCAL_SIGN_IN_LASTS, make_local_link
from support_copilot.resources import Resources
from tests.conftest import StepClock

HERE = ("127.0.0.1", 50000)
BASE = "http://127.0.0.1:8321"


@pytest.fixture
def browser(app: FastAPI) -> TestClient:
    return TestClient(app, BASE, client=HERE, follow_redirects=False, raise_server_exceptions=False)


@pytest.fixture
def link(resources: Resources) -> str:
    with resources.database.transaction() as session:
        return f"/v1/auth/link?token={make_local_link(session, resources.clock())}"


def test_the_link_signs_in_at_once_and_once(browser: TestClient, link: str, resources: Resources) -> None:
    answer = browser.get(link)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(PLAIN_COOKIE + "=")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    assert browser.get("/").status_code == 200
    assert browser.get("/v1/issues").status_code == 200
    me = browser.get("/v1/auth/me").json()
    assert (me["kind"], me["role"]) == ("user", "admin")

    browser.cookies.clear()
    again = browser.get(link)
    assert (again.status_code, again.json()["code"]) == (403, "link_refused")
    with resources.database.read() as session:
        actions = list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)))
    assert actions == ["user.created", "session.opened"]


def test_a_browser_with_a_used_link_comes_to_a_page(browser: TestClient, link: str) -> None:
    page = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    browser.get(link, headers=page)

    assert (browser.get(link, headers=page).status_code, browser.get(link, headers=page).headers["Location"]) == (
        303,
        "/",
    )
    assert browser.get("/v1/issues").status_code == 200
    browser.cookies.clear()
    away = browser.get(link, headers=page)
    assert (away.status_code, away.headers["Location"]) == (303, "/sign-in?problem=link_refused")
    assert "Set-Cookie" not in away.headers


def test_a_change_by_cookie_needs_the_token_of_the_page(browser: TestClient, link: str) -> None:
    browser.get(link)
    token = browser.get("/v1/auth/me").json()["csrf_token"]
    issue = {"subject": "Printer", "body": "It is blank."}

    wrong = ("y" if token[0] == "x" else "x") + token[1:]
    for headers in ({}, {CSRF_HEADER: wrong}, {CSRF_HEADER: token, "Sec-Fetch-Site": "cross-site"}):
        refused = browser.post("/v1/issues", json=issue, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "csrf_failed")
    assert browser.post("/v1/issues", json=issue, headers={CSRF_HEADER: token}).status_code == 201


def test_signing_out_ends_the_session_wherever_its_cookie_went(browser: TestClient, link: str) -> None:
    browser.get(link)
    kept = dict(browser.cookies)
    token = browser.get("/v1/auth/me").json()["csrf_token"]

    assert browser.post("/v1/auth/logout", headers={CSRF_HEADER: token}).status_code == 204
    assert not browser.cookies
    browser.cookies.update(kept)
    assert browser.get("/v1/auth/me").status_code == 401


def test_signing_out_empties_the_browser(browser: TestClient, link: str) -> None:
    browser.get(link)
    token = browser.get("/v1/auth/me").json()["csrf_token"]

    answer = browser.post("/v1/auth/logout", headers={CSRF_HEADER: token})

    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


@pytest.mark.parametrize(
    ("peer", "base", "headers"),
    [
        ("192.0.2.7", BASE, {}),
        ("127.0.0.1", "http://copilot.example", {}),
        ("127.0.0.1", BASE, {"X-Forwarded-For": "127.0.0.1"}),
        ("127.0.0.1", BASE, {"Forwarded": "for=127.0.0.1"}),
    ],
)
def test_from_elsewhere_the_link_is_refused_and_stays_good(
    app: FastAPI, browser: TestClient, link: str, peer: str, base: str, headers: dict[str, str]
) -> None:
    elsewhere = TestClient(app, base, client=(peer, 50000), follow_redirects=False)

    assert elsewhere.get(link, headers=headers).status_code == 403
    assert browser.get(link).status_code == 303


def test_the_link_expires(browser: TestClient, link: str, clock: StepClock) -> None:
    clock.advance(seconds=(LOCAL_SIGN_IN_LASTS + timedelta(minutes=1)).total_seconds())

    assert browser.get(link).status_code == 403


def test_over_tls_the_cookie_is_bound_to_this_host(app: FastAPI, link: str) -> None:
    secure = TestClient(app, "https://127.0.0.1", client=HERE, follow_redirects=False)

    cookie = secure.get(link).headers["Set-Cookie"]

    assert cookie.startswith(SECURE_COOKIE + "=")
    assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
    assert "domain" not in cookie.lower()
    planted = TestClient(app, "https://127.0.0.1", cookies={PLAIN_COOKIE: cookie.split("=")[1].split(";")[0]})
    assert planted.get("/v1/auth/me").status_code == 401


def test_a_session_nobody_uses_is_over(browser: TestClient, link: str, clock: StepClock, app: FastAPI) -> None:
    browser.get(link)
    for _ in range(3):
        clock.advance(minutes=50)
        assert browser.get("/v1/auth/me").status_code == 200
        app.state.identity.last_seen.wait()
    clock.advance(minutes=61)
    assert browser.get("/v1/auth/me").status_code == 401


def test_a_session_ends_after_its_time_however_much_it_is_used(
    browser: TestClient, link: str, clock: StepClock, app: FastAPI
) -> None:
    browser.get(link)
    for _ in range(29):
        clock.advance(minutes=49)
        browser.get("/v1/auth/me")
        app.state.identity.last_seen.wait()
    assert browser.get("/v1/auth/me").status_code == 200
    clock.advance(minutes=30)
    assert browser.get("/v1/auth/me").status_code == 401
