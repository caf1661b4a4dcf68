"""Counts in Redis, for all processes at once; in this process while Redis does not answer."""

import time

import structlog
from limits.storage import RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from redis.exceptions import RedisError

from support_copilot.backends.cache.errors import CacheUnavailableError
from support_copilot.backends.cache.memory import MemoryCache
from support_copilot.backends.cache.port import Allowance, Quota
from support_copilot.backends.cache.windows import take

_log = structlog.get_logger("support_copilot.cache")


class RedisCache:
    """Counting is one script inside Redis, so it is atomic whoever else counts."""

    waits = True

    def __init__(self, url: str, *, timeout_s: float, retry_after_s: float) -> None:
        self._storage = RedisStorage(
            url, socket_timeout=timeout_s, socket_connect_timeout=timeout_s, key_prefix="support-copilot"
        )
        self._limiter = SlidingWindowCounterRateLimiter(self._storage)
        self._meanwhile = MemoryCache()
        self._retry_after_s = retry_after_s
        self._away_until = 0.0

    def take(self, quota: Quota, subject: str) -> Allowance:
        if time.monotonic() >= self._away_until:
            try:
                allowance = take(self._limiter, quota, subject)
            except (RedisError, OSError) as error:
                self._left_alone(error)
            else:
                self._is_back()
                return allowance
        return self._meanwhile.take(quota, subject)

    def ping(self) -> None:
        try:
            self._storage.storage.ping()
        except (RedisError, OSError) as error:
            raise CacheUnavailableError from error

    def close(self) -> None:
        self._storage.storage.close()

    def _left_alone(self, error: Exception) -> None:
        if not self._away_until:
            _log.warning("cache.redis.away", error=type(error).__name__, effect="limits are counted by each process")
        self._away_until = time.monotonic() + self._retry_after_s

    def _is_back(self) -> None:
        if self._away_until:
            _log.info("cache.redis.back")
            self._away_until = 0.0
