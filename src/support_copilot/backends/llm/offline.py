"""Stands where no model is set: says so, so that the offline engine answers."""

from collections.abc import AsyncIterator, Iterator
from types import TracebackType
from typing import Self

from support_copilot.backends.llm.errors import NoModelError
from support_copilot.backends.llm.port import (
    Answer,
    Completion,
    Limits,
    ModelCall,
    ModelInfo,
    ProviderInfo,
    ProviderState,
    Structured,
    Task,
    TextStream,
)


class OfflineModel:
    def complete(self, call: ModelCall) -> Completion:
        raise NoModelError

    def structured(self, call: ModelCall, answer: type[Answer]) -> Structured[Answer]:
        raise NoModelError

    def stream(self, call: ModelCall) -> TextStream:
        return _NoStream()

    def describe(self, task: Task) -> ModelInfo | None:
        return None

    def chain_of(self, task: Task) -> tuple[str, ...]:
        return ()

    def providers(self) -> list[ProviderInfo]:
        return []

    def is_paused(self) -> bool:
        return False

    def limits(self) -> Limits:
        return Limits()

    def prepare(self) -> None:
        """Nothing is loaded."""

    def examine(self, provider: str, user: str | None = None) -> ProviderState:
        raise NoModelError

    def ping(self) -> None:
        """Nothing is away where nothing is wanted."""

    def close(self) -> None:
        """Nothing is held."""


class _NoStream:
    """Fails at the first piece, as any other stream does."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def __iter__(self) -> Iterator[str]:
        raise NoModelError

    def __aiter__(self) -> AsyncIterator[str]:
        return self

    async def __anext__(self) -> str:
        raise NoModelError

    @property
    def completion(self) -> Completion:
        raise ValueError("there is no answer")

    def close(self) -> None:
        """Nothing is held."""
