"""Fills in what a provider did not count, and what an answer cost."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from support_copilot.backends.llm.errors import ModelError, Spent
from support_copilot.backends.llm.port import Usage
from support_copilot.backends.llm.prices import Price, estimated_usage, with_cost
from support_copilot.backends.llm.provider import Ask, End, Piece, Request


def with_counting(ask: Ask, price: Price, *, provider: str, model: str) -> Ask:
    """The same pieces; the last one says who answered, how many tokens that took, and what they cost.

    Of an answer that broke off the error says as much, estimated.
    """

    async def counted(request: Request) -> AsyncGenerator[Piece, None]:
        texts: list[str] = []
        async with aclosing(ask(request)) as pieces:
            try:
                async for piece in pieces:
                    if isinstance(piece, End):
                        usage = piece.usage or estimated_usage(request, "".join(texts))
                        yield replace(piece, provider=provider, model=piece.model or model, usage=costed(usage))
                    else:
                        texts.append(piece)
                        yield piece
            except ModelError as error:
                if texts or error.may_cost:
                    said = "".join(texts)
                    error.spent = Spent(said, costed(estimated_usage(request, said)), provider, model)
                raise

    def costed(usage: Usage) -> Usage:
        return with_cost(usage, price.micros(usage))

    return counted
