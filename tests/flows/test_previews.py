"""A preview shows exactly what a call sends, for each action that a model helps with, and sends nothing itself."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from support_copilot.resources import Resources
from tests.flows.modelled import client_of, says
from tests.flows.test_guidance import STEPS, SYNC, ask, solved
from tests.flows.test_model_reply import WORDS, ana
from tests.model_server import ModelServer

ACTIONS: list[tuple[str, dict[str, Any]]] = [
    ("guidance", {}),
    ("rewrite", {"text": "Hello Ana, please sign in again.", "manner": "shorter"}),
    ("questions", {"question": "Did Ana Example sign out?"}),
    ("next-action", {}),
    ("missing", {}),
    ("macro", {}),
    ("summary", {"kind": "handover"}),
]
_MARK = re.compile(r"data-\w{8}")


@pytest.fixture
def agent(modelled: tuple[ModelServer, Resources]) -> Iterator[TestClient]:
    with client_of(modelled[1]) as opened:
        yield opened


@pytest.mark.parametrize(("action", "body"), ACTIONS)
def test_what_is_shown_is_what_is_sent(
    agent: TestClient, server: ModelServer, resources: Resources, action: str, body: dict[str, Any]
) -> None:
    solved(resources, *SYNC, STEPS)
    issue_id = ask(resources, f"{WORDS} Ana Example, ana@example.com", "Calendar", customer_id=ana(resources))
    preview = agent.post(f"/v1/issues/{issue_id}/{action}/preview", json=body).json()
    assert (preview["sent"], server.bodies()) == (True, [])
    assert any(value.startswith("Ana") for value in preview["placeholders"].values())
    assert "Ana" not in json.dumps(preview["messages"])
    server.script(says("{}"), says("{}"))
    agent.post(f"/v1/issues/{issue_id}/{action}", json=body, headers={"Accept": "application/json"})
    # The mark of the fences is drawn for each call; a schema may be added to the request beside the messages.
    sent = [(each["role"], _MARK.sub("data", each["content"])) for each in server.bodies()[0]["messages"]]
    shown = [(each["role"], _MARK.sub("data", each["text"])) for each in preview["messages"]]
    assert sent[: len(shown)] == shown


@pytest.mark.parametrize(("action", "body"), ACTIONS)
def test_why_nothing_would_be_sent_is_said(
    agent: TestClient, resources: Resources, action: str, body: dict[str, Any]
) -> None:
    solved(resources, *SYNC, STEPS)
    issue_id = ask(resources, WORDS, "Calendar", customer_id=ana(resources, language_model_allowed=False))
    preview = agent.post(f"/v1/issues/{issue_id}/{action}/preview", json=body).json()
    assert (preview["sent"], preview["messages"]) == (False, [])
    assert "does not want a language model" in preview["reason"]


def test_what_stands_in_an_issue_keeps_its_placeholder_in_every_action_and_when_more_is_said(
    agent: TestClient, resources: Resources
) -> None:
    solved(resources, *SYNC, STEPS)
    said = f"{WORDS} I am Ana Example, ana.second@example.org."
    issue_id = ask(resources, said, "Calendar", customer_id=ana(resources))

    def placeholders() -> dict[str, set[str]]:
        """Each value of the issue with all names that it has in any action."""
        found: dict[str, set[str]] = {}
        for action, body in ACTIONS:
            shown = agent.post(f"/v1/issues/{issue_id}/{action}/preview", json=body).json()["placeholders"]
            for name, value in shown.items():
                found.setdefault(value, set()).add(name)
        return {value: found[value] for value in ("Ana Example", "ana.second@example.org")}

    before = placeholders()
    assert all(len(names) == 1 for names in before.values()), before
    more = "Write to cora@example.org instead, that is Cora Newman."
    agent.post(f"/v1/issues/{issue_id}/messages", json={"author": "customer", "body": more})
    assert placeholders() == before
