"""No wait without an end: for the first word, between words, for the whole, and no answer without one either."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Final

from support_copilot.backends.llm.errors import ModelTimeoutError
from support_copilot.backends.llm.provider import Ask, End, Piece, Request

#: No model writes tokens as long as this on average; a server that goes on past its limit is stopped.
_CHARS_A_TOKEN: Final = 24


def with_silence_limits(ask: Ask, *, first_s: float, between_s: float) -> Ask:
    """Give up when nothing comes: ``first_s`` for the first piece of a stream, ``between_s`` for each further one.

    An answer that comes whole has only the limit of the whole call.
    """

    async def limited(request: Request) -> AsyncGenerator[Piece, None]:
        async with aclosing(ask(request)) as pieces:
            limit_s: float | None = first_s if request.streamed else None
            while (piece := await _next(pieces, limit_s)) is not None:
                yield piece
                limit_s = between_s

    return limited


def with_time_limit(ask: Ask, *, total_s: float) -> Ask:
    """Give up when the whole, with all tries and providers, takes longer."""

    async def limited(request: Request) -> AsyncGenerator[Piece, None]:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + total_s
        async with aclosing(ask(request)) as pieces:
            while (piece := await _next(pieces, deadline - loop.time())) is not None:
                yield piece

    return limited


def with_length_limit(ask: Ask) -> Ask:
    """End an answer as cut when a server ignores how long it may be."""

    async def limited(request: Request) -> AsyncGenerator[Piece, None]:
        left = request.max_tokens * _CHARS_A_TOKEN
        async with aclosing(ask(request)) as pieces:
            async for piece in pieces:
                if isinstance(piece, str) and len(piece) >= left:
                    yield piece[:left]
                    yield End("length", "")
                    return
                left -= len(piece) if isinstance(piece, str) else 0
                yield piece

    return limited


async def _next(pieces: AsyncGenerator[Piece, None], limit_s: float | None) -> Piece | None:
    """The next piece, None at the end; waiting longer closes the connection behind it."""
    try:
        async with asyncio.timeout(None if limit_s is None else max(0.0, limit_s)):
            return await anext(pieces, None)
    except TimeoutError:
        raise ModelTimeoutError from None
