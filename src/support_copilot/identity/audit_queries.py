"""Reads the audit trail: a page, or all of it in batches."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, func, select

from support_copilot.db.engine import Database, ReadSession
from support_copilot.db.models import AuditEntry
from support_copilot.http.paging import PageRequest, paged
from support_copilot.identity.audit import READ_IN_BULK

_BATCH: Final = 1000
_MOST_ACTIONS: Final = 500


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which events are meant; what is None narrows nothing."""

    action: str | None = None
    actor: str | None = None
    target: str | None = None
    outcome: str | None = None
    occurred_after: datetime | None = None
    occurred_before: datetime | None = None
    #: Without: lists that somebody read in bulk are left out, which would hide what was changed.
    reads: bool = True


def list_events(session: ReadSession, narrow: AuditFilter, page: PageRequest) -> list[AuditEntry]:
    """One more than a page, newest first."""
    query = paged(_narrowed(narrow), page, AuditEntry.seq, AuditEntry.id)
    return list(session.scalars(query))


def list_actions(session: ReadSession) -> list[str]:
    """What was done so far, each action once, by its name: steps along the index, however long the trail is."""
    found: list[str] = []
    while len(found) < _MOST_ACTIONS:
        further = select(func.min(AuditEntry.action)).where(AuditEntry.action > (found[-1] if found else ""))
        following = session.scalar(further)
        if following is None:
            break
        found.append(str(following))
    return found


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
    if not narrow.reads:
        query = query.where(AuditEntry.action.not_like(f"%{READ_IN_BULK}"))
    return query
