"""Figures of one team, in a time zone: what was promised, when issues come, what moves, how right the copilot is."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from support_copilot.db.models import Analysis, Conversation, Team
from support_copilot.identity.config import IdentityConfig
from support_copilot.kit.ids import new_id
from support_copilot.reports.service import trend_of
from support_copilot.resources import Resources
from support_copilot.serve import build_app
from tests.conftest import TEST_LIMITS, TEST_SERVER, StepClock
from tests.flows.reported import NOON, report, stored, suggested
from tests.people import add_person, headers_of


@pytest.fixture(autouse=True)
def _evening(clock: StepClock) -> None:
    clock.now = NOON + timedelta(hours=8)


def team_named(resources: Resources, name: str) -> str:
    now = resources.clock()
    with resources.database.transaction() as session:
        session.add(Team(id=f"tem_{name}", name=name, version=1, created_at=now, updated_at=now))
    return f"tem_{name}"


def analysed(resources: Resources, issue_id: str, at: datetime, **panel: Any) -> None:
    with resources.database.transaction() as session:
        session.add(Analysis(id=new_id("analysis"), issue_id=issue_id, panel=panel, message_count=1, created_at=at))


def test_an_empty_desk_is_told_as_empty(client: TestClient) -> None:
    found = report(client)

    nothing = {"met": 0, "missed": 0, "running": 0}
    assert found["figures"]["promises"] == {"first_response": nothing, "resolution": nothing}
    assert found["arrivals"] == {"counts": [[0] * 24] * 7, "days": [1, 0, 0, 0, 0, 1, 1]}
    assert found["topics"] == {"data": [], "left_out": 0, "comparable": False}
    assert found["groundedness"] == {"read": 0, "grounded": 0, "repaired": 0, "doubtful": 0}
    times = found["forecasts"]["times"]
    assert times == {"compared": 0, "within": 0, "sooner": 0, "later": 0, "expected_share": None}
    assert [step["mean_forecast"] for step in found["forecasts"]["risks"]] == [None] * 5


def test_days_and_hours_are_those_of_the_time_zone(client: TestClient, resources: Resources) -> None:
    stored(resources, datetime(2026, 3, 1, 22, 40, tzinfo=UTC), solved=2)

    there = report(client)
    in_kolkata = report(client, time_zone="Asia/Kolkata")  # half past five ahead: 04:10 on Monday

    assert [day["opened"] for day in there["days"]] == [0, 1, 0]
    assert there["arrivals"]["counts"][6][22] == 1
    assert (in_kolkata["time_zone"], in_kolkata["last_day"]) == ("Asia/Kolkata", "2026-03-03")
    assert [(day["day"], day["opened"], day["resolved"]) for day in in_kolkata["days"]] == [
        ("2026-03-01", 0, 0), ("2026-03-02", 1, 1), ("2026-03-03", 0, 0),
    ]  # fmt: skip
    assert in_kolkata["arrivals"]["counts"][0][4] == 1
    assert in_kolkata["figures"]["opened"] == 1


def test_an_hour_that_comes_twice_loses_nothing(client: TestClient, resources: Resources, clock: StepClock) -> None:
    first = datetime(2025, 10, 26, 0, 5, tzinfo=UTC)  # 02:05 in Berlin, summer time
    stored(resources, first)
    stored(resources, first + timedelta(hours=1))  # 02:05 again

    found = report(client, last_day="2025-10-26", days=1, time_zone="Europe/Berlin")

    assert found["arrivals"]["counts"][6][2] == 2
    assert found["days"][0]["opened"] == found["figures"]["opened"] == 2


@pytest.mark.parametrize("name", ["Nowhere/Land", "../etc/passwd", "Europe", "", "x" * 61])
def test_a_time_zone_that_is_not_known_is_refused(client: TestClient, name: str) -> None:
    answer = client.get("/v1/reports/desk", params={"time_zone": name})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "time_zone"


def test_figures_of_one_team(client: TestClient, resources: Resources) -> None:
    one, two = team_named(resources, "one"), team_named(resources, "two")
    mine = stored(resources, team_id=one, category="billing", severity="high", solved=1, rating=4)
    stored(resources, team_id=two, category="billing")
    stored(resources)
    suggested(resources, mine, "accepted")

    found = report(client, team_id=one)
    without = report(client, team_id="none")

    assert (found["team_id"], found["figures"]["opened"], found["open_now"]) == (one, 1, 0)
    assert found["figures"]["copilot"]["accepted"] == found["figures"]["satisfaction"]["rated"] == 1
    assert [topic["count"] for topic in found["topics"]["data"]] == [1]
    assert sum(map(sum, found["arrivals"]["counts"])) == 1
    assert (without["figures"]["opened"], without["open_now"], without["groundedness"]["read"]) == (1, 1, 0)
    refused = client.get("/v1/reports/desk", params={"team_id": "tem_none"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "team_id")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nobody_asks_for_a_team_that_they_do_not_see(resources: Resources) -> None:
    mine, theirs = team_named(resources, "mine"), team_named(resources, "theirs")
    stored(resources, team_id=theirs)
    agent = add_person(resources, "agent", teams=(mine,))
    app = build_app(resources, TEST_SERVER, limits=TEST_LIMITS, identity=IdentityConfig(teams_limit_agents=True))

    with TestClient(app) as client:
        headers = headers_of(client, agent)
        refused = client.get("/v1/reports/desk", params={"team_id": theirs}, headers=headers)
        own = client.get("/v1/reports/desk", params={"team_id": mine}, headers=headers)

    assert refused.status_code == 422
    assert (own.status_code, own.json()["figures"]["opened"]) == (200, 0)


def test_promises_are_kept_missed_or_not_yet_decided(client: TestClient, resources: Resources) -> None:
    """Critical: half an hour to the first response, four hours to the resolution."""
    stored(resources, severity="critical", answered=0.4, solved=3.9)
    stored(resources, severity="critical", answered=0.6, solved=4.1)
    stored(resources, severity="critical")  # eight hours without a word
    stored(resources, severity="critical", answered=0.1, status="pending")  # the customer's turn
    stored(resources, NOON + timedelta(hours=7.8), severity="critical")
    stored(resources)  # not rated: nothing is promised

    assert report(client)["figures"]["promises"] == {
        "first_response": {"met": 2, "missed": 2, "running": 1},
        "resolution": {"met": 1, "missed": 2, "running": 2},
    }


def test_a_reopened_issue_is_promised_a_resolution_anew(client: TestClient, resources: Resources) -> None:
    issue_id = stored(resources, severity="critical", answered=0.1, solved=7, reopened_count=1)
    with resources.database.transaction() as session:
        for sequence, hours in ((1, 0), (2, 5)):
            started = NOON + timedelta(hours=hours)
            session.add(
                Conversation(id=new_id("conversation"), issue_id=issue_id, sequence=sequence, started_at=started)
            )

    assert report(client)["figures"]["promises"]["resolution"] == {"met": 1, "missed": 0, "running": 0}


def test_topics_that_moved_come_first_and_small_numbers_are_steady(client: TestClient, resources: Resources) -> None:
    past = NOON - timedelta(days=3)
    for category, count, before in (("billing", 12, 2), ("api", 3, 14), ("login", 20, 18), ("tax", 3, 0)):
        for moment, number in ((NOON, count), (past, before)):
            for _ in range(number):
                stored(resources, moment, category=category)

    topics = report(client)["topics"]["data"]

    assert [(one["category"], one["count"], one["before"], one["trend"]) for one in topics] == [
        ("billing", 12, 2, "grew"), ("api", 3, 14, "shrank"), ("login", 20, 18, "steady"), ("tax", 3, 0, "steady"),
    ]  # fmt: skip


@pytest.mark.parametrize(("before", "trend"), [(0, "steady"), (2, "steady"), (3, "grew")])
def test_no_topic_has_moved_where_there_was_next_to_nothing_before(
    client: TestClient, resources: Resources, before: int, trend: str
) -> None:
    for moment, count in ((NOON, 12), (NOON - timedelta(days=3), before)):
        for _ in range(count):
            stored(resources, moment, category="billing")

    topics = report(client)["topics"]

    assert (topics["comparable"], [one["trend"] for one in topics["data"]]) == (trend == "grew", [trend])


@pytest.mark.parametrize(
    ("count", "before", "trend"),
    [(0, 0, "steady"), (9, 0, "steady"), (10, 0, "grew"), (0, 10, "shrank"), (60, 50, "steady"), (75, 50, "grew")],
)
def test_a_change_is_told_once_chance_does_not_make_it(count: int, before: int, trend: str) -> None:
    assert trend_of(count, before) == trend


def test_whether_drafts_stood_on_sources(client: TestClient, resources: Resources) -> None:
    issue_id = stored(resources)
    suggested(resources, issue_id, checks=[("sources", "pass"), ("facts", "pass"), ("tone", "flagged")])
    suggested(resources, issue_id, checks=[("sources", "pass"), ("facts", "fixed")])
    suggested(resources, issue_id, checks=[("sources", "fixed"), ("sources", "flagged")])

    assert report(client)["groundedness"] == {"read": 3, "grounded": 1, "repaired": 1, "doubtful": 1}


def test_forecasts_beside_what_happened(client: TestClient, resources: Resources) -> None:
    def foretold(low: float, high: float, risk: float, **columns: Any) -> str:
        issue_id = stored(resources, **columns)
        times = {"low_hours": low, "high_hours": high, "coverage": 0.8, "model": "times/1"}
        moment = NOON + timedelta(minutes=1)
        analysed(
            resources, issue_id, moment, resolution_time=times, satisfaction_risk={"probability": risk, "model": "m/1"}
        )
        return issue_id

    first = foretold(1, 4, 0.1, solved=2, rating=5)
    foretold(3, 5, 0.9, solved=2, rating=1)
    foretold(0.5, 1, 0.85, solved=2, rating=4)
    foretold(1, 4, 1.0, solved=2)  # not rated
    late = stored(resources, solved=1, rating=1)
    told = {
        "resolution_time": {"low_hours": 1, "high_hours": 2, "model": "times/1"},
        "satisfaction_risk": {"probability": 0.9},
    }
    analysed(resources, late, NOON + timedelta(hours=2), **told)  # after it was resolved: no forecast
    set_by_person = stored(resources, solved=1, rating=1)
    analysed(
        resources, set_by_person, NOON, resolution_time={"low_hours": 1, "high_hours": 2, "model": "agent"},
        satisfaction_risk={"probability": 1.0, "model": "agent"},
    )  # fmt: skip
    analysed(resources, first, NOON + timedelta(hours=1), resolution_time={"low_hours": 9, "high_hours": 10})
    stored(resources, solved=1)

    found = report(client)["forecasts"]

    assert (found["resolved"], found["read"]) == (7, 7)
    assert found["times"] == {"compared": 4, "within": 2, "sooner": 1, "later": 1, "expected_share": 0.8}
    assert [(step["rated"], step["dissatisfied"], step["mean_forecast"]) for step in found["risks"]] == [
        (1, 0, 0.1), (0, 0, None), (0, 0, None), (0, 0, None), (2, 1, 0.875),
    ]  # fmt: skip


def test_figures_of_each_person_in_order_of_their_names(client: TestClient, resources: Resources) -> None:
    zoe = add_person(resources, "agent", name="Zoë")
    done = {"assignee": zoe.id, "answered": 1, "rating": 4}
    issue_id = stored(resources, solved=2, **done)
    stored(resources, solved=4, **done | {"reopened_count": 1})
    stored(resources, solved=9, **done | {"rating": None, "answered": 3})
    stored(resources, assignee="bo from the old desk")
    stored(resources, NOON - timedelta(days=9), assignee="gone", solved=1)
    stored(resources)
    suggested(resources, issue_id, "edited", 0.2)

    found = client.get("/v1/reports/agents", params={"days": 3}).json()

    assert [(row["name"], row["open_now"], row["resolved"]) for row in found["data"]] == [
        ("bo from the old desk", 1, 0), ("Zoë", 0, 3),
    ]  # fmt: skip
    assert found["data"][1] == {
        "assignee": zoe.id, "name": "Zoë", "open_now": 0, "resolved": 3, "reopened": 1,
        "median_first_response_hours": 1.0, "median_resolution_hours": 4.0, "rated": 2, "mean_rating": 4.0,
        "suggestions_used": 1,
    }  # fmt: skip
    assert found["left_out"] == 0


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("role", "status"), [("agent", 403), ("lead", 200), ("auditor", 200)])
def test_figures_of_people_are_for_those_who_answer_for_them(resources: Resources, role: Any, status: int) -> None:
    person = add_person(resources, role)
    with TestClient(build_app(resources, TEST_SERVER, limits=TEST_LIMITS)) as client:
        headers = headers_of(client, person)
        assert client.get("/v1/reports/agents", headers=headers).status_code == status
        assert client.get("/v1/reports/desk", headers=headers).status_code == 200
