"""Issues that look like one incident are found, with reasons."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from support_copilot.analysis import clusters as clusters_module
from support_copilot.backends.embedder.port import Embedder
from support_copilot.backends.search.config import EmbeddedSearchConfig
from support_copilot.backends.search.open import open_search
from support_copilot.ml.bursts import wording_of
from support_copilot.resources import Resources
from support_copilot.serve import build_app
from tests.conftest import TEST_SERVER, StepClock
from tests.flows.outage import FAMILIES, OUTAGE, burst, clusters, link, report


def test_issues_that_came_together_and_say_the_same_are_found_with_reasons(
    client: TestClient, clock: StepClock
) -> None:
    others = [report(client, family["asks"][0], f"Ben{n} Example") for n, family in enumerate(FAMILIES[1:11])]
    issue_ids = burst(client, clock)

    (found,) = clusters(client)

    assert [issue["id"] for issue in found["issues"]] == issue_ids
    assert not {issue["id"] for issue in found["issues"]} & set(others)
    assert (found["customers"], found["codes"], found["incident_id"]) == (5, ["502"], None)
    assert found["title"] in {ask["subject"] for ask in OUTAGE["asks"]}
    assert found["words"]
    assert "502" not in found["words"]  # it is a code, and told as one
    assert found["likeness"] > 0.58


def test_each_text_is_read_once_for_all_who_look(
    client: TestClient, clock: StepClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    monkeypatch.setattr(clusters_module, "wording_of", lambda text: read.append(text) or wording_of(text))
    issue_ids = burst(client, clock, 3)

    with ThreadPoolExecutor(4) as threads:
        for found in threads.map(lambda _: clusters(client), range(4)):
            assert [issue["id"] for issue in found[0]["issues"]] == issue_ids
    assert len(read) == 3
    late = burst(client, clock, 1)
    assert [issue["id"] for issue in clusters(client)[0]["issues"]] == issue_ids + late
    assert len(read) == 4
    client.post(f"/v1/issues/{late[0]}/messages", json={"author": "customer", "body": "It says error 777 now"})
    assert "777" not in read[-1]
    clusters(client)
    assert "777" in read[-1]


def test_twenty_unrelated_issues_make_no_cluster(client: TestClient) -> None:
    for number, family in enumerate(FAMILIES[:20]):
        report(client, family["asks"][0], f"Ben{number} Example")

    assert clusters(client) == []


def test_what_comes_as_often_every_day_is_no_incident(
    client: TestClient, clock: StepClock, resources: Resources, embedder: Embedder, tmp_path: Path
) -> None:
    ask = FAMILIES[1]["asks"][0]
    for number in range(28):
        clock.advance(hours=12)
        for other in range(2):
            issue_id = report(client, ask, f"Ben{number} Of{other}")
            client.patch(f"/v1/issues/{issue_id}", json={"status": "closed"})
    for number in range(3):
        clock.advance(minutes=5)
        report(client, ask, f"Cid{number} Example")

    assert clusters(client) == []
    # Nor is it where the index is new and nobody has searched yet.
    config = EmbeddedSearchConfig(kind="embedded", path=tmp_path / "new")
    search = open_search(config, dimension=embedder.dimension, embedder_model=embedder.model)
    headers = dict(client.headers)
    with TestClient(build_app(replace(resources, search=search), TEST_SERVER), headers=headers) as other:
        assert clusters(other) == []
    search.close()


def test_what_is_usual_now_is_no_incident_however_much_is_like_it_in_the_archive(
    client: TestClient, clock: StepClock
) -> None:
    ask = FAMILIES[1]["asks"][0]
    for number in range(13):
        report(client, ask, f"Old{number} Example")
    clock.advance(hours=24 * 20)
    for number in range(14):
        clock.advance(hours=23)
        issue_id = report(client, ask | {"body": f"{ask['body']} Thank you."}, f"Ben{number} Example")
        client.patch(f"/v1/issues/{issue_id}", json={"status": "closed"})
    for number in range(3):
        clock.advance(minutes=5)
        report(client, ask, f"Cid{number} Example")

    assert clusters(client) == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_came_often_weeks_ago_and_not_since_is_an_incident_now(client: TestClient, clock: StepClock) -> None:
    ask = FAMILIES[1]["asks"][0]
    for number in range(13):
        report(client, ask, f"Old{number} Example")
    clock.advance(hours=24 * 20)
    issue_ids = []
    for number in range(3):
        clock.advance(minutes=5)
        issue_ids.append(report(client, ask, f"Cid{number} Example"))

    assert [[issue["id"] for issue in found["issues"]] for found in clusters(client)] == [issue_ids]


def test_resolved_issues_and_those_of_yesterday_are_left_out(client: TestClient, clock: StepClock) -> None:
    issue_ids = burst(client, clock)
    for issue_id in issue_ids[:2]:
        client.patch(f"/v1/issues/{issue_id}", json={"status": "closed"})

    assert [issue["id"] for issue in clusters(client)[0]["issues"]] == issue_ids[2:]
    clock.advance(hours=25)
    assert clusters(client) == []


def test_a_cluster_is_linked_and_offers_what_comes_later(client: TestClient, clock: StepClock) -> None:
    issue_ids = burst(client, clock)
    incident = link(client, issue_ids)

    assert clusters(client) == []
    assert incident["id"].startswith("inc_")
    assert [(issue["id"], issue["customer_name"]) for issue in incident["issues"]] == [
        (issue_id, f"Ana{number} Example") for number, issue_id in enumerate(issue_ids)
    ]
    late = report(client, OUTAGE["asks"][1], "Late Example")
    (found,) = clusters(client)
    assert (found["incident_id"], len(found["issues"])) == (incident["id"], 6)
    assert [issue["id"] for issue in found["issues"] if issue["incident_id"] is None] == [late]
    added = client.post(f"/v1/incidents/{incident['id']}/issues", json={"issue_ids": [late]})
    assert (len(added.json()["issues"]), added.headers["ETag"]) == (6, '"2"')
    assert clusters(client) == []


def test_a_long_subject_is_proposed_as_a_title_that_is_taken(client: TestClient) -> None:
    ask = {"subject": f"Error 502 {'at the checkout ' * 30}", "body": OUTAGE["asks"][0]["body"]}
    issue_ids = [report(client, ask, f"Ana{number} Example") for number in range(3)]

    (found,) = clusters(client)

    assert found["title"].startswith("Error 502 at the checkout")
    assert link(client, issue_ids, found["title"])["title"] == found["title"]
