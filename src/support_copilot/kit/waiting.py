"""Work that somebody waits for, and that may end when nobody does any more.

A thread cannot be stopped from outside. What it waits for can: whoever asks a service that costs money says here how
that is stopped, and whoever sees the asker go away says so.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock

from support_copilot.kit.errors import AppError


class GivenUpError(AppError):
    """Ends the work itself; the number is the one that proxies log for a client that went away."""

    status, code, title = 499, "given_up", "Whoever asked went away before the answer was there"


class Wait:
    """One who waits for an answer. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._stops: list[Callable[[], object]] = []
        self._given_up = False

    def give_up(self) -> None:
        """Nobody waits any more: stop what is under way; what would begin later is not begun."""
        with self._lock:
            self._given_up = True
            stops = tuple(self._stops)
        for stop in stops:
            stop()

    @contextmanager
    def stopping(self, stop: Callable[[], object]) -> Iterator[None]:
        """Call ``stop`` if it is given up meanwhile; what the work inside raises then does not count.

        Raises:
            GivenUpError: it is given up, before or meanwhile.
        """
        with self._lock:
            self._raise_if_given_up()
            self._stops.append(stop)
        try:
            yield
        except Exception:
            self._raise_if_given_up()
            raise
        finally:
            with self._lock:
                self._stops.remove(stop)

    def _raise_if_given_up(self) -> None:
        if self._given_up:
            raise GivenUpError


_wait: ContextVar[Wait | None] = ContextVar("wait", default=None)


@contextmanager
def waited_for_by(wait: Wait) -> Iterator[None]:
    """What is done inside, also in threads that it starts with its context, is done for this one."""
    token = _wait.set(wait)
    try:
        yield
    finally:
        _wait.reset(token)


@contextmanager
def stopped_when_given_up(stop: Callable[[], object]) -> Iterator[None]:
    """``Wait.stopping`` of whoever waits for the work at hand; nothing where nobody is known to.

    Raises:
        GivenUpError: nobody waits any more.
    """
    wait = _wait.get()
    if wait is None:
        yield
    else:
        with wait.stopping(stop):
            yield
