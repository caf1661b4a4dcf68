"""Counts in Redis, for all processes at once; in this process while Redis does not answer."""

import time
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import structlog
from limits.storage import RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from redis.credentials import CredentialProvider
from redis.exceptions import RedisError

from support_copilot.backends.cache.errors import CacheUnavailableError
from support_copilot.backends.cache.memory import MemoryCache
from support_copilot.backends.cache.port import Allowance, Quota
from support_copilot.backends.cache.windows import take
from support_copilot.kit.credentials import Credentials, CredentialsUnreadableError, read_credentials

_log = structlog.get_logger("support_copilot.cache")


class _FileCredentials(CredentialProvider):
    """Asked by the library whenever it connects."""

    def __init__(self, path: Path, username: str | None) -> None:
        self._path = path
        self._username = username
        self._read: Credentials | None = None

    def get_credentials(self) -> tuple[str] | tuple[str, str]:
        try:
            read = self._read = read_credentials(self._path)
        except CredentialsUnreadableError:
            if self._read is None:
                raise
            _log.warning("cache.credentials.unreadable", effect="the ones before are used")
            read = self._read
        username = read.username or self._username
        return (username, read.password) if username else (read.password,)


class RedisCache:
    """Counting is one script inside Redis, so it is atomic whoever else counts."""

    waits = True

    def __init__(self, url: str, *, timeout_s: float, retry_after_s: float, password_file: Path | None = None) -> None:
        login: dict[str, Any] = {}
        if password_file is not None:
            url, username = _without_user(url)
            login["credential_provider"] = _FileCredentials(password_file, username)
        self._storage = RedisStorage(
            url, socket_timeout=timeout_s, socket_connect_timeout=timeout_s, key_prefix="support-copilot", **login
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


def _without_user(url: str) -> tuple[str, str | None]:
    """The library takes a name from the address or from who provides the password, never from both."""
    parts = urlsplit(url)
    address = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=address)), unquote(parts.username) if parts.username else None
