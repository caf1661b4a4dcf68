"""What an answer costs, and the most that it can cost before it is asked for. Money is whole micro-dollars."""

import math
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from support_copilot.backends.llm.config import ProviderLimits
from support_copilot.backends.llm.dialect import shape_in_words
from support_copilot.backends.llm.port import Usage
from support_copilot.backends.llm.provider import Request
from support_copilot.kit.text import count_tokens

#: Marks around each message, and around the whole.
_FRAME_TOKENS: Final = 16
MICROS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars for a million tokens, so micro-dollars for one."""

    input: Decimal = Decimal(0)
    cached_input: Decimal = Decimal(0)
    output: Decimal = Decimal(0)

    @classmethod
    def of(cls, config: ProviderLimits) -> "Price":
        full = config.input_usd_per_million or Decimal(0)
        cached = config.cached_input_usd_per_million
        return cls(full, full if cached is None else cached, config.output_usd_per_million or Decimal(0))

    def micros(self, usage: Usage) -> int:
        """The cost of an answer, rounded up."""
        fresh = usage.input_tokens - usage.cached_input_tokens
        exact = fresh * self.input + usage.cached_input_tokens * self.cached_input + usage.output_tokens * self.output
        return math.ceil(exact)

    def most_micros(self, request: Request, written_tokens: int) -> int:
        """More than the request can cost: no tokenizer in use makes more tokens than a text has bytes."""
        read = sum(byte_length(text) + _FRAME_TOKENS for text in _read(request)) + _FRAME_TOKENS
        return math.ceil(read * max(self.input, self.cached_input) + written_tokens * self.output)


def byte_length(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def estimated_usage(request: Request, answer: str) -> Usage:
    """Usage where the provider did not count."""
    read = sum(count_tokens(text) for text in _read(request))
    return Usage(read, count_tokens(answer), estimated=True)


def with_cost(usage: Usage, micros: int) -> Usage:
    return replace(usage, cost_usd=micros / MICROS)


def _read(request: Request) -> list[str]:
    texts = [message.text for message in request.messages]
    return [*texts, shape_in_words(request.shape)] if request.shape else texts
