"""Asks a model again in a plainer way where it refuses something of the request, and remembers what it understood."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import TypeVar

from support_copilot.backends.llm.errors import ModelError
from support_copilot.backends.llm.provider import Piece

Way = TypeVar("Way")
Refusal = TypeVar("Refusal", bound=Exception)


async def ask_as_understood(
    way: Way,
    ask: Callable[[Way], AsyncGenerator[Piece, None]],
    *,
    refusal: type[Refusal],
    plainer: Callable[[Way, Refusal], Way | None],
    translated: Callable[[Refusal], ModelError],
    remember: Callable[[Way], None],
) -> AsyncGenerator[Piece, None]:
    """The pieces of the first way of asking that is not refused.

    Args:
        way: how to ask at first.
        ask: asks in one way; raises ``refusal`` before its first piece.
        plainer: the way to try after a refusal, None when there is none left or the refusal is about something else.
        translated: the error to raise then.
        remember: told, at each piece, which way was understood.

    Raises:
        ModelError: translated from the last refusal.
    """
    while True:
        try:
            async with aclosing(ask(way)) as pieces:
                async for piece in pieces:
                    remember(way)
                    yield piece
        except refusal as error:
            next_way = plainer(way, error)
            if next_way is None:
                raise translated(error) from error
            way = next_way
        else:
            return
