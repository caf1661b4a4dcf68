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

from support_copilot.kit.errors import InvalidRequestError

Item = TypeVar("Item")
Row = TypeVar("Row")
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
    query: Select[tuple[Row]],
    page: PageRequest,
    key: ColumnElement[Any],
    id_column: ColumnElement[str],
    *,
    newest_first: bool = True,
) -> Select[tuple[Row]]:
    """Order by ``key`` (a moment or a text) then id, start after the cursor, and read one row more than asked."""
    if page.cursor:
        value, row_id = _decode(page.cursor)
        beyond = key < value if newest_first else key > value
        tie = id_column < row_id if newest_first else id_column > row_id
        query = query.where(or_(beyond, and_(key == value, tie)))
    order = (key.desc(), id_column.desc()) if newest_first else (key.asc(), id_column.asc())
    return query.order_by(*order).limit(page.limit + 1)


def page_of(
    rows: Sequence[Row],
    page: PageRequest,
    key: Callable[[Row], datetime | str],
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


def _encode(value: datetime | str, row_id: str) -> str:
    plain = ["t", value.isoformat()] if isinstance(value, datetime) else ["s", value]
    return base64.urlsafe_b64encode(json.dumps([*plain, row_id]).encode()).decode().rstrip("=")


def _decode(cursor: str) -> tuple[datetime | str, str]:
    try:
        kind, value, row_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(value, str) or not isinstance(row_id, str):
            raise ValueError("not a cursor")
        return (datetime.fromisoformat(value) if kind == "t" else value), row_id
    except (ValueError, TypeError, binascii.Error, UnicodeDecodeError) as error:
        raise InvalidRequestError.of_field("cursor", "invalid_cursor", "is not a cursor of this list") from error
