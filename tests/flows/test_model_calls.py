"""What people can look at: prompts, what would be sent, and what was sent and answered."""

import json
import re
from dataclasses import replace
from datetime import timedelta

from fastapi.testclient import TestClient

from support_copilot.db.models import ModelCallRecord
from support_copilot.privacy.retention import enforce_retention
from support_copilot.resources import Resources
from tests.conftest import AsRole, StepClock
from tests.flows.modelled import client_of, says, with_model
from tests.flows.test_guidance import STEPS, SYNC, ask, solved, suggest
from tests.flows.test_model_reply import GOOD, WORDS, ana
from tests.model_server import Manner


def test_an_admin_reads_what_was_sent_and_answered_masked(resources: Resources) -> None:
    solved(resources, *SYNC, STEPS)
    issue_id = ask(resources, f"{WORDS} I am Ana Example.", "Calendar", customer_id=ana(resources))
    with with_model(resources) as (server, own), client_of(own, "admin") as client:
        server.script(says("Thank you, [PERSON_1]. ", GOOD), Manner(status=401))
        suggest(client, issue_id)
        suggest(client, issue_id)
        calls = client.get("/v1/model-calls", params={"issue_id": issue_id}).json()["data"]
        assert [call["outcome"] for call in calls] == ["model_setup", "stop"]
        call = client.get(f"/v1/model-calls/{calls[1]['id']}").json()
        events = client.get("/v1/audit", params={"action": "model_call.read"}).json()["data"]
    assert (call["task"], call["prompt"], call["model"]) == ("reply", "reply/1", "stand-in-1")
    assert call["output_tokens"] > 0 < call["first_token_ms"]
    assert [{"role": m["role"], "content": m["text"]} for m in call["request"]] == server.bodies()[0]["messages"]
    assert "[PERSON_1]" in call["response"]
    assert "Ana" not in json.dumps([call["request"], call["response"]])
    assert [event["target"] for event in events] == [call["id"]]


def test_a_call_that_broke_off_is_kept_with_what_it_took(resources: Resources) -> None:
    solved(resources, *SYNC, STEPS)
    issue_id = ask(resources, WORDS, "Calendar")
    prices = {"input_usd_per_million": 1, "output_usd_per_million": 1}
    with with_model(resources, provider=prices) as (server, own), client_of(own, "admin") as client:
        server.script(replace(says(GOOD), fails_after=12))
        suggest(client, issue_id)
        (call,) = client.get("/v1/model-calls", params={"issue_id": issue_id}).json()["data"]
    assert (call["outcome"], call["estimated"]) == ("model_broke_off", True)
    assert call["input_tokens"] > 0 < call["output_tokens"]
    assert call["cost_usd"] > 0


def test_agents_do_not_read_calls_and_leads_read_prompts(
    resources: Resources, client: TestClient, as_role: AsRole
) -> None:
    assert client.get("/v1/model-calls", headers=as_role("agent")).status_code == 403
    assert client.get("/v1/model-calls/mcl_nothing").json()["code"] == "model_call_not_found"
    prompts = client.get("/v1/prompts", headers=as_role("lead")).json()["data"]
    assert {prompt["name"] for prompt in prompts} >= {"reply"}
    assert all(prompt["version"] >= 1 and prompt["model"] is None for prompt in prompts)


def test_a_preview_is_what_is_sent_and_sends_nothing(resources: Resources) -> None:
    solved(resources, *SYNC, STEPS)
    issue_id = ask(resources, f"{WORDS} Write to ana.private@example.net.", "Calendar", customer_id=ana(resources))
    with with_model(resources) as (server, own), client_of(own) as client:
        preview = client.post(f"/v1/issues/{issue_id}/guidance/preview", json={"tone": "warm"}).json()
        assert server.requests == []
        server.script(says(GOOD))
        suggest(client, issue_id, tone="warm")
        sent = server.bodies()[0]["messages"]
    assert (preview["sent"], preview["prompt"], preview["model"]["model"]) == (True, "reply/1", "stand-in-1")
    assert preview["placeholders"] == {"[EMAIL_2]": "ana.private@example.net"}
    unmarked = [re.sub("data-[0-9a-f]{8}", "data-", text["text"]) for text in preview["messages"]]
    assert unmarked == [re.sub("data-[0-9a-f]{8}", "data-", message["content"]) for message in sent]


def test_a_preview_says_why_nothing_would_be_sent(resources: Resources, client: TestClient) -> None:
    issue_id = ask(resources, WORDS, "Calendar")
    preview = client.post(f"/v1/issues/{issue_id}/guidance/preview").json()
    assert preview["sent"] is False
    assert preview["reason"].startswith("No language model is set")
    assert preview["messages"] == []


def test_calls_are_forgotten_after_their_time(resources: Resources, clock: StepClock) -> None:
    solved(resources, *SYNC, STEPS)
    with with_model(resources) as (server, own), client_of(own) as client:
        server.script(says(GOOD))
        suggest(client, ask(own, WORDS, "Calendar"))
    clock.now += timedelta(days=29)
    assert {due.kind: due.count for due in enforce_retention(resources)}["model_calls"] == 0
    clock.now += timedelta(days=2)
    assert {due.kind: due.count for due in enforce_retention(resources)}["model_calls"] == 1
    with resources.database.read() as session:
        assert list(session.scalars(ModelCallRecord.__table__.select())) == []
