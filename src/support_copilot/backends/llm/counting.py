"""Fills in what a provider did not count, and what an answer cost."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from support_copilot.backends.llm.prices import Price, estimated_usage, with_cost
from support_copilot.backends.llm.provider import Ask, End, Piece, Request


def with_counting(ask: Ask, price: Price, *, provider: str, model: str) -> Ask:
    """The same pieces; the last one says who answered, how many tokens that took, and what they cost."""

    async def counted(request: Request) -> AsyncGenerator[Piece, None]:
        texts: list[str] = []
        async with aclosing(ask(request)) as pieces:
            async for piece in pieces:
                if isinstance(piece, End):
                    usage = piece.usage or estimated_usage(request, "".join(texts))
                    costed = with_cost(usage, price.micros(usage))
                    yield replace(piece, provider=provider, model=piece.model or model, usage=costed)
                else:
                    texts.append(piece)
                    yield piece

    return counted
