"""Keys rotated under load, the rotation killed in the middle: not one request fails, nothing is lost or doubled."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from support_copilot.db.config import DatabaseConfig
from support_copilot.db.engine import Database, open_database
from support_copilot.db.models import Customer
from support_copilot.settings import load_settings
from support_copilot.vault.vault import Vault
from support_copilot.wiring import open_data_keys
from tests.servers import made_key

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-c", "from support_copilot.cli import main; main()"]
ENVIRONMENT = {
    **os.environ,
    "SUPPORT_COPILOT_EMBEDDER__KIND": "none",
    "SUPPORT_COPILOT_ENCRYPTION__REFRESH_S": "0.3",
    # The callers ask as fast as they are answered.
    "SUPPORT_COPILOT_LIMITS__ENABLED": "false",
}
#: Enough that a rotation can be killed in the middle.
ROWS = 800


class Caller(threading.Thread):
    """Stores, reads, finds and edits customers until told to stop, and keeps what it was answered."""

    def __init__(self, address: str, key: str, number: int) -> None:
        super().__init__(daemon=True)
        self._address, self._key, self._number = address, key, number
        self.over = threading.Event()
        self.answers: Counter[str] = Counter()
        self.wrong: list[str] = []

    def run(self) -> None:
        turn = 0
        while not self.over.is_set():
            turn += 1
            self._one_round(f"caller{self._number}turn{turn // 3}", imported=turn % 200)

    def _one_round(self, who: str, imported: int) -> None:
        """The same customer writes three times: found each time, never stored a second time; old ones are found, too.

        Those imported first are moved first: a process that has not heard of the new key does not find them.
        """
        old = self._ask("GET", f"/v1/customers?email=imported{imported}@example.com")["data"]
        self._check("imported", [found["name"] for found in old], [f"Imported Nr{imported}"])
        person = {"name": f"Ana {who}", "email": f"{who}@example.com", "phone": "+49 30 471100"}
        stored = self._ask("POST", "/v1/issues", {"subject": "It stopped", "customer": person})
        customer = stored["issue"]["customer"]
        self._check("name", customer["name"], person["name"])
        self._ask("PATCH", f"/v1/customers/{customer['id']}", {"notes": f"notes of {who}"})
        self._check("email", self._ask("GET", f"/v1/customers/{customer['id']}")["email"], person["email"])
        by_address = self._ask("GET", f"/v1/customers?email={person['email']}")["data"]
        self._check("by address", [found["id"] for found in by_address], [customer["id"]])
        by_word = self._ask("GET", f"/v1/search?kind=customer&q={who}")["data"]
        self._check("by word", [found["id"] for found in by_word], [customer["id"]])

    def _check(self, what: str, given: Any, wanted: Any) -> None:
        if given != wanted:
            self.wrong.append(f"{what}: {given} instead of {wanted}")

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._key}"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._address + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                self.answers[str(answer.status)] += 1
                return json.load(answer)
        except urllib.error.HTTPError as error:
            self.answers[str(error.code)] += 1
            self.wrong.append(f"{method} {path.split('?', maxsplit=1)[0]}: {error.code}")
            raise


def opened(data_dir: Path) -> tuple[Database, Vault]:
    database = open_database(DatabaseConfig(), str(data_dir / "support-copilot.db"))
    return database, open_data_keys(load_settings(data_dir=data_dir), database)


def states(data_dir: Path) -> dict[int, str]:
    database = open_database(DatabaseConfig(), str(data_dir / "support-copilot.db"))
    with database.read() as session:
        rows = session.execute(text("SELECT generation, state FROM encryption_keys")).all()
    database.close()
    return {row.generation: row.state for row in rows}


def fill(data_dir: Path) -> None:
    file = data_dir.parent / "customers.jsonl"
    rows = [{"id": f"C-{n}", "name": f"Imported Nr{n}", "email": f"imported{n}@example.com"} for n in range(ROWS)]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    arguments = ["import", str(file), "--kind", "customers", "--json", "--data-dir", str(data_dir)]
    subprocess.run([*COMMAND, *arguments], check=True, capture_output=True, env=ENVIRONMENT, timeout=110)


def rotate_and_kill(data_dir: Path) -> bool:
    """Start a rotation and kill it once some rows have moved; whether it was still at work."""
    moved = "SELECT COUNT(*) FROM customers WHERE substr(name_sealed, 2, 4) != :old"
    database = open_database(DatabaseConfig(), str(data_dir / "support-copilot.db"))
    with database.read() as session:
        old = session.scalar(text("SELECT substr(name_sealed, 2, 4) FROM customers ORDER BY id LIMIT 1"))
    process = subprocess.Popen(
        [*COMMAND, "encryption", "rotate", "--json", "--data-dir", str(data_dir)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT,
    )  # fmt: skip
    while process.poll() is None:
        with database.read() as session:
            # What callers store is under the new key as well.
            retiring = session.scalar(text("SELECT COUNT(*) FROM encryption_keys WHERE state = 'retiring'"))
            if retiring and session.scalar(text(moved), {"old": old}) > 300:
                process.send_signal(signal.SIGKILL)
                break
        time.sleep(0.02)
    database.close()
    return process.wait() == -signal.SIGKILL


@pytest.mark.timeout(600)
def test_a_rotation_killed_under_load_costs_no_request(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    fill(data_dir)
    key = made_key(data_dir)
    server = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", "--json", "--data-dir", str(data_dir)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=ENVIRONMENT,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        printed = ""
        while "}" not in printed:
            line = server.stdout.readline()
            assert line, "the server ended while starting"
            printed += line
        callers = [Caller(json.loads(printed)["address"], key, number) for number in range(2)]
        for caller in callers:
            caller.start()
        killed = rotate_and_kill(data_dir)
        after_the_kill = states(data_dir)
        finished = subprocess.run(
            [*COMMAND, "encryption", "rotate", "--json", "--data-dir", str(data_dir)],
            capture_output=True, text=True, env=ENVIRONMENT, timeout=300,
        )  # fmt: skip
        for caller in callers:
            caller.over.set()
        for caller in callers:
            caller.join(60)
    finally:
        server.kill()
        server.wait()
        assert server.stdout is not None
        server.stdout.close()

    assert killed
    assert after_the_kill == {1: "retiring", 2: "active"}
    report = json.loads(finished.stdout)
    assert (finished.returncode, report["resumed"], report["unreadable"]) == (0, True, [])
    assert 0 < report["moved"] < ROWS
    assert states(data_dir) == {1: "retired", 2: "active"}
    wrong = [line for caller in callers for line in caller.wrong]
    assert wrong == []
    answers = sum((caller.answers for caller in callers), Counter[str]())
    assert set(answers) <= {"200", "201"}
    assert sum(answers.values()) >= 50
    database, _vault = opened(data_dir)
    with database.read() as session:
        addresses = Counter(customer.email for customer in session.scalars(select(Customer)))
    database.close()
    assert [address for address, count in addresses.items() if count > 1] == []
