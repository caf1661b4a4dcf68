"""What an imported archive may and may not say about an issue of today."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from support_copilot.connect.importer import ImportPlan, import_file
from support_copilot.resources import Resources
from support_copilot.retrieval.embedding import embed_waiting
from support_copilot.serve import build_app
from tests.conftest import TEST_SERVER, authorization


@pytest.fixture
def client(resources: Resources) -> Iterator[TestClient]:
    headers = {"Authorization": authorization(resources, "admin")}
    with TestClient(build_app(resources, TEST_SERVER), raise_server_exceptions=False, headers=headers) as opened:
        yield opened


def archive(resources: Resources, folder: Path, rows: list[dict[str, Any]]) -> None:
    path = folder / "archive.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert import_file(resources, path, ImportPlan("issues", "archive")).rejected == 0
    embed_waiting(resources)


def arrive(client: TestClient, body: str, subject: str = "Cannot pay") -> dict[str, Any]:
    answer = client.post("/v1/issues", json={"subject": subject, "body": body, "customer": {"email": "a@example.com"}})
    assert answer.status_code == 201, answer.text
    result: dict[str, Any] = answer.json()
    return result


PAY = "Nobody can pay in our shop, the checkout shows error 502 to all customers."


def test_an_archive_without_times_is_no_incident(client: TestClient, resources: Resources, tmp_path: Path) -> None:
    archive(resources, tmp_path, [{"id": n, "title": "Cannot pay", "description": f"{PAY} {n}"} for n in range(8)])
    panel = arrive(client, PAY)["panel"]
    labels = [factor["label"] for factor in panel["severity"]["factors"]]
    assert len(panel["similar_issues"]["items"]) >= 3
    assert "other customers report the same" not in labels
    assert {why for item in panel["similar_issues"]["items"] for why in item["why"]} >= {"still open"}
    assert "several customers report the same at this time" not in panel["critical"]["reasons"]


def test_issues_of_today_are_an_incident(client: TestClient) -> None:
    for number in range(6):
        client.post(
            "/v1/issues",
            json={"subject": "Cannot pay", "body": f"{PAY} {number}", "customer": {"email": f"c{number}@example.com"}},
        )
    panel = arrive(client, PAY)["panel"]
    assert "several customers report the same at this time" in panel["critical"]["reasons"]
    assert any("still open: could be the same incident" in i["why"] for i in panel["similar_issues"]["items"])


def test_closed_issues_without_times_say_nothing_about_time(
    client: TestClient, resources: Resources, tmp_path: Path
) -> None:
    rows = [{"id": n, "title": "Cannot pay", "description": f"{PAY} {n}", "status": "closed"} for n in range(8)]
    archive(resources, tmp_path, rows)
    part = arrive(client, PAY)["panel"]["resolution_time"]
    assert part["status"] == "unsure"
    assert part["median_hours"] > 1


def test_a_guessed_category_is_shown_but_never_kept_or_counted(
    client: TestClient, resources: Resources, tmp_path: Path
) -> None:
    row = {"id": 1, "title": "Cannot pay", "description": PAY, "category": "checkout", "status": "closed"}
    archive(resources, tmp_path, [row])
    far = arrive(client, "Which football club do you sponsor in our region this year?", "Football")
    assert far["panel"]["category"]["status"] == "unsure"
    assert far["issue"]["category"] is None
    sure = [arrive(client, f"{PAY} {number}") for number in range(3)]
    for answer in sure:
        if answer["panel"]["category"]["status"] == "ok":
            assert answer["issue"]["category"] == "checkout"
    # What the model said of the others is no evidence: confidence does not climb by itself.
    confidences = [answer["panel"]["category"]["confidence"] for answer in sure]
    assert max(confidences) - min(confidences) < 0.1
