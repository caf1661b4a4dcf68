"""At most so many calls at a time and a minute to one provider, however many people ask."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from aiolimiter import AsyncLimiter

from support_copilot.backends.llm.errors import ModelLimitError
from support_copilot.backends.llm.provider import Ask, Piece, Request

_MINUTE_S = 60.0


def with_limits(ask: Ask, *, concurrency: int, per_minute: int | None, queue_s: float) -> Ask:
    """Wait for a place, in order of arrival and at most ``queue_s``; keep it until the answer has ended."""
    places = asyncio.Semaphore(concurrency)
    pace = AsyncLimiter(per_minute, _MINUTE_S) if per_minute else None

    async def limited(request: Request) -> AsyncGenerator[Piece, None]:
        try:
            async with asyncio.timeout(queue_s):
                await places.acquire()
        except TimeoutError:
            raise ModelLimitError from None
        try:
            await _keep_pace(pace, queue_s)
            async with aclosing(ask(request)) as pieces:
                async for piece in pieces:
                    yield piece
        finally:
            places.release()

    return limited


async def _keep_pace(pace: AsyncLimiter | None, queue_s: float) -> None:
    if pace is None:
        return
    try:
        async with asyncio.timeout(queue_s):
            await pace.acquire()
    except TimeoutError:
        raise ModelLimitError from None
