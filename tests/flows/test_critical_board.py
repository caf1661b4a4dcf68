"""What a board of critical issues says of each, and the topics that people choose from."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from support_copilot.identity.config import IdentityConfig
from support_copilot.resources import Resources
from support_copilot.serve import build_app
from tests.conftest import TEST_LIMITS, TEST_SERVER, StepClock
from tests.flows.outage import burst, link, report
from tests.flows.test_records_issues import stored
from tests.people import add_person, headers_of


def reasons(client: TestClient, **options: Any) -> dict[str, list[str]]:
    answer = client.get("/v1/critical-reasons", **options)
    assert answer.status_code == 200, answer.text
    return {row["issue_id"]: row["reasons"] for row in answer.json()["data"]}


def test_each_critical_issue_says_why_it_is_one(client: TestClient, resources: Resources) -> None:
    breach = report(
        client,
        {"subject": "I see the orders of other customers", "body": "Data breach: I see orders of other customers!"},
        "Ana Example",
    )
    panel = client.get(f"/v1/issues/{breach}/panel").json()["critical"]
    assert panel["value"], panel
    calm = report(client, {"subject": "How do I add a logo?", "body": "Where do I upload it?"}, "Ben Example")
    named = report(client, {"subject": "How do I add a page?", "body": "Where do I start?"}, "Cleo Example")
    client.patch(f"/v1/issues/{named}", json={"severity": "critical"})
    solved = stored(resources, severity="critical", status="resolved")
    imported = stored(resources, "Please help", severity="critical", severity_source="import")

    found = reasons(client)

    assert set(found) == {breach, named, imported}
    assert found[breach] == panel["reasons"]
    assert found[named] == ["a person set the severity to critical"]
    assert found[imported] == ["it came as critical from another desk"]
    assert not {calm, solved} & set(found)
    codes = {row["issue_id"]: row["reasons_code"] for row in client.get("/v1/critical-reasons").json()["data"]}
    assert codes[breach] == panel["reasons_code"]
    assert codes[named] == [{"code": "critical.by_person", "values": {}}]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_who_sees_a_part_is_told_reasons_and_topics_of_that_part(client: TestClient, resources: Resources) -> None:
    own, other = (client.post("/v1/teams", json={"name": name}).json()["id"] for name in ("Own", "Other"))
    ada = add_person(resources, "agent", teams=(own,))
    given = {"severity": "critical", "severity_source": "import", "category_source": "import"}
    hidden = stored(resources, **given, category="hidden_topic")
    shown = stored(resources, **given, category="billing")
    for issue_id, team in ((hidden, other), (shown, own)):
        client.patch(f"/v1/issues/{issue_id}", json={"team_id": team})
    assert set(reasons(client)) == {hidden, shown}
    identity = IdentityConfig(teams_limit_agents=True)
    with TestClient(build_app(resources, TEST_SERVER, limits=TEST_LIMITS, identity=identity)) as limited:
        limited.headers.update(headers_of(limited, ada))
        assert set(reasons(limited)) == {shown}
        assert limited.get("/v1/topics").json()["data"] == [{"value": "billing"}]


def test_an_incident_says_how_many_customers_it_has(client: TestClient, clock: StepClock) -> None:
    issue_ids = burst(client, clock, 3)
    again = report(client, {"subject": "Still down", "body": "The checkout is still down."}, "Ana0 Example")
    assert link(client, [*issue_ids, again])["customers"] == 3


def test_topics_in_use_are_listed_once_by_name(client: TestClient, resources: Resources) -> None:
    for category in ("shipping_labels", "billing", "billing", None):
        stored(resources, category=category)
    client.post("/v1/templates", json={"title": "Refund", "body": "Hello", "language": "en", "category": "refunds"})
    found = [row["value"] for row in client.get("/v1/topics").json()["data"]]
    assert found == ["billing", "refunds", "shipping_labels"]
