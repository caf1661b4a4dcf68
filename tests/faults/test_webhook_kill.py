"""kill -9 between the commit of a change and its telling: every event arrives, and a receiver can leave out doubles."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults import test_kill
from tests.faults.test_kill import serving, wait_for
from tests.receiver import Receiver, running_receiver

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
_ALLOW = {"SUPPORT_COPILOT_OUTGOING__ALLOW": json.dumps(["127.0.0.1"])}


@pytest.fixture(autouse=True)
def _as_the_servers_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(test_kill, "ENVIRONMENT", {**os.environ, **test_kill.ENVIRONMENT, **_ALLOW})
    monkeypatch.setenv("SUPPORT_COPILOT_EMBEDDER__KIND", "none")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running_receiver() as running:
        yield running


def test_events_of_servers_killed_among_them_all_arrive(tmp_path: Path, receiver: Receiver) -> None:
    stored: list[str] = []
    with serving(tmp_path, "admin") as (process, server):
        hook: dict[str, Any] = {"name": "Desk", "url": receiver.url, "events": ["issue.created"]}
        secret = server.post("/v1/webhooks", hook)["secret"]
        for number in range(8):
            body = {"subject": f"Printer {number} is blank", "body": "It prints nothing."}
            stored.append(server.post("/v1/issues", body)["issue"]["id"])
        process.send_signal(signal.SIGKILL)
        process.wait()

    for _ in range(2):
        seen = len(receiver.taken)
        if told(receiver) == set(stored):
            break
        with serving(tmp_path, "admin") as (process, _server):
            wait_for(lambda seen=seen: len(receiver.taken) > seen)  # type: ignore[misc]
            process.send_signal(signal.SIGKILL)
            process.wait()
    with serving(tmp_path, "admin") as (_process, server):
        wait_for(lambda: told(receiver) == set(stored))
        hook_id = server.get("/v1/webhooks")["data"][0]["id"]
        wait_for(lambda: server.get("/v1/webhooks")["data"][0]["unsent"] == 0)
        deliveries = server.get(f"/v1/webhooks/{hook_id}/deliveries")["data"]

    assert [each["status"] for each in deliveries] == ["delivered"] * 8
    assert all(each.is_signed_by(secret) for each in receiver.taken)
    # What came twice came under one id.
    assert len({each.id for each in receiver.taken}) == 8
    assert {each["event_id"] for each in deliveries} == {each.id for each in receiver.taken}


def told(receiver: Receiver) -> set[str]:
    return {each.said["data"]["issue_id"] for each in receiver.taken}
