"""Beside the suggested reply, over HTTP: other words, questions, what is missing by rule."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from support_copilot.resources import Resources
from tests.flows.modelled import client_of, says
from tests.flows.test_guidance import STEPS, SYNC, ask, solved
from tests.flows.test_model_reply import WORDS, ana
from tests.model_server import Manner, ModelServer

TEXT = "Hello Ana,\n\nPlease sign in again within 14 days. The sync token of your calendar had expired."


@pytest.fixture
def agent(modelled: tuple[ModelServer, Resources]) -> Iterator[TestClient]:
    with client_of(modelled[1]) as opened:
        yield opened


def post(client: TestClient, path: str, **body: Any) -> dict[str, Any]:
    answer = client.post(f"/v1/issues/{path}", json=body)
    assert answer.status_code == 200, answer.text
    result: dict[str, Any] = answer.json()
    return result


def verdicts(answer: dict[str, Any]) -> dict[str, str]:
    return {check["name"]: check["verdict"] for check in answer["checks"]}


def test_a_text_is_said_in_other_words_and_keeps_its_facts(
    agent: TestClient, server: ModelServer, resources: Resources
) -> None:
    issue_id = ask(resources, WORDS, "Calendar", customer_id=ana(resources))
    server.script(says("Hello [PERSON_2],\n\nThe sync token had expired. Please sign in again within 14 days."))
    answer = post(agent, f"{issue_id}/rewrite", text=TEXT, manner="shorter")
    assert answer["text"] == "Hello Ana,\n\nThe sync token had expired. Please sign in again within 14 days."
    assert (answer["changed"], answer["engine"]) == (True, "stand-in-1 (rewrite/1)")
    assert verdicts(answer) == {"engine": "pass"}


def test_what_the_text_does_not_say_is_not_added_and_what_is_lost_is_said(
    agent: TestClient, server: ModelServer, resources: Resources
) -> None:
    issue_id = ask(resources, WORDS, "Calendar")
    server.script(says("Please sign in again. The warehouse burned down. See https://evil.example/x for the token."))
    answer = post(agent, f"{issue_id}/rewrite", text=TEXT, manner="formal")
    assert answer["text"] == "Please sign in again."
    assert verdicts(answer) == {"sources": "fixed", "links": "fixed", "facts": "flagged", "engine": "pass"}


@pytest.mark.parametrize(("written", "kept"), [
    ("Guten Tag,\n\nbitte melden Sie sich binnen 14 Tagen neu an. Das Token Ihres Kalenders war abgelaufen.", True),
    ("Guten Tag,\n\nbitte melden Sie sich binnen 40 Tagen neu an. Das Token Ihres Kalenders war abgelaufen.", False),
    ("Bitte melden Sie sich binnen 14 Tagen bei https://evil.example an, das Token war abgelaufen.", False),
    ("Ja, 14.", False),
])  # fmt: skip
def test_a_translation_has_the_same_numbers_and_links(
    agent: TestClient, server: ModelServer, resources: Resources, written: str, kept: bool
) -> None:
    server.script(says(written))
    issue_id = ask(resources, WORDS, "Calendar")
    answer = post(agent, f"{issue_id}/rewrite", text=TEXT, manner="translate", language="de")
    assert answer["text"] == (written if kept else TEXT)
    assert answer["engine"] == ("stand-in-1 (rewrite/1)" if kept else "offline/1")


def test_without_a_model_a_text_stays_as_it_was(client: TestClient, resources: Resources) -> None:
    answer = post(client, f"{ask(resources, WORDS, 'Calendar')}/rewrite", text=TEXT, manner="warmer")
    assert (answer["text"], answer["changed"], answer["engine"]) == (TEXT, False, "offline/1")
    assert verdicts(answer) == {"engine": "flagged"}


def test_to_translate_a_language_is_needed(client: TestClient, resources: Resources) -> None:
    body = {"text": TEXT, "manner": "translate"}
    refused = client.post(f"/v1/issues/{ask(resources, WORDS, 'Calendar')}/rewrite", json=body)
    assert refused.status_code == 422


def test_a_question_is_answered_from_messages_notes_and_fixes(
    agent: TestClient, server: ModelServer, resources: Resources
) -> None:
    source = solved(resources, *SYNC, STEPS)
    issue_id = ask(resources, f"{WORDS} It is order 4711.", "Calendar", notes=["The warranty of order 4711 ended."])
    server.script(
        says("It is order 4711 [m1]. The warranty ended [m2]. The sync token had expired [S1]. Cats fly [m1].")
    )
    answer = post(agent, f"{issue_id}/questions", question="Which order is it, and what may help?")
    assert answer["text"] == "It is order 4711. The warranty ended. The sync token had expired."
    kinds = [citation["source"]["kind"] for citation in answer["citations"]]
    assert kinds == ["conversation", "conversation", "issue"]
    assert answer["citations"][2]["source"]["id"] == source
    assert verdicts(answer)["sources"] == "fixed"


@pytest.mark.parametrize("manner", [Manner(status=503), says("The moon is far away.")])
def test_a_question_is_answered_by_quoting_where_the_model_cannot(
    agent: TestClient, server: ModelServer, resources: Resources, manner: Manner
) -> None:
    issue_id = ask(resources, f"{WORDS} It is order 4711.", "Calendar")
    server.script(manner)
    answer = post(agent, f"{issue_id}/questions", question="Which order is it?")
    assert answer["text"] == "It is order 4711."
    assert (answer["engine"], verdicts(answer)["engine"]) == ("offline/1", "flagged")


def test_a_question_that_nothing_answers_gets_no_answer(
    agent: TestClient, server: ModelServer, resources: Resources
) -> None:
    server.script(says("NO ANSWER"))
    answer = post(agent, f"{ask(resources, WORDS, 'Calendar')}/questions", question="Who owns the moon?")
    assert (answer["text"], answer["citations"]) == ("", [])
    assert verdicts(answer)["sources"] == "flagged"


def test_what_is_missing_is_asked_for_until_it_is_known(client: TestClient, resources: Resources) -> None:
    missing = client.get(f"/v1/issues/{ask(resources, 'My parcel has not arrived.', 'Delivery')}/missing").json()
    assert missing["items"] == [{"name": "order_number", "question": "Could you please tell us your order number?"}]
    known = ask(resources, "My parcel has not arrived, order 12345-A.", "Delivery")
    assert client.get(f"/v1/issues/{known}/missing").json()["items"] == []
