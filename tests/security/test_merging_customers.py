"""Who may merge customers, that a merge shows nobody what they do not see, and that no model is told more by it."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from support_copilot.db.models import Customer
from support_copilot.identity.config import IdentityConfig
from support_copilot.issues.queries import load_issue
from support_copilot.prompts.outgoing import _people
from support_copilot.resources import Resources
from support_copilot.retrieval.outside import speaker_of, without_persons
from support_copilot.serve import build_app
from tests.conftest import TEST_LIMITS, TEST_SERVER, authorization
from tests.people import add_person, headers_of

UNKNOWN = "cus_01j9z3k6w8f5v9m2q4x7c1b0ad"


@pytest.fixture
def desk(resources: Resources) -> Iterator[TestClient]:
    """The product with teams switched on, asked by an administrator."""
    app = build_app(resources, TEST_SERVER, limits=TEST_LIMITS, identity=IdentityConfig(teams_limit_agents=True))
    headers = {"Authorization": authorization(resources, "admin")}
    with TestClient(app, raise_server_exceptions=False, headers=headers) as opened:
        yield opened


@pytest.fixture
def teams(desk: TestClient) -> list[str]:
    return [str(desk.post("/v1/teams", json={"name": name}).json()["id"]) for name in ("Own", "Foreign")]


def customer_of(desk: TestClient, team_id: str | None, **customer: Any) -> tuple[str, str]:
    """A customer with an issue of a team; returns both ids."""
    body = {"subject": "Blank labels", "body": "The printer prints blanks.", "customer": customer}
    issue = desk.post("/v1/issues", json=body).json()["issue"]
    if team_id:
        assert desk.patch(f"/v1/issues/{issue['id']}", json={"team_id": team_id}).status_code == 200
    return str(issue["customer"]["id"]), str(issue["id"])


def merge(desk: TestClient, customer_id: str, into: str, **options: Any) -> Any:
    return desk.post(f"/v1/customers/{customer_id}/merge", json={"into": into}, **options)


def test_a_customer_of_another_team_is_no_target_and_no_duplicate(
    desk: TestClient, resources: Resources, teams: list[str]
) -> None:
    agent = headers_of(desk, add_person(resources, "agent", name="Bo", teams=(teams[0],)))
    own, _ = customer_of(desk, teams[0], name="Ana Schmidt", email="ana@example.com")
    foreign, _ = customer_of(desk, teams[1], name="Ana Schmidt", email="ana@other.example")

    unknown = merge(desk, own, UNKNOWN, headers=agent)
    for refused in (merge(desk, own, foreign, headers=agent), merge(desk, foreign, own, headers=agent)):
        assert (refused.status_code, refused.json()["code"]) == (404, unknown.json()["code"])
    for params in ({}, {"q": "Schmidt"}):
        targets = desk.get(f"/v1/customers/{own}/merge-targets", headers=agent, params=params)
        assert (targets.status_code, targets.json()["data"]) == (200, [])
    assert desk.get(f"/v1/customers/{foreign}/merge-targets", headers=agent).status_code == 404


def test_a_merged_record_is_seen_by_who_sees_the_customer_and_by_nobody_else(
    desk: TestClient, resources: Resources, teams: list[str]
) -> None:
    """It has no issues of its own any more, like a customer whom everybody sees."""
    own, foreign = (headers_of(desk, add_person(resources, "agent", name=team, teams=(team,))) for team in teams)
    survivor, _ = customer_of(desk, teams[1], name="Ana Schmidt", email="ana@example.com")
    duplicate, issue = customer_of(desk, teams[1], name="Zerlinda", email="zerlinda@example.com")
    merge(desk, duplicate, survivor)

    for path in ("", "/sentiment", "/merge-targets"):
        got = [desk.get(f"/v1/customers/{duplicate}{path}", headers=each).status_code for each in (own, foreign)]
        assert got == [404, 200]
    for path in ("merge", "unmerge"):
        body = {"into": survivor} if path == "merge" else {}
        assert desk.post(f"/v1/customers/{duplicate}/{path}", json=body, headers=own).status_code == 404
    for params in ({"email": "zerlinda@example.com"}, {}):
        assert desk.get("/v1/customers", params=params, headers=own).json()["data"] == []
    for words in ("Zerlinda", "zerlinda@example.com"):
        found = [
            desk.get("/v1/search", params={"q": words, "kind": "customer"}, headers=each).json()["data"]
            for each in (own, foreign)
        ]
        assert [[each["id"] for each in data] for data in found] == [[], [survivor]]
    for named in ({"id": duplicate}, {"email": "zerlinda@example.com"}):
        analyzed = desk.post("/v1/analyze", json={"body": "Hello", "customer": named}, headers=own)
        assert analyzed.status_code == 404
    again = {"subject": "x", "body": "y", "customer": {"id": duplicate}}
    assert desk.post("/v1/issues", json=again, headers=own).status_code == 404
    listed = desk.get("/v1/issues", params={"customer_id": duplicate}, headers=own).json()["data"]
    assert listed == []
    assert [each["id"] for each in desk.get("/v1/issues", headers=foreign).json()["data"]].count(issue) == 1


def test_what_another_team_knows_of_a_customer_stays_out_of_sight_after_the_merge(
    desk: TestClient, resources: Resources, teams: list[str]
) -> None:
    """Who sees the customer by one record sees neither the other one nor that it is there, and does not take it out."""
    agent = headers_of(desk, add_person(resources, "agent", teams=(teams[0],)))
    survivor, own = customer_of(desk, teams[0], name="Ana Schmidt", email="ana@example.com", phone="+49 30 1234567")
    duplicate, foreign = customer_of(desk, teams[1], name="Zerlinda Quaxby", email="zerlinda@example.com")
    like, _ = customer_of(desk, teams[0], name="Zerlinda Quaxby", email="other@example.com")
    merge(desk, duplicate, survivor)

    assert desk.get(f"/v1/customers/{survivor}", headers=agent).json()["merged"] == []
    assert [each["issues"] for each in desk.get(f"/v1/customers/{survivor}").json()["merged"]] == [1]
    assert desk.get(f"/v1/customers/{duplicate}", headers=agent).status_code == 404
    refused = desk.post(f"/v1/customers/{duplicate}/unmerge", headers=agent)
    assert (refused.status_code, refused.json()["code"]) == (404, "customer_not_found")
    assert desk.get("/v1/customers", params={"email": "zerlinda@example.com"}, headers=agent).json()["data"] == []
    assert desk.get("/v1/issues", params={"customer_id": duplicate}, headers=agent).json()["data"] == []
    found = desk.get("/v1/search", params={"q": "zerlinda", "kind": "customer"}, headers=agent).json()["data"]
    assert [each["id"] for each in found] == [like]
    assert desk.get(f"/v1/customers/{survivor}/merge-targets", headers=agent).json()["data"] == []
    assert desk.get(f"/v1/customers/{survivor}/merge-targets").json()["data"][0]["why"] == "same_name"
    [target] = desk.get(f"/v1/customers/{like}/merge-targets", params={"q": "Ana"}, headers=agent).json()["data"]
    assert (target["id"], target["issues"], target["why"]) == (survivor, 1, None)
    assert desk.get(f"/v1/issues/{own}", headers=agent).status_code == 200
    assert desk.get(f"/v1/issues/{foreign}", headers=agent).status_code == 404
    assert desk.get(f"/v1/customers/{duplicate}").json()["merged_into"]["id"] == survivor


def test_an_issue_of_the_other_team_stays_out_of_sight_after_the_merge(
    desk: TestClient, resources: Resources, teams: list[str]
) -> None:
    agent = headers_of(desk, add_person(resources, "agent", teams=(teams[0],)))
    survivor, own = customer_of(desk, teams[0], email="ana@example.com")
    duplicate, foreign = customer_of(desk, teams[1], email="anna@example.com")
    merge(desk, duplicate, survivor)

    listed = desk.get("/v1/issues", params={"customer_id": survivor}, headers=agent).json()["data"]
    assert [each["id"] for each in listed] == [own]
    assert desk.get(f"/v1/issues/{foreign}", headers=agent).status_code == 404
    sentiment = desk.get(f"/v1/customers/{survivor}/sentiment", headers=agent).json()["data"]
    assert {each["issue_id"] for each in sentiment} == {own}


def test_who_may_not_edit_customers_merges_none(desk: TestClient, resources: Resources) -> None:
    first, second = (customer_of(desk, None, email=f"{name}@example.com")[0] for name in ("ana", "anna"))
    reader = {"scopes": ["customers.read"], "name": "Reader", "role": "agent"}
    key = desk.post("/v1/api-keys", json=reader)
    assert key.status_code == 201, key.text
    for headers in (
        headers_of(desk, add_person(resources, "auditor", name="Vi")),
        {"Authorization": f"Bearer {key.json()['key']}"},
    ):
        assert merge(desk, second, first, headers=headers).status_code == 403
        assert desk.post(f"/v1/customers/{second}/unmerge", headers=headers).status_code == 403
    assert desk.get(f"/v1/customers/{second}").json()["merged_into"] is None


def test_models_and_embedders_are_told_neither_name_nor_address_of_a_merged_record(
    desk: TestClient, resources: Resources
) -> None:
    survivor, own = customer_of(desk, None, name="Ana Schmidt", email="ana@example.com")
    known = {"name": "Zerlinda Quaxby", "email": "zqaxs-77@quaxby.example", "phone": "+49 30 901820"}
    duplicate = desk.post("/v1/customers", json=known | {"external_ref": {"source": "crm", "id": "kunde-zq-901"}})
    assert merge(desk, duplicate.json()["id"], survivor).status_code == 200
    text = "Zerlinda here, zqaxs-77 at your site, kunde-zq-901, 030 901820. The printer of Ms Quaxby jams."

    with resources.database.read() as session:
        customer = session.get(Customer, survivor)
        people = _people(load_issue(session, own), [])
    sent = without_persons(text, speaker_of(customer))

    said = [mark for mark in ("Zerlinda", "Quaxby", "zqaxs-77", "kunde-zq-901", "901820") if mark in sent]
    assert said == []
    assert "printer" in sent
    assert {person.name for person in people} >= {"Ana Schmidt", "Zerlinda Quaxby"}
    desk.post(f"/v1/customers/{duplicate.json()['id']}/unmerge")
    with resources.database.read() as session:
        assert {person.name for person in _people(load_issue(session, own), [])} == {"Ana Schmidt"}
