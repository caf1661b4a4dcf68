"""Whoever reads people's data in bulk leaves an event in the audit trail."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from support_copilot.identity.access import PERSONAL_LISTS
from support_copilot.resources import Resources
from tests.conftest import authorization
from tests.security.test_audit_of_changes import OPENAPI, OPERATIONS, events_of


@pytest.fixture
def admin(app: FastAPI, resources: Resources) -> Iterator[TestClient]:
    headers = {"Authorization": authorization(resources, "admin")}
    with TestClient(app, raise_server_exceptions=False, headers=headers) as client:
        yield client


LISTS = sorted(
    path
    for method, path, permission in OPERATIONS.values()
    if method == "GET"
    and permission in PERSONAL_LISTS
    and "{" not in path
    and "limit" in {parameter["name"] for parameter in OPENAPI["paths"][path]["get"].get("parameters", [])}
)


@pytest.mark.parametrize("path", LISTS)
def test_reading_people_in_bulk_leaves_an_event(admin: TestClient, resources: Resources, path: str) -> None:
    query = {"q": "labels", "limit": 100}
    answer = admin.get(path, params=query, headers={"X-Request-Id": "the-read"})
    admin.get(path, params={"q": "labels", "limit": 20}, headers={"X-Request-Id": "a-look"})

    assert answer.status_code in (200, 422)
    (event,) = events_of(resources, "the-read")
    assert event.action.endswith(".read_in_bulk")
    assert event.after == {"count": 100}
    assert not events_of(resources, "a-look")


@pytest.mark.parametrize("limit", ["+200", " 200", "200.0", "2_00", "0200"])
def test_a_large_page_is_one_however_its_number_is_written(admin: TestClient, resources: Resources, limit: str) -> None:
    answer = admin.get("/v1/customers", params={"limit": limit}, headers={"X-Request-Id": "the-read"})

    assert answer.status_code == 200
    assert [event.after for event in events_of(resources, "the-read")] == [{"count": 200}]


def test_reading_page_after_page_leaves_an_event_each_time(admin: TestClient, resources: Resources) -> None:
    for _ in range(3):
        admin.post("/v1/customers", json={"name": "Zephyrine"})
    first = admin.get("/v1/customers", params={"limit": 2}).json()

    answer = admin.get(
        "/v1/customers", params={"limit": 2, "cursor": first["next_cursor"]}, headers={"X-Request-Id": "the-next"}
    )

    assert answer.status_code == 200
    assert [event.action for event in events_of(resources, "the-next")] == ["customers.read_in_bulk"]
