"""Texts that articles had before: kept with who replaced them, read, brought back; decisions of the queue undone."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from support_copilot.db.models import ArticleVersion, AuditEntry
from support_copilot.knowledge.articles import note_contradiction
from support_copilot.knowledge.versions import MOST_VERSIONS
from support_copilot.resources import Resources
from tests.flows.test_records_issues import NOW
from tests.flows.test_records_knowledge import ARTICLE, found, queued

FIRST = ARTICLE["body"]


def article(client: TestClient, **given: object) -> dict[str, Any]:
    answer = client.post("/v1/knowledge/articles", json={**ARTICLE, **given})
    assert answer.status_code == 201
    return dict(answer.json())


def path_of(kept: dict[str, Any]) -> str:
    return f"/v1/knowledge/articles/{kept['id']}"


def versions(client: TestClient, kept: dict[str, Any]) -> list[dict[str, Any]]:
    return list(client.get(f"{path_of(kept)}/versions").json()["data"])


def test_each_save_keeps_the_text_before_with_who_when_and_why(client: TestClient) -> None:
    kept = article(client)
    assert versions(client, kept) == []
    client.patch(path_of(kept), json={"body": "Ask the desk.", "change_note": "The page is gone."})
    client.patch(path_of(kept), json={"title": "Lost passwords"})
    client.patch(path_of(kept), json={"status": "archived"})
    newest, first = versions(client, kept)
    assert [newest["version"], newest["title"], newest["change_note"]] == [2, ARTICLE["title"], None]
    assert (first["version"], first["how"], first["replaced_by"]) == (1, "edited", "local")
    assert (first["change_note"], first["status"], "body" in first) == ("The page is gone.", "published", False)
    assert client.get(f"{path_of(kept)}/versions/1").json()["body"] == FIRST
    assert client.get(f"{path_of(kept)}/versions?limit=1").json()["next_cursor"] is not None
    assert "change_note" not in client.get(path_of(kept)).json()


def test_an_earlier_text_is_brought_back_and_found_and_the_one_of_now_is_kept(
    client: TestClient, resources: Resources
) -> None:
    kept = article(client, tags=["password"])
    with resources.database.transaction() as session:
        note_contradiction(session, kept["id"], "iss_1", "res_1", "A newer fix differs.", now=NOW)
    client.patch(path_of(kept), json={"body": "The printer needs a firmware update.", "tags": [], "status": "draft"})
    stale = client.post(f"{path_of(kept)}/versions/1/restore", json={}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    answer = client.post(f"{path_of(kept)}/versions/1/restore", json={"change_note": "Wrong article."})
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"3"')
    back = answer.json()
    assert (back["body"], back["tags"], back["status"]) == (FIRST, ["password"], "draft")
    assert [noted["resolution_id"] for noted in back["contradictions"]] == ["res_1"]
    assert found(client, "printer firmware", "article") == []
    assert [(one["version"], one["how"], one["change_note"]) for one in versions(client, kept)] == [
        (2, "restored", "Wrong article."), (1, "edited", None),
    ]  # fmt: skip
    with resources.database.read() as session:
        (told,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "article.restored"))
    assert (told.target, told.after) == (kept["id"], {"version": 1})


def test_a_text_that_is_kept_from_models_comes_back_kept_from_them(client: TestClient) -> None:
    kept = article(client, language_model_allowed=False)
    client.patch(path_of(kept), json={"body": "Ask the desk.", "language_model_allowed": True})
    back = client.post(f"{path_of(kept)}/versions/1/restore", json={}).json()
    assert (back["body"], back["language_model_allowed"]) == (FIRST, False)


def test_only_the_newest_texts_are_kept(client: TestClient, resources: Resources) -> None:
    kept = article(client)
    for number in range(MOST_VERSIONS + 2):
        client.patch(path_of(kept), json={"tags": [str(number)]})
    with resources.database.read() as session:
        left = sorted(session.scalars(select(ArticleVersion.version)))
    assert left == list(range(3, MOST_VERSIONS + 3))
    gone = client.get(f"{path_of(kept)}/versions/1")
    assert (gone.status_code, gone.json()["code"]) == (404, "article_version_not_found")


@pytest.mark.parametrize(
    ("version", "body", "status"),
    [("0", {}, 422), (str(2**31), {}, 422), ("7", {}, 404), ("7", {"change_note": "x" * 301}, 422)],
)
def test_wrong_versions_are_refused(client: TestClient, version: str, body: object, status: int) -> None:
    kept = article(client)
    assert client.post(f"{path_of(kept)}/versions/{version}/restore", json=body).status_code == status
    assert client.get("/v1/knowledge/articles/art_x/versions").status_code == 404


def test_an_approved_change_is_taken_back_with_the_text_of_before(client: TestClient, resources: Resources) -> None:
    kept = article(client, status="draft")
    proposal = queued(resources, article_id=kept["id"], article_version=1, body="Use the new reset page.")
    path = f"/v1/knowledge/proposals/{proposal}"
    approved = client.post(f"{path}/approve", json={}).json()
    assert (approved["proposal"]["article_version"], approved["article"]["status"]) == (2, "published")
    (entry,) = versions(client, kept)
    assert (entry["how"], entry["issue_id"]) == ("approved", approved["proposal"]["issue_id"])

    undone = client.post(f"{path}/reopen")
    assert (undone.status_code, undone.json()["status"], undone.json()["decided_by"]) == (200, "pending", None)
    back = client.get(path_of(kept)).json()
    assert (back["body"], back["status"], back["source_issue_ids"]) == (FIRST, "draft", [])
    assert client.post(f"{path}/reopen").json()["version"] == undone.json()["version"]

    again = client.post(f"{path}/approve", json={"title": "Reset it"}).json()["article"]
    assert (again["id"], again["title"], again["version"]) == (kept["id"], "Reset it", 4)


def test_a_new_article_is_archived_when_its_approval_is_taken_back_and_published_by_another(
    client: TestClient, resources: Resources
) -> None:
    path = f"/v1/knowledge/proposals/{queued(resources)}"
    made = client.post(f"{path}/approve", json={}).json()["article"]
    assert found(client, "clear the cache", "article") == [made["id"]]
    assert client.post(f"{path}/reopen").json()["status"] == "pending"
    assert client.get(path_of(made)).json()["status"] == "archived"
    again = client.post(f"{path}/approve", json={}).json()["article"]
    assert (again["id"], again["status"]) == (made["id"], "published")
    client.post(f"{path}/reopen")
    assert client.get(path_of(made)).json()["status"] == "archived"


def test_an_approval_is_not_taken_back_over_a_later_edit(client: TestClient, resources: Resources) -> None:
    path = f"/v1/knowledge/proposals/{queued(resources)}"
    made = client.post(f"{path}/approve", json={}).json()["article"]
    client.patch(path_of(made), json={"body": "Set right by hand."})
    refused = client.post(f"{path}/reopen")
    assert (refused.status_code, refused.json()["code"]) == (409, "article_edited_since")
    assert client.get(path_of(made)).json()["body"] == "Set right by hand."


def test_a_rejected_proposal_is_taken_up_again(client: TestClient, resources: Resources) -> None:
    first, second = queued(resources), queued(resources, title="Another")
    for proposal in (first, second):
        client.post(f"/v1/knowledge/proposals/{proposal}/reject", json={"reason": "Too special."})
    listed = client.get("/v1/knowledge/proposals?status=rejected&sort=changed&limit=1").json()
    assert [row["id"] for row in listed["data"]] == [second]
    page = client.get("/v1/knowledge/proposals", params={"sort": "changed", "cursor": listed["next_cursor"]}).json()
    assert [row["id"] for row in page["data"]] == [first]
    stale = client.post(f"/v1/knowledge/proposals/{first}/reopen", headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    back = client.post(f"/v1/knowledge/proposals/{first}/reopen", headers={"If-Match": '"2"'}).json()
    assert (back["status"], back["decision_note"], back["version"]) == ("pending", None, 3)
    assert client.post(f"/v1/knowledge/proposals/{first}/approve", json={}).status_code == 200


def test_an_article_tells_the_key_and_subject_of_what_it_was_learned_from(
    client: TestClient, resources: Resources
) -> None:
    path = f"/v1/knowledge/proposals/{queued(resources)}"
    approved = client.post(f"{path}/approve", json={}).json()
    issue = client.get(f"/v1/issues/{approved['proposal']['issue_id']}").json()
    told = [{"issue_id": issue["id"], "key": issue["key"], "subject": issue["subject"]}]
    assert approved["article"]["sources"] == told
    assert client.get("/v1/knowledge/articles").json()["data"][0]["sources"] == told
    assert article(client)["sources"] == []
