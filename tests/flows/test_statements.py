"""How many statements a request costs: the number must not grow with what is shown."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event

from tests.flows.test_intake import OUTAGE, PRINTER, post
from tests.query_plans import planned

#: Tables that hold as many rows as there is work; others hold as many as there are settings or people.
GROWING = {
    "analyses", "attachments", "audit_events", "conversations", "customers", "issues", "jobs", "messages",
    "resolutions", "search_documents", "suggestions", "summaries",
}  # fmt: skip


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that are sent to any database meanwhile, without beginnings and ends of transactions."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize("path", ["/v1/issues", "/v1/customers", "/v1/jobs", "/v1/search?q=printer"])
def test_a_longer_list_costs_no_more_statements(client: TestClient, path: str) -> None:
    def store(count: int, first: int) -> None:
        for number in range(first, first + count):
            post(client, {**PRINTER, "customer": {"name": f"Ana {number}", "email": f"ana{number}@example.com"}})

    store(2, 0)
    client.get(path)
    with counted() as few:
        assert client.get(path).status_code == 200
    store(6, 2)
    with counted() as many:
        assert client.get(path).status_code == 200

    assert few
    assert len(many) == len(few), "\n".join(many)


def test_an_intake_costs_few_statements(client: TestClient) -> None:
    post(client, PRINTER)
    with counted() as sent:
        post(client, OUTAGE)

    assert len(sent) <= 32, "\n".join(sent)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_record_is_looked_for_among_all_of_its_kind(client: TestClient) -> None:
    issue_id = post(client, {**PRINTER, "customer": {"name": "Ana", "email": "ana@example.com"}})["issue"]["id"]
    spoken = client.get(f"/v1/issues/{issue_id}").json()["key"]
    with planned() as plans:
        post(client, OUTAGE)
        for path in ("", "/panel", "/messages", "/merge-targets"):
            assert client.get(f"/v1/issues/{issue_id}{path}").status_code == 200
        for path in (
            "issues",
            "issues?view=resolved",
            "issues?view=mine",
            "search?q=printer-4",
            f"search?q={spoken}",
            "customers",
        ):
            assert client.get(f"/v1/{path}").status_code == 200

    wrong = [
        f"{step}: {statement}" for statement, steps in plans.items() for step in steps if _is_slow(step, statement)
    ]
    assert len(plans) > 20
    assert not wrong, "\n".join(wrong)


def _is_slow(step: str, statement: str) -> bool:
    scanned = re.match(r"SCAN (\w+)$", step)
    # What is NULL in nearly every row tells nothing apart, but its index is one that SQLite likes.
    by_nothing = [name for name in re.findall(r"(\w+)=\?", step) if f".{name} IS NULL" in statement]
    return bool(scanned and scanned[1] in GROWING) or bool(by_nothing)
