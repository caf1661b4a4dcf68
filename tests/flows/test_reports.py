"""Figures of the desk: counted by the database, over a period, of what the caller sees."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client import CollectorRegistry

from support_copilot.backends.llm.config import LlmConfig
from support_copilot.backends.llm.open import open_llm
from support_copilot.db.models import ModelUsage, Team
from support_copilot.identity.config import IdentityConfig
from support_copilot.resources import Resources
from support_copilot.serve import build_app
from tests.conftest import TEST_LIMITS, TEST_SERVER, StepClock
from tests.flows.modelled import client_of
from tests.flows.reported import NOON, report, stored, suggested
from tests.people import add_person, headers_of


@pytest.fixture(autouse=True)
def _evening(clock: StepClock) -> None:
    clock.now = NOON + timedelta(hours=8)


def test_nothing_is_counted_where_nothing_is(client: TestClient) -> None:
    found = report(client)

    assert (found["first_day"], found["last_day"], found["open_now"]) == ("2026-02-28", "2026-03-02", 0)
    assert [day["day"] for day in found["days"]] == ["2026-02-28", "2026-03-01", "2026-03-02"]
    assert found["figures"]["resolution"] == {"count": 0, "median_hours": None, "p90_hours": None}
    assert found["figures"]["satisfaction"] == {"rated": 0, "mean": None, "counts": [0, 0, 0, 0, 0]}
    assert found["channels"] == []


def test_issues_are_counted_by_the_day_and_beside_the_days_before(client: TestClient, resources: Resources) -> None:
    stored(resources)
    stored(resources, NOON - timedelta(days=2), solved=30)
    stored(resources, NOON - timedelta(days=4), solved=24)
    stored(resources, NOON - timedelta(days=30))

    found = report(client)

    assert [(day["opened"], day["resolved"]) for day in found["days"]] == [(1, 0), (0, 1), (1, 0)]
    assert (found["figures"]["opened"], found["figures"]["resolved"]) == (2, 1)
    assert (found["before"]["opened"], found["before"]["resolved"]) == (1, 1)
    assert found["open_now"] == 2


def test_a_day_ends_at_midnight_of_utc(client: TestClient, resources: Resources) -> None:
    midnight = datetime(2026, 3, 2, tzinfo=UTC)
    stored(resources, midnight)
    stored(resources, midnight - timedelta(microseconds=1))

    found = report(client, days=1)

    assert (found["figures"]["opened"], found["before"]["opened"]) == (1, 1)


def test_times_are_the_nearest_rank_of_what_was_measured(client: TestClient, resources: Resources) -> None:
    for hours in (0.5, 1, 2, 3, 4, 5, 6, 7, 30, 100):
        stored(resources, NOON - timedelta(days=1), answered=hours / 10, solved=hours / 10)
    stored(resources)

    found = report(client)

    assert found["figures"]["first_response"] == {"count": 10, "median_hours": 0.4, "p90_hours": 3.0}
    assert found["figures"]["resolution"] == {"count": 10, "median_hours": 0.4, "p90_hours": 3.0}
    assert [(span["under_hours"], span["count"]) for span in found["first_response_spans"]] == [
        (1.0, 8), (4.0, 1), (8.0, 0), (24.0, 1), (72.0, 0), (None, 0),
    ]  # fmt: skip
    assert sum(span["count"] for span in found["resolution_spans"]) == 10


def test_severity_channel_and_satisfaction(client: TestClient, resources: Resources) -> None:
    stored(resources, severity="critical", channel="chat", solved=1, rating=5)
    stored(resources, severity="low", solved=2, rating=2, reopened_count=1)
    stored(resources, channel="chat")

    found = report(client)

    assert {one["severity"]: one["count"] for one in found["severities"]} == {
        "critical": 1, "high": 0, "medium": 0, "low": 1, None: 1,
    }  # fmt: skip
    assert found["channels"] == [{"channel": "chat", "count": 2}, {"channel": "email", "count": 1}]
    assert found["figures"]["satisfaction"] == {"rated": 2, "mean": 3.5, "counts": [0, 1, 0, 0, 1]}
    assert found["figures"]["reopened"] == 1


def test_what_the_copilot_was_good_for(client: TestClient, resources: Resources) -> None:
    first, second = stored(resources), stored(resources)
    for outcome, distance in (("accepted", 0.0), ("edited", 0.2), ("edited", 0.4), ("rejected", None), (None, None)):
        suggested(resources, first, outcome, distance)
    suggested(resources, second, "rejected")

    assert report(client)["figures"]["copilot"] == {
        "suggested": 6, "accepted": 1, "edited": 2, "rejected": 2, "unanswered": 1, "issues": 1,
        "mean_edit_distance": 0.3,
    }  # fmt: skip


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_figures_are_of_what_the_caller_sees(resources: Resources) -> None:
    now = resources.clock()
    with resources.database.transaction() as session:
        session.add_all([Team(id=f"tem_{name}", name=name, version=1, created_at=now, updated_at=now) for name in "ab"])
    theirs = stored(resources, team_id="tem_b", answered=1, solved=2, rating=1, severity="critical")
    stored(resources, team_id="tem_a", answered=3)
    suggested(resources, theirs, "accepted", 0.0)
    agent, lead = add_person(resources, "agent", teams=("tem_a",)), add_person(resources, "lead")
    app = build_app(resources, TEST_SERVER, limits=TEST_LIMITS, identity=IdentityConfig(teams_limit_agents=True))

    with TestClient(app) as client:
        mine = client.get("/v1/reports/desk", headers=headers_of(client, agent)).json()
        everything = client.get("/v1/reports/desk", headers=headers_of(client, lead)).json()

    assert (mine["figures"]["opened"], mine["figures"]["resolved"], mine["open_now"]) == (1, 0, 1)
    assert mine["figures"]["first_response"] == {"count": 1, "median_hours": 3.0, "p90_hours": 3.0}
    assert mine["figures"]["copilot"]["suggested"] == mine["figures"]["satisfaction"]["rated"] == 0
    assert all(one["count"] == 0 for one in mine["severities"] if one["severity"] == "critical")
    assert (everything["figures"]["opened"], everything["figures"]["copilot"]["accepted"]) == (2, 1)


@pytest.mark.parametrize(
    "query",
    [
        {"days": 0},
        {"days": 367},
        {"days": "x"},
        {"last_day": "2026-13-01"},
        {"last_day": "1999-12-31"},
        {"last_day": "2026-03-09"},
    ],
)
def test_a_period_that_cannot_be_is_refused(client: TestClient, query: dict[str, Any]) -> None:
    answer = client.get("/v1/reports/desk", params=query)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] in query


def test_without_a_model_nothing_was_spent(client: TestClient) -> None:
    found = client.get("/v1/reports/models").json()

    assert {task["model"] for task in found["tasks"]} == {None}
    assert (found["daily_usd"], found["spent_today_usd"], found["total"]["calls"]) == (None, 0.0, 0)
    assert (found["by_day"], found["by_user"]) == ([], [])


def test_calls_and_their_cost_are_told_beside_the_limits(resources: Resources) -> None:
    ada = add_person(resources, "agent")
    usage = {"provider": "main", "failed_calls": 1, "input_tokens": 900, "cached_input_tokens": 0, "output_tokens": 80}
    yesterday = NOON.date() - timedelta(days=1)
    with resources.database.transaction() as session:
        session.add_all(
            [
                ModelUsage(day=NOON.date(), task="reply", user_id=ada.id, calls=3, cost_micros=250_000, **usage),
                ModelUsage(day=yesterday, task="summary", user_id="", calls=2, cost_micros=500_000, **usage),
                ModelUsage(day=date(2025, 1, 1), task="reply", user_id="", calls=9, cost_micros=9_000_000, **usage),
            ]
        )
    prices = {"input_usd_per_million": 1, "output_usd_per_million": 2}
    main = {"kind": "openai", "model": "stand-in-1", "base_url": "http://127.0.0.1:9", **prices}
    config = LlmConfig.model_validate(
        {
            "kind": "openai",
            "providers": {"main": main},
            "budget": {"daily_usd": "5"},
            "tasks": {"reply": {"daily_usd": "2"}},
        }
    )
    model = open_llm(config, CollectorRegistry(), resources.database, resources.clock)
    with client_of(replace(resources, llm=model), "admin") as client:
        found = client.get("/v1/reports/models", params={"days": 7}).json()
    model.close()

    tasks = {task["task"]: task for task in found["tasks"]}
    assert (tasks["reply"]["model"], tasks["reply"]["daily_usd"]) == ("stand-in-1", 2.0)
    assert (found["daily_usd"], found["spent_today_usd"]) == (5.0, 0.25)
    assert found["total"] == {"calls": 5, "failed": 2, "read_tokens": 1800, "written_tokens": 160, "cost_usd": 0.75}
    assert [(one["id"], one["cost_usd"]) for one in found["by_task"]] == [("summary", 0.5), ("reply", 0.25)]
    assert [one["id"] for one in found["by_day"]] == [str(yesterday), str(NOON.date())]
    assert [one["name"] for one in found["by_user"]] == ["", "Ada"]
