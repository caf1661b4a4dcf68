"""The search box over HTTP."""

import pytest
from fastapi.testclient import TestClient

from support_copilot.issues.service import NewMessage
from support_copilot.resources import Resources
from tests.flows.test_records_issues import stored


def search(client: TestClient, **params: object) -> list[dict[str, object]]:
    answer = client.get("/v1/search", params=params)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    assert answer.json()["next_cursor"] is None
    return answer.json()["data"]


def test_issues_are_found_by_words_with_the_place_they_stand(client: TestClient, resources: Resources) -> None:
    text = "Good morning to all of you. " * 20 + "The exporter stops with error E4711 since Monday."
    issue_id = stored(resources, "Export stops", messages=[NewMessage("customer", text)])
    stored(resources, "Wrong address on the invoice", messages=[NewMessage("customer", "Please change it.")])
    first = search(client, q="E4711")[0]
    assert (first["kind"], first["id"], first["status"]) == ("issue", issue_id, "open")
    assert "E4711" in str(first["snippet"])
    assert len(str(first["snippet"])) <= 241


def test_internal_notes_are_never_found(client: TestClient, resources: Resources) -> None:
    note = NewMessage("agent", "zyxwvut secret", visibility="internal")
    stored(resources, messages=[NewMessage("customer", "Hello"), note])
    assert all("secret" not in str(item["snippet"]) for item in search(client, q="zyxwvut"))


def test_an_issue_is_found_by_its_id_here_and_elsewhere(client: TestClient, resources: Resources) -> None:
    issue_id = stored(resources, external_source="desk", external_id="48211")
    assert search(client, q="48211")[0]["id"] == issue_id
    assert search(client, q=issue_id, kind="issue")[0]["id"] == issue_id
    assert issue_id not in [item["id"] for item in search(client, q="48211", status="closed")]


def test_an_issue_is_found_by_the_key_that_people_say(client: TestClient, resources: Resources) -> None:
    issue_id = stored(resources)
    stored(resources)
    key = str(client.get(f"/v1/issues/{issue_id}").json()["key"])
    assert key.replace("-", "").lower() == issue_id[-8:]
    for said in (key, key.lower(), f"#{key}"):
        assert next(item["id"] for item in search(client, q=said, kind="issue")) == issue_id
    long_id = stored(resources, external_source="mail", external_id="<20260302.0900@mail.example.com>")
    assert client.get(f"/v1/issues/{long_id}").json()["key"] != "<20260302.0900@mail.example.com>"


def test_customers_are_found_by_name_and_address(client: TestClient) -> None:
    customer_id = client.post("/v1/customers", json={"name": "Ana Example", "email": "ana@example.com"}).json()["id"]
    for query in ("ana", "ANA@example.com", "Example"):
        assert [item["id"] for item in search(client, q=query, kind="customer")] == [customer_id]
    assert search(client, q="ana")[0]["kind"] == "customer"
    assert search(client, q="nobody like this", kind="customer") == []


def test_status_narrows_texts_and_leaves_customers_out(client: TestClient, resources: Resources) -> None:
    client.post("/v1/customers", json={"name": "Login fails"})
    open_id = stored(resources)
    stored(resources, status="closed")
    assert [item["id"] for item in search(client, q="login fails", status="open")] == [open_id]


@pytest.mark.parametrize(
    "query", ["🎉", "שלום", '"', "a AND (", "title:*", "x" * 1000, "/.*/", "null\x00byte", "'; --"]
)
def test_any_question_gets_an_answer(client: TestClient, resources: Resources, query: str) -> None:
    stored(resources)
    assert len(search(client, q=query)) <= 20


@pytest.mark.parametrize(
    "params", [{}, {"q": ""}, {"q": " \x00 "}, {"q": "x" * 1001}, {"q": "x", "kind": "dog"}, {"q": "x", "limit": 51}]
)
def test_wrong_questions_are_refused(client: TestClient, params: dict[str, object]) -> None:
    assert client.get("/v1/search", params=params).status_code == 422  # type: ignore[arg-type]
