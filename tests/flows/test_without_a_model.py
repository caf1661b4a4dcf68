"""Similar issues where there is no embedding model and words alone are searched."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from support_copilot.backends.embedder.none import NoEmbedder
from support_copilot.resources import Resources
from support_copilot.serve import build_app
from tests.conftest import TEST_SERVER, authorization

PAST = (
    (
        "Forklift battery dies",
        "The battery of the forklift dies after an hour of driving.",
        "Clean the terminals with a brush",
    ),
    ("Conveyor jams", "The conveyor jams at the second curve, code CNV-3310.", "Set the belt tension to mark four"),
    ("Order of gloves", "Please send the order of gloves to gate four.", "done"),
)


@pytest.fixture
def client(resources: Resources) -> Iterator[TestClient]:
    app = build_app(replace(resources, embedder=NoEmbedder()), TEST_SERVER)
    with TestClient(app, headers={"Authorization": authorization(resources, "agent")}) as given:
        for subject, body, fix in PAST:
            posted = given.post(
                "/v1/issues", json={"subject": subject, "messages": [{"author": "customer", "body": body}]}
            )
            solved = {"resolution": {"text": fix}}
            assert given.post(f"/v1/issues/{posted.json()['issue']['id']}/resolve", json=solved).status_code < 300
        yield given


def similar(client: TestClient, subject: str, body: str) -> list[dict[str, Any]]:
    answer = client.post("/v1/analyze", json={"subject": subject, "messages": [{"author": "customer", "body": body}]})
    items: list[dict[str, Any]] = answer.json()["similar_issues"]["items"]
    return items


def test_one_word_in_common_makes_no_similar_issue(client: TestClient) -> None:
    assert similar(client, "Order of boots", "Which sizes of boots can we get before winter?") == []


def test_words_in_common_are_shown_as_a_share_of_words(client: TestClient) -> None:
    (found,) = similar(client, "Forklift", "The forklift battery is empty after lunch, twice this week")
    assert found["subject"] == "Forklift battery dies"
    assert found["similarity_of"] == "words"
    assert 0.1 < found["similarity"] < 0.8
    assert "the fix lasted" in found["why"]


def test_an_error_code_alone_finds_the_issue_that_has_it(client: TestClient) -> None:
    (found,) = similar(client, "Stopped", "Display shows CNV-3310")
    assert found["subject"] == "Conveyor jams"


def test_the_same_text_is_nearly_all_of_it(client: TestClient) -> None:
    found = similar(client, PAST[2][0], PAST[2][1])[0]
    assert found["similarity"] > 0.9
    assert "the fix lasted" not in found["why"]
