"""What cannot be checked is not let in, and what cannot be written down is not done."""

import io
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from support_copilot.kit.log import configure_logging
from support_copilot.resources import Resources
from tests.people import add_person


@pytest.fixture(params=["sqlite"])
def database(database: object) -> object:
    """The store is broken on purpose, which one database is enough to show."""
    return database


@pytest.fixture(autouse=True)
def _log(monkeypatch: pytest.MonkeyPatch) -> None:
    """Failures are logged by place, as the product does."""
    monkeypatch.setattr("sys.stderr", io.StringIO())
    configure_logging("error", "json")


def spoil(resources: Resources, statement: str) -> None:
    with resources.database.transaction() as session:
        session.execute(text(statement))


@pytest.mark.parametrize("table", ["api_keys", "api_key_secrets"])
def test_who_cannot_be_looked_up_is_not_let_in(client: TestClient, resources: Resources, table: str) -> None:
    assert client.get("/v1/issues").status_code == 200
    spoil(resources, f"ALTER TABLE {table} RENAME TO gone")

    answer = client.get("/v1/issues")

    assert answer.status_code >= 500
    assert "data" not in answer.json()


CHANGES: tuple[tuple[str, str, dict[str, Any] | None], ...] = (
    ("POST", "/v1/issues", {"subject": "Labels", "body": "Blank"}),
    ("POST", "/v1/customers", {"email": "ana@example.com"}),
    ("POST", "/v1/users", {"email": "bo@example.com", "name": "Bo", "role": "admin"}),
    ("POST", "/v1/api-keys", {"name": "x", "role": "admin"}),
    ("PUT", "/v1/privacy/retention", {"rules": {"conversations": 1}}),
    ("POST", "/v1/knowledge/articles", {"title": "Printer", "body": "Restart it."}),
    ("GET", "/v1/customers?limit=200", None),
    ("GET", "/v1/audit/export", None),
)


def test_what_cannot_be_written_down_is_not_done(client: TestClient, resources: Resources) -> None:
    person = add_person(resources, "agent")
    lists = ("/v1/issues", "/v1/customers", "/v1/users", "/v1/api-keys", "/v1/knowledge/articles")
    before = [client.get(path).json()["data"] for path in lists]
    spoil(resources, "ALTER TABLE audit_events RENAME TO gone")

    answers = {path: client.request(method, path, json=body) for method, path, body in CHANGES}
    signed_in = client.post("/v1/auth/login", json=person.credentials())

    assert {path: answer.status_code >= 500 for path, answer in answers.items()} == dict.fromkeys(answers, True)
    assert signed_in.status_code >= 500
    assert "Set-Cookie" not in signed_in.headers
    after = [client.get(path).json()["data"] for path in lists]
    assert [[row["id"] for row in rows] for rows in after] == [[row["id"] for row in rows] for rows in before]
    assert {rule["days"] for rule in client.get("/v1/privacy/retention").json()["rules"]} <= {None, 7, 30}
