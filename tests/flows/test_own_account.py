"""What people keep about themselves: signature and notifications."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from support_copilot.db.models import AuditEntry
from support_copilot.resources import Resources
from tests.people import add_person, headers_of

EVERYTHING = ["assigned", "reply", "critical", "mention"]


def me(client: TestClient, headers: dict[str, str]) -> dict[str, Any]:
    return dict(client.get("/v1/auth/me", headers=headers).json()["account"])


def test_a_signature_and_what_one_is_told_of_are_kept_for_each_person(client: TestClient, resources: Resources) -> None:
    ada, bo = (headers_of(client, add_person(resources, "agent", name=name)) for name in ("Ada", "Bo"))
    assert (me(client, ada)["signature"], me(client, ada)["notifications"]) == ("", EVERYTHING)

    kept = client.patch("/v1/auth/me", json={"signature": " Ada Example\nSupport "}, headers=ada)
    client.patch("/v1/auth/me", json={"notifications": ["critical", "reply", "reply"]}, headers=ada)

    assert (kept.status_code, kept.json()["name"]) == (200, "Ada")
    assert (me(client, ada)["signature"], me(client, ada)["notifications"]) == (
        "Ada Example\nSupport", ["reply", "critical"],
    )  # fmt: skip
    assert (me(client, bo)["signature"], me(client, bo)["notifications"]) == ("", EVERYTHING)
    client.patch("/v1/auth/me", json={"signature": "", "notifications": []}, headers=ada)
    assert (me(client, ada)["signature"], me(client, ada)["notifications"]) == ("", [])


def test_the_trail_names_what_was_changed_and_not_the_words(client: TestClient, resources: Resources) -> None:
    ada = headers_of(client, add_person(resources, "agent"))

    client.patch("/v1/auth/me", json={"signature": "Zephyrine"}, headers=ada)

    with resources.database.read() as session:
        entry = session.scalar(select(AuditEntry).where(AuditEntry.action == "user.edited"))
    assert (entry.changed, entry.after) == (["signature"], {})


@pytest.mark.parametrize(
    "body",
    [
        {"signature": "x" * 2001}, {"signature": None}, {"notifications": ["everything"]}, {"notifications": None},
        {"notifications": ["reply"] * 5}, {"name": ""}, {"role": "admin"},
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused(client: TestClient, resources: Resources, body: dict[str, Any]) -> None:
    ada = headers_of(client, add_person(resources, "agent"))

    assert client.patch("/v1/auth/me", json=body, headers=ada).status_code == 422
