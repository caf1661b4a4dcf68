"""Filters of the inbox that people save under a name."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from support_copilot.resources import Resources
from tests.flows.test_inbox import open_issue
from tests.people import add_person, headers_of


def save(client: TestClient, name: str, filters: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    headers = more.pop("headers", {})
    answer = client.post("/v1/views", json={"name": name, "filters": filters or {}, **more}, headers=headers)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def views(client: TestClient, **options: Any) -> list[dict[str, Any]]:
    return list(client.get("/v1/views", **options).json()["data"])


def test_a_view_keeps_filters_and_counts_what_fits(client: TestClient) -> None:
    open_issue(client, severity="high", tags=["billing"])
    open_issue(client, severity="low", tags=["billing"])
    open_issue(client, severity="high", status="resolved", tags=["billing"])
    filters = {"view": "all", "severity": ["high"], "tag": "billing", "sort": "due"}

    saved = save(client, "Urgent billing", filters)

    assert saved["count"] == 1
    assert saved["filters"] == {
        "view": "all", "status": [], "severity": ["high"], "channel": None, "assignee": None, "team_id": None,
        "tag": "billing", "plan": [], "sla": None, "risk": [], "q": None, "sort": "due",
    }  # fmt: skip
    everything = save(client, "Everything solved", {"view": "resolved"})
    assert [(view["name"], view["count"]) for view in views(client)] == [
        ("Urgent billing", 1),
        ("Everything solved", 1),
    ]
    assert everything["mine"] is True


def test_shared_views_are_seen_and_not_changed_by_others(client: TestClient, resources: Resources) -> None:
    ada = headers_of(client, add_person(resources, "agent", name="Ada"))
    hers = save(client, "Of Ada", shared=True, headers=ada)
    save(client, "Hers alone", headers=ada)

    (seen,) = views(client)

    assert (seen["id"], seen["mine"], seen["owner_name"]) == (hers["id"], False, "Ada")
    address = f"/v1/views/{hers['id']}"
    for answer in (client.patch(address, json={"name": "Mine"}), client.delete(address)):
        assert (answer.status_code, answer.json()["code"]) == (404, "saved_view_not_found")
    assert client.patch(address, json={"shared": False}, headers=ada).status_code == 200
    assert views(client) == []


def test_views_of_who_left_are_shared_no_more(client: TestClient, resources: Resources) -> None:
    person = add_person(resources, "agent", name="Ada")
    save(client, "Of Ada", shared=True, headers=headers_of(client, person))
    assert len(views(client)) == 1

    assert client.patch(f"/v1/users/{person.id}", json={"disabled": True}).status_code == 200

    assert views(client) == []


def test_a_view_is_renamed_ordered_and_removed(client: TestClient) -> None:
    one, two, three = (save(client, name)["id"] for name in ("One", "Two", "Three"))
    renamed = client.patch(f"/v1/views/{two}", json={"name": "Second"}, headers={"If-Match": '"1"'})
    assert (renamed.json()["name"], renamed.json()["version"]) == ("Second", 2)
    stale = client.patch(f"/v1/views/{two}", json={"name": "Again"}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412

    ordered = client.put("/v1/view-order", json={"ids": [three, one, two]}).json()["data"]

    assert [view["name"] for view in ordered] == ["Three", "One", "Second"]
    assert client.delete(f"/v1/views/{three}").status_code == 204
    assert [view["name"] for view in views(client)] == ["One", "Second"]
    save(client, "Last")
    assert [view["name"] for view in views(client)] == ["One", "Second", "Last"]


def test_an_order_names_each_view_once(client: TestClient) -> None:
    one = save(client, "One")["id"]
    save(client, "Two")

    for ids in ([one], [one, one], [one, "viw_01j9z3k6w8f5v9m2q4x7c1b0ad"]):
        refused = client.put("/v1/view-order", json={"ids": ids})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "ids")


@pytest.mark.parametrize(
    "body",
    [
        {"name": "", "filters": {}},
        {"name": "x" * 81, "filters": {}},
        {"name": "A", "filters": {"view": "everything"}},
        {"name": "A", "filters": {"secret": 1}},
        {"name": "A", "filters": {"status": ["open"] * 9}},
        {"name": "A"},
    ],
)
def test_a_view_that_cannot_be_is_refused(client: TestClient, body: dict[str, Any]) -> None:
    assert client.post("/v1/views", json=body).status_code == 422


def test_a_person_has_so_many_views_and_no_more(client: TestClient) -> None:
    for number in range(50):
        save(client, f"View {number}")

    refused = client.post("/v1/views", json={"name": "One more", "filters": {}})

    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_views")


def test_an_auditor_reads_views_and_saves_none(client: TestClient, resources: Resources) -> None:
    save(client, "For all", shared=True)
    auditor = headers_of(client, add_person(resources, "auditor"))

    assert [view["name"] for view in views(client, headers=auditor)] == ["For all"]
    assert client.post("/v1/views", json={"name": "A", "filters": {}}, headers=auditor).status_code == 403
