"""kill -9 in the middle of imports, intake and jobs: what was acknowledged is there, nothing is there twice."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from support_copilot.connect.sample import generate_issues
from support_copilot.db.config import DatabaseConfig
from support_copilot.db.documents import last_seq
from support_copilot.db.engine import open_database
from support_copilot.db.models import Conversation, Issue, Job, Message, Proposal, SearchDocument, Summary
from support_copilot.identity.permissions import Role
from support_copilot.kit.clock import utc_now
from support_copilot.retrieval.feed import catch_up
from support_copilot.settings import load_settings
from support_copilot.wiring import open_resources
from tests.servers import made_key

# Whole processes start several times in a test; on a busy machine that takes minutes.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

_PATIENCE_S = 300

COMMAND = [sys.executable, "-c", "from support_copilot.cli import main; main()"]
ENVIRONMENT = {**os.environ, "SUPPORT_COPILOT_EMBEDDER__KIND": "none", "SUPPORT_COPILOT_WORKER__POLL_S": "0.05",
               "SUPPORT_COPILOT_WORKER__LEASE_S": "1"}  # fmt: skip


@pytest.fixture(autouse=True)
def _as_the_servers_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPPORT_COPILOT_EMBEDDER__KIND", "none")


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


def documents_in_index(data_dir: Path) -> int:
    """What the index holds once it has caught up, without being built anew."""
    with open_resources(load_settings(data_dir=data_dir)) as resources:
        catch_up(resources)
        with resources.database.read() as session:
            assert resources.search.position() == last_seq(session)
        return resources.search.count()


class Server:
    """A running server, asked with a key of its own."""

    def __init__(self, address: str, data_dir: Path, role: Role = "machine") -> None:
        self._address = address
        self._headers = {"Content-Type": "application/json", "Authorization": f"Bearer {made_key(data_dir, role)}"}

    def get(self, path: str) -> dict[str, Any]:
        return self._ask(path, None)

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._ask(path, json.dumps(body).encode())

    def _ask(self, path: str, body: bytes | None) -> dict[str, Any]:
        request = urllib.request.Request(self._address + path, body, self._headers)
        with urllib.request.urlopen(request, timeout=_PATIENCE_S) as answer:
            result: dict[str, Any] = json.load(answer)
        return result


@contextmanager
def serving(data_dir: Path, role: Role = "machine") -> Iterator[tuple[subprocess.Popen[str], Server]]:
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", "--json", "--data-dir", str(data_dir)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=ENVIRONMENT,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        printed = ""
        while "}" not in printed:
            printed += process.stdout.readline()
        yield process, Server(json.loads(printed)["address"], data_dir, role)
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
        deadline = time.monotonic() + _PATIENCE_S
        while process.poll() is None and time.monotonic() < deadline:
            if database.exists() and _issues(data_dir) > seen:
                process.send_signal(signal.SIGKILL)
                killed += 1
                break
            time.sleep(0.02)
        process.wait()

    final = subprocess.run(arguments, capture_output=True, text=True, env=ENVIRONMENT, timeout=_PATIENCE_S)

    report = json.loads(final.stdout)
    assert killed >= 1
    assert (report["read"], report["rejected"]) == (900, 0)
    assert report["created"] < 900
    assert {name: counts(data_dir)[name] for name in ("issues", "messages", "search_documents")} == {
        "issues": 900, "messages": 900, "search_documents": 900,
    }  # fmt: skip
    assert documents_in_index(data_dir) == 900


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


def test_a_kill_among_requests_loses_none_that_was_acknowledged_and_doubles_none_that_is_sent_again(
    tmp_path: Path,
) -> None:
    acknowledged: dict[str, str] = {}
    sent: set[str] = set()

    def send_until_it_dies(server: Server, sender: int) -> None:
        for number in range(1000):
            reference = f"{sender}-{number}"
            sent.add(reference)
            try:
                answer = server.post("/v1/issues", arriving(reference))
            except (OSError, http.client.HTTPException, json.JSONDecodeError):
                return
            acknowledged[reference] = answer["issue"]["id"]

    with serving(tmp_path) as (process, server):
        senders = [threading.Thread(target=send_until_it_dies, args=(server, sender)) for sender in range(4)]
        for sender in senders:
            sender.start()
        wait_for(lambda: len(acknowledged) >= 30)
        process.send_signal(signal.SIGKILL)
        for sender in senders:
            sender.join()

    assert len(sent) > len(acknowledged), "the kill came between two requests"
    with serving(tmp_path) as (_process, server):
        again = {reference: server.post("/v1/issues", arriving(reference))["issue"]["id"] for reference in sent}
    assert {reference: again[reference] for reference in acknowledged} == acknowledged
    assert {name: counts(tmp_path)[name] for name in ("issues", "conversations", "messages", "search_documents")} == {
        "issues": len(sent), "conversations": len(sent), "messages": len(sent), "search_documents": len(sent),
    }  # fmt: skip
    assert documents_in_index(tmp_path) == len(sent)


def arriving(reference: str) -> dict[str, Any]:
    return {"subject": f"Issue {reference}", "body": "It fails.", "external_ref": {"source": "t", "id": reference}}


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.02)


def test_jobs_of_servers_killed_among_them_are_each_done_once(tmp_path: Path) -> None:
    with serving(tmp_path) as (process, server):
        for number in range(12):
            issue_id = server.post(
                "/v1/issues", {"subject": f"Printer {number} is blank", "body": "It prints nothing."}
            )["issue"]["id"]
            fix = {"text": f"Set the paper size of print helper {number} to 100 x 150 mm and print again."}
            server.post(f"/v1/issues/{issue_id}/resolve", {"resolution": fix})
        process.send_signal(signal.SIGKILL)
        process.wait()

    for _ in range(3):
        left = counts(tmp_path)["unfinished"]
        if not left:
            break
        with serving(tmp_path) as (process, _server):
            wait_for(lambda left=left: counts(tmp_path)["unfinished"] < left)  # type: ignore[misc]
            process.send_signal(signal.SIGKILL)
            process.wait()
    with serving(tmp_path):
        wait_for(lambda: counts(tmp_path)["unfinished"] == 0)

    database = open_database(DatabaseConfig(), str(tmp_path / "support-copilot.db"))
    with database.read() as session:
        summarized = list(session.scalars(select(Summary.issue_id)))
        taught = list(session.scalars(select(Proposal.resolution_id)))
    database.close()
    assert len(summarized) == len(set(summarized)) == 12
    assert len(taught) == len(set(taught))


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
