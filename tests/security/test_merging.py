"""Who may merge issues, and that a merge shows nobody what they do not see."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from support_copilot.identity.config import IdentityConfig
from support_copilot.resources import Resources
from support_copilot.serve import build_app
from tests.conftest import TEST_LIMITS, TEST_SERVER, authorization
from tests.people import add_person, headers_of

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def desk(resources: Resources) -> Iterator[TestClient]:
    """The product with teams switched on, asked by an administrator."""
    app = build_app(resources, TEST_SERVER, limits=TEST_LIMITS, identity=IdentityConfig(teams_limit_agents=True))
    headers = {"Authorization": authorization(resources, "admin")}
    with TestClient(app, raise_server_exceptions=False, headers=headers) as opened:
        yield opened


def open_issue(desk: TestClient, team_id: str | None = None) -> str:
    body = {"subject": "Blank labels", "body": "The printer prints blanks.", "customer": {"email": "ana@example.com"}}
    issue_id = str(desk.post("/v1/issues", json=body).json()["issue"]["id"])
    if team_id:
        assert desk.patch(f"/v1/issues/{issue_id}", json={"team_id": team_id}).status_code == 200
    return issue_id


def merge(desk: TestClient, issue_id: str, into: str, **options: Any) -> Any:
    return desk.post(f"/v1/issues/{issue_id}/merge", json={"into": into}, **options)


@pytest.fixture
def teams(desk: TestClient) -> list[str]:
    return [str(desk.post("/v1/teams", json={"name": name}).json()["id"]) for name in ("Own", "Foreign")]


def test_an_issue_of_another_team_is_no_target_and_no_duplicate(
    desk: TestClient, resources: Resources, teams: list[str]
) -> None:
    agent = headers_of(desk, add_person(resources, "agent", teams=(teams[0],)))
    own, foreign = (open_issue(desk, team) for team in teams)

    unknown = merge(desk, own, "iss_01j9z3k6w8f5v9m2q4x7c1b0ad", headers=agent).json()["code"]
    for refused in (merge(desk, own, foreign, headers=agent), merge(desk, foreign, own, headers=agent)):
        assert (refused.status_code, refused.json()["code"]) == (404, unknown)
    assert desk.get(f"/v1/issues/{own}/merge-targets", headers=agent).json()["data"] == []


def test_a_merged_issue_is_seen_by_who_sees_the_other_one(
    desk: TestClient, resources: Resources, teams: list[str]
) -> None:
    own, foreign = (headers_of(desk, add_person(resources, "agent", name=team, teams=(team,))) for team in teams)
    duplicate, survivor = open_issue(desk, teams[0]), open_issue(desk, teams[1])
    merge(desk, duplicate, survivor)

    def status(headers: dict[str, str]) -> int:
        return int(desk.get(f"/v1/issues/{duplicate}", headers=headers).status_code)

    assert (status(own), status(foreign)) == (404, 200)
    said = {"author": "customer", "body": "Any news?"}
    assert desk.post(f"/v1/issues/{duplicate}/messages", json=said, headers=own).status_code == 404
    desk.patch(f"/v1/issues/{survivor}", json={"team_id": teams[0]})
    assert (status(own), status(foreign)) == (200, 404)
    desk.post(f"/v1/issues/{duplicate}/unmerge")
    assert (status(own), status(foreign)) == (200, 404)
    assert desk.get(f"/v1/issues/{duplicate}").json()["team_id"] == teams[0]


def test_who_may_not_edit_issues_merges_none(desk: TestClient, resources: Resources) -> None:
    first, second = open_issue(desk), open_issue(desk)
    reader = {"scopes": ["issues.read"], "name": "Reader", "role": "agent"}
    key = desk.post("/v1/api-keys", json=reader)
    assert key.status_code == 201, key.text
    for headers in (
        headers_of(desk, add_person(resources, "auditor", name="Vi")),
        {"Authorization": f"Bearer {key.json()['key']}"},
    ):
        assert merge(desk, second, first, headers=headers).status_code == 403
        assert desk.post(f"/v1/issues/{second}/unmerge", headers=headers).status_code == 403
        assert desk.get(f"/v1/issues/{second}/merge-targets", headers=headers).status_code == 200
    assert desk.get(f"/v1/issues/{second}").json()["merged_into"] is None
