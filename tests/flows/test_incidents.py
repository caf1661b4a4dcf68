"""Issues that look like one incident: found, linked, answered together."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient

from support_copilot.analysis import incident_replies
from support_copilot.connect.sample.writing import families
from support_copilot.db.models import Issue
from support_copilot.identity.config import IdentityConfig
from support_copilot.resources import Resources
from support_copilot.serve import build_app
from support_copilot.worker import Worker
from tests.conftest import TEST_LIMITS, TEST_SERVER, AsRole, StepClock
from tests.people import actions, add_person, headers_of

FAMILIES = families()
OUTAGE = next(family for family in FAMILIES if family["key"] == "checkout_502")


def report(client: TestClient, ask: dict[str, Any], name: str, **more: Any) -> str:
    customer = {"name": name, "email": f"{name.lower().replace(' ', '.')}@example.com"}
    body = {"subject": ask["subject"], "body": ask["body"], "channel": "email", "customer": customer, **more}
    answer = client.post("/v1/issues", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["issue"]["id"])


def burst(client: TestClient, clock: StepClock, count: int = 5) -> list[str]:
    """The outage as customers of the sample company tell it."""
    asks = [ask for ask in OUTAGE["asks"] if ask["lang"] == "en"]
    found = []
    for number in range(count):
        clock.advance(minutes=7)
        found.append(report(client, asks[number % len(asks)], f"Ana{number} Example"))
    return found


def clusters(client: TestClient, **options: Any) -> list[dict[str, Any]]:
    return list(client.get("/v1/incident-clusters", **options).json()["data"])


def link(client: TestClient, issue_ids: Sequence[str], title: str = "Checkout down", **options: Any) -> dict[str, Any]:
    answer = client.post("/v1/incidents", json={"title": title, "issue_ids": list(issue_ids)}, **options)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


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
    assert "502" in found["words"]
    assert found["likeness"] > 0.58


def test_twenty_unrelated_issues_make_no_cluster(client: TestClient) -> None:
    for number, family in enumerate(FAMILIES[:20]):
        report(client, family["asks"][0], f"Ben{number} Example")

    assert clusters(client) == []


def test_what_comes_as_often_every_day_is_no_incident(client: TestClient, clock: StepClock) -> None:
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


def test_an_incident_is_read_renamed_closed_and_opened_again(
    client: TestClient, clock: StepClock, resources: Resources
) -> None:
    issue_ids = burst(client, clock, 3)
    incident = link(client, issue_ids)
    path = f"/v1/incidents/{incident['id']}"

    assert client.patch(path, json={"title": "Payments"}, headers={"If-Match": '"1"'}).json()["title"] == "Payments"
    stale = client.patch(path, json={"status": "closed"}, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")
    closed = client.patch(path, json={"status": "closed"}, headers={"If-Match": '"2"'}).json()
    assert closed["closed_at"] is not None
    assert client.get("/v1/incidents", params={"status": "open"}).json()["data"] == []
    refused = client.post(f"{path}/issues", json={"issue_ids": issue_ids})
    assert (refused.status_code, refused.json()["code"]) == (409, "incident_closed")
    assert client.patch(path, json={"status": "open"}).json()["closed_at"] is None
    assert [each["id"] for each in client.get("/v1/incidents").json()["data"]] == [incident["id"]]
    mine = client.get("/v1/incidents", params={"issue_id": issue_ids[1]}).json()["data"]
    assert [each["id"] for each in mine] == [incident["id"]]
    done = [action for action, _, _ in actions(resources)]
    assert (done.count("incident.created"), done.count("incident.edited"), done.count("incident_link.created")) == (
        1, 3, 3,
    )  # fmt: skip


def test_an_issue_belongs_to_one_open_incident(client: TestClient, clock: StepClock) -> None:
    issue_ids = burst(client, clock, 3)
    first = link(client, issue_ids[:2])

    again = client.post("/v1/incidents", json={"title": "Another", "issue_ids": issue_ids[1:]})
    assert (again.status_code, again.json()["code"]) == (409, "already_linked")
    client.patch(f"/v1/incidents/{first['id']}", json={"status": "closed"})
    link(client, issue_ids[1:], "Another")
    reopened = client.patch(f"/v1/incidents/{first['id']}", json={"status": "open"})
    assert (reopened.status_code, reopened.json()["code"]) == (409, "already_linked")


def test_issues_are_taken_out_and_with_the_last_the_incident_goes(client: TestClient, clock: StepClock) -> None:
    issue_ids = burst(client, clock, 2)
    path = f"/v1/incidents/{link(client, issue_ids)['id']}"

    assert client.delete(f"{path}/issues/{issue_ids[0]}").status_code == 204
    assert [issue["id"] for issue in client.get(path).json()["issues"]] == issue_ids[1:]
    assert client.delete(f"{path}/issues/{issue_ids[0]}").json()["code"] == "issue_not_found"
    assert client.delete(f"{path}/issues/{issue_ids[1]}").status_code == 204
    assert client.get(path).json()["code"] == "incident_not_found"


def test_a_create_repeated_with_its_key_makes_one(client: TestClient, clock: StepClock) -> None:
    issue_ids = burst(client, clock, 3)
    key = {"Idempotency-Key": "k1"}

    assert link(client, issue_ids, headers=key)["id"] == link(client, issue_ids, headers=key)["id"]
    assert len(client.get("/v1/incidents").json()["data"]) == 1


def test_a_reply_to_all_is_filled_for_each_customer_and_waits(
    client: TestClient, clock: StepClock, resources: Resources, worker: Worker
) -> None:
    issue_ids = burst(client, clock, 3)
    path = f"/v1/incidents/{link(client, issue_ids)['id']}"
    body = "Hello {{ customer.first_name }}, we roll the release back."

    shown = client.post(f"{path}/reply-preview", json={"body": body}).json()["data"]

    assert [each["text"].partition(",")[0] for each in shown] == ["Hello Ana0", "Hello Ana1", "Hello Ana2"]
    reply = {"body": body, "issue_ids": issue_ids, "delay_s": 60, "then_status": "pending"}
    key = {"Idempotency-Key": "once"}
    queued = client.post(f"{path}/replies", json=reply, headers=key)
    assert queued.status_code == 201, queued.text
    assert client.post(f"{path}/replies", json=reply, headers=key).json() == queued.json()
    assert [each["issue_id"] for each in queued.json()["data"]] == issue_ids
    back = client.delete(f"/v1/queued-messages/{queued.json()['data'][0]['id']}")
    assert back.json()["body"].startswith("Hello Ana0")
    clock.advance(seconds=61)
    while worker.run_once():
        pass
    said = [client.get(f"/v1/issues/{each}/messages").json()["data"][-1]["body"] for each in issue_ids]
    assert [text.partition(",")[0] for text in said[1:]] == ["Hello Ana1", "Hello Ana2"]
    assert not said[0].startswith("Hello")
    statuses = [client.get(f"/v1/issues/{each}").json()["status"] for each in issue_ids]
    assert statuses == ["open", "pending", "pending"]


def test_a_reply_to_all_repeated_with_its_key_answers_the_same_whatever_came_since(
    client: TestClient, clock: StepClock, worker: Worker
) -> None:
    issue_ids = burst(client, clock, 3)
    path = f"/v1/incidents/{link(client, issue_ids)['id']}"
    key = {"Idempotency-Key": "once"}
    reply = {
        "body": "Hello {{ customer.first_name }}", "issue_ids": issue_ids, "delay_s": 60, "then_status": "resolved",
    }  # fmt: skip
    queued = client.post(f"{path}/replies", json=reply, headers=key)
    clock.advance(seconds=61)
    while worker.run_once():
        pass
    assert client.get(f"/v1/issues/{issue_ids[0]}").json()["status"] == "resolved"

    again = client.post(f"{path}/replies", json=reply, headers=key)

    assert (again.status_code, again.json()) == (201, queued.json())
    fewer = client.post(f"{path}/replies", json=reply | {"issue_ids": issue_ids[:1]}, headers=key)
    assert (fewer.status_code, fewer.json()["code"]) == (422, "idempotency_key_reused")
    for issue_id in issue_ids:
        assert client.get(f"/v1/issues/{issue_id}/queued-messages").json()["data"] == []


def test_a_reply_to_all_that_cannot_be_queued_for_one_is_queued_for_none(client: TestClient, clock: StepClock) -> None:
    issue_ids = burst(client, clock, 3)
    path = f"/v1/incidents/{link(client, issue_ids)['id']}"
    key = {"Idempotency-Key": "once"}
    own = client.post(f"/v1/issues/{issue_ids[2]}/queued-messages", json={"body": "Only you"}, headers=key)
    assert own.status_code == 201, own.text

    refused = client.post(f"{path}/replies", json={"body": "Hello", "issue_ids": issue_ids}, headers=key)

    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")
    waiting = [client.get(f"/v1/issues/{each}/queued-messages").json()["data"] for each in issue_ids]
    assert [len(each) for each in waiting] == [0, 0, 1]


def test_two_who_send_the_same_reply_to_all_at_once_queue_it_once(client: TestClient, clock: StepClock) -> None:
    issue_ids = burst(client, clock, 3)
    path = f"/v1/incidents/{link(client, issue_ids)['id']}"
    reply, key = {"body": "Hello", "issue_ids": issue_ids}, {"Idempotency-Key": "once"}

    with ThreadPoolExecutor(4) as threads:
        sending = [threads.submit(client.post, f"{path}/replies", json=reply, headers=key) for _ in range(4)]
        told = [each.result() for each in sending]

    assert {each.status_code for each in told} == {201}
    assert len({each.text for each in told}) == 1
    waiting = [client.get(f"/v1/issues/{each}/queued-messages").json()["data"] for each in issue_ids]
    assert [len(each) for each in waiting] == [1, 1, 1]


def test_a_preview_is_of_those_that_one_reply_goes_to_and_counts_the_others(
    client: TestClient, clock: StepClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incident_replies, "MOST_REPLIES", 2)
    issue_ids = burst(client, clock, 4)
    incident = link(client, issue_ids)
    path = f"/v1/incidents/{incident['id']}/reply-preview"

    first = client.post(path, json={"body": "Hello {{ customer.first_name }}: {{ issue.http_status | default: '-' }}"})
    rest = client.post(path, json={"body": "Hello", "issue_ids": issue_ids[2:]}).json()

    assert [each["issue_id"] for each in first.json()["data"]] == issue_ids[:2]
    assert [each["text"][:11] for each in first.json()["data"]] == ["Hello Ana0:", "Hello Ana1:"]
    assert first.json()["rest"] == 2
    assert ([each["issue_id"] for each in rest["data"]], rest["rest"]) == (issue_ids[2:], 0)
    stranger = client.post(path, json={"body": "Hello", "issue_ids": ["iss_x"]})
    assert (stranger.status_code, stranger.json()["code"]) == (404, "issue_not_found")


def test_a_preview_reads_what_customers_wrote_only_where_the_text_asks_for_it(
    client: TestClient, clock: StepClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue_ids = burst(client, clock, 2)
    path = f"/v1/incidents/{link(client, issue_ids)['id']}/reply-preview"
    read: list[str] = []
    extract = incident_replies.extract_entities
    monkeypatch.setattr(incident_replies, "extract_entities", lambda text: read.append(text) or extract(text))

    client.post(path, json={"body": "Hello {{ customer.first_name }}"})
    assert read == []
    client.post(path, json={"body": "Order {{ issue.order_number | default: '-' }}"})
    assert len(read) == 2


def test_a_reply_to_all_with_something_unknown_goes_to_nobody(client: TestClient, clock: StepClock) -> None:
    issue_ids = burst(client, clock, 2)
    nameless = client.post("/v1/issues", json={"subject": "502", "body": "The checkout fails"}).json()["issue"]["id"]
    path = f"/v1/incidents/{link(client, [*issue_ids, nameless])['id']}"
    body = "Hello {{ customer.first_name }}"

    shown = client.post(f"{path}/reply-preview", json={"body": body}).json()["data"]
    refused = client.post(f"{path}/replies", json={"body": body, "issue_ids": [*issue_ids, nameless]})

    assert [each["missing"] for each in shown] == [[], [], ["customer.first_name"]]
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "unfilled_placeholders")
    for issue_id in issue_ids:
        assert client.get(f"/v1/issues/{issue_id}/queued-messages").json()["data"] == []
    assert client.post(f"{path}/replies", json={"body": body, "issue_ids": issue_ids}).status_code == 201


def test_a_reply_to_all_goes_only_to_open_issues_of_the_incident(client: TestClient, clock: StepClock) -> None:
    *issue_ids, stranger = burst(client, clock, 4)
    path = f"/v1/incidents/{link(client, issue_ids)['id']}"
    client.patch(f"/v1/issues/{issue_ids[0]}", json={"status": "closed"})

    shown = client.post(f"{path}/reply-preview", json={"body": "Hello"}).json()["data"]
    assert [each["issue_id"] for each in shown] == issue_ids[1:]
    ended = client.post(f"{path}/replies", json={"body": "Hello", "issue_ids": issue_ids})
    assert (ended.status_code, ended.json()["code"]) == (409, "issue_ended")
    other = client.post(f"{path}/replies", json={"body": "Hello", "issue_ids": [stranger]})
    assert (other.status_code, other.json()["code"]) == (404, "issue_not_found")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_who_sees_a_part_links_and_answers_only_that(
    client: TestClient, clock: StepClock, resources: Resources
) -> None:
    issue_ids = burst(client, clock, 6)
    own, other = (client.post("/v1/teams", json={"name": name}).json()["id"] for name in ("Own", "Other"))
    ada = add_person(resources, "agent", teams=(own,))
    for issue_id in issue_ids[:2]:
        client.patch(f"/v1/issues/{issue_id}", json={"team_id": other})
    identity = IdentityConfig(teams_limit_agents=True)
    with TestClient(build_app(resources, TEST_SERVER, limits=TEST_LIMITS, identity=identity)) as limited:
        limited.headers.update(headers_of(limited, ada))

        (found,) = clusters(limited)
        assert [issue["id"] for issue in found["issues"]] == issue_ids[2:]
        incident = link(client, issue_ids[:4])
        path = f"/v1/incidents/{incident['id']}"
        assert [each["id"] for each in limited.get(path).json()["issues"]] == issue_ids[2:4]
        shown = limited.post(f"{path}/reply-preview", json={"body": "Hi"}).json()["data"]
        assert [each["issue_id"] for each in shown] == issue_ids[2:4]
        for answer in (
            limited.post(f"{path}/replies", json={"body": "Hi", "issue_ids": issue_ids[:3]}),
            limited.post("/v1/incidents", json={"title": "Mine", "issue_ids": issue_ids[1:2]}),
        ):
            assert (answer.status_code, answer.json()["code"]) == (404, "issue_not_found")
        client.patch(f"/v1/incidents/{incident['id']}", json={"status": "closed"})
        foreign = link(client, issue_ids[:2])
        assert [each["id"] for each in limited.get("/v1/incidents").json()["data"]] == [incident["id"]]
        assert limited.get(f"/v1/incidents/{foreign['id']}").json()["code"] == "incident_not_found"
        told = [limited.get(f"/v1/incidents?issue_id={each}").json()["data"] for each in issue_ids[1:3]]
        assert [[each["id"] for each in rows] for rows in told] == [[], [incident["id"]]], "of what is not seen nothing"


@pytest.mark.parametrize(
    "body",
    [
        {"title": "", "issue_ids": ["iss_x"]},
        {"title": "A", "issue_ids": []},
        {"title": "A", "issue_ids": ["x" * 65]},
        {"title": "A", "issue_ids": ["iss_x"] * 301},
        {"title": "A"},
    ],
)
def test_what_is_no_incident_is_refused(client: TestClient, body: dict[str, Any]) -> None:
    assert client.post("/v1/incidents", json=body).status_code == 422


def test_what_is_not_there_is_not_found(client: TestClient, clock: StepClock) -> None:
    for name in ("inc_x", "inc_01j9z3k6w8f5v9m2q4x7c1b0ad"):
        assert client.get(f"/v1/incidents/{name}").json()["code"] == "incident_not_found"
    gone = client.post("/v1/incidents", json={"title": "A", "issue_ids": ["iss_01j9z3k6w8f5v9m2q4x7c1b0ad"]})
    assert (gone.status_code, gone.json()["code"]) == (404, "issue_not_found")


def test_an_auditor_reads_and_changes_nothing(client: TestClient, clock: StepClock, as_role: AsRole) -> None:
    path = f"/v1/incidents/{link(client, burst(client, clock, 3))['id']}"

    assert client.get(path, headers=as_role("auditor")).status_code == 200
    assert client.patch(path, json={"status": "closed"}, headers=as_role("auditor")).status_code == 403


def test_an_erased_customer_leaves_no_empty_incident(
    client: TestClient, clock: StepClock, resources: Resources, worker: Worker
) -> None:
    issue_ids = burst(client, clock, 2)
    link(client, issue_ids[:1], "Of Ana0 Example")
    kept = link(client, issue_ids[1:], "Ana0 Example and others")
    customer = client.get(f"/v1/issues/{issue_ids[0]}").json()["customer"]["id"]

    client.post("/v1/privacy/erasures", json={"customer_id": customer})
    while worker.run_once():
        pass

    with resources.database.read() as session:
        assert session.get(Issue, issue_ids[0]) is None
    (left,) = client.get("/v1/incidents").json()["data"]
    assert left["id"] == kept["id"]
    assert "Ana0" not in left["title"]
