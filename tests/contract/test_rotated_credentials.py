"""Passwords of database and Redis that change while the product serves: taken from their file, without a restart."""

import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import redis
from fastapi.testclient import TestClient
from pydantic import SecretStr, ValidationError
from sqlalchemy import make_url, text

from support_copilot.backends.cache.config import CacheConfig
from support_copilot.backends.cache.errors import CacheUnavailableError
from support_copilot.backends.cache.open import open_cache
from support_copilot.backends.cache.port import Quota
from support_copilot.db.config import DatabaseConfig
from support_copilot.db.engine import Database, DatabaseUnavailableError, open_database
from support_copilot.kit.credentials import CredentialsUnreadableError, read_credentials
from support_copilot.resources import Resources
from support_copilot.serve import build_app
from tests.conftest import TEST_LIMITS, TEST_SERVER, authorization, open_test_vault

ON_MARIADB = pytest.mark.parametrize("database", ["mariadb"], indirect=True)
LONG_S = 30


def put(file: Path, content: str) -> None:
    """As whoever rotates should: whole or not at all."""
    fresh = file.with_suffix(".new")
    fresh.write_text(content)
    os.replace(fresh, file)  # noqa: PTH105


class Rotating:
    """A user of the server, whose password lies in ``file``."""

    def __init__(self, admin: Database, file: Path) -> None:
        self._admin, self.file = admin, file
        self._run("CREATE OR REPLACE USER 'rotating'@'127.0.0.1' IDENTIFIED BY 'first'")
        self._run("GRANT ALL ON test.* TO 'rotating'@'127.0.0.1'")
        put(file, "first\n")
        url = admin.url.render_as_string(hide_password=False).replace("//t:t@", "//rotating@")
        self.config = DatabaseConfig(url=url, password_file=file)

    def change(self, password: str) -> None:
        """On the server; who is connected stays so."""
        self._run(f"ALTER USER 'rotating'@'127.0.0.1' IDENTIFIED BY '{password}'")

    def _run(self, statement: str) -> None:
        with self._admin.connection() as connection:
            connection.execute(text(statement))


@pytest.fixture
def rotating(database: Database, tmp_path: Path) -> Rotating:
    return Rotating(database, tmp_path / "password")


@contextmanager
def opened(config: DatabaseConfig) -> Iterator[Database]:
    database = open_database(config, "")
    yield database
    database.close()


def ask_newly(database: Database) -> None:
    """On a connection made for it."""
    with database.read_aside() as session:
        session.execute(text("SELECT 1"))


@contextmanager
def under_load(ask: Callable[[], None]) -> Iterator[list[BaseException]]:
    """Ask all the time, from two threads; yields what went wrong."""
    wrong: list[BaseException] = []
    over, asked = threading.Event(), threading.Semaphore(0)

    def go_on() -> None:
        while not over.is_set():
            try:
                ask()
            except BaseException as error:  # noqa: BLE001
                wrong.append(error)
            asked.release()

    threads = [threading.Thread(target=go_on) for _ in range(2)]
    for thread in threads:
        thread.start()

    try:
        yield wrong
        for _ in range(4):  # of each thread one more, begun after what was done last
            assert asked.acquire(timeout=LONG_S)
    finally:
        over.set()
        for thread in threads:
            thread.join(LONG_S)


@ON_MARIADB
def test_a_password_of_the_database_changes_without_one_failed_request(
    rotating: Rotating, resources: Resources
) -> None:
    with opened(rotating.config) as own:
        open_test_vault(own)
        app = build_app(replace(resources, database=own), TEST_SERVER, limits=TEST_LIMITS)
        with TestClient(app, headers={"Authorization": authorization(resources, "admin")}) as client:

            def ask() -> None:
                assert client.get("/v1/issues").status_code == 200
                ask_newly(own)

            with under_load(ask) as wrong:
                for turn in range(4):
                    put(rotating.file, f"password-{turn}")
                    ask()  # the file is ahead of the server
                    rotating.change(f"password-{turn}")
                    own._reader.dispose()  # every connection is made anew
                    ask()
        assert wrong == []
        rotating.change("elsewhere")
        with pytest.raises(DatabaseUnavailableError):
            ask_newly(own)


@ON_MARIADB
def test_another_user_takes_over_as_secrets_manager_rotates(rotating: Rotating, database: Database) -> None:
    with opened(rotating.config) as own:
        ask_newly(own)
        rotating._run("CREATE OR REPLACE USER 'rotating_clone'@'127.0.0.1' IDENTIFIED BY 'of the clone'")
        rotating._run("GRANT ALL ON test.* TO 'rotating_clone'@'127.0.0.1'")
        put(rotating.file, json.dumps({"username": "rotating_clone", "password": "of the clone", "port": 3306}))
        with own.read_aside() as session:
            assert str(session.scalar(text("SELECT USER()"))).startswith("rotating_clone@")


@ON_MARIADB
def test_a_file_that_is_not_there_is_said_and_no_reason_to_stop_once_it_was(rotating: Rotating) -> None:
    with opened(rotating.config) as own:
        rotating.file.rename(rotating.file.with_suffix(".away"))
        with pytest.raises(DatabaseUnavailableError, match="file with the password"):
            ask_newly(own)
        with pytest.raises(DatabaseUnavailableError):
            own.ping()
        rotating.file.with_suffix(".away").rename(rotating.file)
        ask_newly(own)
        rotating.file.unlink()
        ask_newly(own)


def test_a_password_of_redis_changes_without_one_uncounted_request(redis_url: str, tmp_path: Path) -> None:
    admin, file = redis.Redis.from_url(redis_url), tmp_path / "password"
    admin.acl_setuser("rotating", enabled=True, reset=True, passwords=["+first"], keys=["*"], commands=["+@all"])
    put(file, "first")
    url = SecretStr(redis_url.replace("redis://", "redis://rotating@"))
    cache = open_cache(CacheConfig(url=url, password_file=file, timeout_s=5))
    quota = Quota("rotation", 1_000_000, 3600)
    cache.ping()

    with under_load(lambda: cache.take(quota, "somebody") and None) as wrong:
        for turn in range(4):
            # Redis takes both for a while, as ElastiCache does (strategy ROTATE, then SET).
            admin.acl_setuser("rotating", enabled=True, passwords=[f"+password-{turn}"])
            put(file, json.dumps({"password": f"password-{turn}"}))
            cache._storage.storage.connection_pool.disconnect(inuse_connections=False)  # type: ignore[attr-defined]
            cache.ping()
            admin.acl_setuser("rotating", enabled=True, passwords=["-first" if turn == 0 else f"-password-{turn - 1}"])
            cache.ping()
    assert wrong == []
    # All were counted in Redis, and none in the memory of this process meanwhile.
    assert cache._meanwhile.take(quota, "somebody").remaining == quota.limit - 1  # type: ignore[attr-defined]

    put(file, "never")
    other = open_cache(CacheConfig(url=url, password_file=file))
    with pytest.raises(CacheUnavailableError):
        other.ping()
    file.unlink()
    with pytest.raises(CacheUnavailableError):
        other.ping()
    # Caught half-written, the file leaves the one that was read last in use.
    put(file, '{"password": "passw')
    cache._storage.storage.connection_pool.disconnect(inuse_connections=False)  # type: ignore[attr-defined]
    cache.ping()
    for each in (cache, other):
        each.close()
    admin.acl_deluser("rotating")
    admin.close()


@pytest.mark.parametrize(
    ("content", "username", "password"),
    [
        ("word", None, "word"), ("word\n", None, "word"), ("word\r\n", None, "word"), (" a b ", None, " a b "),
        ('{"password": "word"}', None, "word"), ('{"username": "u", "password": "w"}\n', "u", "w"),
        ('{"password": "{word"}', None, "{word"), ('"quoted"', None, '"quoted"'), ("ümläut", None, "ümläut"),
    ],
)  # fmt: skip
def test_a_file_of_a_password_is_read(tmp_path: Path, content: str, username: str | None, password: str) -> None:
    (tmp_path / "file").write_bytes(content.encode())
    read = read_credentials(tmp_path / "file")
    assert (read.username, read.password) == (username, password)
    assert password not in repr(read)


@pytest.mark.parametrize("content", [b"", b"\n", b"{}", b'{"password": 1}', b'{"password": ""}', b"\xff",
                                     b'{"username": 1, "password": "w"}',
                                     b'{"username": "app", "passw', b" {"])  # fmt: skip
def test_a_file_without_a_password_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(CredentialsUnreadableError):
        read_credentials(tmp_path / "file")


@pytest.mark.parametrize("url", [None, "sqlite:///x.db", "mysql+pymysql://u:p@h/n", "no address"])
def test_a_file_that_would_not_be_used_stops_the_start(url: str | None) -> None:
    with pytest.raises(ValidationError):
        DatabaseConfig(url=url, password_file=Path("x"))
    for redis_url in (None, SecretStr("redis://:p@h")):
        with pytest.raises(ValidationError):
            CacheConfig(url=redis_url, password_file=Path("x"))
    assert make_url(DatabaseConfig(url="mysql+pymysql://u@h/n", password_file=Path("x")).url or "").password is None
