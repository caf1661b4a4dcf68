"""Reads the audit trail: a page, or all of it in batches."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, select

from support_copilot.db.engine import Database, ReadSession
from support_copilot.db.models import AuditEntry
from support_copilot.http.paging import PageRequest, paged

_BATCH: Final = 1000


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which events are meant; what is None narrows nothing."""

    action: str | None = None
    actor: str | None = None
    target: str | None = None
    outcome: str | None = None
    occurred_after: datetime | None = None
    occurred_before: datetime | None = None


def list_events(session: ReadSession, narrow: AuditFilter, page: PageRequest) -> list[AuditEntry]:
    """One more than a page, newest first."""
    query = paged(_narrowed(narrow), page, AuditEntry.seq, AuditEntry.id)
    return list(session.scalars(query))


def all_events(database: Database, narrow: AuditFilter) -> Iterator[AuditEntry]:
    """Every event meant, oldest first, read in batches with short transactions."""
    after_seq = 0
    while True:
        query = _narrowed(narrow).where(AuditEntry.seq > after_seq).order_by(AuditEntry.seq).limit(_BATCH)
        with database.read() as session:
            rows = list(session.scalars(query))
        if not rows:
            return
        yield from rows
        after_seq = rows[-1].seq


def _narrowed(narrow: AuditFilter) -> Select[Any]:
    query = select(AuditEntry)
    for name in ("action", "actor", "target", "outcome"):
        value = getattr(narrow, name)
        if value is not None:
            query = query.where(getattr(AuditEntry, name) == value)
    if narrow.occurred_after is not None:
        query = query.where(AuditEntry.occurred_at >= narrow.occurred_after)
    if narrow.occurred_before is not None:
        query = query.where(AuditEntry.occurred_at < narrow.occurred_before)
    return query
