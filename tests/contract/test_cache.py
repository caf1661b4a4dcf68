"""What every cache promises: quotas taken atomically, apart from each other, and back when their time has come."""

import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from pydantic import SecretStr

from support_copilot.backends.cache.config import CacheConfig
from support_copilot.backends.cache.errors import CacheUnavailableError
from support_copilot.backends.cache.memory import MemoryCache
from support_copilot.backends.cache.open import open_cache
from support_copilot.backends.cache.port import Cache, Quota
from support_copilot.backends.cache.redis import RedisCache
from tests.servers import find_redis, free_port, running_redis

HOUR = Quota("test", 5, 3600)


@pytest.fixture(params=["memory", "redis"])
def cache(request: pytest.FixtureRequest) -> Iterator[Cache]:
    url = SecretStr(request.getfixturevalue("redis_url")) if request.param == "redis" else None
    opened = open_cache(CacheConfig(url=url))
    yield opened
    opened.close()


def somebody() -> str:
    return uuid.uuid4().hex


def test_a_quota_is_given_out_to_its_end(cache: Cache) -> None:
    who = somebody()

    taken = [cache.take(HOUR, who) for _ in range(7)]

    assert [(t.allowed, t.remaining) for t in taken] == [
        (True, 4), (True, 3), (True, 2), (True, 1), (True, 0), (False, 0), (False, 0),
    ]  # fmt: skip
    assert all(1 <= t.reset_after_s <= HOUR.window_s for t in taken)


def test_subjects_and_quotas_are_counted_apart(cache: Cache) -> None:
    one, other = somebody(), somebody()
    for _ in range(5):
        cache.take(HOUR, one)

    assert not cache.take(HOUR, one).allowed
    assert cache.take(HOUR, other).allowed
    assert cache.take(Quota("other", 5, 3600), one).allowed


@pytest.mark.parametrize("subject", ["a b", "a/b", "a:b", "ä", "x" * 200, "", "*", "../.."])
def test_any_subject_will_do(cache: Cache, subject: str) -> None:
    assert cache.take(Quota(somebody(), 1, 60), subject).allowed


def test_many_at_once_get_no_more_than_the_quota(cache: Cache) -> None:
    who, allowed = somebody(), []

    def take() -> None:
        allowed.extend(cache.take(Quota("rush", 40, 3600), who).allowed for _ in range(20))

    takers = [threading.Thread(target=take) for _ in range(6)]
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join()

    assert sum(allowed) == 40


def test_it_answers_when_asked_for_its_health(cache: Cache) -> None:
    cache.ping()


def test_memory_gives_the_quota_back_when_its_time_has_come() -> None:
    with time_machine.travel(1_800_000_000, tick=False) as moment:
        cache = MemoryCache()
        for _ in range(6):
            refused = cache.take(HOUR, "a")
        moment.shift(2 * 3600 + 1)

        assert not refused.allowed
        assert cache.take(HOUR, "a").allowed


def test_redis_gives_the_quota_back_when_its_time_has_come(redis_url: str) -> None:
    cache = RedisCache(redis_url, timeout_s=2, retry_after_s=5)
    quota, who = Quota("short", 1, 1), somebody()
    assert cache.take(quota, who).allowed
    assert not cache.take(quota, who).allowed

    deadline = time.monotonic() + 10
    while not (again := cache.take(quota, who).allowed) and time.monotonic() < deadline:
        time.sleep(0.05)

    assert again
    cache.close()


def test_processes_share_one_quota_in_redis(redis_url: str) -> None:
    program = (
        "import sys; from support_copilot.backends.cache.redis import RedisCache;"
        "from support_copilot.backends.cache.port import Quota;"
        "c = RedisCache(sys.argv[1], timeout_s=5, retry_after_s=5);"
        "print(sum(c.take(Quota('shared', 30, 3600), sys.argv[2]).allowed for _ in range(25)))"
    )
    who = somebody()
    processes = [
        subprocess.Popen([sys.executable, "-c", program, redis_url, who], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]

    assert sum(int(process.communicate(timeout=60)[0]) for process in processes) == 30


def test_without_redis_each_process_counts_for_itself_until_it_is_back(tmp_path: Path) -> None:
    if find_redis() is None and not os.environ.get("REQUIRE_REDIS"):
        pytest.skip("Redis is not installed")
    port = free_port()
    cache = RedisCache(f"redis://127.0.0.1:{port}/0", timeout_s=2, retry_after_s=0.001)
    quota = Quota("away", 2, 3600)

    assert [cache.take(quota, "a").allowed for _ in range(3)] == [True, True, False]
    with pytest.raises(CacheUnavailableError):
        cache.ping()

    with running_redis(tmp_path, port):
        time.sleep(0.01)
        assert [cache.take(quota, "a").allowed for _ in range(3)] == [True, True, False]
        cache.ping()
    cache.close()


@pytest.mark.timeout(30)  # 200 times 0.2 seconds are 40
def test_a_redis_that_is_away_is_left_alone_for_a_while() -> None:
    cache = RedisCache(f"redis://127.0.0.1:{free_port()}/0", timeout_s=0.2, retry_after_s=300)
    cache.take(HOUR, "a")

    allowances = [cache.take(HOUR, "b") for _ in range(200)]

    assert [one.allowed for one in allowances].count(True) == HOUR.limit
    cache.close()
