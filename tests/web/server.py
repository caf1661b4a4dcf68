"""The product as people start it: sample data, then the server on a free port."""

import fcntl
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import IO
from urllib.error import URLError

from support_copilot.gateway.console import BUILT
from tests.servers import free_port

#: Several servers may start at once, on processors that have much else to do.
_STARTUP_S = 120
_LOG = "server.log"
#: Tests of many people from one address, within a minute.
_LIMITS = {f"SUPPORT_COPILOT_LIMITS__{name}": "100000" for name in ("SIGN_IN", "EXPORT")}
#: What people leave on a desk while they work, as opposed to what they decided.
_LEFT = (
    *(f"DELETE FROM {table}" for table in ("drafts", "queued_messages", "presence", "saved_views", "reading_marks")),
    "UPDATE issues SET snoozed_until = NULL WHERE snoozed_until IS NOT NULL",
)
_NOW = "UPDATE jobs SET run_at = created_at WHERE name = 'analysis.send_message' AND status = 'queued'"
_AWAKE = "UPDATE issues SET snoozed_until = '2020-01-01 00:00:00.000000' WHERE snoozed_until IS NOT NULL"
_COMMAND = (sys.executable, "-c", "from support_copilot.cli import main; main()")


@dataclass(frozen=True)
class Running:
    """Where the server answers, and the link that signs a browser in, once."""

    address: str
    sign_in_link: str
    folder: Path

    def last_errors(self) -> str:
        """The end of what the server wrote of its failures."""
        lines = (self.folder / _LOG).read_text("utf-8", errors="replace").splitlines()
        return "\n".join([line for line in lines if '"error"' in line or "Traceback" in line][-3:])

    def clear_desks(self) -> None:
        """Take drafts, waiting replies, snoozes and saved views away, so that no test finds what another left.

        In the file, because no request reaches what a page that is gone was about to take back.
        """
        self._execute(_LEFT)

    def end_waits_of_replies(self) -> None:
        """Let the moment of all replies that wait to be sent be now."""
        self._execute([_NOW])

    def end_snoozes(self) -> None:
        """Let the moment until which issues sleep be over."""
        self._execute([_AWAKE])

    def _execute(self, statements: Iterable[str]) -> None:
        with closing(sqlite3.connect(self.folder / "support-copilot.db", timeout=_STARTUP_S)) as file, file:
            for statement in statements:
                file.execute(statement)


@contextmanager
def running_console(
    folder: Path,
    *,
    sample: bool = True,
    port: int | None = None,
    code: Path | None = None,
    settings: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Running]:
    """A server with its data in ``folder``: the sample company, or nothing yet.

    Args:
        code: the folder of another copy of the package, to be run in place of this one.
        settings: more of the environment.
    """
    assert (BUILT / "index.html").exists(), "the console is not built: python tools/console.py build"
    if sample:
        shutil.copytree(_sample_company(folder), folder, dirs_exist_ok=True)
    port = port or free_port()
    with (folder / _LOG).open("wb") as log:
        server = subprocess.Popen(
            [*_COMMAND, "serve", "--json", "--sign-in-link", "--port", str(port), "--data-dir", folder],
            stdout=subprocess.PIPE,
            stderr=log,
            env={**os.environ, **_LIMITS, **settings, **({"PYTHONPATH": str(code)} if code else {})},
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, server, folder / _LOG)
        assert server.stdout
        yield Running(address, json.loads(_document(server.stdout))["sign_in_link"], folder)
    finally:
        server.terminate()
        server.communicate(timeout=_STARTUP_S)


def _sample_company(folder: Path) -> Path:
    """The data folder of the sample company, made once for all workers of a run of tests."""
    # Folders of tests lie below that of the run, or of its worker.
    run = next((one for one in folder.parents if one.name.startswith("pytest-")), folder.parent)
    made = run / "sample-company"
    with (run / "sample-company.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            begun = run / "sample-company.begun"
            subprocess.run([*_COMMAND, "demo", "--data-dir", begun], check=True, capture_output=True, timeout=120)
            begun.rename(made)
    return made


def _document(lines: IO[bytes]) -> str:
    """The one JSON document that the command prints."""
    text = ""
    for line in lines:
        text += line.decode()
        if line.startswith(b"}"):
            break
    return text


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _STARTUP_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"the server ended while starting: {log.read_text()[-2000:]}")
        try:
            urllib.request.urlopen(f"{address}/readyz", timeout=2).close()
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    raise TimeoutError("the server did not answer in time")
