"""Mail that is no request for help: what is suggested for it, over HTTP."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from support_copilot.issues.queries import get_issue
from support_copilot.issues.service import NewMessage, append_message
from support_copilot.resources import Resources
from tests.flows.modelled import client_of, with_model
from tests.flows.test_guidance import ask, suggest, template
from tests.flows.test_next_action import look

OFFER = (
    "We offer backlinks and search engine optimization for your shop at a special price, guaranteed results. "
    "Would you be interested in a quick call? Reply with STOP to opt out."
)
NOTICE = (
    "We act for Harlow Trading. Our client has suffered losses through your breach of contract and demands "
    "compensation and a refund within 14 days, failing which we shall issue proceedings."
)
FLAW = "I am a security researcher. There is an IDOR in your API: I can read other accounts. Where do I report it?"


@pytest.fixture
def agent(resources: Resources) -> Iterator[TestClient]:
    with client_of(resources) as opened:
        yield opened


def flagged(answer: dict[str, object]) -> dict[str, str]:
    checks = answer["checks"]
    assert isinstance(checks, list)
    return {each["name"]: each["detail"] for each in checks if each["verdict"] == "flagged"}


def test_advertising_gets_no_reply_but_a_word_to_close_it(agent: TestClient, resources: Resources) -> None:
    issue_id = ask(resources, OFFER, "Your website")

    answer, action = suggest(agent, issue_id), look(agent, issue_id)

    assert answer["text"] == ""
    assert list(flagged(answer)) == ["reply"]
    assert "advertising" in flagged(answer)["reply"]
    assert action["kind"] == "close"
    assert "close it without a reply" in action["reason"]
    assert agent.get(f"/v1/issues/{issue_id}/missing").json()["items"] == []


def test_who_says_what_to_answer_to_advertising_gets_a_reply(agent: TestClient, resources: Resources) -> None:
    issue_id = ask(resources, OFFER, "Your website")

    assert suggest(agent, issue_id, instruction="formal")["text"]


def test_who_was_answered_by_a_person_is_no_advertiser(agent: TestClient, resources: Resources) -> None:
    issue_id = ask(resources, "Hello, where do I find the list of my partners?", "Your website")
    with resources.database.transaction() as session:
        for author, body in (("agent", "Under Partners."), ("customer", OFFER)):
            append_message(session, get_issue(session, issue_id), NewMessage(author, body), now=resources.clock())

    assert suggest(agent, issue_id)["text"]


def test_an_automatic_answer_to_ours_is_waited_out(agent: TestClient, resources: Resources) -> None:
    issue_id = ask(resources, "Hello, where do I find the list of my partners?", "Your website")
    away = "I am out of the office. I will be back on Monday and have limited access to mail."
    with resources.database.transaction() as session:
        for author, body in (("agent", "Under Partners."), ("customer", away)):
            append_message(session, get_issue(session, issue_id), NewMessage(author, body), now=resources.clock())

    assert suggest(agent, issue_id)["text"] == ""
    assert look(agent, issue_id)["kind"] == "wait"


def test_a_formal_notice_is_only_confirmed_and_handed_over(agent: TestClient, resources: Resources) -> None:
    template(resources, "We are sorry. We refund the amount today.", "Refund after a breach of contract")
    issue_id = ask(resources, NOTICE, "Letter before action")

    answer, action = suggest(agent, issue_id), look(agent, issue_id)

    assert "We confirm that we have received your message" in answer["text"]
    assert not any(word in answer["text"].casefold() for word in ("sorry", "apolog", "refund", "look into", "14"))
    assert answer["citations"] == []
    assert list(flagged(answer)) == ["reply"]
    assert action["kind"] == "hand_over"
    assert action["text"] == ""


def test_a_reported_flaw_is_thanked_for_and_handed_over(agent: TestClient, resources: Resources) -> None:
    issue_id = ask(resources, FLAW, "Weakness")

    assert "Thank you for reporting this" in suggest(agent, issue_id)["text"]
    assert look(agent, issue_id)["kind"] == "hand_over"


def test_no_model_writes_to_a_lawyer(resources: Resources) -> None:
    issue_id = ask(resources, NOTICE, "Letter before action")

    with with_model(resources) as (server, own), client_of(own) as opened:
        answer = suggest(opened, issue_id)

        assert "We confirm that we have received your message" in answer["text"]
        assert (answer["engine"], server.bodies()) == ("offline/1", [])


def test_a_routine_request_is_seen_to_and_asked_for_no_version(agent: TestClient, resources: Resources) -> None:
    issue_id = ask(resources, "We moved. Please update my address in your software to 12 Mill Lane.", "New address")

    text = suggest(agent, issue_id)["text"]

    assert "We have noted your request" in text
    assert "version" not in text
    assert "look into" not in text


def test_a_wish_is_noted_and_not_looked_into(agent: TestClient, resources: Resources) -> None:
    issue_id = ask(resources, "Feature request: it would be great if reports could be scheduled at night.", "A wish")

    text = suggest(agent, issue_id)["text"]

    assert "We have no date for it" in text
    assert "look into" not in text
