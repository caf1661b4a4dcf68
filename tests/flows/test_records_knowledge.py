"""Templates, articles and the review queue over HTTP; what is published is found at once."""

import pytest
from fastapi.testclient import TestClient

from support_copilot.customers.service import NewCustomer, insert_customer
from support_copilot.knowledge.articles import note_contradiction
from support_copilot.knowledge.proposals import NewProposal, propose
from support_copilot.resources import Resources
from tests.flows.test_records_issues import NOW, stored

TEMPLATE = {
    "title": "Refund of a double charge",
    "body": (
        "Hello {{ customer.first_name | default: 'there' }}, we refund order {{ issue.order_number }}. {{ agent.name }}"
    ),
    "category": "billing",
    "tags": ["refund"],
}
ARTICLE = {
    "title": "Reset a lost password",
    "body": "Open the sign-in page and choose the reset link.",
    "status": "published",
}


def found(client: TestClient, query: str, kind: str) -> list[str]:
    return [item["id"] for item in client.get("/v1/search", params={"q": query, "kind": kind}).json()["data"]]


def queued(resources: Resources, **given: object) -> str:
    new = {
        "issue_id": stored(resources),
        "title": "Clear the cache",
        "body": "Clear it in the settings.",
        "reason": "New.",
        **given,
    }
    with resources.database.transaction() as session:
        return propose(session, NewProposal(**new), now=NOW).id  # type: ignore[arg-type]


def test_a_template_is_stored_found_edited_and_archived(client: TestClient) -> None:
    answer = client.post("/v1/templates", json=TEMPLATE)
    assert answer.status_code == 201
    kept = answer.json()
    assert kept["placeholders"] == ["customer.first_name", "issue.order_number", "agent.name"]
    assert kept["figures"] == {
        "used": 0, "accepted": 0, "edited": 0, "rejected": 0, "rated": 0, "satisfaction": None,
    }  # fmt: skip
    assert found(client, "money back", "template") == [kept["id"]]
    edited = client.patch(f"/v1/templates/{kept['id']}", json={"tone": "friendly"}, headers={"If-Match": '"1"'})
    assert (edited.json()["tone"], edited.headers["ETag"]) == ("friendly", '"2"')
    assert client.delete(f"/v1/templates/{kept['id']}", headers={"If-Match": '"1"'}).status_code == 412
    assert client.delete(f"/v1/templates/{kept['id']}").status_code == 204
    assert found(client, "money back", "template") == []
    assert client.get("/v1/templates?active=true").json()["data"] == []
    assert client.get("/v1/templates?active=false&category=billing").json()["data"][0]["id"] == kept["id"]
    client.patch(f"/v1/templates/{kept['id']}", json={"active": True})
    assert found(client, "money back", "template") == [kept["id"]]


def test_templates_are_kept_in_folders(client: TestClient) -> None:
    kept = client.post("/v1/templates", json={**TEMPLATE, "folder": "  Money   back "}).json()
    assert kept["folder"] == "Money back"
    loose = client.post("/v1/templates", json=TEMPLATE).json()
    assert loose["folder"] is None
    listed = client.get("/v1/templates", params={"folder": "Money back"}).json()["data"]
    assert [each["id"] for each in listed] == [kept["id"]]
    assert client.patch(f"/v1/templates/{kept['id']}", json={"folder": None}).json()["folder"] is None
    refused = client.patch(f"/v1/templates/{kept['id']}", json={"folder": "x" * 81})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "folder")


def test_a_broken_template_is_refused_with_its_line(client: TestClient) -> None:
    answer = client.post("/v1/templates", json={**TEMPLATE, "body": "Hello\n{{ customer.name"})
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["field"], error["code"]) == ("body", "invalid_template")
    assert error["message"].startswith("line 2:")
    template_id = client.post("/v1/templates", json=TEMPLATE).json()["id"]
    assert client.patch(f"/v1/templates/{template_id}", json={"body": "{% for %}"}).status_code == 422


def test_creates_happen_once(client: TestClient) -> None:
    for path, body in (("/v1/templates", TEMPLATE), ("/v1/knowledge/articles", ARTICLE)):
        first = client.post(path, json=body, headers={"Idempotency-Key": "k"})
        again = client.post(path, json=body, headers={"Idempotency-Key": "k"})
        assert (again.status_code, again.json()) == (201, first.json())
        named = {**body, "external_ref": {"source": "desk", "id": "1"}}
        assert client.post(path, json=named).status_code == 201
        assert client.post(path, json=named).status_code == 200
        assert len(client.get(path).json()["data"]) == 2


def test_a_preview_fills_what_is_known_and_names_the_rest(client: TestClient, resources: Resources) -> None:
    with resources.database.transaction() as session:
        customer_id = insert_customer(session, NewCustomer(name="Ana Example"), now=NOW).id
    issue_id = stored(resources, customer_id=customer_id)
    template_id = client.post("/v1/templates", json=TEMPLATE).json()["id"]
    bare = client.post(f"/v1/templates/{template_id}/preview", json={}).json()
    assert bare["text"] == "Hello there, we refund order [order number]. local"
    assert bare["missing"] == ["issue.order_number"]
    body = {"issue_id": issue_id, "values": {"issue.order_number": "1001"}}
    filled = client.post(f"/v1/templates/{template_id}/preview", json=body).json()
    assert filled["text"] == "Hello Ana, we refund order 1001. local"
    assert filled["missing"] == []
    assert filled["placeholders"][1] == {"name": "issue.order_number", "filled": True, "ask": False}
    unknown = client.post(f"/v1/templates/{template_id}/preview", json={"issue_id": "iss_x"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "issue_not_found")


def test_an_article_goes_from_draft_to_published_to_archived(client: TestClient) -> None:
    kept = client.post("/v1/knowledge/articles", json={**ARTICLE, "status": "draft"}).json()
    assert kept["published_at"] is None
    path = f"/v1/knowledge/articles/{kept['id']}"
    published = client.patch(path, json={"status": "published"}, headers={"If-Match": '"1"'}).json()
    assert published["published_at"] is not None
    search = client.get("/v1/search?q=forgotten%20password&kind=article&status=published").json()["data"]
    assert [(item["id"], item["status"]) for item in search] == [(kept["id"], "published")]
    client.patch(path, json={"status": "archived"})
    assert client.get("/v1/search?q=password&kind=article&status=published").json()["data"] == []
    assert [row["id"] for row in client.get("/v1/knowledge/articles?status=archived").json()["data"]] == [kept["id"]]
    assert client.patch(path, json={"status": "draft"}, headers={"If-Match": '"1"'}).status_code == 412


def test_that_an_article_still_holds_is_said_and_taken_back(client: TestClient) -> None:
    made = client.post("/v1/knowledge/articles", json=ARTICLE).json()
    path = f"/v1/knowledge/articles/{made['id']}"
    long_ago = "2025-01-02T03:04:05Z"
    as_it_was = client.patch(path, json={"status": "published", "unchanged_since": long_ago}).json()
    assert as_it_was["updated_at"] == long_ago
    still_right = client.patch(path, json={"status": "published"}).json()
    assert still_right["updated_at"] > long_ago
    # Nobody makes an article younger than it is, nor hides that it was changed.
    later = client.patch(path, json={"status": "published", "unchanged_since": "2099-01-01T00:00:00Z"}).json()
    assert later["updated_at"] == still_right["updated_at"]
    stale = {"status": "published", "unchanged_since": long_ago}
    assert client.patch(path, json=stale, headers={"If-Match": '"1"'}).status_code == 412
    assert (
        client.patch(path, json={"body": "Other words.", "unchanged_since": long_ago}).json()["updated_at"] > long_ago
    )
    assert client.patch(path, json={"status": "published", "unchanged_since": "soon"}).status_code == 422


def test_new_words_are_found_and_settle_contradictions(client: TestClient, resources: Resources) -> None:
    article_id = client.post("/v1/knowledge/articles", json=ARTICLE).json()["id"]
    with resources.database.transaction() as session:
        assert note_contradiction(session, article_id, "iss_1", "res_1", "A newer fix differs.", now=NOW)
        assert not note_contradiction(session, article_id, "iss_1", "res_1", "Again.", now=NOW)
    path = f"/v1/knowledge/articles/{article_id}"
    article = client.get(path).json()
    assert [noted["resolution_id"] for noted in article["contradictions"]] == ["res_1"]
    assert article["version"] == 1
    edited = client.patch(path, json={"body": "The printer needs a firmware update."}).json()
    assert edited["contradictions"] == []
    assert found(client, "printer firmware", "article") == [article_id]


def test_an_approved_proposal_becomes_an_article_that_is_found_at_once(
    client: TestClient, resources: Resources
) -> None:
    proposal_id = queued(resources)
    (waiting,) = client.get("/v1/knowledge/proposals?status=pending").json()["data"]
    assert (waiting["id"], waiting["kind"]) == (proposal_id, "new")
    answer = client.post(f"/v1/knowledge/proposals/{proposal_id}/approve", json={"title": "Clear the browser cache"})
    assert answer.status_code == 200
    article, proposal = answer.json()["article"], answer.json()["proposal"]
    assert (article["title"], article["status"], article["body"]) == (
        "Clear the browser cache", "published", "Clear it in the settings.",
    )  # fmt: skip
    assert article["source_issue_ids"] == [proposal["issue_id"]]
    assert (proposal["status"], proposal["article_id"], proposal["decided_by"]) == ("approved", article["id"], "local")
    assert found(client, "browser cache", "article") == [article["id"]]
    again = client.post(f"/v1/knowledge/proposals/{proposal_id}/approve", json={})
    assert (again.status_code, again.json()["code"]) == (409, "proposal_decided")


def test_a_change_of_an_article_edited_since_needs_force(client: TestClient, resources: Resources) -> None:
    article_id = client.post("/v1/knowledge/articles", json=ARTICLE).json()["id"]
    proposal_id = queued(resources, article_id=article_id, article_version=1, body="Use the new reset page.")
    client.patch(f"/v1/knowledge/articles/{article_id}", json={"tags": ["password"]})
    path = f"/v1/knowledge/proposals/{proposal_id}/approve"
    refused = client.post(path, json={})
    assert (refused.status_code, refused.json()["code"]) == (409, "article_changed")
    forced = client.post(path, json={"force": True}).json()["article"]
    assert (forced["id"], forced["body"], forced["version"]) == (article_id, "Use the new reset page.", 3)


def test_a_rejected_proposal_keeps_the_reason_and_makes_nothing(client: TestClient, resources: Resources) -> None:
    proposal_id = queued(resources)
    answer = client.post(f"/v1/knowledge/proposals/{proposal_id}/reject", json={"reason": "Too special."})
    assert (answer.json()["status"], answer.json()["decision_note"]) == ("rejected", "Too special.")
    assert client.post(f"/v1/knowledge/proposals/{proposal_id}/approve", json={}).status_code == 409
    assert client.get("/v1/knowledge/articles").json()["data"] == []
    assert client.get("/v1/knowledge/proposals?status=pending").json()["data"] == []


def test_one_fix_is_proposed_once(client: TestClient, resources: Resources) -> None:
    issue_id = stored(resources)
    client.post(f"/v1/issues/{issue_id}/resolve", json={"resolution": {"text": "Cleared."}})
    resolution_id = client.get(f"/v1/issues/{issue_id}").json()["resolution"]["id"]
    first = queued(resources, issue_id=issue_id, resolution_id=resolution_id)
    assert queued(resources, issue_id=issue_id, resolution_id=resolution_id) == first


@pytest.mark.parametrize(
    ("path", "code"),
    [("/v1/templates/x", "template_not_found"), ("/v1/knowledge/articles/x", "article_not_found"),
     ("/v1/knowledge/proposals/x", "proposal_not_found")],
)  # fmt: skip
def test_unknown_records_are_not_found(client: TestClient, path: str, code: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, code)


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [("/v1/templates", {"title": "x"}, "body"), ("/v1/templates", {"title": "x", "body": "x" * 20_001}, "body"),
     ("/v1/knowledge/articles", {"title": "x", "body": " \n"}, "body"),
     ("/v1/knowledge/articles", {"title": "x", "body": "y", "status": "public"}, "status"),
     ("/v1/knowledge/articles", {"title": "x" * 301, "body": "y"}, "title")],
)  # fmt: skip
def test_wrong_records_are_refused_with_the_field(client: TestClient, path: str, body: object, field: str) -> None:
    answer = client.post(path, json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_a_text_is_previewed_before_it_is_stored(client: TestClient, resources: Resources) -> None:
    body = "Hello {{ customer.first_name }}, about {{ issue.subject }}: we look into it. {{ agent.name }}"
    issue = client.post(
        "/v1/issues", json={"subject": "Late parcel", "body": "Where is it?", "customer": {"name": "Ana Example"}}
    ).json()["issue"]["id"]

    bare = client.post("/v1/templates/preview", json={"body": body}).json()
    filled = client.post("/v1/templates/preview", json={"body": body, "issue_id": issue}).json()

    assert bare["missing"] == ["customer.first_name", "issue.subject"]
    assert filled["text"].startswith("Hello Ana, about Late parcel: we look into it.")
    assert filled["missing"] == []
    broken = client.post("/v1/templates/preview", json={"body": "Hello {{ customer.first_name"})
    assert (broken.status_code, broken.json()["errors"][0]["field"]) == (422, "body")
    assert client.post("/v1/templates/preview", json={"body": body, "issue_id": "iss_x"}).status_code == 404
    assert client.get("/v1/templates").json()["data"] == []
