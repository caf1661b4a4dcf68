"""Files over HTTP: stored as they are, handed out harmless."""

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient

from support_copilot.db.engine import Database, DatabaseUnavailableError
from support_copilot.http.idempotency import create_once
from support_copilot.issues import attachments
from support_copilot.resources import Resources
from tests.flows.test_records_issues import stored

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


def upload(client: TestClient, name: str, content: bytes, **form: str):  # type: ignore[no-untyped-def]
    key = form.pop("key", None)
    headers = {"Idempotency-Key": key} if key else {}
    return client.post("/v1/attachments", data=form, files={"file": (name, io.BytesIO(content))}, headers=headers)


def test_a_file_is_stored_listed_and_downloaded(client: TestClient, resources: Resources) -> None:
    issue_id = stored(resources)
    answer = upload(client, "../screen shot.png", PNG, issue_id=issue_id)
    assert answer.status_code == 201
    kept = answer.json()
    assert (kept["filename"], kept["content_type"], kept["size_bytes"]) == ("screen shot.png", "image/png", len(PNG))
    assert client.get(f"/v1/attachments/{kept['id']}").json() == kept
    assert client.get(f"/v1/issues/{issue_id}/attachments").json()["data"] == [kept]
    content = client.get(f"/v1/attachments/{kept['id']}/content")
    assert content.content == PNG
    assert content.headers["content-disposition"].startswith('attachment; filename="screen shot.png"')
    assert content.headers["x-content-type-options"] == "nosniff"
    assert content.headers["content-security-policy"].startswith("sandbox")


def test_a_page_is_never_shown_as_one(client: TestClient, resources: Resources) -> None:
    answer = upload(client, "x\r\nSet-Cookie: a=b.html", b"Hello <script>alert(1)</script>", issue_id=stored(resources))
    content = client.get(f"/v1/attachments/{answer.json()['id']}/content")
    assert content.headers["content-disposition"].startswith("attachment;")
    assert "set-cookie" not in content.headers


def test_a_name_in_any_script_survives_the_header(client: TestClient, resources: Resources) -> None:
    answer = upload(client, "請求書 ünï.pdf", b"%PDF-1.7\n", issue_id=stored(resources))
    assert answer.json()["filename"] == "請求書 ünï.pdf"
    content = client.get(f"/v1/attachments/{answer.json()['id']}/content")
    assert "filename*=UTF-8''%E8%AB%8B" in content.headers["content-disposition"]


def test_the_same_upload_sent_twice_is_one_file(client: TestClient, resources: Resources) -> None:
    issue_id = stored(resources)
    first = upload(client, "a.txt", b"hello", issue_id=issue_id, key="k1").json()
    assert upload(client, "a.txt", b"hello", issue_id=issue_id, key="k1").json() == first
    other = upload(client, "a.txt", b"other", issue_id=issue_id, key="k1")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert len(list(resources.blobs.keys())) == 1


def test_a_file_whose_commit_was_not_answered_stays(
    client: TestClient, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unanswered(*args, **named):  # type: ignore[no-untyped-def]
        create_once(*args, **named)
        raise DatabaseUnavailableError

    issue_id = stored(resources)
    with monkeypatch.context() as broken:
        broken.setattr(attachments, "create_once", unanswered)
        assert upload(client, "a.txt", b"hello", issue_id=issue_id, key="k1").status_code == 503
    again = upload(client, "a.txt", b"hello", issue_id=issue_id, key="k1")
    assert again.status_code == 201
    assert client.get(f"/v1/attachments/{again.json()['id']}/content").content == b"hello"


@pytest.mark.parametrize("readable", [True, False])
def test_a_file_without_a_row_goes_unless_nobody_can_tell(
    client: TestClient, resources: Resources, monkeypatch: pytest.MonkeyPatch, readable: bool
) -> None:
    def away(*_args, **_named):  # type: ignore[no-untyped-def]
        if not readable:
            monkeypatch.setattr(Database, "read", away)
        raise DatabaseUnavailableError

    issue_id = stored(resources)
    monkeypatch.setattr(attachments, "create_once", away)
    assert upload(client, "a.txt", b"hello", issue_id=issue_id).status_code == 503
    assert len(list(resources.blobs.keys())) == (0 if readable else 1)


def test_many_uploads_at_once_under_one_key_are_one_file(client: TestClient, resources: Resources) -> None:
    issue_id = stored(resources)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _n: upload(client, "a.txt", b"hi", issue_id=issue_id, key="k"), range(6)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(list(resources.blobs.keys())) == 1


@pytest.mark.parametrize(
    ("form", "content", "status", "code"),
    [({}, b"", 422, "invalid_request"), ({"message_id": "msg_x"}, b"x", 422, "invalid_request"),
     ({"issue_id": "iss_x"}, b"x", 404, "issue_not_found")],
)  # fmt: skip
def test_wrong_uploads_are_refused_and_leave_nothing(
    client: TestClient, resources: Resources, form: dict[str, str], content: bytes, status: int, code: str
) -> None:
    answer = upload(client, "a.txt", content, **{"issue_id": stored(resources), **form})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert list(resources.blobs.keys()) == []


def test_an_upload_without_a_file_or_beyond_the_limit_is_refused(client: TestClient, resources: Resources) -> None:
    assert client.post("/v1/attachments", data={"issue_id": "x"}).status_code == 422
    assert client.post("/v1/attachments", json={"issue_id": "x"}).status_code == 422
    answer = upload(client, "big.bin", bytes(26 << 20), issue_id=stored(resources))
    assert (answer.status_code, answer.json()["code"]) == (413, "payload_too_large")


def test_a_file_that_is_gone_says_so(client: TestClient, resources: Resources) -> None:
    kept = upload(client, "a.txt", b"hello", issue_id=stored(resources)).json()
    for key in list(resources.blobs.keys()):
        resources.blobs.delete(key)
    answer = client.get(f"/v1/attachments/{kept['id']}/content")
    assert (answer.status_code, answer.json()["code"]) == (404, "file_not_found")
    assert client.get("/v1/attachments/att_nothing").json()["code"] == "attachment_not_found"


def in_draft(client: TestClient, issue_id: str) -> list[str]:
    return [file["filename"] for file in client.get(f"/v1/issues/{issue_id}/attachments").json()["data"]]


def test_an_upload_is_taken_back_by_its_key_whether_it_arrived_or_not(client: TestClient, resources: Resources) -> None:
    issue_id = stored(resources)
    draft = {"issue_id": issue_id, "draft": "reply"}
    assert upload(client, "here.txt", b"here", key="here", **draft).status_code == 201
    for _ in range(2):
        assert client.delete(f"/v1/issues/{issue_id}/uploads/here").status_code == 204
    assert client.delete(f"/v1/issues/{issue_id}/uploads/late").status_code == 204
    late = upload(client, "late.txt", b"late", key="late", **draft)
    again = upload(client, "here.txt", b"here", key="here", **draft)

    assert (late.status_code, late.json()["code"]) == (409, "request_taken_back")
    assert again.status_code == 404
    assert in_draft(client, issue_id) == []
    assert list(resources.blobs.keys()) == []
    assert upload(client, "here.txt", b"here", key="anew", **draft).status_code == 201


def test_an_upload_that_was_sent_or_of_an_unknown_issue_is_not_taken_back(
    client: TestClient, resources: Resources
) -> None:
    issue_id = stored(resources)
    kept = upload(client, "a.txt", b"a", key="a", issue_id=issue_id, draft="note").json()
    note = {"author": "agent", "visibility": "internal", "body": "See the file.", "attachment_ids": [kept["id"]]}
    assert client.post(f"/v1/issues/{issue_id}/messages", json=note).status_code == 201

    refused = client.delete(f"/v1/issues/{issue_id}/uploads/a")
    assert (refused.status_code, refused.json()["code"]) == (409, "attachment_sent")
    assert client.delete("/v1/issues/iss_none/uploads/a").status_code == 404
    assert in_draft(client, issue_id) == ["a.txt"]


def test_the_same_file_goes_with_a_text_once(client: TestClient, resources: Resources) -> None:
    issue_id = stored(resources)
    assert upload(client, "a.txt", b"same", issue_id=issue_id, draft="reply").status_code == 201
    twice = upload(client, "b.txt", b"same", issue_id=issue_id, draft="reply")
    assert (twice.status_code, twice.json()["code"]) == (409, "attached_already")
    assert "a.txt" in twice.json()["detail"]

    assert upload(client, "a.txt", b"same", issue_id=issue_id, draft="note").status_code == 201
    assert upload(client, "a.txt", b"same", issue_id=issue_id).status_code == 201
    assert upload(client, "a.txt", b"same", issue_id=stored(resources, subject="B"), draft="reply").status_code == 201
    assert len(list(resources.blobs.keys())) == 4


def test_the_same_file_sent_at_once_goes_with_a_text_once(client: TestClient, resources: Resources) -> None:
    issue_id = stored(resources)

    def send(number: int) -> int:
        answer = upload(client, f"{number}.txt", b"same", key=f"key {number}", issue_id=issue_id, draft="reply")
        return int(answer.status_code)

    with ThreadPoolExecutor(4) as threads:
        answers = sorted(threads.map(send, range(4)))

    assert answers == [201, 409, 409, 409]
    assert len(in_draft(client, issue_id)) == len(list(resources.blobs.keys())) == 1
