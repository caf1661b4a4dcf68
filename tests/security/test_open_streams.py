"""Who has a stream of events open is told no more once they may not."""

import asyncio

import pytest
from fastapi import Request
from fastapi.testclient import TestClient

from support_copilot.identity.authentication import authenticate
from support_copilot.issues import live_api
from support_copilot.issues.live import LiveFeed
from support_copilot.resources import Resources
from tests.conftest import StepClock
from tests.people import add_person, headers_of


def test_a_stream_ends_soon_after_its_listener_was_disabled(
    client: TestClient, resources: Resources, clock: StepClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_api, "_QUIET_S", 0.01)
    person = add_person(resources, "agent")
    headers = [(name.lower().encode(), value.encode()) for name, value in headers_of(client, person).items()]
    request = Request({"type": "http", "method": "GET", "path": "/v1/events", "headers": headers, "app": client.app})
    principal = authenticate(request.app.state.identity, request)

    async def listen() -> list[bytes]:
        told = []
        async for frame in live_api._encoded(LiveFeed(resources.database, clock), request, principal):
            told.append(frame)
            clock.advance(seconds=11)
            if len(told) == 3:
                await asyncio.to_thread(disable)
        return told

    def disable() -> None:
        assert client.patch(f"/v1/users/{person.id}", json={"disabled": True}).status_code == 200

    assert len(asyncio.run(asyncio.wait_for(listen(), 30))) == 3
