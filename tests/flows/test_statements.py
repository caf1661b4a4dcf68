"""How many statements a request costs: the number must not grow with what is shown."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event

from tests.flows.test_intake import OUTAGE, PRINTER, post


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
