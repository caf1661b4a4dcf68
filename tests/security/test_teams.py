"""Where teams limit agents, what another team has is as if it were not there: on every route, by every way."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from support_copilot.identity.config import IdentityConfig
from support_copilot.identity.permissions import PERMISSIONS
from support_copilot.knowledge.proposals import NewProposal, propose
from support_copilot.resources import Resources
from support_copilot.retrieval.embedding import embed_waiting
from support_copilot.serve import build_app
from tests.conftest import TEST_LIMITS, TEST_SERVER, StepClock, authorization
from tests.people import add_person, headers_of

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
OPENAPI = json.loads((Path(__file__).parents[2] / "openapi.json").read_text("utf-8"))
#: Path parameters that name something of one issue or customer; any other belongs to everybody or to administrators.
OWNED = ("issue_id", "customer_id", "attachment_id", "suggestion_id", "queued_id", "incident_id", "proposal_id")
PROBLEM = "The label printer of the warehouse prints blank labels since the update"


@pytest.fixture
def desk(resources: Resources) -> Iterator[TestClient]:
    """The product with teams switched on, asked by an administrator."""
    app = build_app(resources, TEST_SERVER, limits=TEST_LIMITS, identity=IdentityConfig(teams_limit_agents=True))
    headers = {"Authorization": authorization(resources, "admin")}
    with TestClient(app, raise_server_exceptions=False, headers=headers) as opened:
        yield opened


class World:
    """Two teams, an agent of the first, and the same things in each team and in none."""

    def __init__(self, desk: TestClient, resources: Resources) -> None:
        self.desk = desk
        self.resources = resources
        own, foreign = (desk.post("/v1/teams", json={"name": name}).json()["id"] for name in ("Own", "Foreign"))
        self.agent = headers_of(desk, add_person(resources, "agent", teams=(own,)))
        self.lead = headers_of(desk, add_person(resources, "lead", name="Lea"))
        self.own = self._things("own", own)
        self.foreign = self._things("foreign", foreign)
        self.free = self._things("free", None)
        embed_waiting(resources)

    def _things(self, word: str, team_id: str | None) -> dict[str, str]:
        body = {
            "subject": f"{PROBLEM} ({word})", "body": f"{PROBLEM}. It is the {word} one.",
            "customer": {
                "name": f"Zora {word.title()}", "email": f"{word}@example.com",
                "attributes": {"company": f"Looms of {word}"},
            },
            "external_ref": {"source": "desk", "id": f"ref-{word}-1"},
        }  # fmt: skip
        issue = self.desk.post("/v1/issues", json=body).json()["issue"]
        if team_id:
            patched = self.desk.patch(f"/v1/issues/{issue['id']}", json={"team_id": team_id})
            assert patched.json()["team_id"] == team_id
        upload = {"file": ("log.txt", b"plain words", "text/plain")}
        attachment = self.desk.post("/v1/attachments", files=upload, data={"issue_id": issue["id"]}).json()
        fix = {"resolution": {"text": f"We set the paper size of the {word} printer helper to 100 x 150 mm."}}
        self.desk.post(f"/v1/issues/{issue['id']}/resolve", json=fix)
        # Who sees everything is told of everything: a draft for them may quote what the agent does not see.
        asker = {} if word == "foreign" else self.agent
        suggestion = self.desk.post(
            f"/v1/issues/{issue['id']}/guidance", json={}, headers={"Accept": "application/json", **asker}
        ).json()
        waiting = self.desk.post(
            f"/v1/issues/{issue['id']}/queued-messages", json={"body": "Soon", "delay_s": 600}
        ).json()
        incident = self.desk.post("/v1/incidents", json={"title": f"Labels {word}", "issue_ids": [issue["id"]]}).json()
        return {
            "proposal_id": self._proposal(issue["id"], word),
            "incident_id": incident["id"],
            "queued_id": waiting["id"],
            "issue_id": issue["id"], "customer_id": issue["customer"]["id"], "attachment_id": attachment["id"],
            "suggestion_id": suggestion["suggestion_id"], "correction_id": "cor_none", "key": "of an upload",
        }  # fmt: skip

    def _proposal(self, issue_id: str, word: str) -> str:
        new = NewProposal(
            issue_id=issue_id, resolution_id=None, article_id=None, title=f"Blank labels of the {word} one",
            body=f"Set the paper size of the {word} printer helper.", language="en", reason="It helped.",
        )  # fmt: skip
        with self.resources.database.transaction() as session:
            return propose(session, new, now=self.resources.clock()).id


@pytest.fixture
def world(desk: TestClient, resources: Resources) -> World:
    return World(desk, resources)


def _owned_routes() -> list[tuple[str, str]]:
    return [
        (method, path)
        for path, operations in OPENAPI["paths"].items()
        for method, operation in operations.items()
        if any(f"{{{name}}}" in path for name in OWNED) and "agent" in _roles(operation["x-permission"])
    ]


def _roles(permission: str) -> frozenset[str]:
    return PERMISSIONS.get(permission, frozenset())


def test_every_route_with_an_owner_hides_what_is_foreign(desk: TestClient, world: World) -> None:
    routes = _owned_routes()
    assert len(routes) > 18
    wrong = []
    for method, path in routes:
        unknown = {name: f"{value[:4]}01j9z3k6w8f5v9m2q4x7c1b0ad" for name, value in world.own.items()}
        foreign = desk.request(method, path.format(**world.foreign), json={}, headers=world.agent)
        missing = desk.request(method, path.format(**unknown), json={}, headers=world.agent)
        # The same words as for what does not exist, where the body was no reason to refuse first.
        told = (foreign.status_code, foreign.json().get("code"))
        if foreign.status_code != 404 or (missing.status_code == 404 and told[1] != missing.json().get("code")):
            wrong.append((method, path, told, missing.status_code))

    assert not wrong


def test_every_route_with_an_owner_answers_for_own_and_free_things(desk: TestClient, world: World) -> None:
    for method, path in _owned_routes():
        for things in (world.own, world.free):
            # A correction is gone after the first call, an incident with its last issue; a waiting reply is its
            # author's alone.
            if "{correction_id}" in path or "{queued_id}" in path or path.endswith("{incident_id}/issues/{issue_id}"):
                continue
            answer = desk.request(method, path.format(**things), json={}, headers=world.agent)
            assert answer.status_code not in (401, 403, 404, 500) or answer.json()["code"] == "no_summary", path


def test_lists_leave_out_what_is_foreign(desk: TestClient, world: World) -> None:
    def ids(path: str, headers: dict[str, str], **query: Any) -> set[str]:
        return {row["id"] for row in desk.get(path, params=query, headers=headers).json()["data"]}

    issues = {world.own["issue_id"], world.free["issue_id"]}
    assert ids("/v1/issues", world.agent) == issues
    assert ids("/v1/issues", world.agent, view="resolved") == issues
    assert ids("/v1/issues", world.lead) == issues | {world.foreign["issue_id"]}
    assert ids("/v1/issues", world.agent, customer_id=world.foreign["customer_id"]) == set()
    assert ids("/v1/issues", world.agent, external_id="ref-foreign-1") == set()
    assert ids("/v1/customers", world.agent) == {world.own["customer_id"], world.free["customer_id"]}
    assert ids("/v1/customers", world.agent, email="foreign@example.com") == set()
    assert len(ids("/v1/customers", world.lead)) == 3
    proposals = {world.own["proposal_id"], world.free["proposal_id"]}
    assert ids("/v1/knowledge/proposals", world.agent) == proposals
    assert ids("/v1/knowledge/proposals", world.lead) == proposals | {world.foreign["proposal_id"]}


@pytest.mark.parametrize("text", ["label printer blank", "foreign", "ref-foreign-1", "zora", "foreign@example.com"])
def test_search_finds_nothing_foreign(desk: TestClient, world: World, text: str) -> None:
    def found(headers: dict[str, str]) -> set[str]:
        query = {"q": text, "kind": ["issue", "customer"]}
        return {row["id"] for row in desk.get("/v1/search", params=query, headers=headers).json()["data"]}

    foreign = {world.foreign["issue_id"], world.foreign["customer_id"]}
    assert found(world.lead) & foreign
    assert not found(world.agent) & foreign


def test_a_company_finds_nothing_foreign(desk: TestClient, world: World) -> None:
    def found(path: str, headers: dict[str, str]) -> set[str]:
        return {row["id"] for row in desk.get(path, params={"q": "looms"}, headers=headers).json()["data"]}

    for things in (world.own, world.free, world.foreign):
        is_foreign = things is world.foreign
        both = {things["issue_id"], things["customer_id"]}
        assert both <= found("/v1/search", world.lead)
        assert both & found("/v1/search", world.agent) == (set() if is_foreign else both)
        assert (things["customer_id"] in found("/v1/customers", world.agent)) is not is_foreign


def test_a_panel_shows_no_foreign_issue(desk: TestClient, world: World) -> None:
    def similar(panel: dict[str, Any]) -> set[str]:
        return {item["issue_id"] for item in panel["similar_issues"]["items"]}

    path = f"/v1/issues/{world.own['issue_id']}/panel"
    everything = desk.get(path, params={"refresh": True}, headers=world.lead).json()
    assert world.foreign["issue_id"] in similar(everything)
    for panel in (
        desk.get(path, headers=world.agent).json(),
        desk.get(path, params={"refresh": True}, headers=world.agent).json(),
        desk.post("/v1/analyze", json={"body": PROBLEM}, headers=world.agent).json(),
        desk.post("/v1/issues", json={"subject": "New", "body": PROBLEM}, headers=world.agent).json()["panel"],
    ):
        assert similar(panel)
        assert world.foreign["issue_id"] not in json.dumps(panel)
        assert "foreign printer helper" not in json.dumps(panel)


def test_a_draft_draws_on_nothing_foreign(desk: TestClient, world: World) -> None:
    answer = desk.post(
        f"/v1/issues/{world.own['issue_id']}/guidance", json={}, headers={**world.agent, "Accept": "application/json"}
    )

    assert answer.status_code == 200
    assert world.foreign["issue_id"] not in answer.text
    assert "foreign printer" not in answer.text


def test_a_kept_draft_is_hidden_from_who_may_not_see_what_it_was_drawn_from(desk: TestClient, world: World) -> None:
    issue = f"/v1/issues/{world.own['issue_id']}"
    wide = desk.post(f"{issue}/guidance", json={}, headers={**world.lead, "Accept": "application/json"}).json()
    narrow = desk.post(f"{issue}/guidance", json={}, headers={**world.agent, "Accept": "application/json"}).json()
    assert world.foreign["issue_id"] in json.dumps(wide)

    listed = desk.get(f"{issue}/suggestions", headers=world.agent)
    one = f"/v1/suggestions/{wide['suggestion_id']}"
    refused = [
        desk.get(one, headers=world.agent),
        desk.post(f"{one}/outcome", json={"outcome": "accepted"}, headers=world.agent),
    ]

    assert narrow["suggestion_id"] in {row["id"] for row in listed.json()["data"]}
    assert world.foreign["issue_id"] not in listed.text
    assert "foreign printer" not in listed.text
    assert [(answer.status_code, answer.json()["code"]) for answer in refused] == [(404, "suggestion_not_found")] * 2
    assert desk.get(one, headers=world.lead).json()["outcome"] is None


def test_an_article_names_no_foreign_issue(desk: TestClient, world: World) -> None:
    proposal = f"/v1/knowledge/proposals/{world.foreign['proposal_id']}/approve"
    article = desk.post(proposal, json={}, headers=world.lead).json()["article"]
    assert article["source_issue_ids"] == [world.foreign["issue_id"]]

    for path in ("/v1/knowledge/articles", f"/v1/knowledge/articles/{article['id']}"):
        shown = desk.get(path, headers=world.agent)
        assert article["id"] in shown.text
        assert world.foreign["issue_id"] not in shown.text
        assert article["sources"][0]["key"] not in shown.text


def test_what_a_body_names_is_checked_like_a_path(desk: TestClient, world: World) -> None:
    foreign = world.foreign
    upload, by_email = {"file": ("log.txt", b"words", "text/plain")}, {"email": "foreign@example.com"}
    tries = [
        desk.post("/v1/attachments", files=upload, data={"issue_id": foreign["issue_id"]}, headers=world.agent),
        desk.post("/v1/issues", json={"subject": "x", "customer": {"id": foreign["customer_id"]}}, headers=world.agent),
        desk.post("/v1/issues", json={"subject": "x", "customer": by_email}, headers=world.agent),
        desk.post("/v1/analyze", json={"body": "x", "customer": {"id": foreign["customer_id"]}}, headers=world.agent),
        desk.post(
            "/v1/issues", json={"subject": "x", "external_ref": {"source": "desk", "id": "ref-foreign-1"}},
            headers=world.agent,
        ),
        desk.post(
            f"/v1/issues/{world.own['issue_id']}/corrections",
            json={"part": "similar_issues", "value": {"issue_id": foreign["issue_id"], "relevant": False}},
            headers=world.agent,
        ),
    ]  # fmt: skip
    template = desk.post("/v1/templates", json={"title": "T", "body": "Hello {{ customer.name }}"}).json()["id"]
    preview = {"issue_id": foreign["issue_id"]}
    tries.append(desk.post(f"/v1/templates/{template}/preview", json=preview, headers=world.agent))

    assert [answer.status_code for answer in tries] == [404] * len(tries)
    assert not any("Zora" in answer.text for answer in tries)


def test_an_issue_that_is_seen_may_be_said_not_to_be_similar(desk: TestClient, world: World) -> None:
    other = desk.post("/v1/issues", json={"subject": "seen by all"}).json()["issue"]["id"]
    own = f"/v1/issues/{world.own['issue_id']}"
    desk.patch(f"/v1/issues/{other}", json={"team_id": desk.get(own).json()["team_id"]})
    value = {"issue_id": other, "relevant": False}
    answer = desk.post(f"{own}/corrections", json={"part": "similar_issues", "value": value}, headers=world.agent)
    assert answer.status_code == 201


def test_a_customer_of_others_is_not_told_by_their_reference(desk: TestClient, world: World) -> None:
    theirs = {"name": "Zora Foreign", "external_ref": {"source": "crm", "id": "zora-1"}}
    customer = desk.post("/v1/customers", json=theirs).json()
    issue = desk.post("/v1/issues", json={"subject": "x", "customer": {"id": customer["id"]}}).json()["issue"]
    team_id = desk.get(f"/v1/issues/{world.foreign['issue_id']}").json()["team_id"]
    desk.patch(f"/v1/issues/{issue['id']}", json={"team_id": team_id})

    for body, key in ((theirs | {"name": "X"}, {}), (theirs, {"Idempotency-Key": "k"})):
        desk.post("/v1/customers", json=body, headers=key)
        answer = desk.post("/v1/customers", json=body, headers={**world.agent, **key})
        assert (answer.status_code, answer.json()["code"]) == (404, "customer_not_found")
        assert "Zora" not in answer.text


def test_an_issue_given_to_another_team_is_gone_at_once(desk: TestClient, world: World) -> None:
    path = f"/v1/issues/{world.own['issue_id']}"
    assert desk.get(path, headers=world.agent).status_code == 200
    other = desk.get("/v1/teams").json()["data"][0]["id"]
    desk.patch(path, json={"team_id": other})

    assert desk.get(path, headers=world.agent).status_code == 404
    found = desk.get("/v1/search", params={"q": "label printer", "kind": "issue"}, headers=world.agent).json()["data"]
    assert world.own["issue_id"] not in {row["id"] for row in found}


def test_a_key_of_an_agent_is_in_no_team(desk: TestClient, world: World, resources: Resources) -> None:
    key = {"Authorization": authorization(resources, "agent")}
    machine = {"Authorization": authorization(resources, "machine")}

    assert {row["id"] for row in desk.get("/v1/issues", headers=key).json()["data"]} == {world.free["issue_id"]}
    assert len(desk.get("/v1/issues", headers=machine).json()["data"]) == 3


def test_without_the_setting_teams_limit_nobody(client: TestClient, resources: Resources) -> None:
    world = World(client, resources)
    assert client.get(f"/v1/issues/{world.foreign['issue_id']}", headers=world.agent).status_code == 200


def test_the_inbox_counts_and_names_only_what_is_seen(desk: TestClient, world: World, clock: StepClock) -> None:
    for things, name in ((world.own, "Olga of Own"), (world.foreign, "Fritz of Foreign")):
        desk.patch(f"/v1/issues/{things['issue_id']}", json={"assignee": name})

    counts = desk.get("/v1/issues/counts", headers=world.agent).json()["views"]
    people = desk.get("/v1/issues/assignees", headers=world.agent).json()["data"]
    everything = desk.get("/v1/issues/counts", headers=world.lead).json()["views"]

    assert (counts["resolved"], everything["resolved"]) == (2, 3)
    told = desk.get(
        "/v1/events", params={"after": (clock() - timedelta(hours=12)).isoformat()}, headers=world.agent
    ).json()["events"]
    gone = {event["issue_id"] for event in told if event["type"] == "gone"}
    # It came without a team, so whoever looked then saw it.
    assert gone == {world.foreign["issue_id"]}
    assert {event["issue_id"] for event in told} - gone == {world.own["issue_id"], world.free["issue_id"]}
    names = {person["name"] for person in people}
    assert "Olga of Own" in names
    assert "Fritz of Foreign" not in names


def test_nobody_is_given_an_issue_that_they_could_not_work_on(
    desk: TestClient, world: World, resources: Resources
) -> None:
    auditor = add_person(resources, "auditor")
    users = {row["name"]: row for row in desk.get("/v1/users").json()["data"]}
    agent = next(row["id"] for row in users.values() if row["role"] == "agent" and row["team_ids"])
    own, foreign = (f"/v1/issues/{things['issue_id']}" for things in (world.own, world.foreign))

    def given(path: str, **changes: object) -> tuple[int, str]:
        answer = desk.patch(path, json=changes)
        return answer.status_code, answer.json().get("errors", [{}])[0].get("code", "")

    assert given(own, assignee=agent) == (200, "")
    assert given(foreign, assignee=agent) == (422, "not_of_team")
    assert given(own, assignee=auditor.id) == (422, "may_not_edit")
    assert given(own, assignee=agent, team_id=desk.get(foreign).json()["team_id"]) == (422, "not_of_team")
    assert given(f"/v1/issues/{world.free['issue_id']}", assignee=agent) == (200, "")
    assert desk.get(foreign).json()["assignee"] is None


def test_a_mention_leads_nobody_to_an_issue_that_they_may_not_see(desk: TestClient, world: World) -> None:
    for things in (world.own, world.foreign):
        note = {"author": "agent", "visibility": "internal", "body": "@Ada, look"}
        desk.post(f"/v1/issues/{things['issue_id']}/messages", json=note, headers=world.lead)

    def offered(things: dict[str, str]) -> set[str]:
        rows = desk.get(f"/v1/issues/{things['issue_id']}/colleagues", headers=world.lead).json()["data"]
        return {row["name"] for row in rows}

    assert (offered(world.own) >= {"Ada", "Lea"}, "Ada" in offered(world.foreign)) == (True, False)
    assert {"Ada", "Lea"} <= offered(world.free)
    told = desk.get("/v1/mentions", headers=world.agent).json()["data"]
    listed = desk.get("/v1/issues?view=mentions", headers=world.agent).json()["data"]
    assert [row["issue_id"] for row in told] == [row["id"] for row in listed] == [world.own["issue_id"]]
    assert desk.get("/v1/issues/counts", headers=world.agent).json()["views"]["mentions"] == 1

    # Once it is theirs, it is told.
    team = desk.get(f"/v1/issues/{world.own['issue_id']}").json()["team_id"]
    desk.patch(f"/v1/issues/{world.foreign['issue_id']}", json={"team_id": team})
    assert desk.get("/v1/issues/counts", headers=world.agent).json()["views"]["mentions"] == 2
