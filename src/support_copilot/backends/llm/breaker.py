"""Leaves a provider alone that failed several times in a row, so that nobody waits for it."""

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from support_copilot.backends.llm.errors import CircuitOpenError, ModelError
from support_copilot.backends.llm.provider import Ask, Piece, Request


class Circuit:
    """Closed while calls succeed; open for a pause after ``failures`` in a row; then one call is the probe.

    Used on one event loop, ``is_open`` from anywhere. The pattern: M. Nygard, Release It!
    """

    def __init__(self, *, failures: int, pause_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = failures
        self._pause_s = pause_s
        self._clock = clock
        self._failures = 0
        self._open_until = 0.0
        self._probing = False

    def is_open(self) -> bool:
        """Whether the provider counts as away."""
        return self._failures >= self._limit

    def enter(self) -> None:
        """Ask to go through.

        Raises:
            CircuitOpenError: the pause is not over, or somebody else is just probing.
        """
        if not self.is_open():
            return
        if self._probing or self._clock() < self._open_until:
            raise CircuitOpenError
        self._probing = True

    def succeeded(self) -> None:
        self._failures, self._probing = 0, False

    def failed(self) -> None:
        self._failures, self._probing = self._failures + 1, False
        self._open_until = self._clock() + self._pause_s

    def left(self) -> None:
        """The call ended without a verdict: it was cancelled, or refused for a reason of its own."""
        self._probing = False


def with_circuit(ask: Ask, circuit: Circuit) -> Ask:
    """Ask only while the circuit lets through; the first piece counts as success, an outage as failure."""

    async def guarded(request: Request) -> AsyncGenerator[Piece, None]:
        circuit.enter()
        answered = False
        try:
            async with aclosing(ask(request)) as pieces:
                async for piece in pieces:
                    if not answered:
                        answered = True
                        circuit.succeeded()
                    yield piece
        except ModelError as error:
            if error.is_outage:
                circuit.failed()
            raise
        finally:
            circuit.left()

    return guarded
