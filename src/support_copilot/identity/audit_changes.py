"""Every change of the record that a person or a program makes is in the audit trail, whichever route it came by.

What is written down is taken from what the transaction did, not from what a route says of itself: a new route that
writes one of these rows is in the trail without a line of its own. What belongs to identity, to privacy, to jobs and
to imports is recorded by the functions that do it, because it is more than a change of rows.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

from support_copilot.db.changes import RowChange
from support_copilot.db.engine import Observer, WriteSession
from support_copilot.db.models import (
    Article,
    Attachment,
    Correction,
    Customer,
    Incident,
    IncidentLink,
    Issue,
    Message,
    Proposal,
    QueuedMessage,
    Resolution,
    SavedView,
    Suggestion,
    Summary,
    Template,
)
from support_copilot.identity.acting import acting
from support_copilot.identity.audit import AuditEvent, record_audit
from support_copilot.identity.principal import Principal

#: The rows that make up the record, and what they are called in the trail. ``tests/security/test_audit_of_changes.py``
#: has every other table with the reason why it is not here.
RECORDS: Final[dict[type, str]] = {
    Issue: "issue",
    Message: "message",
    QueuedMessage: "queued_message",
    Attachment: "attachment",
    Resolution: "resolution",
    Correction: "correction",
    Suggestion: "suggestion",
    Summary: "summary",
    Customer: "customer",
    Template: "template",
    SavedView: "view",
    Incident: "incident",
    IncidentLink: "incident_link",
    Article: "article",
    Proposal: "proposal",
}
#: Parts of an issue: the trail of the issue holds them.
_PARTS: Final = (Message, QueuedMessage, Attachment, Resolution, Correction, Suggestion, Summary, IncidentLink)
#: Fields of an issue that a model or a person says, as ``…_source`` tells.
_READINGS: Final = ("severity", "category", "language")
#: Counted or set by the product itself beside the change that somebody made.
_BESIDE: Final = frozenset(
    {"updated_at", "used_count", "accepted_count", "edited_count", "rejected_count", "rating_risk"}
)
#: Of a customer: told by the event of the merge itself.
_OF_MERGES: Final = frozenset({"version", "merged_into_id", "merge_record", "also_known"})


def watch_changes(clock: Callable[[], datetime]) -> Observer | None:
    """For ``Database.watch``: who to tell of the changes of a transaction that begins now; None when nobody asks."""
    principal = acting()
    return partial(_record, principal, clock()) if principal else None


def _record(actor: Principal, now: datetime, session: WriteSession, changes: Sequence[RowChange]) -> None:
    grouped: dict[tuple[str, str], list[RowChange]] = defaultdict(list)
    for change in changes:
        name = RECORDS.get(type(change.row))
        if name is not None and (change.before.keys() | change.after.keys()) - _beside(change):
            grouped[f"{name}.{change.event}", _target(change.row)].append(change)
    for (action, target), alike in grouped.items():
        before, after = _fields(alike)
        record_audit(session, AuditEvent(action, now, actor, target, before=before, after=after))


def _beside(change: RowChange) -> frozenset[str]:
    """Fields whose change is no edit of whoever asked."""
    told = _OF_MERGES if isinstance(change.row, Customer) and change.event == "edited" else frozenset()
    return _BESIDE | told | _read_by_model(change)


def _read_by_model(change: RowChange) -> set[str]:
    """What a model took from the words of an issue: whoever had it looked at, by opening it maybe, edited nothing."""
    if not isinstance(change.row, Issue) or change.event != "edited":
        return set()
    read = [name for name in _READINGS if getattr(change.row, f"{name}_source") == "model"]
    return {*read, *(f"{name}_source" for name in read)}


def _target(row: Any) -> str:
    return str(row.issue_id if isinstance(row, _PARTS) else row.id)


def _fields(alike: Sequence[RowChange]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What one event says of rows that were treated alike: of one all fields, of many how many."""
    if len(alike) > 1 and alike[0].event != "edited":
        return {}, {"count": len(alike)}
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for change in alike:
        before = {**change.before, **before}
        after.update(change.after)
    if isinstance(alike[0].row, _PARTS):
        after.setdefault("id", alike[0].row.id)
    return _without(before, _BESIDE), _without(after, _BESIDE)


def _without(fields: dict[str, Any], names: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in names}
