"""People for tests: made without the detour over links, signed in over HTTP like everybody."""

from dataclasses import dataclass
from typing import Any

from fastapi.testclient import TestClient

from support_copilot.db.models import User
from support_copilot.identity.passwords import hash_password
from support_copilot.identity.permissions import Role
from support_copilot.identity.users import set_teams
from support_copilot.kit.ids import new_id
from support_copilot.resources import Resources

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
