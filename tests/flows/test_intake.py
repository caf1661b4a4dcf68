"""Intake over HTTP: an issue arrives and is answered with its panel; messages and corrections change it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from support_copilot.backends.search.port import SearchUnavailableError
from support_copilot.db.documents import last_seq
from support_copilot.db.models import Analysis, Base, Customer, Issue, Message
from support_copilot.resources import Resources
from support_copilot.serve import build_app
from tests.conftest import TEST_SERVER, StepClock, authorization

OUTAGE = {
    "subject": "Checkout fails with error 502",
    "body": "Since this morning no customer can pay. Order A-10442 is stuck. We lose money every minute!",
    "channel": "email",
    "customer": {"name": "Ana Example", "email": "ana@example.com", "plan": "enterprise"},
}
PRINTER = {"subject": "Label printer prints blank labels", "body": "Since the update every label is empty."}


def post(client: TestClient, body: dict[str, Any], status: int = 201, **headers: str) -> dict[str, Any]:
    answer = client.post("/v1/issues", json=body, headers=headers)
    assert answer.status_code == status, answer.text
    result: dict[str, Any] = answer.json()
    return result


def solved(client: TestClient, body: dict[str, Any], fix: str) -> str:
    issue_id: str = post(client, body)["issue"]["id"]
    answer = client.post(f"/v1/issues/{issue_id}/resolve", json={"resolution": {"text": fix}})
    assert answer.status_code == 200
    return issue_id


def counted(resources: Resources, table: type[Base]) -> int:
    with resources.database.read() as session:
        return int(session.scalar(select(func.count()).select_from(table)))


@pytest.mark.parametrize(
    "body",
    [
        OUTAGE,
        {"subject": "Only a subject"},
        {"subject": "Told by a colleague", "external_ref": {"source": "desk", "id": "7"}, "tags": ["phone"],
         "messages": [{"author": "customer", "body": "It is broken"},
                      {"author": "agent", "visibility": "internal", "body": "Third time this week"}]},
    ],
    ids=["text", "subject", "conversation"],
)  # fmt: skip
def test_the_answer_holds_the_issue_as_it_is_read_later(client: TestClient, body: dict[str, Any]) -> None:
    issue = post(client, body)["issue"]

    assert client.get(f"/v1/issues/{issue['id']}").json() == issue


def test_an_issue_is_answered_with_its_whole_panel(client: TestClient) -> None:
    answer = post(client, OUTAGE)
    issue, panel = answer["issue"], answer["panel"]

    assert panel["issue_id"] == issue["id"]
    assert panel["severity"]["value"] in ("critical", "high")
    assert panel["severity"]["factors"]
    assert panel["critical"]["value"] is True
    assert panel["sentiment"]["label"] == "negative"
    assert panel["sentiment"]["points"][0]["message_id"] == panel["entities"]["items"][0]["message_id"]
    assert panel["language"]["code"] == "en"
    assert "A-10442" in [item["text"] for item in panel["entities"]["items"]]
    assert panel["customer"]["customer_id"] == issue["customer"]["id"]
    assert panel["customer"]["plan"] == "enterprise"
    assert {part["status"] for part in panel.values() if isinstance(part, dict)} <= {"ok", "unsure"}
    assert issue["severity"] == panel["severity"]["value"]
    assert client.get(f"/v1/issues/{issue['id']}/panel").json() == panel
    assert client.get(f"/v1/issues/{issue['id']}").json() == issue


def test_a_past_issue_is_shown_with_the_fix_that_worked(client: TestClient, clock: StepClock) -> None:
    past = solved(client, PRINTER, "Set the paper size of the print helper to 100 x 150 mm.")
    clock.advance(hours=5)

    panel = post(client, {"subject": "Printer gives empty labels", "body": "Labels come out blank since the update"})[
        "panel"
    ]

    (card,) = panel["similar_issues"]["items"]
    assert (card["issue_id"], card["resolution"]["text"][:18]) == (past, "Set the paper size")
    assert card["resolution"]["reopened"] is False
    assert "the fix lasted" in card["why"]


def test_the_same_ticket_sent_twice_is_one_issue(client: TestClient, resources: Resources) -> None:
    body = {**OUTAGE, "external_ref": {"source": "desk", "id": "1"}}
    first = post(client, body)
    again = post(client, {**body, "subject": "Sent again"}, 200)

    assert again["issue"]["id"] == first["issue"]["id"]
    assert again["issue"]["subject"] == OUTAGE["subject"]
    assert again["panel"] == first["panel"]
    other = post(client, {**body, "external_ref": {"source": "mail", "id": "1"}})
    assert other["issue"]["id"] != first["issue"]["id"]
    assert (counted(resources, Issue), counted(resources, Customer)) == (2, 1)


@pytest.mark.parametrize("named_by", ["external_ref", "Idempotency-Key"])
def test_the_same_ticket_sent_at_once_is_one_issue(client: TestClient, resources: Resources, named_by: str) -> None:
    def send(_number: int) -> str:
        if named_by == "external_ref":
            answer = client.post("/v1/issues", json={**OUTAGE, "external_ref": {"source": "desk", "id": "1"}})
        else:
            answer = client.post("/v1/issues", json=OUTAGE, headers={"Idempotency-Key": "k-1"})
        assert answer.status_code in (200, 201), answer.text
        assert answer.json()["panel"]["issue_id"] == answer.json()["issue"]["id"]
        return str(answer.json()["issue"]["id"])

    with ThreadPoolExecutor(6) as threads:
        ids = set(threads.map(send, range(12)))

    assert len(ids) == 1
    assert [counted(resources, table) for table in (Issue, Message, Customer, Analysis)] == [1, 1, 1, 1]


def test_a_key_binds_a_request_to_its_answer(client: TestClient, resources: Resources) -> None:
    first = post(client, OUTAGE, **{"Idempotency-Key": "k"})
    again = post(client, OUTAGE, **{"Idempotency-Key": "k"})
    refused = client.post("/v1/issues", json=PRINTER, headers={"Idempotency-Key": "k"})

    assert again == first
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")
    assert counted(resources, Issue) == 1


def test_a_message_makes_the_panel_anew(client: TestClient, clock: StepClock) -> None:
    first = post(client, {"subject": "Question on my invoice", "body": "Thank you, could you send invoice INV-2041?"})
    path = f"/v1/issues/{first['issue']['id']}"
    clock.advance(hours=1)

    answer = client.post(f"{path}/messages", json={"body": "Still nothing! This is terrible, I am furious."}).json()

    panel = answer["panel"]
    assert len(panel["sentiment"]["points"]) == 2
    assert (panel["sentiment"]["label"], panel["sentiment"]["trend"]) == ("negative", "falling")
    assert panel["sentiment"]["points"][1]["message_id"] == answer["message"]["id"]
    assert panel["analyzed_at"] > first["panel"]["analyzed_at"]
    assert client.get(f"{path}/panel").json() == panel


def test_a_message_sent_twice_under_a_key_is_one_message(client: TestClient) -> None:
    path = f"/v1/issues/{post(client, PRINTER)['issue']['id']}/messages"
    ids = {
        client.post(path, json={"body": "Any news?"}, headers={"Idempotency-Key": "m"}).json()["message"]["id"]
        for _ in range(3)
    }

    assert len(ids) == 1
    assert len(client.get(path).json()["data"]) == 2


def test_an_internal_note_is_no_customers_word(client: TestClient) -> None:
    issue_id = post(client, PRINTER)["issue"]["id"]
    note = {"author": "agent", "visibility": "internal", "body": "Furious customer, terrible, order B-9999, beware!"}

    panel = client.post(f"/v1/issues/{issue_id}/messages", json=note).json()["panel"]

    assert len(panel["sentiment"]["points"]) == 1
    assert "B-9999" not in str(panel["entities"])


def test_words_are_analyzed_without_storing_anything(client: TestClient, resources: Resources) -> None:
    past = solved(client, {**PRINTER, "customer": OUTAGE["customer"]}, "Set the paper size of the print helper.")
    before = {table: counted(resources, table) for table in Base.registry._class_registry.values()
              if hasattr(table, "__tablename__")}  # fmt: skip
    with resources.database.read() as session:
        seq = last_seq(session)

    answer = client.post(
        "/v1/analyze", json={"body": "Blank labels from the printer", "customer": {"email": "ana@example.com"}}
    )
    unknown = client.post("/v1/analyze", json={"subject": "x", "customer": {"email": "new@example.com"}})

    panel = answer.json()
    assert answer.status_code == 200
    assert panel["issue_id"] is None
    assert panel["similar_issues"]["items"][0]["issue_id"] == past
    assert panel["customer"]["issues_total"] == 1
    assert unknown.json()["customer"]["issues_total"] == 0
    assert {table: counted(resources, table) for table in before} == before
    with resources.database.read() as session:
        assert last_seq(session) == seq


def test_an_issue_arrives_while_search_is_away(resources: Resources) -> None:
    class Away:
        def __getattr__(self, _name: str) -> Any:
            raise SearchUnavailableError

    broken = replace(resources, search=Away())  # type: ignore[arg-type]
    headers = {"Authorization": authorization(resources, "machine")}
    with TestClient(build_app(broken, TEST_SERVER), raise_server_exceptions=False, headers=headers) as client:
        answer = post(client, OUTAGE)

    assert answer["panel"]["similar_issues"]["status"] == "unavailable"
    assert answer["panel"]["similar_issues"]["problem"]["code"] == "search_unavailable"
    assert answer["panel"]["severity"]["value"] in ("critical", "high")
    assert counted(resources, Issue) == 1


CORRECTIONS = [
    ("severity", "low", "value"),
    ("category", "billing", "value"),
    ("language", "de", "code"),
    ("sentiment", "positive", "label"),
    ("resolution_time", 5, "median_hours"),
    ("satisfaction_risk", 0.9, "probability"),
    ("critical", False, "value"),
]


def test_corrections_are_stored_with_what_was_predicted_and_used_from_then_on(client: TestClient) -> None:
    answer = post(client, OUTAGE)
    path = f"/v1/issues/{answer['issue']['id']}"
    for part, value, field in CORRECTIONS:
        predicted = client.get(f"{path}/panel").json()[part][field]
        said = client.post(f"{path}/corrections", json={"part": part, "value": value, "note": "I know better"})
        assert said.status_code == 201, said.text
        assert said.json()["predicted"] == predicted
        assert client.get(f"{path}/panel").json()[part][field] == value

    assert [row["part"] for row in client.get(f"{path}/corrections").json()["data"]] == [
        part for part, _, _ in reversed(CORRECTIONS)
    ]
    issue = client.get(path).json()
    assert (issue["severity"], issue["category"], issue["language"]) == ("low", "billing", "de")
    assert (issue["severity_source"], issue["category_source"]) == ("agent", "agent")
    panel = client.post(f"{path}/messages", json={"body": "Everything is down, please hurry!"}).json()["panel"]
    assert {part: panel[part][field] for part, _, field in CORRECTIONS} == {part: v for part, v, _ in CORRECTIONS}


def test_a_corrected_category_teaches_later_issues(client: TestClient) -> None:
    for number in range(3):
        issue_id = post(client, {**PRINTER, "subject": f"{PRINTER['subject']} {number}"})["issue"]["id"]
        client.post(f"/v1/issues/{issue_id}/corrections", json={"part": "category", "value": "hardware"})

    assert post(client, PRINTER)["panel"]["category"]["value"] == "hardware"


def test_corrected_severities_move_those_of_like_issues(client: TestClient) -> None:
    before = post(client, PRINTER)["panel"]["severity"]["probabilities"]["critical"]
    for number in range(3):
        issue_id = post(client, {**PRINTER, "subject": f"{PRINTER['subject']} {number}"})["issue"]["id"]
        client.post(f"/v1/issues/{issue_id}/corrections", json={"part": "severity", "value": "critical"})

    severity = post(client, PRINTER)["panel"]["severity"]

    assert severity["probabilities"]["critical"] > before + 0.2
    assert any("people set issues like this one" in factor["label"] for factor in severity["factors"])


def test_a_past_issue_called_unlike_is_shown_no_more_until_taken_back(client: TestClient) -> None:
    past = solved(client, PRINTER, "Set the paper size of the print helper.")
    path = f"/v1/issues/{post(client, PRINTER)['issue']['id']}"

    def shown(relevant: bool) -> list[str]:
        value = {"issue_id": past, "relevant": relevant}
        answer = client.post(f"{path}/corrections", json={"part": "similar_issues", "value": value})
        assert answer.status_code == 201
        return [item["issue_id"] for item in client.get(f"{path}/panel").json()["similar_issues"]["items"]]

    assert shown(relevant=False) == []
    assert shown(relevant=True) == [past]


@pytest.mark.parametrize(
    ("part", "value"),
    [("severity", "huge"), ("severity", 1), ("category", ""), ("category", "x" * 81), ("language", "German"),
     ("sentiment", None), ("resolution_time", -1), ("resolution_time", True), ("satisfaction_risk", 1.1),
     ("satisfaction_risk", "0.5"), ("critical", "yes"), ("similar_issues", []), ("similar_issues", {"issue_id": "x"}),
     ("similar_issues", {"issue_id": 1, "relevant": True})],
)  # fmt: skip
def test_a_correction_that_does_not_fit_its_part_is_refused(client: TestClient, part: str, value: object) -> None:
    issue_id = post(client, PRINTER)["issue"]["id"]

    answer = client.post(f"/v1/issues/{issue_id}/corrections", json={"part": part, "value": value})

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "value")
    assert client.get(f"/v1/issues/{issue_id}/corrections").json()["data"] == []


def test_an_issue_cannot_be_unlike_itself_or_nothing(client: TestClient) -> None:
    issue_id = post(client, PRINTER)["issue"]["id"]
    for other, status in ((issue_id, 422), ("iss_unknown", 404)):
        body = {"part": "similar_issues", "value": {"issue_id": other, "relevant": False}}
        assert client.post(f"/v1/issues/{issue_id}/corrections", json=body).status_code == status


def test_a_customer_who_comes_again_on_the_same_is_noticed(client: TestClient, clock: StepClock) -> None:
    post(client, OUTAGE)
    clock.advance(days=2)

    customer = post(client, {**OUTAGE, "subject": "Checkout fails with error 502 again"})["panel"]["customer"]

    assert (customer["issues_total"], customer["issues_open"]) == (1, 1)
    assert customer["repeat_contact"]["count"] == 1
    assert customer["risk"]["reasons"] == ["wrote about this 1 time in 30 days"]


def test_an_escaped_mail_is_stored_as_it_was_written(client: TestClient) -> None:
    sent = {
        "subject": "Tom &amp; Ana",
        "messages": [{"body": "it&#39;s 5 &gt; 4"}, {"author": "agent", "body": "&gt;"}],
    }
    issue = client.post("/v1/issues", json=sent).json()["issue"]

    stored = client.get(f"/v1/issues/{issue['id']}/messages").json()["data"]
    assert issue["subject"] == "Tom & Ana"
    assert [message["body"] for message in stored] == ["it's 5 > 4", "&gt;"]


def test_what_is_named_again_in_the_history_is_one_entity(client: TestClient) -> None:
    html = (
        "<p>Order SO-77120 lacks 4 chairs.</p><blockquote type='cite'><p>Order SO-77120 is on its way.</p></blockquote>"
    )
    panel = client.post("/v1/issues", json={"messages": [{"body_html": html}]}).json()["panel"]

    assert [item["text"] for item in panel["entities"]["items"]] == ["SO-77120"]
