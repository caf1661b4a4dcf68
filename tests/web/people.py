"""Colleagues of the person whose link the server printed."""

import itertools
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page, StorageState

from tests.web.server import Running

PASSWORD = "violet-harbour-42-lantern"
_numbers = itertools.count(1)
_ASK = """async ([method, path, body]) => {
    const me = await (await fetch('/v1/auth/me')).json()
    const answer = await fetch(path, {method, body: JSON.stringify(body),
        headers: {'Content-Type': 'application/json', 'X-CSRF-Token': me.csrf_token}})
    return answer.status === 204 ? null : answer.json()
}"""


def ask(page: Page, method: str, path: str, body: object) -> dict[str, object]:
    """What the API answers to whoever is signed in on the page."""
    answer: dict[str, object] = page.evaluate(_ASK, [method, path, body])
    return answer


def new_issue(page: Page, subject: str) -> str:
    """The id of an issue that a customer reports while the page is open."""
    body = {"subject": subject, "body": "The dashboard stays grey.", "customer": {"name": "Ana Example"}}
    made: Any = ask(page, "POST", "/v1/issues", body)
    return str(made["issue"]["id"])


@dataclass(frozen=True)
class Colleague:
    """Somebody who has set the password ``PASSWORD``."""

    id: str
    name: str
    email: str


def invite(admin: Page, role: str = "agent", name: str = "Robin Weber") -> Colleague:
    """Add a person, as the administrator of this page, and set their password by the link of the answer."""
    email = f"{name.split(maxsplit=1)[0].lower()}.{next(_numbers)}@example.com"
    made: Any = ask(admin, "POST", "/v1/users", {"email": email, "name": name, "role": role})
    token = made["password_link"]["link"].partition("#token=")[2]
    answer = admin.request.post("/v1/auth/password/reset", data={"token": token, "password": PASSWORD})
    assert answer.ok, answer.text()
    return Colleague(made["user"]["id"], name, email)


def sign_in_as(page: Page, person: Colleague) -> None:
    """Sign a fresh browser in; the page itself stays where it is."""
    answer = page.request.post("/v1/auth/login", data={"email": person.email, "password": PASSWORD, "use": "cookie"})
    assert answer.ok, answer.text()


def sign_in_colleague(browser: Browser, server: Running, admin: Page, name: str, role: str = "agent") -> StorageState:
    """The cookies of a new user, made by the administrator who is signed in on the page."""
    person = invite(admin, role, name)
    context = browser.new_context(base_url=server.address)
    sign_in_as(context.new_page(), person)
    state = context.storage_state()
    context.close()
    return {"cookies": state["cookies"], "origins": []}
