"""Links that open one file without a sign-in: for minutes, unchanged, and while whoever made them may see it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from support_copilot.db.models import Issue
from support_copilot.identity.config import IdentityConfig
from support_copilot.issues.file_links import make_link
from support_copilot.resources import Resources
from support_copilot.serve import build_app
from support_copilot.vault.vault import Vault
from support_copilot.worker import Worker
from tests.conftest import TEST_SERVER, StepClock, authorization
from tests.flows.test_records_attachments import upload
from tests.flows.test_records_issues import stored
from tests.people import Person, add_person, headers_of
from tests.unit.privacy.stories import erase, tell_story

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def link_of(client: TestClient, resources: Resources, content: bytes = b"hello") -> tuple[str, str]:
    kept = upload(client, "Ana Kim's contract.txt", content, issue_id=stored(resources)).json()
    answer = client.post(f"/v1/attachments/{kept['id']}/link")
    assert answer.status_code == 200
    return kept["id"], answer.json()["url"]


def test_a_link_opens_its_file_without_a_sign_in_until_it_ends(
    client: TestClient, app: object, resources: Resources, clock: StepClock
) -> None:
    attachment_id, link = link_of(client, resources)
    del client.headers["Authorization"]

    answer = client.get(link)

    assert (answer.status_code, answer.content) == (200, b"hello")
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert client.get(f"/v1/attachments/{attachment_id}/content").status_code == 401
    clock.advance(minutes=4)
    assert client.get(link).status_code == 200
    clock.advance(minutes=1)
    gone = client.get(link)
    assert (gone.status_code, gone.json()["code"]) == (410, "link_expired")


def test_a_link_tells_nothing_of_the_file(client: TestClient, resources: Resources) -> None:
    attachment_id, link = link_of(client, resources)

    assert re.fullmatch(
        rf"/v1/attachments/{attachment_id}/download\?by=key_\w+&expires=\d+&signature=[\w-]{{43}}", link
    )


def test_a_link_that_was_changed_in_anything_opens_nothing(
    client: TestClient, resources: Resources, vault: Vault, clock: StepClock
) -> None:
    attachment_id, link = link_of(client, resources)
    other_id, _other = link_of(client, resources, b"other")
    expires = re.search(r"expires=(\d+)", link)
    maker = re.search(r"by=(key_\w+)", link)
    signature = link.rpartition("=")[2]
    assert expires is not None
    assert maker is not None
    forged = [
        link.replace(attachment_id, other_id),
        link.replace(attachment_id, "att_00000000000000000000000000"),
        link.replace(expires[1], str(int(expires[1]) + 1)),
        link.replace(expires[1], "0"),
        link.replace(signature, signature[:-2]),
        link.replace(signature, "A" * 43),
        link.replace(signature, "%00" * 10),
        link.replace(signature, ""),
        link.replace(maker[1], "key_00000000000000000000000000"),
        link.replace(maker[1], ""),
    ]
    del client.headers["Authorization"]

    answers = [client.get(each) for each in forged]

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(404, "attachment_not_found")}
    assert client.get(link.partition("?")[0]).status_code == 422
    signed = f"{attachment_id}\0{maker[1]}\0{expires[1]}"
    assert vault.sign("other", signed) != vault.sign("attachments.link", signed)


def test_a_link_to_a_file_that_is_gone_says_no_more_than_a_wrong_one(
    client: TestClient, resources: Resources, vault: Vault, clock: StepClock
) -> None:
    _attachment_id, good = link_of(client, resources)
    maker = re.search(r"by=(key_\w+)", good)
    assert maker is not None
    link = make_link(vault, "att_00000000000000000000000000", maker[1], timedelta(minutes=5), clock())

    answer = client.get(link.path)

    assert (answer.status_code, answer.json()["code"]) == (404, "attachment_not_found")


def test_a_link_is_made_only_by_whom_the_file_is_shown_and_is_written_down(
    client: TestClient, resources: Resources
) -> None:
    attachment_id, _link = link_of(client, resources)
    events = client.get("/v1/audit?action=attachment.link_made").json()["data"]
    assert [event["target"] for event in events] == [attachment_id]

    client.headers["Authorization"] = authorization(resources, "machine", scopes=["issues.create"])
    assert client.post(f"/v1/attachments/{attachment_id}/link").status_code == 403


def made_by(client: TestClient, resources: Resources, person: Person) -> tuple[str, dict[str, str]]:
    """A link that this person made, and what they show; the client shows the administrator's key otherwise."""
    kept = upload(client, "a.txt", b"hello", issue_id=stored(resources)).json()
    theirs = headers_of(client, person)
    return client.post(f"/v1/attachments/{kept['id']}/link", headers=theirs).json()["url"], theirs


def opened(client: TestClient, link: str) -> tuple[int, str]:
    answer = client.get(link, headers={"Authorization": ""})
    return answer.status_code, "" if answer.status_code == 200 else answer.json()["code"]


def change(client: TestClient, person: Person, **changes: Any) -> None:
    assert client.patch(f"/v1/users/{person.id}", json=changes).status_code == 200


def test_a_link_ends_with_its_maker(client: TestClient, resources: Resources) -> None:
    person = add_person(resources, "agent")
    link, _theirs = made_by(client, resources, person)
    assert opened(client, link) == (200, "")

    change(client, person, disabled=True)
    assert opened(client, link) == (410, "link_expired")
    change(client, person, disabled=False)
    assert opened(client, link) == (410, "link_expired"), "the session that made it is over"


def test_a_link_ends_when_its_maker_signs_out(client: TestClient, resources: Resources) -> None:
    link, theirs = made_by(client, resources, add_person(resources, "agent"))

    assert client.post("/v1/auth/logout", headers=theirs).status_code == 204

    assert opened(client, link) == (410, "link_expired")


def test_a_link_ends_when_its_maker_gets_another_role(client: TestClient, resources: Resources) -> None:
    person = add_person(resources, "agent")
    link, _theirs = made_by(client, resources, person)

    change(client, person, role="auditor")

    assert opened(client, link) == (410, "link_expired")


@pytest.mark.parametrize("end", ["revoked", "expired"])
def test_a_link_ends_with_the_key_that_made_it(
    client: TestClient, resources: Resources, clock: StepClock, end: str
) -> None:
    body: dict[str, Any] = {"name": "viewer", "role": "agent"}
    if end == "expired":
        body["expires_at"] = (clock() + timedelta(minutes=2)).isoformat()
    key = client.post("/v1/api-keys", json=body).json()
    kept = upload(client, "a.txt", b"hello", issue_id=stored(resources)).json()
    theirs = {"Authorization": f"Bearer {key['key']}"}
    link = client.post(f"/v1/attachments/{kept['id']}/link", headers=theirs).json()["url"]
    assert opened(client, link) == (200, "")

    if end == "expired":
        clock.advance(minutes=3)
    else:
        assert client.delete(f"/v1/api-keys/{key['api_key']['id']}").status_code < 300

    assert opened(client, link) == (410, "link_expired")


def test_a_link_ends_when_the_issue_goes_to_another_team(client: TestClient, resources: Resources) -> None:
    app = build_app(resources, TEST_SERVER, identity=IdentityConfig(teams_limit_agents=True))
    with TestClient(app, headers=client.headers) as limited:
        person = add_person(resources, "agent")
        link, _theirs = made_by(limited, resources, person)
        assert opened(limited, link) == (200, "")
        team = limited.post("/v1/teams", json={"name": "Payments"}).json()["id"]
        issue_id = limited.get(link.partition("/download")[0]).json()["issue_id"]
        with resources.database.transaction() as session:
            issue = session.get(Issue, issue_id)
            assert issue is not None
            issue.team_id = team

        assert opened(limited, link) == (404, "attachment_not_found")


def test_a_link_ends_when_its_file_is_erased(client: TestClient, resources: Resources, worker: Worker) -> None:
    story = tell_story(resources)
    (kept,) = client.get(f"/v1/issues/{story.issue_id}/attachments").json()["data"]
    link = client.post(f"/v1/attachments/{kept['id']}/link").json()["url"]
    assert opened(client, link) == (200, "")

    erase(resources, worker, story.customer_id)

    assert opened(client, link) == (404, "attachment_not_found")


def test_opening_a_link_does_not_keep_a_session_alive(
    client: TestClient, resources: Resources, clock: StepClock
) -> None:
    person = add_person(resources, "agent")
    link, theirs = made_by(client, resources, person)
    clock.advance(minutes=4)
    assert opened(client, link) == (200, "")
    clock.advance(minutes=57)

    assert client.get("/v1/auth/me", headers=theirs).status_code == 401
