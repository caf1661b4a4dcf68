"""What to take next: the order of a list and why, and narrowing by plan, promise and the risk of a bad rating."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from support_copilot.analysis.risks import RiskEstimates
from support_copilot.db.models import Issue
from support_copilot.identity.config import IdentityConfig
from support_copilot.issues.config import InboxConfig
from support_copilot.resources import Resources
from support_copilot.serve import build_app
from tests.conftest import TEST_SERVER, StepClock
from tests.flows.test_inbox import listed
from tests.people import add_person, headers_of


def opened(client: TestClient, *, plan: str | None = None, risk: float | None = None, **edit: Any) -> str:
    body: dict[str, Any] = {"subject": "Order is late", "body": "Where is my order? Please tell me."}
    if plan:
        body["customer"] = {"name": f"Ana {plan}", "email": f"{plan.lower()}@example.com", "plan": plan}
    issue_id = str(client.post("/v1/issues", json=body).json()["issue"]["id"])
    if edit:
        assert client.patch(f"/v1/issues/{issue_id}", json=edit).status_code == 200
    # Said by a person, so that the test knows what it is.
    said = {"part": "satisfaction_risk", "value": 0.0 if risk is None else risk}
    assert client.post(f"/v1/issues/{issue_id}/corrections", json=said).status_code == 201
    return issue_id


def say(client: TestClient, issue_id: str, author: str, visibility: str = "public") -> None:
    message = {"author": author, "visibility": visibility, "body": "We look into it."}
    assert client.post(f"/v1/issues/{issue_id}/messages", json=message).status_code == 201


def ordered(client: TestClient, query: str = "") -> dict[str, Any]:
    return {issue["id"]: issue for issue in client.get(f"/v1/issues?sort=copilot{query}").json()["data"]}


def parts_of(issue: dict[str, Any]) -> dict[str, int]:
    return {part["part"]: part["points"] for part in issue["order"]["parts"]}


def test_what_is_severe_promised_waited_for_risky_and_paid_for_comes_first(
    client: TestClient, clock: StepClock
) -> None:
    old = opened(client, severity="low")
    clock.advance(hours=30)
    plain = opened(client, severity="low")
    business = opened(client, severity="low", plan="Business")
    risky = opened(client, severity="low", risk=0.9)
    critical = opened(client, severity="critical")
    answered = opened(client, severity="critical", status="pending")
    solved = opened(client, severity="critical", status="resolved")

    issues = ordered(client)

    assert list(issues) == [critical, old, risky, business, plain, answered, solved]
    assert parts_of(issues[critical]) == {"severity": 200, "promise": 40}
    # Broken: a low one was to be answered within a day.
    assert parts_of(issues[old]) == {"promise": 60, "waiting": 30, "severity": 20}
    assert parts_of(issues[risky]) == {"severity": 20, "risk": 36}
    assert parts_of(issues[business]) == {"severity": 20, "plan": 10}
    assert parts_of(issues[answered]) == {"severity": 200, "turn": -500}
    assert parts_of(issues[solved]) == {"severity": 200, "turn": -1000}
    for issue in issues.values():
        points = [part["points"] for part in issue["order"]["parts"]]
        assert issue["order"]["points"] == sum(points)
        assert points == sorted(points, key=abs, reverse=True)
    assert client.get(f"/v1/issues/{old}").json()["order"] is None
    assert client.get("/v1/issues").json()["data"][0]["order"] is None


def test_waiting_counts_for_two_days_and_not_more(client: TestClient, clock: StepClock) -> None:
    issue_id = opened(client, severity="low")
    clock.advance(days=20)

    assert parts_of(ordered(client)[issue_id])["waiting"] == 48


def test_pages_are_of_one_moment_though_time_goes_on(client: TestClient, clock: StepClock) -> None:
    ids = [opened(client, severity=severity) for severity in ("medium", "low", "high", "low", "medium", "high")]
    say(client, ids[4], "agent")
    expected = list(ordered(client))
    seen: list[str] = []
    cursor = ""
    while True:
        page = client.get(f"/v1/issues?sort=copilot&limit=2{cursor}").json()
        seen += [issue["id"] for issue in page["data"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
        # Promises are broken meanwhile, and what is waited for has more points.
        clock.advance(hours=7)

    assert seen == expected
    assert sorted(seen) == sorted(ids)


@pytest.mark.parametrize(
    "cursor", ["abc", ".abc", "12.", "12.abc", "999999999999.WzEsICJpc3NfMSJd", "-5.WzEsICJhIl0", "²³.WzFd"]
)
def test_a_cursor_of_another_list_is_refused(client: TestClient, cursor: str) -> None:
    opened(client)

    answer = client.get("/v1/issues", params={"sort": "copilot", "cursor": cursor})

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "invalid_cursor")


def test_the_customer_waits_from_the_first_message_after_a_reply(client: TestClient, clock: StepClock) -> None:
    issue_id = opened(client, severity="low")

    def waits() -> str | None:
        since: str | None = client.get(f"/v1/issues/{issue_id}").json()["waiting_since"]
        return since

    first = waits()
    assert first == client.get(f"/v1/issues/{issue_id}/messages").json()["data"][0]["created_at"]
    clock.advance(hours=1)
    say(client, issue_id, "customer")
    say(client, issue_id, "agent", "internal")
    assert waits() == first
    say(client, issue_id, "agent")
    assert waits() is None
    clock.advance(hours=1)
    say(client, issue_id, "customer")
    second = waits()
    assert second == client.get(f"/v1/issues/{issue_id}/messages").json()["data"][-1]["created_at"]
    client.patch(f"/v1/issues/{issue_id}", json={"status": "pending"})
    assert waits() is None
    client.patch(f"/v1/issues/{issue_id}", json={"status": "resolved"})
    clock.advance(hours=1)
    say(client, issue_id, "customer")
    third = waits()
    assert third is not None
    assert second is not None
    assert third > second


def test_lists_are_narrowed_by_plan_promise_and_risk(client: TestClient, clock: StepClock) -> None:
    broken = opened(client, plan="Starter", severity="critical", risk=0.5)
    clock.advance(minutes=25)
    soon = opened(client, plan="Business", severity="critical", risk=0.49)
    later = opened(client, plan="Business", severity="low", risk=0.24)
    opened(client, plan="Business", severity="critical", status="pending", risk=0.1)
    nobody = opened(client, severity="high", status="pending", risk=0.7)
    clock.advance(minutes=10)

    assert set(listed(client, "plan=Business&status=open")) == {soon, later}
    assert set(listed(client, "plan=Business&plan=Starter&status=open")) == {broken, soon, later}
    assert listed(client, "plan=Nothing") == []
    assert listed(client, "sla=breached") == [broken]
    assert listed(client, "sla=soon") == [soon]
    assert set(listed(client, "sla=any")) == {broken, soon, later}
    assert set(listed(client, "risk=high")) == {broken, nobody}
    assert listed(client, "risk=medium") == [soon]
    assert set(listed(client, "risk=high&risk=medium")) == {broken, soon, nobody}
    assert list(ordered(client, "&plan=Business&risk=low&sla=any")) == [later]
    assert client.get("/v1/issues/plans").json() == {"data": ["Business", "Starter"]}
    for wrong in ("sla=never", "risk=some", "plan=" + "x" * 61):
        assert client.get(f"/v1/issues?{wrong}").status_code == 422


def test_views_keep_the_filters_and_count_with_them(client: TestClient) -> None:
    opened(client, plan="Business", severity="critical", risk=0.8)
    opened(client, plan="Starter", severity="critical", risk=0.8)
    filters = {"view": "all", "plan": ["Business"], "sla": "any", "risk": ["high"], "sort": "copilot"}

    made = client.post("/v1/views", json={"name": "Take first", "filters": filters})

    assert made.status_code == 201
    kept = client.get("/v1/views").json()["data"][0]
    assert kept["filters"] | filters == kept["filters"]
    assert kept["count"] == 1


def test_who_works_in_a_team_is_told_of_no_other_plans(client: TestClient, resources: Resources) -> None:
    billing, sales = (client.post("/v1/teams", json={"name": name}).json()["id"] for name in ("Billing", "Sales"))
    hidden, seen = opened(client, plan="Hidden"), opened(client, plan="Open")
    assert client.patch(f"/v1/issues/{hidden}", json={"team_id": billing}).status_code == 200
    limited = build_app(resources, TEST_SERVER, identity=IdentityConfig(teams_limit_agents=True))
    with TestClient(limited) as desk:
        kim = headers_of(desk, add_person(resources, "agent", teams=(sales,)))

        assert desk.get("/v1/issues/plans", headers=kim).json()["data"] == ["Open"]
        assert [one["id"] for one in desk.get("/v1/issues?sort=copilot", headers=kim).json()["data"]] == [seen]
        assert desk.get("/v1/issues?plan=Hidden", headers=kim).json()["data"] == []


def test_the_operator_says_what_a_plan_counts(client: TestClient, resources: Resources) -> None:
    gold, other = opened(client, plan="Gold", severity="low"), opened(client, plan="Enterprise", severity="low")
    inbox = InboxConfig(plan_points={"GOLD ": 90})
    app = build_app(resources, TEST_SERVER, inbox=inbox)
    with TestClient(app, headers=dict(client.headers)) as another:
        issues = ordered(another)

    assert list(issues) == [gold, other]
    assert parts_of(issues[gold]) == {"plan": 90, "severity": 20}
    assert parts_of(issues[other]) == {"severity": 20}


def test_what_an_import_brought_is_estimated_a_few_at_a_time(client: TestClient, resources: Resources) -> None:
    ids = [opened(client) for _ in range(41)]
    solved = opened(client, status="resolved")
    with resources.database.transaction() as session:
        session.execute(update(Issue).values(rating_risk=None))
    before = {one["id"]: one["version"] for one in client.get("/v1/issues?limit=200").json()["data"]}
    estimates = RiskEstimates(resources)

    assert [estimates.run() for _ in range(4)] == [40, 1, 0, 0]

    after = {one["id"]: one for one in client.get("/v1/issues?limit=200").json()["data"]}
    # As if a person had said it: these were corrected before.
    assert {after[each]["satisfaction_risk"] for each in ids} == {"low"}
    assert after[solved]["satisfaction_risk"] is None
    assert {each: one["version"] for each, one in after.items()} == before
