"""The product as a process of its own, and clients that ask it over real HTTP."""

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from support_copilot.db.config import DatabaseConfig
from support_copilot.db.engine import open_database
from support_copilot.identity.api_keys import create_key
from support_copilot.identity.principal import LOCAL_CLI
from support_copilot.kit.clock import utc_now


@contextmanager
def running_server(folder: Path) -> Iterator["Address"]:
    """Start ``support-copilot serve`` over the folder; yields where it is and a key for it."""
    command = [sys.executable, "-c", "from support_copilot.cli import main; main()", "serve", "--port", "0", "--json"]
    process = subprocess.Popen(
        [*command, "--data-dir", str(folder)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, "SUPPORT_COPILOT_LIMITS__ENABLED": "false"},  # noqa: TID251  # the product's, one added
    )  # fmt: skip
    try:
        assert process.stdout is not None
        printed = ""
        while "}" not in printed:
            printed += process.stdout.readline()
        yield Address(urlsplit(json.loads(printed)["address"]).netloc, _key(folder), process.pid)
    finally:
        process.terminate()
        process.wait(60)


def _key(folder: Path) -> str:
    database = open_database(DatabaseConfig(), str(folder / "support-copilot.db"))
    with database.transaction() as session:
        made = create_key(
            session, name="bench", role="machine", scopes=None, expires_at=None, actor=LOCAL_CLI, now=utc_now()
        )
    database.close()
    return made.secret


@dataclass(frozen=True)
class Address:
    """Host and port of a server, what opens it, and its process."""

    netloc: str
    key: str
    pid: int

    def cpu_s(self) -> float:
        """Seconds of CPU that the server has used so far; NaN where the system has no ``/proc``."""
        try:
            used = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        except OSError:
            return float("nan")
        return sum(map(int, used)) / os.sysconf("SC_CLK_TCK")


class Client:
    """One connection, kept open."""

    def __init__(self, address: Address) -> None:
        self._connection = http.client.HTTPConnection(address.netloc, timeout=60)
        self._authorization = {"Authorization": f"Bearer {address.key}"}

    def post(self, path: str, body: dict[str, Any], accept: str = "application/json") -> bytes:
        headers = {"Content-Type": "application/json", "Accept": accept} | self._authorization
        self._connection.request("POST", path, json.dumps(body), headers)
        return self._read()

    def get(self, path: str) -> bytes:
        self._connection.request("GET", path, headers=self._authorization)
        return self._read()

    def first_event(self, path: str) -> tuple[float, float]:
        """Seconds to the first event and to the end of a stream."""
        started = time.perf_counter()
        headers = {"Content-Type": "application/json", "Accept": "text/event-stream"} | self._authorization
        self._connection.request("POST", path, "{}", headers)
        answer = self._connection.getresponse()
        answer.readline()
        first = time.perf_counter() - started
        answer.read()
        return first, time.perf_counter() - started

    def _read(self) -> bytes:
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status >= 400:
            raise RuntimeError(f"the server answered {answer.status}")
        return content


def intake_rate(address: Address, texts: Sequence[tuple[str, str]], clients: int) -> tuple[float, int]:
    """Issues a second that the server takes from so many clients, and how many failed."""
    failures: list[Exception] = []

    def work(share: Sequence[tuple[str, str]]) -> None:
        client = Client(address)
        for subject, body in share:
            try:
                client.post("/v1/issues", {"subject": subject, "body": body})
            except (RuntimeError, OSError) as error:
                failures.append(error)

    threads = [threading.Thread(target=work, args=(texts[number::clients],)) for number in range(clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(texts) / (time.perf_counter() - started), len(failures)
