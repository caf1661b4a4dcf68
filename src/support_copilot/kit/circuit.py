"""A circuit breaker: what failed several times in a row is left alone for a while, so that nobody waits for it."""

import threading
import time
from collections.abc import Callable


class Circuit:
    """Closed while calls succeed; open for a pause after ``failures`` in a row; then one call is the probe.

    Safe for several threads. The pattern: M. Nygard, Release It!
    """

    def __init__(self, *, failures: int, pause_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = failures
        self._pause_s = pause_s
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._open_until = 0.0
        self._probing = False

    def pauses_for_s(self) -> float:
        """How long nobody is let through from now on; 0 while it is closed or waits for a probe."""
        with self._lock:
            return max(0.0, self._open_until - self._clock()) if self.is_open() else 0.0

    def is_open(self) -> bool:
        """Whether it failed too often of late."""
        return self._failures >= self._limit

    def lets_through(self) -> bool:
        """Ask to call. After True, say how it ended: ``succeeded``, ``failed``, or ``left``."""
        with self._lock:
            if self.is_open() and (self._probing or self._clock() < self._open_until):
                return False
            self._probing = self.is_open()
            return True

    def succeeded(self) -> None:
        with self._lock:
            self._failures, self._probing = 0, False

    def failed(self) -> None:
        with self._lock:
            self._failures, self._probing = self._failures + 1, False
            self._open_until = self._clock() + self._pause_s

    def left(self) -> None:
        """The call ended without a verdict: it was given up, or refused for a reason of its own."""
        with self._lock:
            self._probing = False
