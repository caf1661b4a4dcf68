"""Requests that no well-behaved program sends: each gets a clear problem, none a failure."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from structlog.testing import capture_logs

from support_copilot.resources import Resources

JSON = {"Content-Type": "application/json"}


def megabytes(count: int, head: bytes, tail: bytes) -> Iterator[bytes]:
    """A body sent in pieces, without saying how long it will be."""
    yield head
    for _ in range(count):
        yield b" " * (1 << 20)
    yield tail


@pytest.mark.parametrize(
    ("path", "body", "content_type"),
    [
        ("/v1/customers", lambda: megabytes(12, b'{"name": "x"', b"}"), "application/json"),
        (
            "/v1/attachments",
            lambda: megabytes(
                30, b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n', b"\r\n--b--\r\n"
            ),
            "multipart/form-data; boundary=b",
        ),
    ],
)
def test_a_body_that_grows_beyond_the_limit_is_refused(
    client: TestClient, path: str, body: object, content_type: str
) -> None:
    answer = client.post(path, content=body(), headers={"Content-Type": content_type})  # type: ignore[operator]
    assert (answer.status_code, answer.json()["code"]) == (413, "payload_too_large")


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"{", 422), (b"", 422), (b"null", 422), (b"[]", 422), (b'"x"', 422), (b"\xff\xfe{", 422), (b"[" * 100_000, 400),
     (b'{"name": "x", "attributes": {"a": NaN}}', 422), (b'{"name": "x", "attributes": {"a": 1e999}}', 422),
     (b'{"name": "x", "attributes": {"a": ' + b"9" * 10_000 + b"}}", 400), (b'{"name": "\\ud800"}', 422)],
)  # fmt: skip
def test_bodies_that_cannot_be_read(client: TestClient, content: bytes, status: int) -> None:
    answer = client.post("/v1/customers", content=content, headers=JSON)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["request_id"] == answer.headers["X-Request-Id"]


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ({"subject": "x", "external_ref": {"source": "desk"}}, "external_ref.id", "is required"),
        ({"subject": "", "body": "x"}, "subject", "must not be empty"),
        ({"subject": "\u200b\u2060\ufeff", "body": "x"}, "subject", "must not be empty"),
        ({"subject": "x", "body": "\u200b\u3164 \n"}, "body", "must hold some text"),
        ({"subject": "x" * 501, "body": "x"}, "subject", "must have at most 500 characters"),
        ({"subject": "x", "body": "x", "tags": ["a"] * 51}, "tags", "must have at most 50 entries"),
        ([1], "body", "must be a JSON object, sent as application/json"),
    ],
)
def test_what_is_wrong_is_said_in_words_for_people(client: TestClient, body: object, field: str, message: str) -> None:
    answer = client.post("/v1/issues", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert [(each["field"], each["message"]) for each in answer.json()["errors"]] == [(field, message)]


@pytest.mark.parametrize("subject", ["\U0001f4a5", "한글", "שלום"])
def test_what_can_be_seen_is_no_blank(client: TestClient, subject: str) -> None:
    assert client.post("/v1/issues", json={"subject": subject, "body": subject}).status_code == 201


def test_a_name_or_subject_cannot_turn_words_around_and_a_message_is_as_it_was_written(client: TestClient) -> None:
    turned = "\u202eEvil\u2066 \x07Ana\u2069"
    made = client.post("/v1/issues", json={"subject": turned, "body": turned, "customer": {"name": turned}}).json()
    issue_id = made["issue"]["id"]
    issue = client.get(f"/v1/issues/{issue_id}").json()
    assert (issue["subject"], issue["customer"]["name"]) == ("Evil Ana", "Evil Ana")
    said = client.get(f"/v1/issues/{issue_id}/messages").json()["data"][0]
    assert said["body"] == "\u202eEvil\u2066 Ana\u2069"

    assert client.patch(f"/v1/issues/{issue_id}", json={"subject": f"{turned} 2"}).json()["subject"] == "Evil Ana 2"
    customer = f"/v1/customers/{issue['customer']['id']}"
    assert (
        client.patch(customer, json={"name": "\u2067Ana \u05e9\u05dc\u200f"}).json()["name"] == "Ana \u05e9\u05dc\u200f"
    )
    refused = client.patch(customer, json={"name": "\u202e\u202c"}).json()
    assert [each["field"] for each in refused["errors"]] == ["name"]


def test_broken_json_names_the_body(client: TestClient) -> None:
    answer = client.post("/v1/customers", content=b"{", headers=JSON)
    assert answer.json()["errors"] == [{"field": "body", "code": "json_invalid", "message": "is not valid JSON"}]


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00", "10000-01-01", "now"])
def test_moments_outside_of_the_calendar_are_refused(client: TestClient, moment: str) -> None:
    answer = client.get(f"/v1/issues?created_after={moment}")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "created_after")


def test_a_failure_of_ours_names_its_request(
    client: TestClient, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise RuntimeError("ana@example.com")

    monkeypatch.setattr("support_copilot.customers.api.get_customer", fail)
    with capture_logs() as logs:
        answer = client.get("/v1/customers/cus_x", headers={"X-Request-Id": "abc-1"})
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert answer.json()["request_id"] == answer.headers["X-Request-Id"] == "abc-1"
    assert "ana@" not in answer.text
    assert [line["request_id"] for line in logs if line["event"] == "http.failed"] == ["abc-1"]
