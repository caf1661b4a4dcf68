"""A suggested macro over HTTP: a reply with tags and status, by the model of its own task or by rule."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from support_copilot.db.models import Issue, ModelCallRecord
from support_copilot.resources import Resources
from tests.flows.modelled import client_of, says, with_model
from tests.flows.test_assist import post, verdicts
from tests.flows.test_guidance import STEPS, SYNC, ask, solved
from tests.flows.test_model_reply import GOOD, WORDS, ana
from tests.model_server import Manner, ModelServer


@pytest.fixture
def agent(modelled: tuple[ModelServer, Resources]) -> Iterator[TestClient]:
    with client_of(modelled[1]) as opened:
        yield opened


@pytest.fixture
def issue_id(resources: Resources) -> str:
    solved(resources, *SYNC, STEPS, tags=["calendar", "sync", "vip"])
    return ask(resources, WORDS, "Calendar", tags=["sync"], customer_id=ana(resources))


def macro(reply: str = GOOD, tags: list[str] | None = None, status: str = "pending") -> Manner:
    return says(json.dumps({"reply": reply, "tags": ["calendar"] if tags is None else tags, "status": status}))


def test_the_model_of_the_task_writes_the_reply_and_chooses_tags_and_status(
    agent: TestClient, server: ModelServer, resources: Resources, issue_id: str
) -> None:
    server.script(macro(tags=["Calendar"]))
    answer = post(agent, f"{issue_id}/macro", agent_name="Kim")
    assert "The sync token had expired." in answer["suggestion"]["text"]
    assert answer["suggestion"]["text"].startswith("Hello Ana,")
    assert answer["suggestion"]["engine"] == "stand-in-1 (macro/1)"
    assert verdicts(answer["suggestion"])["engine"] == "pass"
    assert (answer["tags"], answer["status"]) == (["calendar"], "pending")
    assert "chosen by the language model" in answer["reasons"][0]
    assert "Ana" not in json.dumps(server.bodies())
    with resources.database.read() as session:
        issue = session.get(Issue, issue_id)
        assert issue is not None
        assert (list(issue.tags), issue.status) == (["sync"], "open"), "nothing is applied"
        assert list(session.scalars(select(ModelCallRecord.task))) == ["macro"]
    kept = agent.get(f"/v1/suggestions/{answer['suggestion']['suggestion_id']}").json()
    assert kept["text"] == answer["suggestion"]["text"]


def test_only_tags_of_the_desk_are_offered_and_others_are_left_out(
    agent: TestClient, server: ModelServer, issue_id: str
) -> None:
    server.script(macro(tags=["refund-approved", "vip", "sync"], status="open"))
    answer = post(agent, f"{issue_id}/macro")
    assert (answer["tags"], answer["status"]) == (["vip"], None)
    assert any("2 tag(s) that the language model named" in reason for reason in answer["reasons"])
    offered = server.bodies()[0]["messages"][1]["content"]
    assert 'kind="tags of the desk">\ncalendar\nvip\n' in offered


def test_more_tags_than_help_are_left_out_and_counted(
    agent: TestClient, server: ModelServer, resources: Resources
) -> None:
    solved(resources, *SYNC, STEPS, tags=["amber", "blue", "coral", "denim", "ebony"])
    server.script(macro(tags=["amber", "blue", "blue", "coral", "denim", "ebony"]))
    answer = post(agent, f"{ask(resources, WORDS, 'Calendar')}/macro")
    assert answer["tags"] == ["amber", "blue", "coral"]
    assert answer["reasons"][:2] == [
        "3 tag(s) of this desk, chosen by the language model.", "2 more tag(s) that it named are left out.",
    ]  # fmt: skip


def test_a_sentence_without_a_source_is_left_out(agent: TestClient, server: ModelServer, issue_id: str) -> None:
    server.script(macro(f"{GOOD}Your refund of 900 EUR is on its way."))
    answer = post(agent, f"{issue_id}/macro")
    assert "900" not in answer["suggestion"]["text"]
    assert "sources" in verdicts(answer["suggestion"])


def test_an_answer_of_another_shape_is_repaired_once(agent: TestClient, server: ModelServer, issue_id: str) -> None:
    server.script(says('{"reply": "x", "tags": "calendar", "status": "closed"}'), macro())
    assert post(agent, f"{issue_id}/macro")["suggestion"]["engine"] == "stand-in-1 (macro/1)"
    assert len(server.bodies()) == 2


@pytest.mark.parametrize("manner", [
    Manner(status=503), says('{"status": "closed"}'), macro("The moon is made of cheese, so we sell it."),
])  # fmt: skip
def test_where_the_model_cannot_the_offline_engine_writes_and_says_so(
    agent: TestClient, server: ModelServer, issue_id: str, manner: Manner
) -> None:
    server.script(manner, manner)
    answer = post(agent, f"{issue_id}/macro")
    assert answer["suggestion"]["engine"] == "offline/1"
    assert verdicts(answer["suggestion"])["engine"] == "flagged"
    assert "The sync token had expired." in answer["suggestion"]["text"]
    assert (answer["tags"], answer["status"]) == (["calendar", "vip"], "pending")
    assert answer["reasons"][0] == "2 tag(s) of the solved issues that the reply draws on."


def test_customers_who_do_not_want_it_are_not_sent(
    agent: TestClient, server: ModelServer, resources: Resources
) -> None:
    solved(resources, *SYNC, STEPS)
    refused = ask(resources, WORDS, "Calendar", customer_id=ana(resources, language_model_allowed=False))
    answer = post(agent, f"{refused}/macro")
    assert (answer["suggestion"]["engine"], server.bodies()) == ("offline/1", [])
    detail = next(check["detail"] for check in answer["suggestion"]["checks"] if check["name"] == "engine")
    assert "does not want a language model" in detail


def test_the_task_has_a_setting_of_its_own(resources: Resources, issue_id: str) -> None:
    tasks: dict[str, Any] = {"macro": {"chain": []}}
    with with_model(resources, tasks=tasks) as (server, own), client_of(own) as opened:
        answer = post(opened, f"{issue_id}/macro")
        assert (answer["suggestion"]["engine"], server.bodies()) == ("offline/1", [])
        server.script(says(GOOD))
        reply = opened.post(f"/v1/issues/{issue_id}/guidance", json={}, headers={"Accept": "application/json"}).json()
    assert reply["engine"].startswith("stand-in-1 (reply/")
