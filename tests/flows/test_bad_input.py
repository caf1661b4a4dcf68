"""What no well-behaved program sends, to every endpoint of the OpenAPI file: clear problems or honest answers."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

SPEC: dict[str, Any] = json.loads((Path(__file__).parents[2] / "openapi.json").read_text(encoding="utf-8"))
OPERATIONS = sorted(
    f"{method.upper()} {path}"
    for path, methods in SPEC["paths"].items()
    for method in methods
    if method != "parameters"
)
WITH_BODY = [operation for operation in OPERATIONS if operation.split()[0] in ("POST", "PATCH", "PUT")]
#: Reads no body: what comes as one changes nothing.
BODILESS = {"POST /v1/sample-data"}
WITH_ID = [operation for operation in OPERATIONS if "{" in operation]
CANARY = "kanarienvogel-4711"
JSON = {"Content-Type": "application/json"}


@pytest.fixture(params=["sqlite"])
def database(database: object) -> object:
    """What these requests meet is refused before any difference between databases."""
    return database


def address(operation: str, identifier: str = "nothing") -> tuple[str, str]:
    method, path = operation.split(" ", 1)
    while "{" in path:
        head, _, rest = path.partition("{")
        path = head + identifier + rest.partition("}")[2]
    return method, path


def is_clear(answer: Response, *, sent: str = CANARY) -> None:
    """No failure; a refusal in the one shape that repeats nothing of what was sent."""
    assert answer.status_code < 500, answer.text[:500]
    if answer.status_code >= 400:
        assert answer.headers["Content-Type"] == "application/problem+json"
        problem = answer.json()
        assert problem.keys() >= {"type", "title", "status", "detail", "code", "request_id"}
        assert problem["status"] == answer.status_code
        assert answer.headers["X-Request-Id"] == problem["request_id"]
        assert sent not in answer.text


#: No body where none is needed; half a character, which is left out of the text.
MAY_BE_TAKEN = ("empty", "null", "half a pair")
RAW = {
    "empty": b"",
    "not json": b"{",
    "null bytes": b"\x00\x00",
    "broken utf-8": b'{"subject": "\xff\xfe ' + CANARY.encode() + b'"}',
    "half a pair": b'{"subject": "\\ud83c ' + CANARY.encode() + b'"}',
    "a number": b"4711",
    "not a number": b"NaN",
    "a list": b'["' + CANARY.encode() + b'"]',
    "null": b"null",
    "deep": b"[" * 100_000,
    "unknown field": b'{"' + CANARY.encode() + b'": 1}',
    "a huge number": b'{"limit": ' + b"9" * 5000 + b"}",
}


@pytest.mark.parametrize("operation", WITH_BODY)
def test_broken_bodies_are_refused(client: TestClient, operation: str) -> None:
    method, path = address(operation)
    for name, body in RAW.items():
        for headers in (JSON, {"Content-Type": "text/plain"}, {"Content-Type": "multipart/form-data; boundary=x"}):
            answer = client.request(method, path, content=body, headers=headers)
            assert 400 <= answer.status_code < 500 or name in MAY_BE_TAKEN or operation in BODILESS, (
                name,
                headers,
                answer.status_code,
            )
            is_clear(answer)


def wrong_values() -> Iterator[Any]:
    yield from (None, "", CANARY, 1, -1, 1e308, True, [], {}, [CANARY], {CANARY: CANARY}, [[]] * 100, CANARY * 200)


def fields_of(operation: str) -> list[str]:
    method, path = operation.split(" ", 1)
    content = SPEC["paths"][path][method.lower()].get("requestBody", {}).get("content", {}).get("application/json", {})
    reference = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    return sorted(SPEC["components"]["schemas"].get(reference, {}).get("properties", {}))


@pytest.mark.parametrize("operation", [operation for operation in WITH_BODY if fields_of(operation)])
def test_fields_of_the_wrong_type_are_named_and_not_repeated(client: TestClient, operation: str) -> None:
    method, path = address(operation)
    for field in fields_of(operation):
        for value in wrong_values():
            answer = client.request(method, path, json={field: value}, headers={"Accept": "application/json"})
            is_clear(answer)
            if answer.status_code == 422:
                assert answer.json()["errors"], answer.text


@pytest.mark.parametrize("operation", WITH_ID)
def test_unknown_ids_are_not_found(client: TestClient, operation: str) -> None:
    identifiers = (
        "iss_01j9z3k6w8f5v9m2q4x7c1b0ad",
        CANARY,
        "%00",
        "%F0%9F%8E%89",
        "x" * 3000,
        "%ff%fe",
        "'; --",
        "..%2f",
    )
    for identifier in identifiers:
        method, path = address(operation, identifier)
        answer = client.request(method, path, headers={"Accept": "application/json"})
        assert 400 <= answer.status_code < 500
        is_clear(answer)


@pytest.mark.parametrize("operation", [operation for operation in OPERATIONS if operation.startswith("GET ")])
def test_strange_questions_are_refused_or_answered(client: TestClient, operation: str) -> None:
    method, path = operation.split(" ", 1)
    names = [p["name"] for p in SPEC["paths"][path]["get"].get("parameters", []) if p["in"] == "query"]
    _, path = address(operation)
    for name in names:
        for value in (
            CANARY,
            "",
            "-1",
            "0",
            "9" * 400,
            "\x00",
            "🎉",
            "\u202e",
            "1e9",
            "null",
            "2026-13-45",
            "x" * 5000,
        ):
            is_clear(client.request(method, path, params={name: value}))


@pytest.mark.parametrize("header", ["If-Match", "Idempotency-Key", "Accept", "X-Request-Id", "Content-Type"])
def test_strange_headers_are_refused_or_ignored(client: TestClient, header: str) -> None:
    issue_id = client.post("/v1/issues", json={"subject": "x"}).json()["issue"]["id"]
    for value in ("", " ", CANARY, '"', "x" * 4000, "\xff", "*", '"1", "2"', "W/"):
        sent = {header: value.encode("latin-1")}
        for method, path, body in (
            ("PATCH", f"/v1/issues/{issue_id}", b'{"assignee": "kim"}'),
            ("POST", "/v1/issues", b'{"subject": "x"}'),
            ("POST", f"/v1/issues/{issue_id}/guidance", b"{}"),
        ):
            is_clear(client.request(method, path, content=body, headers={**JSON, **sent}))


TEXTS = {
    "right to left": "الطابعة لا تعمل منذ التحديث 123",
    "turned around": "\u202eabc\u202d",
    "emoji": "🎉🔥" * 200,
    "combining": "e\u0301" * 500 + "\u0300" * 500,
    "null bytes": "be\x00fore\x07 after",
    "html": "<p>Hello <b>there</b><script>alert(1)</script></p>" * 20,
    "one word": "x" * 200_000,
    "line ends": "\r\n" * 10_000 + "end",
    "template": "{{ 7*7 }} {% for x in y %} ${jndi:ldap://x} '; DROP TABLE issues; --",
    "mail": "On Mon, Ana wrote:\n" + "> quoted\n" * 3000 + "--\nAna",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_every_text_goes_through_the_whole_life_of_an_issue(client: TestClient, text: str) -> None:
    subject = text.strip("\r\n")[:300]
    answer = client.post("/v1/issues", json={"subject": subject, "body": text, "tags": [subject[:40]]})
    assert answer.status_code == 201, answer.text[:500]
    path = f"/v1/issues/{answer.json()['issue']['id']}"
    assert {part["status"] for part in answer.json()["panel"].values() if isinstance(part, dict)} <= {"ok", "unsure"}
    assert "\x00" not in client.get(f"{path}/messages").json()["data"][0]["body"]
    for way, body in (
        ("messages", {"body": text, "body_html": text}),
        ("guidance", {"instruction": text[:500]}),
        ("summary", {"kind": "handover"}),
        ("resolve", {"resolution": {"text": text, "steps": [subject]}}),
    ):
        answered = client.post(f"{path}/{way}", json=body, headers={"Accept": "application/json"})
        assert answered.status_code in (200, 201), (way, answered.text[:500])
    assert client.get("/v1/search", params={"q": subject[:100]}).status_code == 200


def test_five_megabytes_are_refused_by_the_field(client: TestClient) -> None:
    answer = client.post("/v1/issues", json={"body": CANARY * 300_000})

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "body")
    is_clear(answer)


def test_a_thousand_messages_are_taken_and_more_are_refused(client: TestClient) -> None:
    messages = [{"body": f"Line {number}: it fails."} for number in range(1000)]

    assert client.post("/v1/issues", json={"messages": messages}).status_code == 201
    refused = client.post("/v1/issues", json={"messages": messages * 10})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "messages")


def test_html_mail_is_read_as_text(client: TestClient) -> None:
    html = (
        "<html><head><style>p {color: red}</style></head><body><p>The printer &amp; scanner fail.</p>"
        "<script>alert('x')</script><img src=x onerror=alert(1)></body></html>"
    )
    answer = client.post("/v1/issues", json={"messages": [{"body_html": html}]})

    assert answer.status_code == 201
    (message,) = client.get(f"/v1/issues/{answer.json()['issue']['id']}/messages").json()["data"]
    assert message["body"] == "The printer & scanner fail."
    assert "script" not in (message["body_html"] or "")
    assert "onerror" not in (message["body_html"] or "")
