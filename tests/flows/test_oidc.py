"""Sign-in at an identity provider: a real OpenID Connect server in a process of its own, that people come from."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import httpx2
import pytest
from fastapi.testclient import TestClient

from support_copilot.kit.clock import utc_now
from support_copilot.resources import Resources
from tests.conftest import StepClock
from tests.oidc_product import HOME, product
from tests.people import add_person
from tests.servers import free_port, wait_for_port


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for_port(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def clock() -> StepClock:
    """The time of the provider, which has a clock of its own."""
    clock = StepClock()
    clock.now = utc_now()
    return clock


def come_back(
    client: TestClient, provider: str, subject: str, return_to: str = "/inbox", **claims: Any
) -> httpx2.Response:
    """Go to the provider as this person and come back from there."""
    httpx2.put(f"{provider}/users/{subject}", json={"name": subject.title(), **claims}).raise_for_status()
    start = client.get("/v1/auth/oidc/start", params={"return_to": return_to})
    assert start.status_code == 303, start.text
    agreed = httpx2.post(start.headers["Location"], data={"sub": subject})
    back = urlsplit(agreed.headers["Location"])
    assert f"{back.scheme}://{back.netloc}" == HOME
    return client.get(f"{back.path}?{back.query}")


def test_a_stranger_with_a_group_comes_in_with_its_role(resources: Resources, provider: str) -> None:
    client = product(resources, provider)

    answer = come_back(client, provider, "ana", groups=["bosses"], email="Ana@Example.com", email_verified=True)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/inbox")
    me = client.get("/v1/auth/me").json()
    assert (me["name"], me["role"], me["account"]["email"]) == ("Ana", "lead", "ana@example.com")
    assert not me["account"]["has_password"]
    assert client.get("/v1/auth/options").json()["provider"] == "Single sign-on"


def test_the_way_there_carries_pkce_state_and_nonce(resources: Resources, provider: str) -> None:
    client = product(resources, provider)
    asked = [dict(parse_qsl(urlsplit(client.get("/v1/auth/oidc/start").headers["Location"]).query)) for _ in range(2)]

    assert asked[0].items() >= {
        "response_type": "code", "code_challenge_method": "S256", "client_id": "copilot",
        "redirect_uri": f"{HOME}/v1/auth/oidc/callback", "scope": "openid profile email",
    }.items()  # fmt: skip
    assert all(asked[0][name] != asked[1][name] for name in ("state", "nonce", "code_challenge"))


def test_the_role_follows_the_groups_at_every_sign_in(resources: Resources, provider: str) -> None:
    client = product(resources, provider)
    come_back(client, provider, "bob", groups=["helpers", "bosses"])
    assert client.get("/v1/auth/me").json()["role"] == "lead"
    first = client.get("/v1/auth/me").json()["id"]

    second = product(resources, provider)
    come_back(second, provider, "bob", groups=["helpers"])
    me = second.get("/v1/auth/me").json()
    assert (me["id"], me["role"]) == (first, "agent")
    # The session with the role before is over.
    assert client.get("/v1/auth/me").status_code == 401


def test_who_has_no_group_any_more_is_out(resources: Resources, provider: str) -> None:
    client = product(resources, provider)
    come_back(client, provider, "cleo", groups=["helpers"])
    assert client.get("/v1/auth/me").status_code == 200

    refused = come_back(product(resources, provider), provider, "cleo", groups=["visitors"])

    assert refused.headers["Location"] == "/sign-in?problem=no_role"
    assert client.get("/v1/auth/me").status_code == 401


def test_keys_end_when_the_provider_turns_their_maker_away(resources: Resources, provider: str) -> None:
    groups = {"owners": "admin"}
    client = product(resources, provider, role_of_group=groups)
    add_person(resources, "admin")
    come_back(client, provider, "dora", groups=["owners"])
    csrf = {"X-CSRF-Token": client.get("/v1/auth/me").json()["csrf_token"]}
    secret = client.post("/v1/api-keys", json={"name": "p", "role": "admin"}, headers=csrf).json()["key"]
    shown = {"Authorization": f"Bearer {secret}"}
    assert client.get("/v1/users", headers=shown).status_code == 200

    come_back(product(resources, provider, role_of_group=groups), provider, "dora", groups=["visitors"])

    assert client.get("/v1/users", headers=shown).status_code == 401


def test_an_address_alone_does_not_make_somebody_the_user_who_has_it(resources: Resources, provider: str) -> None:
    admin = add_person(resources, "admin", name="Root")
    client = product(resources, provider)

    answer = come_back(client, provider, "mallory", groups=["helpers"], email=admin.email, email_verified=True)

    assert answer.headers["Location"] == "/sign-in?problem=email_taken"
    assert client.get("/v1/auth/me").status_code == 401


@pytest.mark.parametrize(("verified", "linked"), [(True, True), (False, False)])
def test_where_the_settings_say_so_a_verified_address_does(
    resources: Resources, provider: str, verified: bool, linked: bool
) -> None:
    known = add_person(resources, "agent", name="Dora")
    client = product(resources, provider, link_by_email=True)

    come_back(
        client, provider, f"dora-{linked}".lower(), groups=["helpers"], email=known.email, email_verified=verified
    )

    assert (client.get("/v1/auth/me").json()["id"] == known.id) is linked


def test_a_disabled_user_does_not_come_in_by_the_provider(
    resources: Resources, provider: str, client: TestClient
) -> None:
    browser = product(resources, provider)
    come_back(browser, provider, "emil", groups=["helpers"])
    user_id = browser.get("/v1/auth/me").json()["id"]
    assert client.patch(f"/v1/users/{user_id}", json={"disabled": True}).status_code == 200

    assert browser.get("/v1/auth/me").status_code == 401
    assert come_back(browser, provider, "emil", groups=["helpers"]).headers["Location"].endswith("no_role")


def test_nobody_finishes_what_another_browser_began(resources: Resources, provider: str) -> None:
    attacker, victim = product(resources, provider), product(resources, provider)
    httpx2.put(f"{provider}/users/eve", json={"groups": ["helpers"]}).raise_for_status()
    start = attacker.get("/v1/auth/oidc/start")
    back = urlsplit(httpx2.post(start.headers["Location"], data={"sub": "eve"}).headers["Location"])

    for browser in (victim, product(resources, provider)):
        if browser is victim:
            browser.get("/v1/auth/oidc/start")
        answer = browser.get(f"{back.path}?{back.query}")
        assert answer.headers["Location"] == "/sign-in?problem=oidc_refused"
        assert browser.get("/v1/auth/me").status_code == 401


def test_a_code_is_good_once(resources: Resources, provider: str) -> None:
    client = product(resources, provider)
    httpx2.put(f"{provider}/users/finn", json={"groups": ["helpers"]}).raise_for_status()
    start = client.get("/v1/auth/oidc/start")
    flow = client.cookies["__Host-support_copilot_oidc"]
    back = urlsplit(httpx2.post(start.headers["Location"], data={"sub": "finn"}).headers["Location"])
    assert client.get(f"{back.path}?{back.query}").headers["Location"] == "/"

    again = client.get(f"{back.path}?{back.query}", headers={"Cookie": f"__Host-support_copilot_oidc={flow}"})
    assert again.headers["Location"] == "/sign-in?problem=oidc_refused"


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/a\nb",
        "javascript:alert(1)",
        "",
    ],
)
def test_it_leads_back_to_this_site_only(resources: Resources, provider: str, target: str) -> None:
    client = product(resources, provider)
    assert client.get("/v1/auth/oidc/start", params={"return_to": target}).status_code == 422

    # Nor when the cookie on the way was changed.
    httpx2.put(f"{provider}/users/gina", json={"groups": ["helpers"]}).raise_for_status()
    start = client.get("/v1/auth/oidc/start")
    flow = client.cookies["__Host-support_copilot_oidc"].partition(".")[0]
    back = urlsplit(httpx2.post(start.headers["Location"], data={"sub": "gina"}).headers["Location"])
    changed = {"Cookie": f"__Host-support_copilot_oidc={flow}.{quote(target, safe='')}"}
    client.cookies.clear()
    assert client.get(f"{back.path}?{back.query}", headers=changed).headers["Location"] == "/"


def test_a_provider_that_is_away_is_said_so(resources: Resources) -> None:
    client = product(resources, f"http://127.0.0.1:{free_port()}")

    answer = client.get("/v1/auth/oidc/start")

    assert (answer.status_code, answer.json()["code"]) == (503, "identity_provider_unavailable")
