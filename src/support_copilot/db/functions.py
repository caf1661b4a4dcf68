"""SQL functions that SQLite, MySQL and MariaDB spell differently."""

from typing import Any

from sqlalchemy import ColumnElement, Float, Integer, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import SQLCoreOperations
from sqlalchemy.sql.functions import FunctionElement


class seconds_between(FunctionElement[float]):  # noqa: N801  # written like the functions of SQL beside it
    """Seconds from the first moment to the second, with their fractions; NULL where one is NULL."""

    type = Float()
    inherit_cache = True


@compiles(seconds_between, "sqlite")
def _seconds_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    start, end = (compiler.process(each, **options) for each in element.clauses)
    return f"((julianday({end}) - julianday({start})) * 86400.0)"


@compiles(seconds_between, "mysql", "mariadb")
def _seconds_mysql(element: Any, compiler: Any, **options: Any) -> str:
    start, end = (compiler.process(each, **options) for each in element.clauses)
    return f"(TIMESTAMPDIFF(MICROSECOND, {start}, {end}) / 1000000.0)"


class epoch_seconds(FunctionElement[int]):  # noqa: N801  # likewise
    """Whole seconds from 1970 to the moment, the begun one not counted."""

    type = Integer()
    inherit_cache = True


@compiles(epoch_seconds, "sqlite")
def _epoch_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"CAST(strftime('%s', {compiler.process(element.clauses, **options)}) AS INTEGER)"


@compiles(epoch_seconds, "mysql", "mariadb")
def _epoch_mysql(element: Any, compiler: Any, **options: Any) -> str:
    return f"TIMESTAMPDIFF(SECOND, '1970-01-01', {compiler.process(element.clauses, **options)})"


def is_nothing(column: SQLCoreOperations[str | None]) -> ColumnElement[bool]:
    """Whether a column of keys is NULL, said so that no index answers it.

    Where nearly every row is so, SQLite still takes the index of that column before the one that lists are sorted by.
    """
    return func.coalesce(column, "") == ""
