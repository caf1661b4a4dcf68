"""What two readers of a body could take for two different things is refused by every route that reads JSON."""

import codecs
import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

OPENAPI: dict[str, Any] = json.loads((Path(__file__).parents[2] / "openapi.json").read_text("utf-8"))
JSON_ROUTES = [
    (method, path)
    for path, operations in OPENAPI["paths"].items()
    for method, operation in operations.items()
    if "application/json" in operation.get("requestBody", {}).get("content", {})
]
ISSUE = '{"subject": "Labels", "body": "They are blank"}'


@pytest.fixture(params=["sqlite"])
def database(database: object) -> object:
    """Nothing of this reaches a database."""
    return database


def refusal(client: TestClient, content: bytes, method: str = "post", path: str = "/v1/issues") -> tuple[str, str]:
    answer = client.request(method, path, content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422, (path, answer.text)
    assert answer.headers["Content-Type"] == "application/problem+json"
    error = answer.json()["errors"][0]
    return error["field"], error["code"]


def test_every_route_that_reads_json_reads_it_strictly(client: TestClient) -> None:
    twice = {refusal(client, b'{"name": 1, "name": 2}', *route) for route in JSON_ROUTES}
    wide = {refusal(client, '{"name": 1}'.encode("utf-16"), *route) for route in JSON_ROUTES}

    assert len(JSON_ROUTES) > 40
    assert (twice, wide) == ({("name", "duplicate_key")}, {("body", "not_utf_8")})


@pytest.mark.parametrize(
    "content",
    [
        codecs.BOM_UTF8 + ISSUE.encode(), ISSUE.encode("utf-16"), ISSUE.encode("utf-16-le"), ISSUE.encode("utf-16-be"),
        ISSUE.encode("utf-32"), ISSUE.encode("utf-32-le"), ISSUE.encode("utf-32-be"),
        ISSUE.replace("blank", "für").encode("latin-1"), ISSUE.encode().replace(b"blank", b"\xc0\xaf"),
        ISSUE.encode().replace(b"blank", b"\xed\xa0\x80"),
    ],
    ids=["utf-8 marked", "utf-16", "utf-16 le", "utf-16 be", "utf-32", "utf-32 le", "utf-32 be", "latin-1", "overlong",
         "half of a pair"],
)  # fmt: skip
def test_a_body_that_is_not_plain_utf_8_is_refused(client: TestClient, content: bytes) -> None:
    assert refusal(client, content) == ("body", "not_utf_8")
    assert client.get("/v1/issues").json()["data"] == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ('{"subject": "a", "body": "b", "subject": "c"}', "subject"),
        ('{"subject": "a", "subject": "a", "body": "b"}', "subject"),
        (r'{"subject": "a", "body": "b", "\u0073ubject": "c"}', "subject"),
        ('{"subject": "a", "customer": {"email": "a@example.com", "email": "b@example.com"}}', "customer.email"),
        ('{"subject": "a", "messages": [{"body": "a"}, {"body": "a", "body": "b"}]}', "messages.1.body"),
        ('{"subject": {"x": 1, "x": 2}, "body": "b", "subject": "c"}', "subject"),
        ('{"subject": "a", "Kim Sample, 4 July": 1, "Kim Sample, 4 July": 2}', "…"),
    ],
)  # fmt: skip
def test_a_field_that_is_given_twice_is_named_and_refused(client: TestClient, body: str, field: str) -> None:
    assert refusal(client, body.encode()) == (field, "duplicate_key")
    assert client.get("/v1/issues").json()["data"] == []


def test_a_refusal_does_not_repeat_what_was_sent(client: TestClient) -> None:
    body = '{"Kim Sample, 4 July": "planted", "Kim Sample, 4 July": "planted"}'

    answer = client.post("/v1/issues", content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code == 422
    assert "Kim" not in answer.text
    assert "planted" not in answer.text


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_what_only_some_readers_take_for_a_number_is_refused(client: TestClient, number: str) -> None:
    assert refusal(client, f'{{"subject": "a", "body": {number}}}'.encode()) == ("body", "json_invalid")


def test_a_body_of_many_fields_that_are_given_twice_is_refused_like_a_small_one(client: TestClient) -> None:
    named = ", ".join(f'"f{number}": 1' for number in range(50_000))

    assert refusal(client, f"{{{named}, {named}}}".encode()) == ("f0", "duplicate_key")


def test_every_spelling_of_one_plain_body_is_taken(client: TestClient) -> None:
    body = r'{"subject": "Für \u00dcbung \ud83d\ude00", "body": "Ok"}'.encode()

    answer = client.post("/v1/issues", content=body, headers={"Content-Type": "application/json; charset=utf-8"})

    assert answer.status_code == 201
    assert answer.json()["issue"]["subject"] == "Für Übung 😀"
