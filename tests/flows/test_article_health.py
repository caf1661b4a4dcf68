"""How articles do: drafts that stood on them, what became of those, and what may be out of date."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from support_copilot.db.models import Team
from support_copilot.identity.config import IdentityConfig
from support_copilot.knowledge import health
from support_copilot.knowledge.articles import note_contradiction
from support_copilot.resources import Resources
from support_copilot.serve import build_app
from tests.conftest import TEST_LIMITS, TEST_SERVER, StepClock
from tests.flows.reported import NOON, stored, suggested
from tests.flows.test_article_versions import article
from tests.people import add_person, headers_of


@pytest.fixture(autouse=True)
def _evening(clock: StepClock) -> None:
    clock.now = NOON + timedelta(hours=8)


def page(client: TestClient, **query: Any) -> dict[str, Any]:
    answer = client.get("/v1/knowledge/health", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def titles(client: TestClient, **query: Any) -> list[str]:
    return [row["title"] for row in page(client, **query)["data"]]


def test_drafts_are_counted_with_what_agents_and_customers_made_of_them(
    client: TestClient, resources: Resources
) -> None:
    used, other = article(client)["id"], article(client, title="Never used")["id"]
    for rating, outcome in ((5, "accepted"), (2, "edited"), (None, "accepted"), (5, "rejected"), (4, None)):
        suggested(resources, stored(resources, rating=rating), outcome, articles=[used, used])
    suggested(resources, stored(resources), "accepted")

    found = page(client, article_id=used)
    (row,) = found["data"]
    counted = [row[name] for name in ("drafts", "kept", "rejected", "rated", "satisfied")]
    assert (counted, row["last_used_at"]) == ([5, 3, 1, 2, 1], "2026-03-02T12:00:00Z")
    assert (found["days"], found["drafts_read"], found["complete"]) == (90, 6, True)
    assert [row["id"] for row in page(client, state="unused")["data"]] == [other]
    assert titles(client, sort="used") == ["Reset a lost password", "Never used"]


def test_drafts_of_long_ago_and_beyond_what_is_read_are_not_counted(
    client: TestClient, resources: Resources, clock: StepClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = article(client)["id"]
    for _ in range(3):
        suggested(resources, stored(resources), articles=[kept])
    monkeypatch.setattr(health, "MOST_DRAFTS", 2)
    found = page(client)
    assert (found["data"][0]["drafts"], found["drafts_read"], found["complete"]) == (2, 2, False)
    clock.now += timedelta(days=health.USED_DAYS + 1)
    assert page(client)["data"][0]["drafts"] == 0


def test_what_nobody_changed_for_long_or_what_is_spoken_against_is_stale(
    client: TestClient, resources: Resources, clock: StepClock
) -> None:
    old, draft = article(client, title="Old"), article(client, title="Draft", status="draft")
    clock.now += timedelta(days=100)
    disputed = article(client, title="Disputed")
    with resources.database.transaction() as session:
        note_contradiction(session, disputed["id"], "iss_1", "res_1", "A newer fix differs.", now=clock.now)

    assert titles(client, sort="oldest") == ["Old", "Draft", "Disputed"]
    assert titles(client, state="stale") == ["Disputed"]
    assert titles(client, state="stale", stale_days=90) == ["Disputed", "Old"]
    assert titles(client, state="contradicted") == ["Disputed"]
    assert titles(client, status="draft") == [draft["title"]]
    client.patch(f"/v1/knowledge/articles/{old['id']}", json={"status": "published"})
    assert titles(client, state="stale", stale_days=90) == ["Disputed"]


def test_pages_go_on_where_they_stopped(client: TestClient) -> None:
    for number in range(5):
        article(client, title=f"Article {number}")
    first = page(client, limit=2)
    second = page(client, limit=2, cursor=first["next_cursor"])
    third = page(client, limit=2, cursor=second["next_cursor"])
    rows = [row["title"] for part in (first, second, third) for row in part["data"]]
    assert rows == [f"Article {number}" for number in (4, 3, 2, 1, 0)]
    assert third["next_cursor"] is None


@pytest.mark.parametrize(
    "query", [{"cursor": "x"}, {"sort": "x"}, {"state": "x"}, {"stale_days": 0}, {"limit": 201}, {"status": "x"}]
)
def test_what_cannot_be_asked_is_refused(client: TestClient, query: dict[str, Any]) -> None:
    assert client.get("/v1/knowledge/health", params=query).status_code == 422


def test_drafts_and_contradictions_of_other_teams_are_not_told(resources: Resources, client: TestClient) -> None:
    kept, now = article(client), resources.clock()
    with resources.database.transaction() as session:
        session.add(Team(id="tem_other", name="Other", version=1, created_at=now, updated_at=now))
    suggested(resources, foreign := stored(resources, team_id="tem_other"), articles=[kept["id"]])
    suggested(resources, stored(resources), articles=[kept["id"]])
    with resources.database.transaction() as session:
        note_contradiction(session, kept["id"], foreign, "res_1", "A newer fix differs.", now=now)
    agent = add_person(resources, "agent")
    limited = build_app(resources, TEST_SERVER, limits=TEST_LIMITS, identity=IdentityConfig(teams_limit_agents=True))
    with TestClient(limited) as desk:
        (row,) = desk.get("/v1/knowledge/health", headers=headers_of(desk, agent)).json()["data"]
    assert (row["drafts"], row["contradictions"], row["stale"]) == (1, 0, False)
    (row,) = page(client)["data"]
    assert (row["drafts"], row["contradictions"], row["stale"]) == (2, 1, True)
