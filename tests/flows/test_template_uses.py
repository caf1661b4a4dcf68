"""Templates that people put into their replies: counted when the reply is sent, and only then."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from support_copilot.issues.queries import lock_issue
from support_copilot.knowledge.template_uses import made_of
from support_copilot.resources import Resources
from support_copilot.worker import Worker
from tests.conftest import StepClock
from tests.flows.test_inbox import open_issue, work

BODY = "We ship again tomorrow.\n\nPlease check the address in your account."
GREETED = "Hi Ana, thank you for your message.\n\n{}\n\nKind regards\nSupport"


def template(client: TestClient, **changes: Any) -> str:
    made = client.post("/v1/templates", json={"title": "Shipping", "body": BODY, **changes})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def figures(client: TestClient, template_id: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/v1/templates/{template_id}").json()["figures"]
    return found


def queue(client: TestClient, issue_id: str, body: str, *templates: tuple[str, str], **more: Any) -> dict[str, Any]:
    made = client.post(
        f"/v1/issues/{issue_id}/queued-messages",
        json={"body": body, "templates": [{"template_id": each, "text": text} for each, text in templates], **more},
    )
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.json()
    return found


def test_a_template_is_counted_when_its_reply_is_sent(
    resources: Resources, client: TestClient, worker: Worker, clock: StepClock
) -> None:
    template_id, issue_id = template(client), open_issue(client)
    queued = queue(client, issue_id, f"Hello Ana,\n\n{BODY}\n\nKim", (template_id, BODY), then_status="resolved")
    assert queued["templates"] == [{"template_id": template_id, "text": BODY}]
    assert figures(client, template_id)["used"] == 0

    clock.advance(seconds=11)
    work(worker)

    assert figures(client, template_id) == {
        "used": 1, "accepted": 1, "edited": 0, "rejected": 0, "rated": 0, "satisfaction": None,
    }  # fmt: skip
    with resources.database.transaction() as session:
        lock_issue(session, issue_id).rating = 4
    rated = figures(client, template_id)
    assert (rated["rated"], rated["satisfaction"]) == (1, 4.0)


def test_a_reply_taken_back_counts_nothing(client: TestClient, worker: Worker, clock: StepClock) -> None:
    template_id, issue_id = template(client), open_issue(client)
    queued = queue(client, issue_id, BODY, (template_id, BODY))
    taken = client.delete(f"/v1/queued-messages/{queued['id']}").json()
    assert taken["templates"] == queued["templates"], "it comes back with what it was made of"
    clock.advance(seconds=11)
    work(worker)
    assert figures(client, template_id)["used"] == 0


def test_each_template_of_a_reply_is_counted_once_and_unknown_ones_stop_nothing(
    client: TestClient, worker: Worker, clock: StepClock
) -> None:
    first, second, gone = template(client), template(client, title="Other", body="All is well."), template(client)
    issue_id = open_issue(client)
    text = "We ship again on Friday.\n\nPlease check the address in your account soon."
    queue(client, issue_id, f"{text} All is well.", (first, BODY), (first, BODY), (second, "All is well."),
          (gone, "Something else was written here and taken out again."), ("tpl_nothing", BODY))  # fmt: skip
    clock.advance(seconds=11)
    work(worker)
    assert client.get(f"/v1/issues/{issue_id}").json()["message_count"] == 2
    found = {name: figures(client, each) for name, each in (("first", first), ("second", second), ("gone", gone))}
    assert (found["first"]["used"], found["first"]["edited"]) == (1, 1)
    assert (found["second"]["used"], found["second"]["accepted"]) == (1, 1)
    assert found["gone"]["used"] == 0


def test_what_a_reply_is_made_of_has_limits(client: TestClient) -> None:
    issue_id = open_issue(client)
    many = [{"template_id": "tpl_x", "text": "Hello"}] * 11
    path = f"/v1/issues/{issue_id}/queued-messages"
    assert client.post(path, json={"body": "Hello", "templates": many}).status_code == 422
    blank = [{"template_id": "tpl_x", "text": " "}]
    assert client.post(path, json={"body": "Hello", "templates": blank}).status_code == 422


@pytest.mark.parametrize(
    ("text", "sent", "expected"),
    [
        ("Order [order number] is on its way.", "Hello. Order 1001 is on its way.", "accepted"),
        ("Order [order number] is on its way to you.", "Your parcel 1001 is on its way to you.", "edited"),
        ("We  ship\ntomorrow.", "We ship tomorrow. Kim", "accepted"),
        ("We ship tomorrow at noon.", "Nothing of this sort.", None),
        (
            GREETED.format("We ship again tomorrow. Please check the address in your account."),
            GREETED.format("Your money is back."),
            None,
        ),
        ("All is well.", "The parcel is all yours. Sleep well, is what I say.", None),
        ("[name]", "Ana", None),
        ("", "Ana", None),
    ],
)
def test_how_much_of_a_template_a_reply_has(text: str, sent: str, expected: str | None) -> None:
    assert made_of(text, sent) == expected
