"""Tries again with growing, jittered pauses, as long as nothing of the answer has been shown."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

import stamina

from support_copilot.backends.llm.errors import ModelError
from support_copilot.backends.llm.provider import Ask, Piece, Request


def with_retries(ask: Ask, *, attempts: int, longest_wait_s: float) -> Ask:
    """Ask up to ``attempts`` times until the first piece comes; what fails after it is not tried again.

    A pause that the provider asks for is kept to; one longer than ``longest_wait_s`` ends the tries.
    """

    def pause(error: Exception) -> bool | float:
        if not isinstance(error, ModelError) or not error.retryable:
            return False
        if error.retry_after_s is None:
            return True
        # Zero would read as no.
        return max(error.retry_after_s, 0.01) if error.retry_after_s <= longest_wait_s else False

    async def tried(request: Request) -> AsyncGenerator[Piece, None]:
        pieces = ask(request)
        first: Piece | None = None
        async for attempt in stamina.retry_context(
            on=pause, attempts=attempts, timeout=None, wait_initial=0.2, wait_max=longest_wait_s
        ):
            with attempt:
                # A generator that raised is finished, so each try needs a new one.
                pieces = ask(request)
                first = await anext(pieces, None)
        async with aclosing(pieces):
            if first is not None:
                yield first
            async for piece in pieces:
                yield piece

    return tried
