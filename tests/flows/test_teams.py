"""Teams over HTTP: made, renamed and deleted, with people in them, and issues that go from one to another."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from support_copilot.db.models import AuditEntry
from support_copilot.identity.config import IdentityConfig
from support_copilot.issues import queries
from support_copilot.resources import Resources
from support_copilot.serve import build_app
from tests.conftest import TEST_LIMITS, TEST_SERVER, StepClock, authorization
from tests.people import add_person, headers_of

UNKNOWN = "tem_01j9z3k6w8f5v9m2q4x7c1b0ad"


def new_team(client: TestClient, name: str = "North") -> str:
    return str(client.post("/v1/teams", json={"name": name}).json()["id"])


def new_issue(client: TestClient, **edit: Any) -> str:
    made = client.post("/v1/issues", json={"subject": "Checkout fails", "body": "The checkout fails. Please help."})
    issue_id = str(made.json()["issue"]["id"])
    if edit:
        assert client.patch(f"/v1/issues/{issue_id}", json=edit).status_code == 200
    return issue_id


def told(client: TestClient, issue_id: str) -> list[str]:
    """What the product itself said in a conversation."""
    rows = client.get(f"/v1/issues/{issue_id}/messages").json()["data"]
    return [row["body"] for row in rows if row["author"] == "system"]


def test_a_move_to_a_team_is_told_in_the_conversation_to_colleagues_alone(client: TestClient) -> None:
    north, south = new_team(client, "North"), new_team(client, "South")
    issue_id = new_issue(client, team_id=north)
    path = f"/v1/issues/{issue_id}"

    again = client.patch(path, json={"team_id": north}).json()
    moved = client.patch(path, json={"team_id": south}).json()
    freed = client.patch(path, json={"team_id": None}).json()

    assert [issue["team_name"] for issue in (again, moved, freed)] == ["North", "South", None]
    assert told(client, issue_id) == ["Moved to team North.", "Moved to team South.", "Taken out of team South."]
    rows = client.get(f"{path}/messages").json()["data"]
    assert {row["visibility"] for row in rows if row["author"] == "system"} == {"internal"}
    assert client.patch(path, json={"team_id": UNKNOWN}).json()["errors"][0]["code"] == "unknown_team"


def test_a_move_makes_nothing_unread_that_was_read(client: TestClient, resources: Resources) -> None:
    ada = headers_of(client, add_person(resources, "agent"))
    me = client.get("/v1/issues/assignees", headers=ada).json()["me"]
    issue_id, team_id = new_issue(client, assignee=me), new_team(client)

    def unread() -> int:
        return int(client.get("/v1/issues/counts", headers=ada).json()["unread"]["mine"])

    assert unread() == 1
    client.put("/v1/reading", json={"marks": [{"issue_id": issue_id, "seen": 1}]}, headers=ada)
    client.patch(f"/v1/issues/{issue_id}", json={"team_id": team_id})
    assert unread() == 0
    client.post(f"/v1/issues/{issue_id}/messages", json={"author": "customer", "body": "It still fails."})
    assert unread() == 1


def test_a_full_issue_is_moved_without_a_word(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    issue_id, team_id = new_issue(client), new_team(client)
    monkeypatch.setattr("support_copilot.issues.assigning.MAX_MESSAGES", 1)
    assert queries.MAX_MESSAGES == 10_000

    assert client.patch(f"/v1/issues/{issue_id}", json={"team_id": team_id}).json()["team_name"] == "North"
    assert told(client, issue_id) == []


def test_what_is_merged_in_goes_along(client: TestClient) -> None:
    body = {"subject": "Checkout", "body": "It fails.", "customer": {"name": "Ana", "email": "ana@example.com"}}
    one, other = (client.post("/v1/issues", json=body).json()["issue"]["id"] for _ in range(2))
    client.post(f"/v1/issues/{other}/merge", json={"into": one})

    client.patch(f"/v1/issues/{one}", json={"team_id": new_team(client)})

    assert client.get(f"/v1/issues/{other}").json()["team_name"] == "North"


def test_the_list_of_who_may_take_an_issue_has_teams_and_no_auditor(client: TestClient, resources: Resources) -> None:
    ada, otto = add_person(resources, "agent", name="Ada"), add_person(resources, "auditor", name="Otto")
    south, north = new_team(client, "south"), new_team(client, "North")

    answer = client.get("/v1/issues/assignees", headers=headers_of(client, otto)).json()

    assert [person["value"] for person in answer["data"]] == [ada.id]
    assert answer["data"][0]["team_ids"] is None
    assert answer["teams"] == [
        {"id": north, "name": "North", "seen": True}, {"id": south, "name": "south", "seen": True},
    ]  # fmt: skip


def test_a_list_is_narrowed_by_team_and_kept_as_a_view(client: TestClient) -> None:
    north, south = new_team(client, "North"), new_team(client, "South")
    mine = new_issue(client, team_id=north)
    new_issue(client, team_id=south)

    view = client.post("/v1/views", json={"name": "North", "filters": {"team_id": north}}).json()

    assert (view["filters"]["team_id"], view["count"]) == (north, 1)
    assert [row["id"] for row in client.get(f"/v1/issues?view=all&team_id={north}").json()["data"]] == [mine]
    assert client.delete(f"/v1/teams/{north}").status_code == 204
    assert client.get(f"/v1/issues?view=all&team_id={north}").json()["data"] == []
    assert client.get("/v1/views").json()["data"][0]["count"] == 0


def test_each_of_ones_teams_is_counted(client: TestClient, resources: Resources, clock: StepClock) -> None:
    north, south, other = (new_team(client, name) for name in ("North", "South", "Other"))
    headers = headers_of(client, add_person(resources, "agent", teams=(south, north)))
    for edit in ({}, {"status": "pending"}, {"status": "closed"}, {"snoozed_until": "2030-01-01T00:00:00Z"}):
        new_issue(client, team_id=north, **edit)
    new_issue(client, team_id=other)

    teams = client.get("/v1/issues/counts", headers=headers).json()["teams"]

    assert teams == [{"id": north, "name": "North", "count": 2}, {"id": south, "name": "South", "count": 0}]
    assert client.get("/v1/issues/counts").json()["teams"] == []


def test_people_are_put_into_a_team_and_taken_out(client: TestClient, resources: Resources) -> None:
    ada, team_id, other = add_person(resources, "agent"), new_team(client), new_team(client, "South")
    path = f"/v1/teams/{team_id}/members"
    client.put(f"/v1/teams/{other}/members/{ada.id}")

    assert [client.put(f"{path}/{ada.id}").status_code for _ in range(2)] == [204, 204]
    assert client.get(f"/v1/users/{ada.id}").json()["team_ids"] == sorted([team_id, other])
    assert {row["name"]: row["members"] for row in client.get("/v1/teams").json()["data"]} == {"North": 1, "South": 1}
    assert [client.delete(f"{path}/{ada.id}").status_code for _ in range(2)] == [204, 204]
    assert client.get(f"/v1/users/{ada.id}").json()["team_ids"] == [other]
    assert client.put(f"{path}/usr_01j9z3k6w8f5v9m2q4x7c1b0ad").status_code == 404
    assert client.put(f"/v1/teams/{UNKNOWN}/members/{ada.id}").status_code == 404

    with resources.database.read() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.target == team_id).order_by(AuditEntry.seq))
        events = [(row.action, row.before, row.after) for row in rows]
    assert events[1:] == [
        ("team.member_added", {}, {"user_id": ada.id}), ("team.member_removed", {"user_id": ada.id}, {}),
    ]  # fmt: skip


def test_two_who_change_the_same_team_at_once_lose_nothing(client: TestClient, resources: Resources) -> None:
    people, team_id = [add_person(resources, "agent", name=f"Ada {n}") for n in range(6)], new_team(client)

    with ThreadPoolExecutor(3) as pool:
        answers = pool.map(lambda person: client.put(f"/v1/teams/{team_id}/members/{person.id}"), people)
        assert {answer.status_code for answer in answers} == {204}

    assert client.get(f"/v1/teams/{team_id}").json()["members"] == 6


def test_a_deleted_team_frees_its_issues_and_people_and_says_how_many(client: TestClient, resources: Resources) -> None:
    team_id = new_team(client)
    ada = add_person(resources, "agent", teams=(team_id,))
    issue_id = new_issue(client, team_id=team_id)
    new_issue(client, team_id=team_id, status="closed")
    version = client.get(f"/v1/issues/{issue_id}").json()["version"]

    before = client.get(f"/v1/teams/{team_id}")
    stale = client.delete(f"/v1/teams/{team_id}", headers={"If-Match": '"9"'})
    gone = client.delete(f"/v1/teams/{team_id}", headers={"If-Match": before.headers["ETag"]})

    assert (before.json()["issues"], before.json()["members"], before.json()["limits"]) == (2, 1, False)
    assert (stale.status_code, gone.status_code) == (412, 204)
    freed = client.get(f"/v1/issues/{issue_id}").json()
    assert (freed["team_id"], freed["team_name"], freed["version"]) == (None, None, version + 1)
    assert client.get(f"/v1/users/{ada.id}").json()["team_ids"] == []
    assert [client.get(f"/v1/teams/{team_id}").status_code, client.delete(f"/v1/teams/{team_id}").status_code] == [
        404
    ] * 2
    with resources.database.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "team.deleted")).one()
    assert entry.after == {"issues": 2, "members": 1}


def test_an_issue_comes_out_of_a_merge_without_the_team_that_was_deleted(client: TestClient) -> None:
    team_id = new_team(client)
    body = {"subject": "Checkout", "body": "It fails.", "customer": {"name": "Ana", "email": "ana@example.com"}}
    one, other = (client.post("/v1/issues", json=body).json()["issue"]["id"] for _ in range(2))
    client.patch(f"/v1/issues/{other}", json={"team_id": team_id})
    client.post(f"/v1/issues/{other}/merge", json={"into": one})
    client.delete(f"/v1/teams/{team_id}")

    out = client.post(f"/v1/issues/{other}/unmerge", json={"out_of": one})

    assert (out.status_code, out.json()["issue"]["team_id"]) == (200, None)


def test_there_are_so_many_teams_and_no_more(
    client: TestClient, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("support_copilot.identity.teams.MOST_TEAMS", 2)
    monkeypatch.setattr("support_copilot.identity.teams.MOST_OF_PERSON", 1)
    one, two = new_team(client, "One"), new_team(client, "Two")
    ada = add_person(resources, "agent", teams=(one,))

    assert client.post("/v1/teams", json={"name": "Three"}).json()["code"] == "too_many_teams"
    assert client.put(f"/v1/teams/{two}/members/{ada.id}").json()["code"] == "too_many_teams"
    assert client.put(f"/v1/teams/{one}/members/{ada.id}").status_code == 204


@pytest.mark.parametrize("role", ["agent", "lead", "auditor", "machine"])
def test_only_administrators_change_teams(client: TestClient, resources: Resources, role: Any) -> None:
    team_id, person = new_team(client), add_person(resources, "agent")
    headers = {"Authorization": authorization(resources, role)}
    path = f"/v1/teams/{team_id}"

    tries = [
        client.get(path, headers=headers),
        client.delete(path, headers=headers),
        client.patch(path, json={"name": "Mine"}, headers=headers),
        client.put(f"{path}/members/{person.id}", headers=headers),
        client.delete(f"{path}/members/{person.id}", headers=headers),
    ]

    assert {answer.status_code for answer in tries} == {403}


def test_who_does_not_see_an_issue_after_a_move_gives_it_up(resources: Resources) -> None:
    app = build_app(resources, TEST_SERVER, limits=TEST_LIMITS, identity=IdentityConfig(teams_limit_agents=True))
    with TestClient(app, headers={"Authorization": authorization(resources, "admin")}) as desk:
        north, south = new_team(desk, "North"), new_team(desk, "South")
        nora, lead = add_person(resources, "agent", teams=(north,)), add_person(resources, "lead")
        hers, theirs = new_issue(desk, team_id=north, assignee=nora.id), new_issue(desk, assignee=lead.id)
        elsewhere = new_issue(desk, team_id=north, assignee="Kim")

        moved = [desk.patch(f"/v1/issues/{one}", json={"team_id": south}).json() for one in (hers, theirs, elsewhere)]
        back = desk.patch(f"/v1/issues/{hers}", json={"team_id": north, "assignee": nora.id}).json()

        assert [issue["assignee"] for issue in moved] == [None, lead.id, "Kim"]
        assert (back["team_id"], back["assignee"]) == (north, nora.id)
        takers = {row["value"]: row["team_ids"] for row in desk.get("/v1/issues/assignees").json()["data"]}
        assert (takers[nora.id], takers[lead.id]) == ([north], None)
        answer = desk.get("/v1/issues/assignees", headers=headers_of(desk, nora)).json()
        assert {team["name"]: team["seen"] for team in answer["teams"]} == {"North": True, "South": False}


def test_who_leaves_a_team_leaves_its_open_issues_to_others(resources: Resources) -> None:
    app = build_app(resources, TEST_SERVER, limits=TEST_LIMITS, identity=IdentityConfig(teams_limit_agents=True))
    with TestClient(app, headers={"Authorization": authorization(resources, "admin")}) as desk:
        north, south = new_team(desk, "North"), new_team(desk, "South")
        nora = add_person(resources, "agent", teams=(north, south))
        at_work, free = new_issue(desk, team_id=north, assignee=nora.id), new_issue(desk, assignee=nora.id)
        ended = new_issue(desk, team_id=north, assignee=nora.id, status="closed")
        other = new_issue(desk, team_id=south, assignee=nora.id)

        assert desk.delete(f"/v1/teams/{north}/members/{nora.id}").status_code == 204
        kept = [desk.get(f"/v1/issues/{one}").json()["assignee"] for one in (at_work, free, ended, other)]
        desk.patch(f"/v1/users/{nora.id}", json={"team_ids": []})

        assert kept == [None, nora.id, nora.id, nora.id]
        assert desk.get(f"/v1/issues/{other}").json()["assignee"] is None
        assert desk.get(f"/v1/issues/{free}").json()["assignee"] == nora.id


def test_nobody_who_cannot_come_in_is_given_an_issue(client: TestClient, resources: Resources) -> None:
    ada = add_person(resources, "agent")
    client.patch(f"/v1/users/{ada.id}", json={"disabled": True})

    answer = client.patch(f"/v1/issues/{new_issue(client)}", json={"assignee": ada.id})

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "disabled")
