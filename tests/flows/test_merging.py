"""Duplicates: merged into another issue of the customer, written to afterwards, taken out again."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient

from support_copilot.resources import Resources
from support_copilot.worker import Worker
from tests.conftest import StepClock
from tests.people import actions

ANA = {"name": "Ana Example", "email": "ana@example.com"}
PROBLEM = "The label printer prints blank labels since the update"


def open_issue(client: TestClient, subject: str = PROBLEM, **more: Any) -> dict[str, Any]:
    body = {"subject": subject, "body": f"{subject}. Please help.", "channel": "email", "customer": ANA} | more
    answer = client.post("/v1/issues", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json()["issue"])


def pair(client: TestClient, clock: StepClock) -> tuple[str, str]:
    """An issue and a duplicate that came an hour later."""
    first = open_issue(client)["id"]
    clock.advance(hours=1)
    return first, open_issue(client, f"Again: {PROBLEM}")["id"]


def merge(client: TestClient, issue_id: str, into: str, **options: Any) -> Any:
    return client.post(f"/v1/issues/{issue_id}/merge", json={"into": into}, **options)


def unmerge(client: TestClient, issue_id: str) -> dict[str, Any]:
    answer = client.post(f"/v1/issues/{issue_id}/unmerge")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def read(client: TestClient, issue_id: str) -> dict[str, Any]:
    return dict(client.get(f"/v1/issues/{issue_id}").json())


def say(client: TestClient, issue_id: str, body: str, author: str = "customer", **more: Any) -> dict[str, Any]:
    answer = client.post(f"/v1/issues/{issue_id}/messages", json={"author": author, "body": body} | more)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def said(client: TestClient, issue_id: str, **params: Any) -> list[tuple[str, str]]:
    """The words of people in an issue, each with the issue that it was said to."""
    data = client.get(f"/v1/issues/{issue_id}/messages", params=params).json()["data"]
    return [(each["body"], each["issue_id"]) for each in data if each["author"] != "system"]


def run_all(worker: Worker) -> None:
    while worker.run_once():
        pass


def test_a_duplicate_is_closed_and_its_messages_are_shown_in_the_other_one_by_time(
    client: TestClient, clock: StepClock, resources: Resources
) -> None:
    first, second = pair(client, clock)
    say(client, first, "We look at it.", author="agent")

    merged = merge(client, second, first).json()

    assert (merged["issue"]["status"], merged["issue"]["merged_into"]["id"]) == ("closed", first)
    assert [each["id"] for each in merged["into"]["merged"]] == [second]
    assert merged["into"]["message_count"] == 4
    assert merged["into"]["waiting_since"] is None
    assert [issue_id for _, issue_id in said(client, first)] == [first, second, first]
    assert [issue_id for _, issue_id in said(client, second)] == [second]
    line = client.get(f"/v1/issues/{first}/messages").json()["data"][-1]
    assert (line["author"], line["visibility"]) == ("system", "internal")
    assert line["body"] == f"{merged['issue']['key']} was merged into {merged['into']['key']}."
    assert merged["into"]["last_message"]["excerpt"] == "We look at it."
    trail = client.get("/v1/audit", params={"action": "issue.merged"}).json()["data"]
    assert [(each["target"], each["after"]["into"]) for each in trail] == [(second, first)]


def test_pages_of_a_merged_conversation_join_without_a_gap(client: TestClient, clock: StepClock) -> None:
    first, second = pair(client, clock)
    for number in range(3):
        say(client, (first, second)[number % 2], f"Number {number}")
    merge(client, second, first)
    whole = [each["id"] for each in client.get(f"/v1/issues/{first}/messages").json()["data"]]

    found: list[str] = []
    cursor = None
    while True:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = client.get(f"/v1/issues/{first}/messages", params=params).json()
        found += [each["id"] for each in page["data"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert found == whole
    assert len(whole) == 6


def test_the_customer_waits_since_the_first_question_that_nobody_has_answered(
    client: TestClient, clock: StepClock
) -> None:
    first, second = pair(client, clock)
    say(client, second, "We are on it.", author="agent")
    clock.advance(hours=1)
    asked = say(client, second, "Any news?")["message"]["created_at"]

    assert merge(client, second, first).json()["into"]["waiting_since"] == asked
    assert unmerge(client, second)["into"]["waiting_since"] == read(client, first)["created_at"]
    assert read(client, second)["waiting_since"] == asked


def test_merging_once_more_changes_nothing(client: TestClient, clock: StepClock, resources: Resources) -> None:
    first, second = pair(client, clock)
    merged = merge(client, second, first).json()

    assert merge(client, second, first).json() == merged
    assert [action for action, _, _ in actions(resources)].count("issue.merged") == 1


def test_what_is_written_to_a_duplicate_goes_to_the_other_one_and_opens_it_again(
    client: TestClient, clock: StepClock
) -> None:
    first, second = pair(client, clock)
    merge(client, second, first)
    client.post(f"/v1/issues/{first}/resolve", json={"resolution": {"text": "A new driver."}})
    clock.advance(minutes=5)

    answer = say(client, second, "It is back.")

    assert answer["message"]["issue_id"] == answer["panel"]["issue_id"] == first
    assert (read(client, first)["status"], read(client, second)["status"]) == ("open", "closed")
    assert said(client, first)[-1] == ("It is back.", first)


def test_a_file_sent_to_a_duplicate_is_a_file_of_the_other_one(client: TestClient, clock: StepClock) -> None:
    first, second = pair(client, clock)
    before = client.post(
        "/v1/attachments", data={"issue_id": second}, files={"file": ("before.txt", b"old log", "text/plain")}
    ).json()
    merge(client, second, first)
    since = client.post(
        "/v1/attachments",
        data={"issue_id": second, "draft": "reply"},
        files={"file": ("since.txt", b"new", "text/plain")},
    ).json()
    message = say(client, second, "See the file.", author="agent", attachment_ids=[since["id"]])["message"]

    files = {each["filename"]: each for each in client.get(f"/v1/issues/{first}/attachments").json()["data"]}
    assert files["since.txt"]["message_id"] == message["id"]
    assert files["before.txt"]["id"] == before["id"]


def test_a_waiting_reply_goes_out_in_the_other_one(client: TestClient, clock: StepClock, worker: Worker) -> None:
    first, second = pair(client, clock)
    reply = {"body": "On its way.", "delay_s": 30, "then_status": "pending"}
    queued = client.post(f"/v1/issues/{second}/queued-messages", json=reply)
    assert queued.status_code == 201, queued.text
    merge(client, second, first)
    assert [each["body"] for each in client.get(f"/v1/issues/{first}/queued-messages").json()["data"]] == [
        "On its way."
    ]

    clock.advance(minutes=1)
    run_all(worker)

    assert said(client, first)[-1] == ("On its way.", first)
    assert read(client, first)["status"] == "pending"


def test_taken_out_again_an_issue_is_what_it_was(client: TestClient, clock: StepClock, resources: Resources) -> None:
    first, second = pair(client, clock)
    say(client, second, "We are on it.", author="agent")
    client.patch(f"/v1/issues/{second}", json={"snoozed_until": "2026-03-09T09:00:00Z", "tags": ["printer"]})
    before, other = read(client, second), read(client, first)
    merge(client, second, first)
    assert read(client, first)["first_response_at"] == before["first_response_at"]
    say(client, second, "Since then.")

    after = unmerge(client, second)

    changed = {"version", "updated_at", "message_count"}
    assert {name: value for name, value in after["issue"].items() if name not in changed} == {
        name: value for name, value in before.items() if name not in changed
    }
    assert (after["into"]["first_response_at"], after["into"]["merged"]) == (other["first_response_at"], [])
    assert [body for body, _ in said(client, first)][-1] == "Since then."
    assert [issue_id for _, issue_id in said(client, second)] == [second, second]
    assert unmerge(client, second)["into"] is None
    assert [action for action, _, _ in actions(resources)].count("issue.unmerged") == 1


def test_an_issue_is_not_taken_out_of_where_somebody_else_merged_it(client: TestClient, clock: StepClock) -> None:
    first, second = pair(client, clock)
    third = open_issue(client)["id"]
    merge(client, second, first)
    unmerge(client, second)
    merge(client, second, third)

    refused = client.post(f"/v1/issues/{second}/unmerge", json={"out_of": first})

    assert (refused.status_code, refused.json()["code"]) == (409, "merged_elsewhere")
    assert read(client, second)["merged_into"]["id"] == third
    assert client.post(f"/v1/issues/{second}/unmerge", json={"out_of": third}).status_code == 200


def test_a_duplicate_of_a_duplicate_belongs_to_the_last_and_comes_out_with_the_one_it_came_by(
    client: TestClient, clock: StepClock
) -> None:
    a, b = pair(client, clock)
    c, d = pair(client, clock)
    merge(client, a, b)
    merge(client, b, c)
    merge(client, d, c)
    assert {read(client, each)["merged_into"]["id"] for each in (a, b, d)} == {c}
    assert {issue_id for _, issue_id in said(client, c)} == {a, b, c, d}

    unmerge(client, b)

    assert read(client, a)["merged_into"]["id"] == b
    assert {issue_id for _, issue_id in said(client, b)} == {a, b}
    assert {issue_id for _, issue_id in said(client, c)} == {c, d}


def test_a_merged_issue_stands_for_the_one_it_is_merged_into(client: TestClient, clock: StepClock) -> None:
    a, b = pair(client, clock)
    c = open_issue(client)["id"]
    merge(client, b, a)

    assert merge(client, c, b).json()["issue"]["merged_into"]["id"] == a


@pytest.mark.parametrize(
    ("target", "status", "code"),
    [("itself", 422, "invalid_request"), ("circle", 409, "merge_circle"), ("third", 409, "issue_merged"),
     ("stranger", 409, "other_customer"), ("nobody", 409, "other_customer"), ("unknown", 404, "issue_not_found")],
)  # fmt: skip
def test_what_cannot_be_merged_is_refused(
    client: TestClient, clock: StepClock, target: str, status: int, code: str
) -> None:
    first, second = pair(client, clock)
    if target in ("circle", "third"):
        merge(client, first, second)
    targets = {
        "itself": (first, first),
        "circle": (second, first),
        "third": (first, open_issue(client)["id"]),
        "stranger": (first, open_issue(client, customer={"email": "bo@example.com"})["id"]),
        "nobody": (first, open_issue(client, customer=None)["id"]),
        "unknown": (first, "iss_01j9z3k6w8f5v9m2q4x7c1b0ad"),
    }

    refused = merge(client, *targets[target])

    assert (refused.status_code, refused.json()["code"]) == (status, code)


def test_a_merged_issue_is_not_worked_on(client: TestClient, clock: StepClock) -> None:
    first, second = pair(client, clock)
    merge(client, second, first)

    edits = (
        client.patch(f"/v1/issues/{second}", json={"status": "open"}),
        client.post(f"/v1/issues/{second}/resolve", json={"resolution": {"text": "Done."}}),
    )

    assert {(each.status_code, each.json()["code"]) for each in edits} == {(409, "issue_merged")}


def test_a_resolved_issue_stays_resolved(client: TestClient, clock: StepClock) -> None:
    first, second = pair(client, clock)
    client.post(f"/v1/issues/{first}/resolve", json={"resolution": {"text": "A new driver."}})

    assert merge(client, second, first).json()["into"]["status"] == "resolved"


def test_two_who_merge_each_into_the_other_leave_one(client: TestClient, clock: StepClock) -> None:
    for _ in range(5):
        first, second = pair(client, clock)
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda ids: merge(client, *ids), [(first, second), (second, first)]))
        # Busy (503) is a lock that both waited for: whoever tries again is told what has become of them.
        codes = sorted(each.status_code for each in answers)
        assert codes in ([200, 409], [200, 503])
        into = [(read(client, each)["merged_into"] or {}).get("id") for each in (first, second)]
        assert sorted(into, key=str) in ([None, second], [first, None], [None, first], [second, None])
        assert into != [second, first]


def test_targets_are_the_customers_other_issues_with_likely_duplicates_first(
    client: TestClient, clock: StepClock
) -> None:
    open_issue(client, customer={"email": "bo@example.com"})
    other = open_issue(client, "Where is my invoice of March?")["id"]
    ended = open_issue(client, "Please change the address of our office")["id"]
    client.patch(f"/v1/issues/{ended}", json={"status": "closed"})
    first, second = pair(client, clock)

    def targets(**params: str) -> list[dict[str, Any]]:
        return list(client.get(f"/v1/issues/{second}/merge-targets", params=params).json()["data"])

    assert [each["issue"]["id"] for each in targets()] == [first, other, ended]
    assert [each["likely"] for each in targets()] == [True, False, False]
    assert [each["issue"]["id"] for each in targets(q="invoice")] == [other]
    assert [each["issue"]["id"] for each in targets(q=read(client, other)["key"])] == [other]
    merge(client, other, first)
    assert [each["issue"]["id"] for each in targets()] == [first, ended]
