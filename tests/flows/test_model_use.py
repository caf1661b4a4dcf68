"""Models as an admin sees them: who is asked, whether they answer, and the switch that stops them all."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client import CollectorRegistry

from support_copilot.backends.llm.config import LlmConfig
from support_copilot.backends.llm.open import open_llm
from support_copilot.resources import Resources
from tests.flows.modelled import client_of, with_model
from tests.flows.test_every_action import ACTIONS, act, why
from tests.flows.test_guidance import STEPS, SYNC, ask, solved
from tests.flows.test_model_reply import WORDS
from tests.model_server import Manner, ModelServer
from tests.people import add_person, headers_of

PRICES = {"input_usd_per_million": 1, "output_usd_per_million": 2}


@pytest.fixture
def used(resources: Resources) -> Iterator[tuple[ModelServer, Resources, TestClient]]:
    settings = {"tasks": {"summary": {"chain": []}, "reply": {"daily_usd": 5}}, "budget": {"daily_usd": 20}}
    provider = PRICES | {"circuit_failures": 2}
    with with_model(resources, provider, **settings) as (server, own), client_of(own, "admin") as client:
        yield server, own, client


def pause(client: TestClient, paused: bool, **more: Any) -> dict[str, Any]:
    answer = client.put("/v1/models/pause", json={"paused": paused, **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_each_task_says_whom_it_asks(used: tuple[ModelServer, Resources, TestClient]) -> None:
    _server, _own, client = used

    found = client.get("/v1/models").json()

    assert found["pause"] is None
    assert found["providers"] == [
        {"name": "main", "kind": "openai", "model": "stand-in-1", "state": "ok", "retry_in_s": 0.0}
    ]
    chains = {each["task"]: each["chain"] for each in found["tasks"]}
    assert (chains["reply"], chains["summary"]) == (["main"], [])
    assert "probe" not in chains


def test_a_check_asks_for_one_word_and_is_counted(used: tuple[ModelServer, Resources, TestClient]) -> None:
    server, _own, client = used
    server.script(Manner(texts=("ready",)))

    found = client.post("/v1/models/providers/main/check").json()

    assert (found["answers"], found["problem"], found["code"]) == (True, None, None)
    assert found["first_token_ms"] > 0
    assert len(server.requests) == 1
    report = client.get("/v1/reports/models?days=1").json()
    assert [one["id"] for one in report["by_task"]] == ["probe"]
    assert [one["calls"] for one in report["by_user"]] == [1]
    assert report["by_user"][0]["id"], "charged to who asked"


@pytest.mark.parametrize(
    ("status", "code"), [(401, "model_setup"), (404, "model_setup"), (429, "model_busy"), (503, "model_unavailable")]
)
def test_a_check_says_plainly_what_is_wrong(
    used: tuple[ModelServer, Resources, TestClient], status: int, code: str
) -> None:
    server, _own, client = used
    server.script(Manner(status=status, complaint="the secret is 42"))

    found = client.post("/v1/models/providers/main/check").json()

    assert (found["answers"], found["code"], found["first_token_ms"]) == (False, code, None)
    assert found["problem"].endswith(("moment", "right", "right."))
    assert "42" not in found["problem"]


def test_a_provider_that_keeps_failing_is_shown_as_left_alone(
    used: tuple[ModelServer, Resources, TestClient],
) -> None:
    server, _own, client = used
    server.script(Manner(status=503))
    for _ in range(2):
        client.post("/v1/models/providers/main/check")

    [provider] = client.get("/v1/models").json()["providers"]

    assert provider["state"] == "left_alone"
    assert 0 < provider["retry_in_s"] <= 30
    assert len(server.requests) == 2


def test_a_check_asks_a_provider_that_is_left_alone_and_ends_that_when_it_answers(
    used: tuple[ModelServer, Resources, TestClient],
) -> None:
    server, _own, client = used
    server.script(Manner(status=503), Manner(status=503), Manner(status=503), Manner())

    def state() -> str:
        return str(client.get("/v1/models").json()["providers"][0]["state"])

    codes = [client.post("/v1/models/providers/main/check").json()["code"] for _ in range(3)]
    assert (codes, state()) == (["model_unavailable"] * 3, "left_alone")

    assert client.post("/v1/models/providers/main/check").json()["answers"]
    assert state() != "left_alone"
    assert len(server.requests) == 4


def test_nobody_is_asked_under_another_name(used: tuple[ModelServer, Resources, TestClient]) -> None:
    server, _own, client = used

    answer = client.post("/v1/models/providers/other/check")

    assert (answer.status_code, answer.json()["code"]) == (404, "model_provider_not_found")
    assert server.requests == []


def test_without_a_model_there_is_nothing_to_check(client: TestClient) -> None:
    found = client.get("/v1/models").json()
    assert found["providers"] == []
    assert {tuple(each["chain"]) for each in found["tasks"]} == {()}


@pytest.mark.parametrize(("action", "_task", "body"), ACTIONS)
def test_while_models_are_paused_every_action_is_answered_offline_and_says_so(
    resources: Resources, action: str, _task: str, body: dict[str, Any]
) -> None:
    solved(resources, *SYNC, STEPS)
    issue_id = ask(resources, WORDS, "Calendar")
    with with_model(resources) as (server, own), client_of(own, "admin") as client:
        pause(client, True)
        answer = act(client, issue_id, action, body)
        preview = client.post(f"/v1/issues/{issue_id}/{action}/preview", json=body).json()
        assert client.get("/v1/model-calls").json()["data"] == [], "nothing was sent, so nothing is recorded"

    assert answer["engine"].startswith(("offline/", "extractive/"))
    assert "administrator has paused the language models" in why(answer)
    assert (preview["sent"], "paused" in preview["reason"]) == (False, True)
    assert server.requests == []


def test_a_pause_is_seen_by_every_process_and_ends_with_a_click(
    used: tuple[ModelServer, Resources, TestClient],
) -> None:
    server, own, client = used
    # As another process opens it: it shares the database and nothing else.
    main = {"kind": "openai", "base_url": server.url, "model": "m", "attempts": 1}
    config = LlmConfig.model_validate({"kind": "openai", "providers": {"main": main}})
    other = open_llm(config, CollectorRegistry(), own.database, own.clock)
    try:
        with client_of(replace(own, llm=other), "admin") as elsewhere:
            pause(client, True, reason="An invoice that nobody understands")
            found = elsewhere.post("/v1/models/providers/main/check").json()
            assert (found["answers"], found["code"]) == (False, "models_paused")
            assert server.requests == []

            assert pause(client, False)["pause"] is None
            assert elsewhere.post("/v1/models/providers/main/check").json()["answers"]
    finally:
        other.close()


def test_who_paused_them_and_why_is_said_and_in_the_trail(
    used: tuple[ModelServer, Resources, TestClient],
) -> None:
    _server, own, client = used
    person = add_person(own, "admin")
    headers = headers_of(client, person)

    client.put("/v1/models/pause", json={"paused": True, "reason": "An invoice"}, headers=headers)
    found = client.get("/v1/models").json()["pause"]
    pause(client, False)

    assert (found["by"], found["by_name"], found["reason"]) == (person.id, "Ada", "An invoice")
    events = client.get("/v1/audit", params={"action": "model_pause.changed"}).json()["data"]
    assert [event["after"] for event in events] == [{"paused": False}, {"paused": True}]
    assert person.id in str(events[1]["actor"])


@pytest.mark.parametrize("role", ["agent", "lead", "auditor", "machine"])
def test_only_an_admin_pauses_or_checks(resources: Resources, role: Any) -> None:
    with client_of(resources, role) as client:
        assert client.put("/v1/models/pause", json={"paused": True}).status_code == 403
        assert client.post("/v1/models/providers/main/check").status_code == 403
        assert client.get("/v1/models").status_code == (200 if role == "auditor" else 403)


@pytest.mark.parametrize(
    "body", [{}, {"paused": "yes"}, {"paused": True, "reason": "x" * 201}, {"paused": True, "a": 1}]
)
def test_a_pause_that_cannot_be_read_changes_nothing(client: TestClient, body: dict[str, Any]) -> None:
    answer = client.put("/v1/models/pause", json=body)
    assert (answer.status_code, client.get("/v1/models").json()["pause"]) == (422, None)


def test_what_counts_against_the_limit_of_a_task_is_shown(used: tuple[ModelServer, Resources, TestClient]) -> None:
    server, own, client = used
    server.script(Manner(texts=("Sorry.",)))
    act(client, ask(own, WORDS, "Calendar"), "guidance", {})

    tasks = {each["task"]: each for each in client.get("/v1/reports/models?days=1").json()["tasks"]}

    assert tasks["reply"]["daily_usd"] == 5
    assert 0 < tasks["reply"]["counted_today_usd"] < 0.01
    assert tasks["rewrite"]["counted_today_usd"] is None
