"""What is asked often and stands in no article, and the article that is drafted from how such issues were solved."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from support_copilot.db.models import Issue, Team
from support_copilot.identity.config import IdentityConfig
from support_copilot.knowledge import gaps
from support_copilot.resources import Resources
from support_copilot.serve import build_app
from tests.conftest import TEST_LIMITS, TEST_SERVER, StepClock
from tests.flows.reported import NOON, stored, suggested
from tests.flows.test_article_versions import article
from tests.people import add_person, headers_of

NO_SOURCE = [("sources", "flagged")]
RING = "Turn the brass ring of the brewer a quarter to the left, then descale it and rinse it twice."
TANK = "Empty the water tank, dry the seal with a cloth and put the tank back until it clicks."


@pytest.fixture(autouse=True)
def _evening(clock: StepClock) -> None:
    clock.now = NOON + timedelta(hours=8)


def found(client: TestClient) -> dict[str, Any]:
    answer = client.get("/v1/knowledge/gaps")
    assert answer.status_code == 200, answer.text
    report: dict[str, Any] = answer.json()
    return report


def solved(client: TestClient, subject: str, fix: str, **given: object) -> str:
    body = {"subject": subject, "body": f"{subject}. What can I do about that?", **given}
    issue_id = str(client.post("/v1/issues", json=body).json()["issue"]["id"])
    assert client.post(f"/v1/issues/{issue_id}/resolve", json={"resolution": {"text": fix}}).status_code == 200
    return issue_id


def test_topics_are_told_by_drafts_without_a_source(client: TestClient, resources: Resources) -> None:
    kept = article(client)["id"]
    billing = [stored(resources, NOON + timedelta(minutes=at), category="billing") for at in range(4)]
    for issue_id in billing[:3]:
        suggested(resources, issue_id, checks=NO_SOURCE)
    suggested(resources, billing[3], articles=[kept])
    suggested(resources, stored(resources, category="shipping"), checks=NO_SOURCE)

    report = found(client)
    (gap,) = report["data"]  # of one alone nobody says that it is asked often
    counted = [gap[name] for name in ("topic", "issues", "uncovered", "without_source", "without_article", "solved")]
    assert counted == ["billing", 4, 3, 3, 0, 0]
    assert [each["id"] for each in gap["examples"]] == billing[2::-1]
    assert gap["last_at"] == "2026-03-02T12:02:00Z"
    assert (report["read"], report["judged"], report["complete"]) == (5, 5, True)


def test_the_newest_draft_counts_and_what_is_old_does_not(
    client: TestClient, resources: Resources, clock: StepClock
) -> None:
    first, second = stored(resources, category="billing"), stored(resources, category="billing")
    for issue_id in (first, second):
        suggested(resources, issue_id, checks=NO_SOURCE)
    clock.now += timedelta(days=gaps.LOOK_BACK_DAYS + 1)
    assert found(client)["data"] == []


def test_issues_that_no_article_is_near_are_a_gap_and_near_ones_are_not(client: TestClient, clock: StepClock) -> None:
    subjects = ["The brewer leaks below the tank", "Water runs out of the brewer", "The brewer drips at night"]
    for subject in subjects:
        solved(client, subject, RING)
    before = {gap["topic"]: gap["without_article"] for gap in found(client)["data"]}
    assert sum(before.values()) == len(subjects)
    article(client, title="The brewer leaks", body="Water runs out below the tank of the brewer and it drips at night.")
    clock.now += timedelta(seconds=61)
    assert found(client)["data"] == []


def test_examples_are_solved_issues_about_the_same(client: TestClient, resources: Resources) -> None:
    leaks = [
        solved(client, subject, RING) for subject in ("The brewer leaks", "My brewer leaks", "The brewer leaks again")
    ]
    other = solved(client, "Where is the invoice of March?", TANK)
    with resources.database.transaction() as session:
        for row in session.scalars(select(Issue)):
            row.category = "brewers"
    (gap,) = found(client)["data"]
    assert [each["id"] for each in gap["examples"]] == [*reversed(leaks), other]
    assert gap["solved"] == 4
    assert [each["typical"] for each in gap["examples"]] == [True, True, True, False]
    assert gap["draft"] is None
    drafted = client.post("/v1/knowledge/articles/from-issues", json={"issue_ids": leaks}).json()["article"]
    (gap,) = found(client)["data"]
    assert gap["draft"] == {"id": drafted["id"], "title": drafted["title"]}


def test_more_issues_than_are_read_are_said_to_be_there(
    client: TestClient, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gaps, "MOST_ISSUES", 2)
    for _ in range(3):
        suggested(resources, stored(resources, category="billing"), checks=NO_SOURCE)
    report = found(client)
    assert (report["data"][0]["issues"], report["read"], report["complete"]) == (2, 2, False)


def test_issues_of_other_teams_are_neither_counted_nor_shown_nor_learned_from(
    client: TestClient, resources: Resources
) -> None:
    now = resources.clock()
    with resources.database.transaction() as session:
        session.add(Team(id="tem_other", name="Other", version=1, created_at=now, updated_at=now))
    for team in ("tem_other", "tem_other", None, None):
        suggested(resources, stored(resources, team_id=team, category="billing"), checks=NO_SOURCE)
    agent = add_person(resources, "agent")
    app = build_app(resources, TEST_SERVER, limits=TEST_LIMITS, identity=IdentityConfig(teams_limit_agents=True))
    with TestClient(app) as desk:
        (gap,) = desk.get("/v1/knowledge/gaps", headers=headers_of(desk, agent)).json()["data"]
    assert (gap["issues"], gap["uncovered"], len(gap["examples"])) == (2, 2, 2)
    assert found(client)["data"][0]["issues"] == 4


def test_an_article_is_drafted_from_how_issues_were_solved(client: TestClient) -> None:
    customer = {"name": "Zephyrine Quill", "email": "zephyrine@example.com"}
    ids = [
        solved(client, "The brewer leaks below the tank", RING, customer=customer),
        solved(client, "Water runs out of the brewer", TANK),
        solved(client, "The brewer drips at night", RING),
        solved(client, "Refund please", "Done."),
    ]
    once = {"Idempotency-Key": "k"}
    answer = client.post("/v1/knowledge/articles/from-issues", json={"issue_ids": ids}, headers=once)
    assert answer.status_code == 201, answer.text
    made, used = answer.json()["article"], answer.json()["used_issue_ids"]
    assert (made["status"], used, made["source_issue_ids"]) == ("draft", ids[:3], ids[:3])
    assert made["body"].count("brass ring") == 1
    assert "dry the seal" in made["body"]
    assert [line for line in made["body"].splitlines() if line.startswith("#")] == ["## Problem", "## Solution"]
    assert "Zephyrine" not in made["title"] + made["body"]
    again = client.post("/v1/knowledge/articles/from-issues", json={"issue_ids": ids}, headers=once)
    assert again.json()["article"]["id"] == made["id"]


def test_what_a_customer_keeps_from_models_is_kept_from_them_in_the_article(client: TestClient) -> None:
    quiet = {"email": "quiet@example.com", "language_model_allowed": False}
    ids = [solved(client, "The brewer leaks", RING, customer=quiet), solved(client, "The tank drips", TANK)]
    made = client.post("/v1/knowledge/articles/from-issues", json={"issue_ids": ids}).json()["article"]
    assert made["language_model_allowed"] is False


@pytest.mark.parametrize(
    ("ids", "status", "code"),
    [
        ([], 422, "invalid_request"), (["x"] * 6, 422, "invalid_request"),
        (["iss_01j9z3k6w8f5v9m2q4x7c1b0ad"], 404, "issue_not_found"), (["x"], 404, "issue_not_found"),
    ],
)  # fmt: skip
def test_wrong_issues_are_refused(client: TestClient, ids: list[str], status: int, code: str) -> None:
    answer = client.post("/v1/knowledge/articles/from-issues", json={"issue_ids": ids})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_nothing_is_drafted_where_nothing_was_solved(client: TestClient, resources: Resources) -> None:
    answer = client.post("/v1/knowledge/articles/from-issues", json={"issue_ids": [stored(resources)]})
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_learn")
    assert client.get("/v1/knowledge/articles").json()["data"] == []
