"""The record of issues over HTTP: lists, edits, resolutions, conversations."""

from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from support_copilot.customers.service import NewCustomer, insert_customer
from support_copilot.issues.documents import put_issue_document
from support_copilot.issues.service import NewIssue, NewMessage, insert_issue
from support_copilot.resources import Resources

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def stored(resources: Resources, subject: str = "Login fails", **given: object) -> str:
    given = {"channel": "email", "messages": [NewMessage("customer", "It fails.")], "created_at": NOW, **given}
    with resources.database.transaction() as session:
        record = insert_issue(session, NewIssue(subject=subject, **given), now=NOW)  # type: ignore[arg-type]
        put_issue_document(session, record, None, None)
    return record.issue.id


def subjects(client: TestClient, query: str) -> list[str]:
    answer = client.get(f"/v1/issues?{query}")
    assert answer.status_code == 200, answer.text
    return [issue["subject"] for issue in answer.json()["data"]]


def test_an_issue_is_read_with_all_that_belongs_to_it(client: TestClient, resources: Resources) -> None:
    with resources.database.transaction() as session:
        new = NewCustomer(name="Ana Example", attributes={"shop": " Elder Books "})
        customer_id = insert_customer(session, new, now=NOW).id
    issue_id = stored(
        resources, customer_id=customer_id, external_source="desk", external_id="7", severity="high",
        severity_source="model", tags=["login"],
    )  # fmt: skip
    answer = client.get(f"/v1/issues/{issue_id}")
    assert answer.headers["ETag"] == '"1"'
    assert answer.json() == {
        "id": issue_id, "key": "7", "subject": "Login fails",
        "customer": {"id": customer_id, "name": "Ana Example", "company": "Elder Books", "plan": None},
        "merged": [], "merged_into": None, "order": None, "satisfaction_risk": None,
        "waiting_since": "2026-03-02T09:00:00Z",
        "channel": "email", "status": "open", "severity": "high", "severity_source": "model", "category": None,
        "category_source": None, "language": None, "team_id": None, "team_name": None, "assignee": None,
        "tags": ["login"],
        "external_ref": {"source": "desk", "id": "7"}, "created_at": "2026-03-02T09:00:00Z",
        "updated_at": "2026-03-02T09:00:00Z", "first_response_at": None, "resolved_at": None, "reopened_count": 0,
        "rating": None, "resolution": None, "message_count": 1, "version": 1,
        "snoozed_until": None, "assignee_name": None,
        "due": {"clock": "first_response", "at": "2026-03-02T11:00:00Z"},
        "last_message": {
            "author": "customer", "author_name": None, "visibility": "public", "excerpt": "It fails.",
            "created_at": "2026-03-02T09:00:00Z",
        },
    }  # fmt: skip


def test_lists_are_narrowed_by_each_filter(client: TestClient, resources: Resources) -> None:
    stored(
        resources, "first", status="pending", severity="high", category="billing", language="de", assignee="kim",
        tags=["über", "a b"], external_source="desk", external_id="7", created_at=NOW - timedelta(days=2),
    )  # fmt: skip
    stored(resources, "second 100%", channel="chat", tags=["a"])
    for query in (
        "status=pending", "severity=high", "category=billing", "language=de", "assignee=kim", "tag=%C3%BCber",
        "tag=a%20b", "external_source=desk&external_id=7", "created_before=2026-03-01T00:00:00Z", "q=IRS",
        "status=pending&status=closed&channel=email",
    ):  # fmt: skip
        assert subjects(client, query) == ["first"], query
    for query in ("status=open", "channel=chat", "tag=a", "created_after=2026-03-01", "q=100%25", "q=%25"):
        assert subjects(client, query) == ["second 100%"], query
    for query in ("tag=%25", "tag=b", "customer_id=cus_x", "q=_", "updated_after=2027-01-01T00:00:00"):
        assert subjects(client, query) == [], query


def test_lists_are_sorted_and_paged_without_gaps_or_doubles(client: TestClient, resources: Resources) -> None:
    for number in range(7):
        stored(resources, f"issue {number}", created_at=NOW + timedelta(minutes=number // 2))
    for sort in ("created_at", "-created_at", "updated_at", "-updated_at"):
        seen: list[str] = []
        cursor = ""
        while cursor is not None:
            page = client.get(f"/v1/issues?limit=2&sort={sort}&cursor={cursor}".removesuffix("&cursor=")).json()
            seen += [issue["subject"] for issue in page["data"]]
            cursor = page["next_cursor"]
        assert sorted(seen) == [f"issue {number}" for number in range(7)]
        assert (seen[0] in ("issue 0", "issue 1")) is not sort.startswith("-")


@pytest.mark.parametrize(
    "query",
    ["status=lost", "sort=subject", "limit=0", "limit=x", "cursor=%00", "cursor=W10", "cursor=WyJ4IiwiYSJd",
     "cursor=WzEsImEiXQ", "cursor=WyIyMDI2LTAxLTAxIiwiYSJd", "created_after=never", "channel=pigeon"],
)  # fmt: skip
def test_wrong_questions_are_refused_with_the_field(client: TestClient, query: str) -> None:
    answer = client.get(f"/v1/issues?{query}")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"][0]["field"].partition(".")[0] == query.partition("=")[0]


def test_an_edit_names_its_reading_and_gets_the_next(client: TestClient, resources: Resources) -> None:
    issue_id = stored(resources)
    edit = {"severity": "critical", "assignee": " Kim \n Lee ", "tags": ["b", "b"], "subject": "Login\nfails again"}
    answer = client.patch(f"/v1/issues/{issue_id}", json=edit, headers={"If-Match": '"1"'})
    assert answer.status_code == 200
    assert answer.headers["ETag"] == '"2"'
    issue = answer.json()
    assert (issue["severity"], issue["severity_source"]) == ("critical", "agent")
    assert (issue["assignee"], issue["tags"], issue["subject"]) == ("Kim Lee", ["b"], "Login fails again")
    stale = client.patch(f"/v1/issues/{issue_id}", json={"status": "closed"}, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")


def test_null_takes_away_what_may_be_empty(client: TestClient, resources: Resources) -> None:
    issue_id = stored(resources, assignee="kim", rating=4)
    answer = client.patch(f"/v1/issues/{issue_id}", json={"assignee": None, "rating": None})
    assert (answer.json()["assignee"], answer.json()["rating"]) == (None, None)
    answer = client.patch(f"/v1/issues/{issue_id}", json={"rating": {"score": 5, "comment": "Quick"}})
    assert answer.json()["rating"] == {"score": 5, "comment": "Quick"}


@pytest.mark.parametrize(
    ("edit", "field"),
    [({"status": None}, "status"), ({"status": "gone"}, "status"), ({"subject": " \n "}, "subject"),
     ({"subject": "x" * 501}, "subject"), ({"tags": ["x"] * 51}, "tags"), ({"tags": "x"}, "tags"),
     ({"rating": {"score": 6}}, "rating.score"), ({"rating": {"score": "5"}}, "rating.score"),
     ({"id": "iss_x"}, "id"), ({"severity": 1}, "severity")],
)  # fmt: skip
def test_wrong_edits_are_refused_with_the_field(
    client: TestClient, resources: Resources, edit: dict[str, object], field: str
) -> None:
    answer = client.patch(f"/v1/issues/{stored(resources)}", json=edit)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_resolving_answers_with_the_fix_and_only_once(client: TestClient, resources: Resources) -> None:
    issue_id = stored(resources)
    fix = {"resolution": {"text": "Cleared the cache.", "steps": ["Open settings", "Clear"], "kind": "workaround"}}
    answer = client.post(f"/v1/issues/{issue_id}/resolve", json=fix)
    assert answer.status_code == 200
    assert answer.json()["status"] == "resolved"
    assert (
        answer.json()["resolution"].items() >= {**fix["resolution"], "reopened": False, "created_by": "local"}.items()
    )
    again = client.post(f"/v1/issues/{issue_id}/resolve", json=fix)
    assert (again.status_code, again.json()["code"]) == (409, "already_resolved")
    (job,) = client.get("/v1/jobs").json()["data"]
    assert (job["name"], job["status"]) == ("summarization.summarize_issue", "queued")


@pytest.mark.parametrize("body", [{}, {"resolution": {}}, {"resolution": {"text": " "}}, {"resolution": "x"}, [], None])
def test_a_fix_without_words_is_refused(client: TestClient, resources: Resources, body: object) -> None:
    assert client.post(f"/v1/issues/{stored(resources)}/resolve", json=body).status_code == 422


def test_the_conversation_is_read_in_pages(client: TestClient, resources: Resources) -> None:
    issue_id = stored(resources, messages=[NewMessage("customer", f"line {n}") for n in range(5)])
    first = client.get(f"/v1/issues/{issue_id}/messages?limit=3").json()
    rest = client.get(f"/v1/issues/{issue_id}/messages?limit=3&cursor={first['next_cursor']}").json()
    assert [message["body"] for message in first["data"] + rest["data"]] == [f"line {n}" for n in range(5)]
    assert rest["next_cursor"] is None


@pytest.mark.parametrize("issue_id", ["iss_01j9z3k6w8f5v9m2q4x7c1b0ad", "nothing", "%00", "%F0%9F%8E%89", "x" * 500])
def test_unknown_issues_are_not_found(client: TestClient, issue_id: str) -> None:
    for method, path, body in (
        ("GET", "", None),
        ("PATCH", "", {"status": "open"}),
        ("GET", "/messages", None),
        ("GET", "/attachments", None),
        ("POST", "/resolve", {"resolution": {"text": "x"}}),
    ):
        answer = client.request(method, f"/v1/issues/{issue_id}{path}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (404, "issue_not_found")
