"""kill -9 in the middle of imports, intake and jobs: what was acknowledged is there, nothing is there twice."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from tests.servers import made_key

from support_copilot.connect.sample import generate_issues
from support_copilot.db.config import DatabaseConfig
from support_copilot.db.engine import open_database
from support_copilot.db.models import Conversation, Issue, Job, Message, SearchDocument, Summary
from support_copilot.kit.clock import utc_now

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-c", "from support_copilot.cli import main; main()"]
ENVIRONMENT = {**os.environ, "SUPPORT_COPILOT_EMBEDDER__KIND": "none", "SUPPORT_COPILOT_WORKER__POLL_S": "0.05",
               "SUPPORT_COPILOT_WORKER__LEASE_S": "1"}  # fmt: skip


def counts(data_dir: Path) -> dict[str, int]:
    database = open_database(DatabaseConfig(), str(data_dir / "support-copilot.db"))
    with database.read() as session:
        result = {
            table.__tablename__: int(session.scalar(select(func.count()).select_from(table)))
            for table in (Issue, Conversation, Message, SearchDocument, Summary)
        }
        result["unfinished"] = int(session.scalar(select(func.count()).select_from(Job).where(Job.status != "done")))
    database.close()
    return result


class Server:
    """A running server, asked with a key of its own."""

    def __init__(self, address: str, data_dir: Path) -> None:
        self._address = address
        self._headers = {"Content-Type": "application/json", "Authorization": f"Bearer {made_key(data_dir)}"}

    def get(self, path: str) -> dict[str, Any]:
        return self._ask(path, None)

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._ask(path, json.dumps(body).encode())

    def _ask(self, path: str, body: bytes | None) -> dict[str, Any]:
        request = urllib.request.Request(self._address + path, body, self._headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            result: dict[str, Any] = json.load(answer)
        return result


@contextmanager
def serving(data_dir: Path) -> Iterator[tuple[subprocess.Popen[str], Server]]:
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", "--json", "--data-dir", str(data_dir)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=ENVIRONMENT,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        printed = ""
        while "}" not in printed:
            printed += process.stdout.readline()
        yield process, Server(json.loads(printed)["address"], data_dir)
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def test_an_import_killed_again_and_again_ends_complete_and_without_doubles(tmp_path: Path) -> None:
    file, data_dir = tmp_path / "volume.jsonl", tmp_path / "data"
    rows = list(generate_issues(900, utc_now()))
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    arguments = [*COMMAND, "import", str(file), "--json", "--data-dir", str(data_dir)]
    killed = 0
    for _ in range(3):
        process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT)
        database = data_dir / "support-copilot.db"
        seen = counts(data_dir)["issues"] if database.exists() else 0
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:
            if database.exists() and _issues(data_dir) > seen:
                process.send_signal(signal.SIGKILL)
                killed += 1
                break
            time.sleep(0.02)
        process.wait()

    final = subprocess.run(arguments, capture_output=True, text=True, env=ENVIRONMENT, timeout=100)

    report = json.loads(final.stdout)
    assert killed >= 1
    assert (report["read"], report["rejected"]) == (900, 0)
    assert report["created"] < 900
    assert {name: counts(data_dir)[name] for name in ("issues", "messages", "search_documents")} == {
        "issues": 900, "messages": 900, "search_documents": 900,
    }  # fmt: skip


def _issues(data_dir: Path) -> int:
    try:
        return counts(data_dir)["issues"]
    except DBAPIError:  # the tables may not be there yet
        return 0


def test_what_intake_acknowledged_is_there_after_a_kill(tmp_path: Path) -> None:
    acknowledged: list[str] = []
    for round_number in range(3):
        with serving(tmp_path) as (process, server):
            for number in range(15):
                body = {
                    "subject": f"Issue {round_number}-{number}",
                    "external_ref": {"source": "t", "id": f"{round_number}-{number}"},
                }
                acknowledged.append(server.post("/v1/issues", body)["issue"]["id"])
            process.send_signal(signal.SIGKILL)
            process.wait()

    with serving(tmp_path) as (_process, server):
        for issue_id in acknowledged:
            assert server.get(f"/v1/issues/{issue_id}")["id"] == issue_id
        again = server.post("/v1/issues", {"subject": "x", "external_ref": {"source": "t", "id": "0-0"}})
        found = server.get("/v1/search?q=Issue&kind=issue&limit=50")
    assert again["issue"]["id"] == acknowledged[0]
    assert len(found["data"]) == len(acknowledged)
    assert counts(tmp_path)["issues"] == len(acknowledged)


def test_jobs_of_a_killed_server_are_done_once_by_the_next(tmp_path: Path) -> None:
    with serving(tmp_path) as (process, server):
        for number in range(12):
            issue_id = server.post(
                "/v1/issues", {"subject": f"Printer {number} is blank", "body": "It prints nothing."}
            )["issue"]["id"]
            fix = {"text": "Set the paper size of the print helper to 100 x 150 mm and print again."}
            server.post(f"/v1/issues/{issue_id}/resolve", {"resolution": fix})
        process.send_signal(signal.SIGKILL)
        process.wait()

    with serving(tmp_path):
        deadline = time.monotonic() + 60
        while counts(tmp_path)["unfinished"] and time.monotonic() < deadline:
            time.sleep(0.2)

    assert counts(tmp_path)["unfinished"] == 0
    assert counts(tmp_path)["summaries"] == 12


def test_a_damaged_index_is_built_anew_at_start(tmp_path: Path) -> None:
    with serving(tmp_path) as (process, server):
        server.post("/v1/issues", {"subject": "Zebra crossing"})
        process.send_signal(signal.SIGTERM)
        process.wait()
    for path in (tmp_path / "index").rglob("*"):
        if path.is_file() and re.search(r"documents\.db$|\.term$|meta\.json$", path.name):
            path.write_bytes(b"rot" * 100)

    with serving(tmp_path) as (_process, server):
        found = server.get("/v1/search?q=zebra")

    assert [item["title"] for item in found["data"]] == ["Zebra crossing"]
