"""kill -9 while customers are merged: afterwards both are apart with all that is theirs, or one has everything."""

import json
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import select

from support_copilot.db.models import AuditEntry, Customer, Issue, SearchDocument
from support_copilot.settings import load_settings
from support_copilot.wiring import open_resources
from tests.faults.test_kill import COMMAND, ENVIRONMENT, serving

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

ISSUES = 400


@pytest.fixture(autouse=True)
def _as_the_servers_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPPORT_COPILOT_EMBEDDER__KIND", "none")


def desk_of_two(folder: Path) -> tuple[Path, str, str]:
    """A data folder with one person's two records, each with many issues; and the ids of both."""
    rows = [
        {"id": f"T-{number}", "subject": f"Printer {number}", "body": "It jams.",
         "customer": {"email": f"ana@{('one', 'two')[number % 2]}.example"}}
        for number in range(2 * ISSUES)
    ]  # fmt: skip
    file, data_dir = folder / "issues.jsonl", folder / "data"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    arguments = [*COMMAND, "import", str(file), "--kind", "issues", "--json", "--data-dir", str(data_dir)]
    subprocess.run(arguments, check=True, capture_output=True, env=ENVIRONMENT)
    with open_resources(load_settings(data_dir=data_dir)) as resources, resources.database.read() as session:
        first, second = session.scalars(select(Customer.id).order_by(Customer.id))
    return data_dir, first, second


def state_of(data_dir: Path, first: str, second: str) -> str:
    """Whether they are apart or merged; nothing may be in between."""
    with open_resources(load_settings(data_dir=data_dir)) as resources, resources.database.read() as session:
        into = session.scalar(select(Customer.merged_into_id).where(Customer.id == second))
        issues = session.execute(select(Issue.id, Issue.customer_id, Issue.came_by_customer_id)).all()
        told = {row.id: row.filters["customer_id"] for row in session.scalars(select(SearchDocument))}
        events = session.scalars(select(AuditEntry.action).where(AuditEntry.action == "customer.merged")).all()
    assert len(issues) == 2 * ISSUES
    assert {row.id: row.customer_id for row in issues} == told
    own, came = (sum(row.customer_id == each for row in issues) for each in (first, second))
    came_by = sum(row.came_by_customer_id == second for row in issues)
    found = (into, own, came, came_by, len(events))
    assert found in ((None, ISSUES, ISSUES, 0, 0), (first, 2 * ISSUES, 0, ISSUES, 2))
    return "merged" if into else "apart"


def test_a_merge_that_is_killed_is_whole_or_has_not_been(tmp_path: Path) -> None:
    data_dir, first, second = desk_of_two(tmp_path)
    found = set()
    for delay_s in (0.02, 0.05, 0.1, 0.2):
        with serving(data_dir, "admin") as (process, server):

            def ask(server=server) -> None:  # type: ignore[no-untyped-def]
                # Cut off by the kill.
                with suppress(OSError, ValueError):
                    server.post(f"/v1/customers/{second}/merge", {"into": first})

            thread = threading.Thread(target=ask)
            thread.start()
            time.sleep(delay_s)
            process.kill()
            thread.join()
        found.add(state_of(data_dir, first, second))
        if found == {"apart", "merged"}:
            break

    with serving(data_dir, "admin") as (_, server):
        answer = server.post(f"/v1/customers/{second}/merge", {"into": first})
    assert answer["into"]["merged"][0]["issues"] == ISSUES
    assert state_of(data_dir, first, second) == "merged"
