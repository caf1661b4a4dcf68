"""The first two proposals of knowledge of a database, made at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from support_copilot.db.engine import WriteSession
from support_copilot.db.models import Counter, Resolution
from support_copilot.resources import Resources
from support_copilot.summarization.service import propose_knowledge
from tests.flows.test_guidance import ask

WORDS = "The printer prints blank labels on every second roll."
FIX = {"text": "Turn the label roll so that its coated side faces the print head.", "steps": ["Turn the label roll"]}


def test_the_first_two_that_say_the_same_are_one(
    client: TestClient, resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither finds a row to wait for the other at: each makes it, and one of them waits there after all."""
    issue_ids = [ask(resources, WORDS, "Blank labels") for _ in range(2)]
    for issue_id in issue_ids:
        assert client.post(f"/v1/issues/{issue_id}/resolve", json={"resolution": FIX}).status_code == 200
    with resources.database.read() as session:
        fixes = dict(session.execute(select(Resolution.issue_id, Resolution.id)).all())
    begin, none_found, found = Barrier(2), Barrier(2), []
    lock = WriteSession.lock

    def found_by_both(session: WriteSession, row_type: type[Counter], key: str) -> Counter | None:
        row = lock(session, row_type, key)
        if key == "proposals":
            found.append(row)
        if key == "proposals" and row is None and not resources.database.is_sqlite:
            none_found.wait(20)  # SQLite lets nobody begin to write before the first has ended
        return row

    def work(issue_id: str) -> None:
        begin.wait(20)
        propose_knowledge(resources, issue_id, fixes[issue_id])

    monkeypatch.setattr(WriteSession, "lock", found_by_both)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, issue_ids))

    assert len(client.get("/v1/knowledge/proposals?status=pending").json()["data"]) == 1
    assert found.count(None) == (1 if resources.database.is_sqlite else 2)
