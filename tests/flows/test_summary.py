"""A solved issue is summarized, teaches the knowledge base, and is found; reopened, handed over, contradicted."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from support_copilot.worker import Worker
from tests.conftest import StepClock

FIX = "Open the print helper, set the paper size to 100 x 150 mm and restart the printer."
CONVERSATION = [
    {"body": "Hello,\nsince the update the label printer prints blank labels for order A-10442.\nRegards\nAna Example"},
    {"author": "agent", "body": "Please restart the print helper and clear the print queue first."},
    {"body": "I restarted it and cleared the queue, still the same problem."},
    {"author": "agent", "visibility": "internal", "body": "Firmware 4.2 is known to reset the paper size."},
    {
        "author": "agent",
        "body": "Set the paper size of the print helper to 100 x 150 mm. I will check the firmware for you.",
    },
    {"body": "That fixed it, thank you!"},
]


def arrived(client: TestClient, subject: str = "Label printer prints blank labels", **given: Any) -> str:
    body = {
        "subject": subject, "messages": CONVERSATION, "customer": {"name": "Ana Example", "email": "ana@example.com"},
    }  # fmt: skip
    answer = client.post("/v1/issues", json={**body, **given})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["issue"]["id"])


def resolve(client: TestClient, issue_id: str, text: str = FIX, **more: Any) -> None:
    answer = client.post(f"/v1/issues/{issue_id}/resolve", json={"resolution": {"text": text, **more}})
    assert answer.status_code == 200, answer.text


def work(worker: Worker) -> None:
    while worker.run_once():
        pass


def sections(summary: dict[str, Any]) -> dict[str, list[str]]:
    return {section["name"]: [line["text"] for line in section["lines"]] for section in summary["sections"]}


def proposals(client: TestClient) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = client.get("/v1/knowledge/proposals?status=pending").json()["data"]
    return rows


def found(client: TestClient, query: str) -> list[str]:
    answer = client.get("/v1/search", params={"q": query, "kind": "article", "status": "published"})
    return [item["id"] for item in answer.json()["data"]]


def test_a_solved_issue_is_summarized_and_becomes_an_article_that_is_found_at_once(
    client: TestClient, worker: Worker
) -> None:
    issue_id = arrived(client)
    assert client.get(f"/v1/issues/{issue_id}/summary").json()["code"] == "no_summary"
    resolve(client, issue_id, steps=["Open the print helper", "Load the preset named Labels"])
    work(worker)

    summary = client.get(f"/v1/issues/{issue_id}/summary").json()
    said = sections(summary)
    assert any("blank labels" in line for line in said["problem"])
    assert any("cleared the queue" in line for line in said["tried"])
    assert FIX in said["resolution"]
    assert "Load the preset named Labels" in said["resolution"]
    assert "Open the print helper" not in said["resolution"]
    assert said["mood"]
    assert "Firmware" not in summary["text"]
    assert summary["stale"] is False
    messages = [row["id"] for row in client.get(f"/v1/issues/{issue_id}/messages").json()["data"]]
    stands_on = {m for section in summary["sections"] for line in section["lines"] for m in line["message_ids"]}
    assert stands_on <= set(messages)

    (proposal,) = proposals(client)
    assert (proposal["issue_id"], proposal["kind"]) == (issue_id, "new")
    assert not {"Ana", "A-10442"} & set(proposal["body"].replace(".", " ").split())
    article = client.post(f"/v1/knowledge/proposals/{proposal['id']}/approve", json={}).json()["article"]
    assert found(client, "empty labels from the printer") == [article["id"]]
    assert {job["status"] for job in client.get("/v1/jobs").json()["data"]} == {"done"}


def test_what_the_knowledge_base_has_is_not_proposed_again(client: TestClient, worker: Worker) -> None:
    resolve(client, arrived(client))
    work(worker)
    client.post(f"/v1/knowledge/proposals/{proposals(client)[0]['id']}/approve", json={})

    resolve(client, arrived(client, "Label printer prints blank labels again"))
    work(worker)

    assert proposals(client) == []


IDEA = (
    "Hello {{customer.first_name}},\n\nthank you for the idea. I passed it on to the product team together with your "
    "example; you get a note when it is planned.\n\nKind regards"
)


@pytest.mark.parametrize(
    ("added", "learned"),
    [
        ("", False),
        ("Until then set the paper size of the print helper to 100 x 150 mm and restart the print queue.", True),
    ],
)
def test_from_a_template_only_what_was_added_to_it_is_learned(
    client: TestClient, worker: Worker, added: str, learned: bool
) -> None:
    template = {"title": "Feature wish recorded", "body": IDEA, "language": "en"}
    assert client.post("/v1/templates", json=template).status_code == 201
    said = IDEA.replace("{{customer.first_name}}", "Ana").replace("planned.", f"planned. {added}")

    resolve(client, arrived(client, messages=CONVERSATION[:2]), said)
    work(worker)

    bodies = [proposal["body"] for proposal in proposals(client)]
    assert [added in body for body in bodies] == [True] * learned
    assert "product team" not in "".join(bodies)


def test_two_equal_fixes_wait_as_one_proposal(client: TestClient, worker: Worker) -> None:
    for _ in range(2):
        resolve(client, arrived(client))
    work(worker)

    assert len(proposals(client)) == 1


def test_a_fix_that_helps_nobody_else_is_not_proposed(client: TestClient, worker: Worker) -> None:
    for text, kind in (("Done.", None), ("Refunded the whole amount of the second payment to her.", "refund")):
        issue_id = arrived(client, messages=CONVERSATION[:2])
        resolve(client, issue_id, text, kind=kind)
        work(worker)
        assert client.get(f"/v1/issues/{issue_id}/summary").status_code == 200

    assert proposals(client) == []


def test_a_fix_that_only_the_conversation_tells_is_proposed_and_says_so(client: TestClient, worker: Worker) -> None:
    issue_id = arrived(client)
    assert client.patch(f"/v1/issues/{issue_id}", json={"status": "resolved"}).status_code == 200
    asked = arrived(client, "Login page stays white", messages=CONVERSATION[:2])
    assert client.patch(f"/v1/issues/{asked}", json={"status": "resolved"}).status_code == 200
    work(worker)

    (proposal,) = proposals(client)
    assert (proposal["issue_id"], proposal["resolution_id"]) == (issue_id, None)
    assert "100 x 150 mm" in proposal["body"]
    assert proposal["reason"].startswith("Nobody recorded how it was solved")


def test_an_article_is_in_the_language_of_its_fix_where_the_subject_tells_none(
    client: TestClient, worker: Worker
) -> None:
    issue_id = arrived(client, "Impressora nao imprime", messages=[{"body": "Impressora nao imprime"}])
    resolve(client, issue_id, "O serviço de spool tinha parado. Reinicie o serviço e limpe a fila de impressão.")
    work(worker)

    (proposal,) = proposals(client)
    assert proposal["language"] == "pt"
    assert "## Solução" in proposal["body"]


def test_a_reopened_issue_is_summarized_again_and_its_fix_teaches_nothing(
    client: TestClient, worker: Worker, clock: StepClock
) -> None:
    issue_id = arrived(client)
    resolve(client, issue_id)
    clock.advance(minutes=1)
    assert client.patch(f"/v1/issues/{issue_id}", json={"status": "open"}).status_code == 200
    work(worker)
    assert proposals(client) == []

    clock.advance(hours=2)
    client.post(f"/v1/issues/{issue_id}/messages", json={"body": "It prints blank labels again since today."})
    first = client.get(f"/v1/issues/{issue_id}/summary").json()
    assert first["stale"] is True
    assert client.get(f"/v1/issues/{issue_id}").json()["reopened_count"] == 1

    clock.advance(hours=1)
    second_fix = "Install firmware 4.3 on the printer, since 4.2 resets the paper size after each restart."
    resolve(client, issue_id, second_fix)
    work(worker)
    newest = client.get(f"/v1/issues/{issue_id}/summary").json()
    assert newest["id"] != first["id"]
    assert second_fix in sections(newest)["resolution"]
    assert FIX not in newest["text"]
    assert [second_fix in proposal["body"] for proposal in proposals(client)] == [True]
    assert len(client.get(f"/v1/issues/{issue_id}/summaries").json()["data"]) == 2


def test_a_colleague_who_takes_over_reads_state_notes_and_what_is_owed(client: TestClient) -> None:
    issue_id = arrived(client, messages=CONVERSATION[:5])

    answer = client.post(f"/v1/issues/{issue_id}/summary", json={"kind": "handover"})

    assert answer.status_code == 201
    said = sections(answer.json())
    assert said["customer"] == ["Ana Example"]
    assert said["status"][0].startswith("open")
    assert said["next_step"] == ["I will check the firmware for you."]
    assert "resolution" not in said
    assert client.get(f"/v1/issues/{issue_id}/summary?kind=handover").json()["id"] == answer.json()["id"]
    assert client.get(f"/v1/issues/{issue_id}/summary").status_code == 404


def test_an_article_that_a_newer_fix_contradicts_is_marked_until_it_says_so_itself(
    client: TestClient, worker: Worker
) -> None:
    article = client.post(
        "/v1/knowledge/articles",
        json={
            "title": "Label printer prints blank labels", "status": "published",
            "body": "Since an update labels are blank: enable bidirectional printing in the print helper.",
        },
    ).json()  # fmt: skip
    resolve(client, arrived(client), "You have to disable bidirectional printing in the print helper and restart it.")
    work(worker)

    marked = client.get(f"/v1/knowledge/articles/{article['id']}").json()
    assert len(marked["contradictions"]) == 1
    (proposal,) = proposals(client)
    assert (proposal["kind"], proposal["article_id"]) == ("change", article["id"])
    assert "speaks against the article" in proposal["reason"]
    client.post(f"/v1/knowledge/proposals/{proposal['id']}/approve", json={})
    changed = client.get(f"/v1/knowledge/articles/{article['id']}").json()
    assert "disable bidirectional printing" in changed["body"]
    assert changed["contradictions"] == []


def test_a_summary_of_nothing_yet_is_honest(client: TestClient) -> None:
    issue_id = client.post("/v1/issues", json={"subject": "Just a subject"}).json()["issue"]["id"]

    summary = client.post(f"/v1/issues/{issue_id}/summary", json={}).json()

    assert sections(summary) == {"problem": ["Just a subject"]}


def test_headings_are_in_the_language_of_the_lines(client: TestClient) -> None:
    body = "Guten Tag, seit dem Update druckt der Etikettendrucker nur noch leere Etiketten. Bitte helfen Sie uns."
    issue_id = client.post("/v1/issues", json={"subject": "Leere Etiketten", "body": body}).json()["issue"]["id"]
    tried = {"body": "Spooler neu gestartet, ohne Erfolg.", "author": "agent", "visibility": "internal"}
    assert client.post(f"/v1/issues/{issue_id}/messages", json=tried).status_code == 201
    written = client.post(f"/v1/issues/{issue_id}/summary", json={"kind": "handover"}).json()
    headings = {section["name"]: section["heading"] for section in written["sections"]}
    assert (headings["problem"], headings["tried"], headings["mood"]) == ("Problem", "Versucht", "Stimmung")
    path = f"/v1/issues/{issue_id}/summary?kind=handover"
    assert client.get(path).json()["sections"] == written["sections"]
