"""Cursor paging: opaque, stable under inserts, the same list envelope everywhere."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel
from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

from support_copilot.db.types import UtcDateTime
from support_copilot.kit.errors import InvalidRequestError

Item = TypeVar("Item")
Row = TypeVar("Row")
#: What a list is ordered by before ids: a moment, a text, or a number.
Key = datetime | str | int
MAX_PAGE = 200


class Page(BaseModel, Generic[Item]):
    """One page of a list; ask again with ``cursor`` = ``next_cursor`` until that is null."""

    data: list[Item]
    next_cursor: str | None


class PageRequest(BaseModel):
    limit: int
    cursor: str | None


def page_request(
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE, description="How many at most.")] = 50,
    cursor: Annotated[str | None, Query(max_length=500, description="`next_cursor` of the page before.")] = None,
) -> PageRequest:
    return PageRequest(limit=limit, cursor=cursor)


PageArgs = Annotated[PageRequest, Depends(page_request)]


def paged(
    query: Select[Row],
    page: PageRequest,
    key: ColumnElement[Any] | InstrumentedAttribute[Any],
    id_column: ColumnElement[str] | InstrumentedAttribute[str],
    *,
    newest_first: bool = True,
) -> Select[Row]:
    """Order by ``key`` then id, start after the cursor, and read one row more than asked."""
    if page.cursor:
        value, row_id = _decode(page.cursor, datetime if isinstance(key.type, UtcDateTime) else key.type.python_type)
        beyond = key < value if newest_first else key > value
        tie = id_column < row_id if newest_first else id_column > row_id
        query = query.where(or_(beyond, and_(key == value, tie)))
    order = (key.desc(), id_column.desc()) if newest_first else (key.asc(), id_column.asc())
    return query.order_by(*order).limit(page.limit + 1)


def page_of(
    rows: Sequence[Row],
    page: PageRequest,
    key: Callable[[Row], Key],
    row_id: Callable[[Row], str],
    render: Callable[[Row], Item],
) -> Page[Item]:
    """The envelope around rows read with ``paged``."""
    shown = rows[: page.limit]
    more = len(rows) > page.limit
    return Page(
        data=[render(row) for row in shown],
        next_cursor=_encode(key(shown[-1]), row_id(shown[-1])) if more else None,
    )


def page_of_kept(
    rows: Sequence[Row], page: PageRequest, row_id: Callable[[Row], str], render: Callable[[Row], Item]
) -> Page[Item]:
    """One page of a list that is in memory: it goes on behind the row where it stopped, wherever that stands now."""
    start = 0
    if page.cursor:
        place, last = _decode(page.cursor, int)
        found = next((at for at, row in enumerate(rows) if row_id(row) == last), int(str(place)))
        start = max(0, found + 1)
    shown = rows[start : start + page.limit]
    more = start + page.limit < len(rows)
    return Page(
        data=[render(row) for row in shown],
        next_cursor=_encode(start + len(shown) - 1, row_id(shown[-1])) if more else None,
    )


def _encode(value: Key, row_id: str) -> str:
    plain = value.isoformat() if isinstance(value, datetime) else value
    return base64.urlsafe_b64encode(json.dumps([plain, row_id]).encode()).decode().rstrip("=")


def _decode(cursor: str, key_type: type[Any]) -> tuple[Key, str]:
    """The parts of a cursor; one that was forged, or belongs to a list with another order, is refused."""
    try:
        value, row_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if key_type is datetime:
            value = datetime.fromisoformat(value)
        if type(value) is not key_type or not row_id.isascii() or not _storable(value):
            raise ValueError("not a cursor of this list")
    except (ValueError, TypeError, AttributeError, binascii.Error, RecursionError) as error:
        raise InvalidRequestError.of_field("cursor", "invalid_cursor", "is not a cursor of this list") from error
    return value, row_id


def _storable(value: Key) -> bool:
    """Whether the database can take the value; what it cannot was never in a cursor of ours."""
    if isinstance(value, datetime):
        return value.tzinfo is not None
    return value.isprintable() if isinstance(value, str) else abs(value) < 2**63
