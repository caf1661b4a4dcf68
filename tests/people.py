"""People for tests: made without the detour over links, signed in over HTTP like everybody."""

from dataclasses import dataclass
from typing import Any

import pyotp
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from support_copilot.db.models import AuditEntry, User
from support_copilot.identity.passwords import hash_password
from support_copilot.identity.permissions import Role
from support_copilot.identity.users import set_teams
from support_copilot.kit.ids import new_id
from support_copilot.resources import Resources
from tests.conftest import StepClock

PASSWORD = "violet-harbour-42-lantern"
_HASH = hash_password(PASSWORD)


@dataclass(frozen=True)
class Person:
    id: str
    email: str

    def credentials(self, **more: Any) -> dict[str, Any]:
        return {"email": self.email, "password": PASSWORD, **more}


def add_person(resources: Resources, role: Role, *, name: str = "Ada", teams: tuple[str, ...] = ()) -> Person:
    """A user with the password ``PASSWORD``."""
    now = resources.clock()
    user = User(id=new_id("user"), name=name, role=role, version=1, created_at=now, updated_at=now)
    user.email, user.password_hash, user.password_changed_at = f"{user.id}@example.com", _HASH, now
    with resources.database.transaction() as session:
        session.add(user)
        session.flush()
        set_teams(session, user.id, teams)
    return Person(user.id, f"{user.id}@example.com")


def tokens_of(client: TestClient, person: Person, **more: Any) -> dict[str, Any]:
    """Sign in as a program does."""
    answer = client.post("/v1/auth/login", json=person.credentials(use="tokens", **more))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["tokens"]
    return found


def headers_of(client: TestClient, person: Person, **more: Any) -> dict[str, str]:
    """Sign in; what later requests show."""
    return {"Authorization": f"Bearer {tokens_of(client, person, **more)['access_token']}"}


def sign_in_browser(client: TestClient, person: Person) -> dict[str, str]:
    """Sign in as a browser does; what its changes show beside the cookie."""
    answer = client.post("/v1/auth/login", json=person.credentials())
    assert answer.status_code == 200, answer.text
    return {"X-CSRF-Token": answer.json()["csrf_token"]}


def log_in(client: TestClient, email: str, password: str, **more: Any) -> tuple[int, str]:
    answer = client.post("/v1/auth/login", json={"email": email, "password": password, "use": "tokens", **more})
    return answer.status_code, answer.json().get("code", "")


def other_place(app: FastAPI, address: str) -> TestClient:
    return TestClient(app, client=(address, 5000), raise_server_exceptions=False)


def actions(resources: Resources) -> list[tuple[str, str, str | None]]:
    with resources.database.read() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.seq))
        return [(row.action, row.outcome, row.reason) for row in rows]


def enrol(client: TestClient, person: Person, clock: StepClock) -> tuple[pyotp.TOTP, list[str]]:
    """Set up a second factor; returns the authenticator and the recovery codes."""
    headers = headers_of(client, person)
    begun = client.post("/v1/auth/totp", json={"password": PASSWORD}, headers=headers)
    assert begun.status_code == 200, begun.text
    totp = pyotp.TOTP(begun.json()["secret"])
    assert totp.provisioning_uri(name=person.email, issuer_name="Support Copilot") == begun.json()["uri"]
    confirmed = client.post("/v1/auth/totp/confirm", json={"code": totp.at(clock())}, headers=headers)
    assert confirmed.status_code == 200, confirmed.text
    clock.advance(seconds=60)
    return totp, confirmed.json()["recovery_codes"]
