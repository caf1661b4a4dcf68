"""How SQLite answers what a test sends to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


@contextmanager
def planned() -> Iterator[dict[str, list[str]]]:
    """The steps of the plan for each statement that is sent to any database meanwhile, inserts left out."""
    plans: dict[str, list[str]] = {}

    def explain(
        _connection: object, cursor: Any, statement: str, parameters: Any, _context: object, many: bool
    ) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")) and not many:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans[statement] = [row[-1] for row in cursor.fetchall()]

    event.listen(Engine, "before_cursor_execute", explain)
    try:
        yield plans
    finally:
        event.remove(Engine, "before_cursor_execute", explain)
