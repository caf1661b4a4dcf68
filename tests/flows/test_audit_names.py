"""What the ids of the audit trail stand for, told beside them to whoever may know."""

from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import delete

from support_copilot.db.models import Template
from support_copilot.resources import Resources
from tests.conftest import authorization


def report(client: TestClient, subject: str, name: str = "Ana Example") -> dict[str, Any]:
    body = {"subject": subject, "body": "Please help.", "customer": {"name": name, "email": "ana@example.com"}}
    issue: dict[str, Any] = client.post("/v1/issues", json=body).json()["issue"]
    return issue


def event(client: TestClient, headers: dict[str, str] | None = None, **narrow: str) -> dict[str, Any]:
    """The newest event that fits."""
    found: list[dict[str, Any]] = client.get("/v1/audit", params=narrow, headers=headers).json()["data"]
    return found[0]


def test_records_have_their_names_and_what_belongs_to_one_has_its_owner(
    client: TestClient, resources: Resources
) -> None:
    issue = report(client, "The label printer prints blank")
    customer = issue["customer"]["id"]
    client.patch(f"/v1/customers/{customer}", json={"plan": "business"})
    team = client.post("/v1/teams", json={"name": "Billing"}).json()["id"]
    client.patch(f"/v1/issues/{issue['id']}", json={"team_id": team})
    file = client.post("/v1/attachments", data={"issue_id": issue["id"]}, files={"file": ("a.txt", b"words")})
    client.post(f"/v1/attachments/{file.json()['id']}/link")

    edited = event(client, action="issue.edited", target=issue["id"])
    assert edited["records"][issue["id"]] == {
        "kind": "issue", "id": issue["id"], "name": "The label printer prints blank"
    }  # fmt: skip
    assert edited["records"][team] == {"kind": "team", "id": team, "name": "Billing"}
    assert edited["records"][edited["actor"]]["name"] == "local"
    assert event(client, target=customer)["records"][customer]["name"] == "Ana Example · ana@example.com"
    link = event(client, action="attachment.link_made")
    assert link["records"][link["target"]]["id"] == issue["id"]


def test_what_is_gone_has_no_name_and_the_trail_stays_as_it_was_written(
    client: TestClient, resources: Resources
) -> None:
    template = client.post("/v1/templates", json={"title": "Refund", "body": "Done."}).json()["id"]
    assert event(client, target=template)["records"][template]["name"] == "Refund"

    with resources.database.transaction() as session:
        session.execute(delete(Template).where(Template.id == template))

    assert template not in event(client, target=template)["records"]
    exported = client.get("/v1/audit/export").text
    assert template in exported
    assert "records" not in exported
    assert client.get("/v1/audit/verification").json()["whole"] is True


def test_a_key_is_told_only_the_names_that_it_may_read(client: TestClient, resources: Resources) -> None:
    issue = report(client, "The label printer prints blank")
    headers = {"Authorization": authorization(resources, "auditor", scopes=["audit.read", "issues.read"])}

    records = event(client, headers, action="issue.created")["records"]

    assert [one["kind"] for one in records.values()] == ["issue"]
    assert records[issue["id"]]["name"] == "The label printer prints blank"


def test_a_page_of_names_after_the_first_is_in_the_trail(client: TestClient) -> None:
    for number in range(3):
        report(client, f"Printer {number}")
    cursor = client.get("/v1/audit", params={"limit": 2}).json()["next_cursor"]

    client.get("/v1/audit", params={"limit": 2, "cursor": cursor})

    assert event(client)["action"] == "audit.read_in_bulk"
