"""An outage as the customers of the sample company tell it, for stories about incidents."""

from collections.abc import Sequence
from typing import Any

from fastapi.testclient import TestClient

from support_copilot.connect.sample.writing import families
from tests.conftest import StepClock

FAMILIES = families()
OUTAGE = next(family for family in FAMILIES if family["key"] == "checkout_502")


def report(client: TestClient, ask: dict[str, Any], name: str, **more: Any) -> str:
    customer = {"name": name, "email": f"{name.lower().replace(' ', '.')}@example.com"}
    body = {"subject": ask["subject"], "body": ask["body"], "channel": "email", "customer": customer, **more}
    answer = client.post("/v1/issues", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["issue"]["id"])


def burst(client: TestClient, clock: StepClock, count: int = 5) -> list[str]:
    """The outage as customers of the sample company tell it."""
    asks = [ask for ask in OUTAGE["asks"] if ask["lang"] == "en"]
    found = []
    for number in range(count):
        clock.advance(minutes=7)
        found.append(report(client, asks[number % len(asks)], f"Ana{number} Example"))
    return found


def clusters(client: TestClient, **options: Any) -> list[dict[str, Any]]:
    return list(client.get("/v1/incident-clusters", **options).json()["data"])


def link(client: TestClient, issue_ids: Sequence[str], title: str = "Checkout down", **options: Any) -> dict[str, Any]:
    answer = client.post("/v1/incidents", json={"title": title, "issue_ids": list(issue_ids)}, **options)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())
