"""Whom a note names, and how an issue stands after a change."""

import pytest
from fastapi.testclient import TestClient

from support_copilot.issues import live
from support_copilot.issues.live import IssueChanged, Missed, look_once
from support_copilot.issues.mentions import mentioned
from support_copilot.issues.news import Mention
from support_copilot.resources import Resources
from tests.conftest import StepClock
from tests.people import add_person, headers_of

PEOPLE = {"dana": ["usr_dana"], "dana lee": ["usr_lee"], "zoë": ["usr_zoe"], "kim (eu)": ["usr_kim", "usr_two"]}


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Ask @Dana about it", ["usr_dana"]),
        ("Ask @Dana Lee, please", ["usr_lee"]),
        ("@dana lee and @ZOË and @dana lee", ["usr_lee", "usr_zoe"]),
        ("@Kim (EU) knows", ["usr_kim", "usr_two"]),
        ("dana@dana.example.com, @Danae, @Nobody, Dana Lee", []),
        ("x" * 5000 + " @Dana", ["usr_dana"]),
    ],
)
def test_a_note_names_people_by_their_whole_name(text: str, ids: list[str]) -> None:
    assert mentioned(text, PEOPLE) == ids
    assert mentioned(text, {}) == []


def test_a_change_says_how_the_issue_stands_and_whom_its_note_names(
    client: TestClient, resources: Resources, clock: StepClock
) -> None:
    ada, bo = (add_person(resources, "agent", name=name) for name in ("Ada Lovelace", "Bo"))
    as_ada = headers_of(client, ada)
    issue_id = client.post("/v1/issues", json={"subject": "Help", "body": "Nothing works."}).json()["issue"]["id"]
    start = clock()
    client.patch(f"/v1/issues/{issue_id}", json={"severity": "critical", "assignee": bo.id})
    note = {"author": "agent", "visibility": "internal", "body": f"{'x ' * 200} @Bo and @Ada Lovelace, look."}
    assert client.post(f"/v1/issues/{issue_id}/messages", json=note, headers=as_ada).status_code == 201

    (told,) = [
        one for one in look_once(resources.database, start, None, clock()).events if isinstance(one, IssueChanged)
    ]

    assert told.news is not None
    assert told.news.said is not None
    assert (told.news.severity, told.news.assignee) == ("critical", bo.id)
    assert (told.news.said.author, told.news.said.by) == ("agent", ada.id)
    assert told.news.mentions == [Mention(by=ada.id, of=[bo.id], at=told.news.said.at)]


def test_whom_notes_named_is_told_whatever_was_said_after_them(
    client: TestClient, resources: Resources, clock: StepClock
) -> None:
    ada, bo = (add_person(resources, "agent", name=name) for name in ("Ada Lovelace", "Bo"))
    issue_id = client.post("/v1/issues", json={"subject": "Help", "body": "Nothing works."}).json()["issue"]["id"]

    def say(author: str, visibility: str, body: str) -> None:
        clock.advance(seconds=20)
        message = {"author": author, "visibility": visibility, "body": body}
        assert client.post(f"/v1/issues/{issue_id}/messages", json=message).status_code == 201

    say("agent", "internal", "@Bo knew of it")
    clock.advance(seconds=10)
    start = clock()
    say("agent", "internal", "@Bo and @Ada Lovelace, look")
    say("agent", "internal", "@Bo once more")
    say("agent", "public", "Ask @Bo")
    say("customer", "public", "Are you @Bo there?")

    (told,) = [
        one for one in look_once(resources.database, start, None, clock()).events if isinstance(one, IssueChanged)
    ]

    assert told.news is not None
    assert [each.of for each in told.news.mentions] == [sorted([ada.id, bo.id]), [bo.id]]


def test_whom_a_note_names_is_told_where_too_much_happened_to_tell_the_rest(
    client: TestClient, resources: Resources, clock: StepClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    bo = add_person(resources, "agent", name="Bo")
    named, *_others = [
        client.post("/v1/issues", json={"subject": "Help", "body": "It fails."}).json()["issue"]["id"] for _ in range(3)
    ]
    start = clock()
    note = {"author": "agent", "visibility": "internal", "body": "@Bo, look."}
    client.post(f"/v1/issues/{named}/messages", json=note)
    client.post("/v1/issues", json={"subject": "Help", "body": "It fails."})
    monkeypatch.setattr(live, "MOST_CHANGES", 1)

    missed, *told = look_once(resources.database, start, None, clock()).events

    assert missed == Missed()
    assert [
        (one.issue_id, [each.of for each in one.news.mentions])
        for one in told
        if isinstance(one, IssueChanged) and one.news
    ] == [(named, [[bo.id]])]
