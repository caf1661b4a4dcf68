"""Every action that a model helps with: it asks the model of its own task, and says why where none wrote."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any, Final

import pytest
from fastapi.testclient import TestClient
from prometheus_client import CollectorRegistry
from sqlalchemy import select

from support_copilot.backends.llm.config import LlmConfig
from support_copilot.backends.llm.errors import ModelError
from support_copilot.backends.llm.open import open_llm
from support_copilot.backends.llm.port import TASKS, Completion, ModelCall, Task
from support_copilot.db.models import Conversation, Resolution
from support_copilot.evaluation.attacks.obedient import ObedientModel
from support_copilot.resources import Resources
from support_copilot.serve import JOB_HANDLERS, WAITING_JOBS
from support_copilot.settings import WorkerConfig
from support_copilot.worker import Worker
from tests.flows.modelled import client_of, with_model
from tests.flows.test_guidance import STEPS, SYNC, ask, solved
from tests.flows.test_model_reply import WORDS, ana
from tests.model_server import KEY, Manner, ModelServer, running_model_server

#: What an agent asks for, the task that it is, and what the request says.
ACTIONS: Final[tuple[tuple[str, Task, dict[str, Any]], ...]] = (
    ("guidance", "reply", {}),
    ("rewrite", "rewrite", {"text": "Hello Ana, please sign in again.", "manner": "shorter"}),
    ("questions", "question", {"question": "What does not sync?"}),
    ("macro", "macro", {}),
    ("missing", "missing", {}),
    ("next-action", "next_action", {}),
    ("summary", "summary", {"kind": "handover"}),
)
#: What a job asks after an issue came, or was solved.
IN_JOBS: Final[frozenset[Task]] = frozenset(["sentiment", "classification", "article", "summary"])


@contextmanager
def a_model_for_each_task(resources: Resources) -> Iterator[tuple[ModelServer, Resources]]:
    """Each task is set to a provider of its own, whose model has the name of the task."""
    with running_model_server() as server:
        one = {"kind": "openai", "base_url": server.url, "api_key": KEY, "attempts": 1, "circuit_failures": 100}
        config = LlmConfig.model_validate({
            "providers": {task: one | {"model": task} for task in TASKS},
            "tasks": {task: {"chain": [task]} for task in TASKS},
        })  # fmt: skip
        model = open_llm(config, CollectorRegistry(), resources.database, resources.clock)
        try:
            yield server, replace(resources, llm=model)
        finally:
            model.close()


def act(client: TestClient, issue_id: str, action: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(f"/v1/issues/{issue_id}/{action}", json=body, headers={"Accept": "application/json"})
    assert answer.status_code in (200, 201), answer.text
    found: dict[str, Any] = answer.json()
    return found.get("suggestion", found)


def why(answer: dict[str, Any]) -> str:
    """What the agent is told of who wrote it."""
    note = answer.get("engine_note")
    return note or next(check["detail"] for check in answer["checks"] if check["name"] == "engine")


def asked(server: ModelServer) -> set[str]:
    return {body["model"] for body in server.bodies()}


@pytest.mark.parametrize(("action", "task", "body"), ACTIONS)
def test_an_action_asks_the_model_of_its_own_task_and_no_other(
    resources: Resources, action: str, task: Task, body: dict[str, Any]
) -> None:
    solved(resources, *SYNC, STEPS)
    with a_model_for_each_task(resources) as (server, own), client_of(own) as client:
        act(client, ask(own, WORDS, "Calendar"), action, body)
        assert asked(server) == {task}


def test_so_does_every_job(resources: Resources) -> None:
    with a_model_for_each_task(resources) as (server, own), client_of(own, "lead") as client:
        worker = Worker(own, WorkerConfig(), JOB_HANDLERS)
        made = client.post("/v1/issues", json={"subject": "Calendar", "body": WORDS}).json()
        fix = {"text": "The sync token of the calendar had expired. Sign out of the calendar and sign in again."}
        client.post(f"/v1/issues/{made['issue']['id']}/resolve", json={"resolution": fix})
        while worker.run_once():
            pass
        assert asked(server) == IN_JOBS


class Refusing(ObedientModel):
    """Stands where a language model would, and answers nobody."""

    def complete(self, call: ModelCall) -> Completion:
        self.calls.append(call)
        raise ModelError


def test_every_job_that_asks_a_model_may_wait_for_it(resources: Resources) -> None:
    """Others share one thread with replies, erasures and the index."""
    model = Refusing()
    own = replace(resources, llm=model)
    with client_of(own, "lead") as client:
        issue_id = client.post("/v1/issues", json={"subject": "Calendar", "body": WORDS}).json()["issue"]["id"]
        fix = {"text": "The sync token of the calendar had expired. Sign out of the calendar and sign in again."}
        client.post(f"/v1/issues/{issue_id}/resolve", json={"resolution": fix})
    with own.database.read() as session:
        ids = {
            "issue_id": issue_id,
            "resolution_id": session.scalar(select(Resolution.id).where(Resolution.issue_id == issue_id)),
            "conversation_id": session.scalar(select(Conversation.id).where(Conversation.issue_id == issue_id)),
        }
    asking = set()
    for name, handler in JOB_HANDLERS.items():
        model.calls.clear()
        # Whatever else a job wants to be told; it is looked at for what it asks, not for what it does.
        with suppress(Exception):
            handler(own, ids)
        if model.calls:
            asking.add(name)
    assert asking == WAITING_JOBS


def test_no_task_is_left_that_nothing_asks() -> None:
    assert {task for _action, task, _body in ACTIONS} | IN_JOBS | {"probe"} == set(TASKS)


@pytest.mark.parametrize(("action", "_task", "body"), ACTIONS)
def test_each_says_why_the_offline_engine_answers(
    resources: Resources, action: str, _task: Task, body: dict[str, Any]
) -> None:
    solved(resources, *SYNC, STEPS)
    theirs = ask(resources, WORDS, "Calendar", customer_id=ana(resources, language_model_allowed=False))
    issue_id = ask(resources, WORDS, "Calendar")
    priced = {"input_usd_per_million": 3, "output_usd_per_million": 15}
    with with_model(resources) as (server, own), client_of(own) as client:
        assert "does not want a language model" in why(act(client, theirs, action, body))
        assert server.bodies() == []
        server.script(Manner(status=503))
        down = act(client, issue_id, action, body)
        assert down["engine"].startswith(("offline/", "extractive/"))
        assert "does not answer at the moment" in why(down)
    with with_model(resources, priced, budget={"daily_usd": 0}) as (server, own), client_of(own) as client:
        assert "budget for language models is spent" in why(act(client, issue_id, action, body))
        assert server.bodies() == []
