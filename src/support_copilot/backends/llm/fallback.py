"""Asks the next provider of the chain when one fails before anything of its answer has been shown."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

import structlog

from support_copilot.backends.llm.errors import ModelError, NoModelError
from support_copilot.backends.llm.provider import Ask, Piece, Request

_log = structlog.get_logger("support_copilot.llm")


def with_fallback(chain: Sequence[tuple[str, Ask]]) -> Ask:
    """The first provider that begins to answer. Once its first words are out there is no way back.

    Raises:
        ModelError: that of the last provider asked.
    """

    async def asked(request: Request) -> AsyncGenerator[Piece, None]:
        failed: ModelError = NoModelError()
        for name, ask in chain:
            begun = False
            try:
                async with aclosing(ask(request)) as pieces:
                    async for piece in pieces:
                        begun = True
                        yield piece
            except ModelError as error:
                if begun or not error.falls_back:
                    raise
                _log.warning("llm.provider.failed", provider=name, task=request.task, code=error.code)
                failed = error
            else:
                return
        raise failed

    return asked
