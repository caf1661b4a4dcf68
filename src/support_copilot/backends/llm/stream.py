"""Hands an answer from the providers' loop to whoever reads it: a thread, or another event loop."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from support_copilot.backends.llm.errors import ModelError, ModelStreamError
from support_copilot.backends.llm.port import Completion


@dataclass(frozen=True, slots=True)
class _Link:
    """One piece to come, and the link after it; or how the answer ended."""

    outcome: "Future[tuple[str, _Link] | Completion | ModelError]" = field(default_factory=Future)


class PieceStream:
    """A chain of futures: writing never waits, and reading works from a thread as from a loop.

    What has not been read yet stays in memory; ``max_tokens`` bounds it.
    """

    def __init__(self) -> None:
        self._written = self._unread = _Link()
        self._stop: Callable[[], object] = lambda: None
        self._closed = False
        self._completion: Completion | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def __iter__(self) -> Iterator[str]:
        while (text := self._taken(self._unread.outcome.result())) is not None:
            yield text

    async def __aiter__(self) -> AsyncIterator[str]:
        while True:
            # A reader that is cancelled must not cancel the link, which may be read again.
            text = self._taken(await asyncio.shield(asyncio.wrap_future(self._unread.outcome)))
            if text is None:
                return
            yield text

    @property
    def completion(self) -> Completion:
        if self._completion is None:
            raise ValueError("the answer is not finished")
        return self._completion

    def close(self) -> None:
        self._closed = True
        self._stop()

    def stop_with(self, stop: Callable[[], object]) -> None:
        """Set what ends the work behind the stream; it ends at once where the stream was closed meanwhile."""
        self._stop = stop
        if self._closed:
            stop()

    def put(self, text: str) -> None:
        """Add a piece. Called on the loop that writes, as ``finish`` is."""
        link = _Link()
        written, self._written = self._written, link
        written.outcome.set_result((text, link))

    def finish(self, ending: Completion | ModelError) -> None:
        """Say how it ended, once; what is said later does not count."""
        if not self._written.outcome.done():
            self._written.outcome.set_result(ending)

    def _taken(self, outcome: "tuple[str, _Link] | Completion | ModelError") -> str | None:
        if isinstance(outcome, ModelError):
            raise outcome
        if isinstance(outcome, Completion):
            self._completion = outcome
            return None
        text, self._unread = outcome
        return text


#: What a reader sees of a stream that was closed before its end.
CLOSED = ModelStreamError("The answer was stopped before its end.")
