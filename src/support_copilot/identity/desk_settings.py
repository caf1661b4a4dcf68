"""What an admin sets for the whole desk in rows of its own: changed together, and written to the audit trail."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Protocol, TypeVar

from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.identity.audit import AuditEvent, record_audit
from support_copilot.identity.principal import Principal
from support_copilot.resources import Resources

Values = TypeVar("Values")


class SettingRow(Protocol):
    """A row that says who changed it last."""

    updated_by: str
    updated_at: datetime


def change_settings(
    resources: Resources,
    principal: Principal,
    name: str,
    *,
    load: Callable[[ReadSession], Values],
    rows: Callable[[WriteSession, Values], Iterable[SettingRow]],
    plain: Callable[[Values], Mapping[str, object]],
) -> Values:
    """Change settings in one transaction; returns those in force.

    Args:
        name: what the trail calls them, such as ``reply_rules``; the event is ``reply_rules.changed``.
        load: reads them all.
        rows: those that change, locked and with their new values, made from what was in force.
        plain: how the trail shows them.
    """
    now = resources.clock()
    with resources.database.transaction() as session:
        before = load(session)
        for row in rows(session, before):
            row.updated_by, row.updated_at = principal.id, now
            session.add(row)
        session.flush()
        after = load(session)
        event = AuditEvent(f"{name}.changed", now, principal, name, before=plain(before), after=plain(after))
        record_audit(session, event)
    return after
