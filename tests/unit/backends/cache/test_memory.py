"""Counts in memory, asked for by many threads at once."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from limits.storage import MemoryStorage

from support_copilot.backends.cache.memory import MemoryCache
from support_copilot.backends.cache.port import Quota


def test_threads_that_count_for_several_at_once_all_get_an_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def set_slowly(storage: MemoryStorage, timer: threading.Timer) -> None:
        # Between this and its start, another thread may put one of its own in its place.
        vars(storage)["timer"] = timer
        time.sleep(0.005)

    monkeypatch.setattr(MemoryStorage, "timer", property(lambda storage: vars(storage)["timer"], set_slowly), False)
    cache, quota = MemoryCache(), Quota("requests", 3, 3600)
    together = threading.Barrier(4)

    def count(number: int) -> int:
        vars(cache._limiter.storage)["timer"].join()  # its first sweep is over
        together.wait()
        return sum(cache.take(quota, f"203.0.113.{number}").allowed for _ in range(5))

    with ThreadPoolExecutor(4) as threads:
        taken = list(threads.map(count, range(4), timeout=60))

    assert taken == [3, 3, 3, 3]
