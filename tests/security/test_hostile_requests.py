"""Requests that try to write where they may not: into headers, logs, fields of others, files outside, memory."""

import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from support_copilot.resources import Resources
from support_copilot.worker import Worker
from tests.people import add_person, headers_of

OPENAPI = json.loads((Path(__file__).parents[2] / "openapi.json").read_text("utf-8"))
SCHEMAS = OPENAPI["components"]["schemas"]
SPLITTING = "log.txt\r\nSet-Cookie: session=planted\r\n\r\n<script>"


def _objects(schema: Any, seen: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object with named fields that a body may hold, however deep."""
    if isinstance(schema, list):
        for part in schema:
            yield from _objects(part, seen)
    if not isinstance(schema, dict):
        return
    name = str(schema.get("$ref", "")).rsplit("/", 1)[-1]
    if name and name not in seen:
        seen.add(name)
        if "properties" in SCHEMAS[name]:
            yield name, SCHEMAS[name]
        yield from _objects(SCHEMAS[name], seen)
    for part in schema.values():
        yield from _objects(part, seen)


def test_no_body_takes_a_field_that_is_not_named() -> None:
    bodies = [
        content["schema"]
        for operations in OPENAPI["paths"].values()
        for operation in operations.values()
        for media, content in operation.get("requestBody", {}).get("content", {}).items()
        if media == "application/json"
    ]
    found = dict(_objects(bodies, set()))

    assert len(bodies) > 35
    assert [name for name, schema in found.items() if schema.get("additionalProperties") is not False] == []


@pytest.mark.parametrize(
    "planted",
    [
        {"id": "iss_01j9z3k6w8f5v9m2q4x7c1b0ad"}, {"severity": "low"}, {"severity_source": "agent"},
        {"created_at": "2020-01-01T00:00:00Z"}, {"version": 99}, {"team_id": "tem_01j9z3k6w8f5v9m2q4x7c1b0ad"},
        {"__proto__": {"role": "admin"}}, {"customer": {"name": "Kim", "anonymized_at": None}},
    ],
)  # fmt: skip
def test_a_creation_sets_nothing_that_is_the_product_s_to_set(client: TestClient, planted: dict[str, Any]) -> None:
    answer = client.post("/v1/issues", json={"subject": "Labels", "body": "They are blank", **planted})

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert "extra_forbidden" in {error["code"] for error in answer.json()["errors"]}


def test_nobody_gives_themselves_a_role(client: TestClient, resources: Resources) -> None:
    headers = headers_of(client, add_person(resources, "agent"))

    answer = client.patch("/v1/auth/me", json={"name": "Ada", "role": "admin"}, headers=headers)

    assert answer.status_code == 422
    assert client.get("/v1/auth/me", headers=headers).json()["role"] == "agent"


def test_a_session_of_somebody_else_is_not_there(client: TestClient, resources: Resources) -> None:
    headers = headers_of(client, add_person(resources, "agent"))
    theirs = headers_of(client, add_person(resources, "agent", name="Bo"))
    session_id = client.get("/v1/auth/me", headers=theirs).json()["session_id"]

    answer = client.delete(f"/v1/auth/sessions/{session_id}", headers=headers)

    assert answer.status_code == 404
    assert client.get("/v1/auth/me", headers=theirs).status_code == 200


@pytest.mark.parametrize("kind", ["iss", "cus", "att", "sug", "usr", "key", "aud", "tpl", "art", "prp", "job", "prv"])
def test_an_id_of_another_kind_opens_nothing(client: TestClient, kind: str) -> None:
    other = f"{'msg' if kind != 'msg' else 'iss'}_01j9z3k6w8f5v9m2q4x7c1b0ad"
    paths = [
        path.replace("{" + name + "}", other)
        for path, operations in OPENAPI["paths"].items()
        for name in [path.partition("{")[2].partition("}")[0]]
        if "get" in operations and name and path.count("{") == 1
    ]

    assert {client.get(path).status_code for path in paths} <= {404, 422}


def test_a_name_with_line_breaks_writes_no_header(client: TestClient) -> None:
    issue = client.post("/v1/issues", json={"subject": "Labels", "body": "Blank"}).json()["issue"]["id"]
    upload = {"file": (SPLITTING, b"words of a log", "text/plain")}
    kept = client.post("/v1/attachments", data={"issue_id": issue}, files=upload).json()

    answer = client.get(f"/v1/attachments/{kept['id']}/content")

    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert not set("\r\n<>") & set(answer.headers["Content-Disposition"])


@pytest.mark.parametrize(
    "header", ["X-Request-Id", "Idempotency-Key", "If-Match", "Accept", "User-Agent", "X-Forwarded-For", "Origin"]
)
def test_a_header_is_never_answered_back(client: TestClient, header: str) -> None:
    answer = client.get("/v1/issues", headers={header: "planted\tvalue; Set-Cookie: session=planted"})

    assert answer.status_code < 500
    assert "planted" not in answer.text + str(answer.headers)


@pytest.mark.parametrize(
    "path",
    [
        "/../../../../etc/passwd", "/..%2f..%2f..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/assets/../../settings.py", "/assets/..%5c..%5csettings.py", "/assets/%00", "//etc/passwd",
        "/v1/attachments/..%2f..%2f..%2fetc%2fpasswd/content", "/v1/issues/..%2f..%2fusers", "/index.html/../serve.py",
    ],
)  # fmt: skip
def test_no_path_leads_out(client: TestClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code in (200, 404)
    assert "root:" not in answer.text
    assert "support_copilot" not in answer.text
    assert answer.status_code == 404 or answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_packed_body_is_not_unpacked(client: TestClient, coding: str) -> None:
    bomb = gzip.compress(b'{"subject": "' + b" " * 50_000_000 + b'", "body": "x"}')
    assert len(bomb) < 100_000

    answer = client.post(
        "/v1/issues", content=bomb, headers={"Content-Type": "application/json", "Content-Encoding": coding}
    )

    # Unpacked it would be an issue.
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "not_utf_8")


def test_a_bomb_as_a_file_is_a_file(client: TestClient) -> None:
    issue = client.post("/v1/issues", json={"subject": "Labels", "body": "Blank"}).json()["issue"]["id"]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../etc/cron.d/planted", b"\0" * 30_000_000)

    kept = client.post(
        "/v1/attachments", data={"issue_id": issue}, files={"file": ("a.zip", packed.getvalue(), "application/zip")}
    )

    assert kept.status_code == 201
    assert kept.json()["size_bytes"] == len(packed.getvalue()) < 100_000


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, '{"body": ' + "9" * 100_000 + "}"])
def test_a_body_that_is_too_deep_is_refused(client: TestClient, text: str) -> None:
    answer = client.post("/v1/issues", content=text.encode(), headers={"Content-Type": "application/json"})

    assert answer.status_code in (400, 422)
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("words", [".*", "(a+)+$", "[", "\\\\", "{0}{1.__class__}%s%n", "C++ (beta)"])
def test_what_people_write_is_no_pattern_and_no_format(client: TestClient, worker: Worker, words: str) -> None:
    customer = {"name": f"{words} Quaxby", "email": "q@example.com"}
    body = {"subject": f"{words} printer", "body": f"The printer jams {words} again.", "customer": customer}
    issue = client.post("/v1/issues", json=body).json()["issue"]["id"]
    rules = client.put("/v1/reply-rules", json={"words": [words]})
    draft = client.post(f"/v1/issues/{issue}/guidance", headers={"Accept": "application/json"})
    fix = "Clean the rollers with a dry cloth and print a test page twice."
    resolved = client.post(f"/v1/issues/{issue}/resolve", json={"resolution": {"text": fix}})
    while worker.run_once():
        pass
    searched = client.get("/v1/search", params={"q": words})

    assert {answer.status_code for answer in (rules, draft, resolved, searched)} == {200}
    assert len(draft.json()["text"]) > 20, "a rule for one word withholds no other sentence"
    (proposal,) = client.get("/v1/knowledge/proposals").json()["data"]
    assert fix in proposal["body"], "and a name masks nothing but itself"
