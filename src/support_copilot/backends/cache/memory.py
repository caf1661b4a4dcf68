"""Counts in the memory of this process."""

from threading import Lock

from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from support_copilot.backends.cache.port import Allowance, Quota
from support_copilot.backends.cache.windows import take


class MemoryCache:
    """Each process counts for itself, and forgets when it ends."""

    waits = False

    def __init__(self) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        # Two threads that begin its sweep of old counts at one moment start one timer twice, which is an error.
        self._one_at_a_time = Lock()

    def take(self, quota: Quota, subject: str) -> Allowance:
        with self._one_at_a_time:
            return take(self._limiter, quota, subject)

    def ping(self) -> None:
        return None

    def close(self) -> None:
        return None
