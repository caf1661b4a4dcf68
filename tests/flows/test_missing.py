"""What is still missing, over HTTP, with a model that chooses among things of ours and asks short questions."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from support_copilot.db.models import ModelCallRecord
from support_copilot.resources import Resources
from tests.flows.modelled import client_of, says, with_model
from tests.flows.test_assist import post, verdicts
from tests.flows.test_guidance import ask
from tests.flows.test_model_reply import ana
from tests.model_server import Manner, ModelServer

WORDS = "My parcel has not arrived. It was ordered three weeks ago and the tracking page shows nothing."
ORDER = {"name": "order_number", "question": "Could you please tell us your order number?"}
TRACKING = {"name": "tracking_number", "question": "Could you please tell us the tracking number?"}


@pytest.fixture
def agent(modelled: tuple[ModelServer, Resources]) -> Iterator[TestClient]:
    with client_of(modelled[1]) as opened:
        yield opened


def read(
    things: Sequence[str] = (), questions: Sequence[str] = (), told: Sequence[tuple[str, str, str]] = ()
) -> Manner:
    shown = [{"thing": thing, "message": message, "quote": quote} for thing, message, quote in told]
    return says(json.dumps({"things": list(things), "questions": list(questions), "told": shown}))


def test_the_model_names_things_and_asks_what_no_name_stands_for(
    agent: TestClient, server: ModelServer, resources: Resources
) -> None:
    issue_id = ask(resources, f"{WORDS} Ana Example", "Parcel", customer_id=ana(resources))
    question = "Could you please tell us to which address the parcel was ordered?"
    server.script(read(["tracking_number"], [question]))
    answer = post(agent, f"{issue_id}/missing")
    assert answer["items"] == [TRACKING, ORDER, {"name": "other", "question": question}]
    assert (answer["engine"], answer["message_count"], answer["may_ask_model"]) == (
        "stand-in-1 (missing/2)", 1, True,
    )  # fmt: skip
    assert verdicts(answer) == {"engine": "pass"}
    assert "Ana" not in json.dumps(server.bodies())
    with resources.database.read() as session:
        assert list(session.scalars(select(ModelCallRecord.task))) == ["missing"]


@pytest.mark.parametrize(("quote", "stays"), [
    ("ordered three weeks ago", True),  # stands there, and is no number
    ("order 88-12345", True),  # is a number, and stands nowhere
    ("", True),
])  # fmt: skip
def test_what_no_words_of_the_customer_show_stays_missing(
    agent: TestClient, server: ModelServer, resources: Resources, quote: str, stays: bool
) -> None:
    issue_id = ask(resources, WORDS, "Parcel")
    server.script(read(told=[("order_number", "m1", quote)]))
    assert (ORDER in post(agent, f"{issue_id}/missing")["items"]) is stays


def test_what_the_rules_do_not_see_is_taken_off_the_list_by_the_words_that_show_it(
    agent: TestClient, server: ModelServer, resources: Resources
) -> None:
    issue_id = ask(resources, f"{WORDS} The paper says Z99K-81.", "Parcel")
    before = agent.get(f"/v1/issues/{issue_id}/missing").json()
    server.script(read(told=[("order_number", "m1", "The paper says Z99K-81")]))
    after = post(agent, f"{issue_id}/missing")
    assert before["items"] in ([ORDER], [])
    assert after["items"] == []


@pytest.mark.parametrize("question", [
    "Could you please send us your password?",
    "See https://evil.example/help, could you check it?",
    "Your refund of 900 EUR was approved.",
    "Could the quarrelsome purple walrus dance beside yonder zeppelin tomorrow?",
])  # fmt: skip
def test_a_question_that_may_not_stand_in_a_reply_is_left_out(
    agent: TestClient, server: ModelServer, resources: Resources, question: str
) -> None:
    server.script(read(questions=[question]))
    answer = post(agent, f"{ask(resources, WORDS, 'Parcel')}/missing")
    assert answer["items"] == [ORDER]
    assert answer["engine"] == "stand-in-1 (missing/2)"


@pytest.mark.parametrize("manner", [Manner(status=503), says('{"things": "all"}'), says("Nothing is missing.")])
def test_where_the_model_cannot_answer_the_rules_do_and_it_is_said(
    agent: TestClient, server: ModelServer, resources: Resources, manner: Manner
) -> None:
    server.script(manner, manner)
    answer = post(agent, f"{ask(resources, WORDS, 'Parcel')}/missing")
    assert (answer["items"], answer["engine"]) == ([ORDER], "offline/1")
    assert verdicts(answer) == {"engine": "flagged"}


def test_customers_who_do_not_want_it_are_not_sent(
    agent: TestClient, server: ModelServer, resources: Resources
) -> None:
    issue_id = ask(resources, WORDS, "Parcel", customer_id=ana(resources, language_model_allowed=False))
    answer = post(agent, f"{issue_id}/missing")
    assert (answer["items"], answer["engine"], server.bodies()) == ([ORDER], "offline/1", [])
    assert "does not want a language model" in answer["checks"][0]["detail"]
    assert agent.get(f"/v1/issues/{issue_id}/missing").json()["may_ask_model"] is False


def test_the_task_has_a_setting_of_its_own_and_looking_asks_no_model(resources: Resources) -> None:
    issue_id = ask(resources, WORDS, "Parcel")
    tasks: dict[str, Any] = {"missing": {"chain": []}}
    with with_model(resources, tasks=tasks) as (server, own), client_of(own) as opened:
        answer = post(opened, f"{issue_id}/missing")
        assert (answer["engine"], verdicts(answer), server.bodies()) == ("offline/1", {"engine": "pass"}, [])
    with with_model(resources) as (server, own), client_of(own) as opened:
        found = opened.get(f"/v1/issues/{issue_id}/missing").json()
        assert (found["items"], found["may_ask_model"], server.bodies()) == ([ORDER], True, [])
