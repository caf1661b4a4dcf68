"""Cursors: what comes back is what was given out, and nothing else is accepted."""

import base64
import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from support_copilot.db.models import Issue, Message
from support_copilot.http.paging import PageRequest, page_of, paged
from support_copilot.kit.errors import InvalidRequestError

NOW = datetime(2026, 3, 2, 9, 0, 0, 1, tzinfo=UTC)


def cursor(*parts: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def test_a_page_ends_with_the_cursor_of_its_last_row() -> None:
    page = page_of([1, 2, 3], PageRequest(limit=2, cursor=None), lambda n: n, lambda n: f"id_{n}", str)
    assert page.data == ["1", "2"]
    assert page.next_cursor == cursor(2, "id_2")
    assert page_of([1], PageRequest(limit=2, cursor=None), lambda n: n, lambda n: f"id_{n}", str).next_cursor is None


def test_a_cursor_of_ours_is_taken() -> None:
    by_time = PageRequest(limit=5, cursor=cursor(NOW.isoformat(), "iss_1"))
    assert "issues.created_at < " in str(paged(select(Issue), by_time, Issue.created_at, Issue.id))
    by_number = PageRequest(limit=5, cursor=cursor(3, "msg_1"))
    query = paged(select(Message), by_number, Message.position, Message.id, newest_first=False)
    assert "messages.position > " in str(query)


@pytest.mark.parametrize(
    "forged",
    ["x", "%%%", "W10", cursor(), cursor(1, "iss_1"), cursor("never", "iss_1"), cursor("2026-01-01T00:00:00", "iss_1"),
     cursor(None, "iss_1"), cursor(NOW.isoformat(), 5), cursor(NOW.isoformat(), "\ud800"), cursor({}, []),
     base64.urlsafe_b64encode(b"[" * 300).decode()],
)  # fmt: skip
def test_any_other_cursor_is_refused(forged: str) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        paged(select(Issue), PageRequest(limit=5, cursor=forged), Issue.created_at, Issue.id)
    assert [(e.field, e.code) for e in refused.value.errors] == [("cursor", "invalid_cursor")]


@pytest.mark.parametrize("value", [2**63, True, "3", 1.5])
def test_a_number_no_position_can_have_is_refused(value: object) -> None:
    with pytest.raises(InvalidRequestError):
        paged(select(Message), PageRequest(limit=5, cursor=cursor(value, "msg_1")), Message.position, Message.id)
