"""The stream of events as browsers read it: its frames name the moment from which it can be gone on."""

import asyncio
from datetime import datetime
from typing import Any

import pytest
from fastapi import Request
from fastapi.testclient import TestClient

from support_copilot.identity.permissions import PERMISSIONS
from support_copilot.identity.principal import Principal
from support_copilot.issues import live_api
from support_copilot.issues.live import LiveFeed
from support_copilot.resources import Resources
from tests.conftest import StepClock

ADA = Principal("user", "usr_ada", "Ada", "admin", frozenset(PERMISSIONS))


def frames(client: TestClient, resources: Resources, count: int, last_event_id: str | None) -> list[dict[str, str]]:
    """The first frames of a stream by the names of their lines."""
    request = Request({"type": "http", "method": "GET", "path": "/v1/events", "headers": [], "app": client.app})

    async def listen() -> list[str]:
        feed = LiveFeed(resources.database, resources.clock)
        told: list[str] = []
        async for frame in live_api._encoded(feed, request, ADA, live_api._resumed(last_event_id)):
            told.append(frame.decode())
            if len(told) == count:
                return told
        return told

    texts = asyncio.run(asyncio.wait_for(listen(), 30))
    return [dict(line.split(": ", 1) for line in text.strip().split("\n")) for text in texts]


def new_issue(client: TestClient) -> str:
    answer: Any = client.post("/v1/issues", json={"subject": "Checkout fails", "body": "It fails."}).json()
    return str(answer["issue"]["id"])


def test_only_the_last_frame_of_a_batch_has_its_moment(
    client: TestClient, resources: Resources, clock: StepClock
) -> None:
    left_at = clock().isoformat()
    made = [new_issue(client), new_issue(client)]
    clock.advance(minutes=1)

    _retry, first, second = frames(client, resources, 3, left_at)

    assert [made[0] in first["data"], made[1] in second["data"]] == [True, True]
    assert "id" not in first
    assert datetime.fromisoformat(left_at) < datetime.fromisoformat(second["id"]) < clock()


def test_a_silence_has_its_moment_too(
    client: TestClient, resources: Resources, clock: StepClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_api, "_QUIET_S", 0.01)

    _retry, quiet = frames(client, resources, 2, clock().isoformat())

    assert set(quiet) == {"id", ""}
    assert live_api._resumed(quiet["id"]) == datetime.fromisoformat(quiet["id"])


@pytest.mark.parametrize("name", ["yesterday", "2026-03-01T10:00:00", "0"])
def test_a_name_that_is_none_of_ours_has_everything_read_anew(
    client: TestClient, resources: Resources, name: str
) -> None:
    _retry, first = frames(client, resources, 2, name)

    assert first["event"] == "missed"


def test_whoever_was_away_for_long_reads_everything_anew(
    client: TestClient, resources: Resources, clock: StepClock
) -> None:
    left_at = clock().isoformat()
    new_issue(client)
    clock.advance(days=2)

    _retry, first = frames(client, resources, 2, left_at)

    assert first["event"] == "missed"
