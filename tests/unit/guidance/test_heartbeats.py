"""The stream while it waits: signs of life, and an end to the work when nobody listens any more."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from support_copilot.guidance import api
from support_copilot.guidance.service import GuidanceEvent


async def slow_events(log: list[str]) -> AsyncGenerator[GuidanceEvent]:
    try:
        yield GuidanceEvent("token", {"text": "a"})
        await asyncio.sleep(0.05)
        yield GuidanceEvent("token", {"text": "b"})
        await asyncio.sleep(60)
        log.append("went on")
    finally:
        log.append("stopped")


def test_silence_is_filled_and_leaving_stops_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "_HEARTBEAT_S", 0.01)
    log: list[str] = []

    async def read() -> list[str]:
        seen: list[str] = []
        beating = api._with_heartbeats(slow_events(log))
        async for event in beating:
            seen.append(event.data["text"] if event else "beat")
            if seen.count("beat") > 2 and "b" in seen:
                break
        await beating.aclose()  # type: ignore[attr-defined]
        return seen

    seen = asyncio.run(read())
    assert [text for text in seen if text != "beat"] == ["a", "b"]
    assert seen[1] == "beat"
    assert log == ["stopped"]
