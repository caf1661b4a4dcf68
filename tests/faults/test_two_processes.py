"""Two servers over one database and one Redis: what is taken away at one is gone at the other with the next request."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import redis
from httpx2 import Client

from tests.servers import find_mariadb, running_mariadb

pytestmark = pytest.mark.slow
COMMAND = [sys.executable, "-c", "from support_copilot.cli import main; main()"]
EMAIL, PASSWORD = "zerlinda.quaxby@example.org", "violet-harbour-42-lantern"


@contextmanager
def serving(data_dir: Path, environment: dict[str, str]) -> Iterator[str]:
    """A server of its own, with a folder of its own; yields its address."""
    command = [*COMMAND, "serve", "gateway", "--port", "0", "--json", "--data-dir", str(data_dir)]
    with (data_dir.parent / f"{data_dir.name}.log").open("wb") as log:
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment)
    try:
        assert server.stdout is not None
        printed = ""
        while not printed.rstrip().endswith("}"):
            line = server.stdout.readline()
            assert line, Path(log.name).read_text("utf-8")
            printed += line
        yield str(json.loads(printed)["address"])
    finally:
        server.kill()
        server.wait()
        assert server.stdout is not None
        server.stdout.close()


def run(environment: dict[str, str], *arguments: str) -> Any:
    done = subprocess.run(
        [*COMMAND, *arguments, "--json"], capture_output=True, text=True, env=environment, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.timeout(600)
def test_what_is_taken_away_at_one_is_gone_at_the_other_at_once(tmp_path: Path, redis_url: str) -> None:
    if find_mariadb() is None:
        pytest.skip("MariaDB is not installed")
    (tmp_path / "mariadb").mkdir()
    with redis.Redis.from_url(redis_url) as store:
        store.flushdb()  # other tests count by the hour there
    key_file = tmp_path / "master.key"
    with ExitStack() as stack:
        environment = {
            **os.environ,
            "SUPPORT_COPILOT_DATABASE__URL": stack.enter_context(running_mariadb(tmp_path / "mariadb")),
            "SUPPORT_COPILOT_CACHE__URL": redis_url,
            "SUPPORT_COPILOT_ENCRYPTION__PATH": str(key_file),
            "SUPPORT_COPILOT_EMBEDDER__KIND": "none",
            # A Redis that is late on a busy machine is no reason to count apart here, and with one a minute nothing
            # is given back between two requests, however long they take.
            "SUPPORT_COPILOT_CACHE__TIMEOUT_S": "5",
            "SUPPORT_COPILOT_LIMITS__EXPORT": "1",
        }
        run(environment, "encryption", "create-key", "--file", str(key_file))
        run(environment, "migrate", "--data-dir", str(tmp_path / "one"))
        made = run(
            environment, "key", "create", "--name", "root", "--role", "admin", "--data-dir", str(tmp_path / "one")
        )
        root = {"Authorization": f"Bearer {made['key']}"}
        one, other = (
            stack.enter_context(Client(base_url=stack.enter_context(serving(tmp_path / name, environment))))
            for name in ("one", "other")
        )

        a_key_that_is_revoked(one, other, root)
        a_person_who_is_disabled(one, other, root)
        a_quota_that_both_count(one, other, root)
        what_redis_holds(redis_url)


def a_key_that_is_revoked(one: Client, other: Client, root: dict[str, str]) -> None:
    made = one.post("/v1/api-keys", json={"name": "x", "role": "admin"}, headers=root).json()
    theirs = {"Authorization": f"Bearer {made['key']}"}
    assert other.get("/v1/users", headers=theirs).status_code == 200

    assert one.delete(f"/v1/api-keys/{made['api_key']['id']}", headers=root).is_success

    assert other.get("/v1/users", headers=theirs).status_code == 401


def a_person_who_is_disabled(one: Client, other: Client, root: dict[str, str]) -> None:
    made = one.post("/v1/users", json={"email": EMAIL, "name": "Zerlinda", "role": "agent"}, headers=root).json()
    token = made["password_link"]["link"].partition("#token=")[2]
    reset = {"token": token, "password": PASSWORD}
    assert other.post("/v1/auth/password/reset", json=reset).status_code == 204
    assert one.post("/v1/auth/password/reset", json=reset).status_code == 403, "a link is good once, wherever"
    signed_in = one.post("/v1/auth/login", json={"email": EMAIL, "password": PASSWORD, "use": "tokens"}).json()
    theirs = {"Authorization": f"Bearer {signed_in['tokens']['access_token']}"}
    assert other.get("/v1/auth/me", headers=theirs).status_code == 200, "each knows the other's signing key"

    assert one.patch(f"/v1/users/{signed_in['user_id']}", json={"disabled": True}, headers=root).status_code == 200

    assert other.get("/v1/auth/me", headers=theirs).status_code == 401
    refresh = {"refresh_token": signed_in["tokens"]["refresh_token"]}
    assert other.post("/v1/auth/refresh", json=refresh).status_code == 401
    again = other.post("/v1/auth/login", json={"email": EMAIL, "password": PASSWORD})
    assert again.status_code == 401


def a_quota_that_both_count(one: Client, other: Client, root: dict[str, str]) -> None:
    for first, second in ((one, other), (other, one)):
        made = one.post("/v1/api-keys", json={"name": "x", "role": "admin"}, headers=root).json()
        theirs = {"Authorization": f"Bearer {made['key']}"}
        nobody = {"customer_id": "cus_01j9z3k6w8f5v9m2q4x7c1b0ad"}

        answers = [server.post("/v1/privacy/exports", json=nobody, headers=theirs) for server in (first, second)]

        assert [answer.status_code for answer in answers] == [404, 429]


def what_redis_holds(url: str) -> None:
    """Counters that end by themselves, and nothing that names a person."""
    with redis.Redis.from_url(url) as store:
        keys = list(store.scan_iter("*"))
        assert keys
        left_ms = [store.pttl(key) for key in keys]
        assert all(left != -1 and left <= 120_000 for left in left_ms), "-1: without an end; -2: ended meanwhile"
        everything = b"\n".join([*keys, *(store.dump(key) or b"" for key in keys)])
    for personal in (EMAIL, "Zerlinda", PASSWORD):
        assert personal.encode() not in everything
