"""One event loop in a thread of its own, where all talk with providers happens.

Requests come from handlers on the server's loop, from worker threads and from commands; an SDK's connections belong
to one loop. Here they have one for as long as the process lives, and cancelling a call is cancelling a task.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

Result = TypeVar("Result")


class LoopClosedError(Exception):
    """The loop was closed."""


class LoopThread:
    """Started by the first call; ``at_end`` runs on the loop as the last thing."""

    def __init__(self, name: str, at_end: Callable[[], Awaitable[None]]) -> None:
        self._name = name
        self._at_end = at_end
        self._lock = threading.Lock()
        self._running: tuple[threading.Thread, asyncio.AbstractEventLoop, asyncio.Event] | None = None
        self._closed = False
        self._working: set[asyncio.Task[Any]] = set()

    def start(self, work: Callable[[], Coroutine[Any, Any, Result]]) -> Future[Result]:
        """Run on the loop, with the caller's context variables; cancelling the future cancels the work.

        Raises:
            LoopClosedError: after ``close``.
        """
        with self._lock:
            if self._closed:
                raise LoopClosedError
            if self._running is None:
                self._running = self._begin()
            return asyncio.run_coroutine_threadsafe(self._tracked(work), self._running[1])

    def close(self) -> None:
        """Cancel what runs and end the thread; a second call does nothing."""
        with self._lock:
            self._closed = True
            running, self._running = self._running, None
        if running is not None:
            thread, loop, stop = running
            loop.call_soon_threadsafe(stop.set)
            thread.join()

    def _begin(self) -> tuple[threading.Thread, asyncio.AbstractEventLoop, asyncio.Event]:
        begun: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()
        thread = threading.Thread(target=lambda: asyncio.run(self._live(begun)), name=self._name, daemon=True)
        thread.start()
        return thread, *begun.result()

    async def _live(self, begun: "Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]]") -> None:
        stop = asyncio.Event()
        begun.set_result((asyncio.get_running_loop(), stop))
        await stop.wait()
        # Only what was started here is cancelled, and once: what it does to end properly is left to finish.
        working = tuple(self._working)
        for task in working:
            if not task.cancelling():
                task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
        await self._at_end()

    async def _tracked(self, work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  # a coroutine runs in one
        self._working.add(task)
        try:
            return await work()
        finally:
            self._working.discard(task)
