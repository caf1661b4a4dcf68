"""Writes the audit trail: who did what, when, from where, and what changed, without personal values."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final, Literal

from sqlalchemy import bindparam, select, update

from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import AuditCheckpoint, AuditEntry, Counter
from support_copilot.http.context import Origin, origin
from support_copilot.identity.principal import Principal
from support_copilot.kit.ids import looks_like_id, new_id
from support_copilot.kit.text import one_line

Outcome = Literal["done", "refused", "failed"]

COUNTER: Final = "audit_events"
#: What the first event of all follows.
GENESIS: Final = "0" * 64
_MAX_VALUE_CHARS: Final = 200
_MAX_FIELDS: Final = 50
#: How the action of a list that was read in bulk ends.
READ_IN_BULK: Final = ".read_in_bulk"

_CLOCKS: Final = ("first_response", "resolution")
#: Fields whose values may be kept. Every other one is named and its values are left out: a field that nobody has
#: thought of yet must not carry a person's data into rows that are never changed.
SHOWN_FIELDS: Final = frozenset({
    "status", "severity", "category", "language", "channel", "visibility", "author", "kind", "part", "rating", "plan",
    "role", "roles", "scopes", "permissions", "disabled", "expires_at", "revoked_at", "second_factor", "team_id",
    "version", "outcome", "verdict", "format", "source", "read", "created", "updated", "unchanged", "rejected",
    "active", "language_model_allowed", "reopened", "snoozed_until", "send_at", "then_status", "template_version",
    *(f"{severity}_{clock}" for severity in ("critical", "high", "medium", "low") for clock in _CLOCKS),  # minutes
    "shared", "paused",
    "money", "dates", "legal", "secrets",  # what becomes of a reply that breaks the rule of this name
    # days kept
    "conversations", "attachments", "draft_files", "unsent", "drafts", "panels", "customers", "idempotency_keys",
    "model_calls", "webhook_deliveries", "article_versions",
    "events", "enabled", "event",  # what a webhook is told
    "count", "through_seq", "chain_hash", "size_bytes", "content_type", "published_at", "key_version", "dry_run",
    "malware",  # the scanner's name for it
    "issues", "members",  # how many a deleted team had
})  # fmt: skip

_COUNTERS = Counter.__table__.c
_RAISE_COUNTER = (
    update(Counter.__table__)  # type: ignore[arg-type]  # a Table, though declared as any FROM clause
    .where(_COUNTERS.name == COUNTER)
    .values(value=_COUNTERS.value + bindparam("count"))
)
_READ_COUNTER = select(_COUNTERS.value).where(_COUNTERS.name == COUNTER)
_READ_HASH = select(AuditEntry.__table__.c.hash).where(AuditEntry.__table__.c.seq == bindparam("seq"))


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One thing that was done, or refused.

    Args:
        action: ``slice.verb`` in the past tense, such as ``issue.resolved``.
        at: the moment, aware, UTC.
        actor: who did it, None when nobody was signed in. Kind and id are kept, never a name, which may have to be
            forgotten one day.
        target: id of the record, or the word for a whole kind (``customers``).
        before, after: fields and values around the change; ``record_audit`` keeps values of ``SHOWN_FIELDS`` and
            typed ids, and only the names of all others.
        reason: code of why it was refused or failed.
        origin: where it came from; default: the request, job or process in progress.
    """

    action: str
    at: datetime
    actor: Principal | None
    target: str | None = None
    outcome: Outcome = "done"
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    reason: str | None = None
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the trail at some moment: kept elsewhere, it shows that nothing before it was changed or cut off."""

    seq: int
    hash: str


def record_audit(session: WriteSession, event: AuditEvent) -> str:
    """Have the event written in the transaction of what it is about, right before the commit; returns its id.

    All events of a transaction are numbered and chained at its end, because the chain's head is locked from
    then on: every other writer of the trail waits for the commit.
    """
    row = _row(event)
    session.leave_for_last(_append, row)
    return row.id


def entry_hash(previous: str, entry: AuditEntry) -> str:
    """SHA-256, in hexadecimal, over the hash before and the event as canonical JSON.

    Canonical as in RFC 8785 (sorted keys, no spaces, UTF-8), which for texts and integers is what ``json`` writes.
    """
    text = json.dumps(entry_fields(entry), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def entry_fields(entry: AuditEntry) -> dict[str, Any]:
    """What is hashed and exported: every column but the hash itself."""
    fields = {column.key: getattr(entry, column.key) for column in AuditEntry.__table__.columns if column.key != "hash"}
    return fields | {"occurred_at": entry.occurred_at.isoformat(timespec="microseconds").replace("+00:00", "Z")}


def chain_head(session: ReadSession) -> Head:
    """The newest event's number and hash; number 0 before the first."""
    seq = int(session.scalar(_READ_COUNTER) or 0)
    return Head(seq, _hash_at(session, seq))


def _append(session: WriteSession, rows: list[AuditEntry]) -> None:
    session.execute(_RAISE_COUNTER, {"count": len(rows)})
    first = int(session.scalar(_READ_COUNTER)) - len(rows) + 1
    previous = _hash_at(session, first - 1)
    for offset, row in enumerate(rows):
        row.seq = first + offset
        row.hash = previous = entry_hash(previous, row)
    session.add_all(rows)


def _hash_at(session: ReadSession, seq: int) -> str:
    if seq == 0:
        return GENESIS
    found = session.scalar(_READ_HASH, {"seq": seq}) or session.scalar(
        select(AuditCheckpoint.hash).where(AuditCheckpoint.through_seq == seq)
    )
    # Where the row before was taken away the trail must go on; verification will find the gap.
    return str(found or GENESIS)


def _row(event: AuditEvent) -> AuditEntry:
    came = event.origin or origin()
    changed = _changed(event.before, event.after)
    return AuditEntry(
        id=new_id("audit"), occurred_at=event.at, action=event.action, outcome=event.outcome,
        actor_kind=event.actor.kind if event.actor else None, actor=event.actor.id if event.actor else None,
        target=event.target, reason=event.reason,
        changed=changed, before=_shown(event.before, changed), after=_shown(event.after, changed), via=came.via,
        address=came.address, user_agent=came.user_agent, request_id=came.request_id,
    )  # fmt: skip


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    absent = object()
    names = sorted(before.keys() | after.keys())
    return [name for name in names if before.get(name, absent) != after.get(name, absent)][:_MAX_FIELDS]


def _shown(values: Mapping[str, Any], changed: Sequence[str]) -> dict[str, Any]:
    there = {name: values[name] for name in changed if name in values}
    return {name: _plain(value) for name, value in there.items() if name in SHOWN_FIELDS or looks_like_id(value)}


def _plain(value: Any) -> Any:
    """As JSON without fractions, whose canonical form differs between programs."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Enum):
        return _plain(value.value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, Sequence | AbstractSet) and not isinstance(value, str | bytes):
        return [_plain(item) for item in (sorted(value) if isinstance(value, AbstractSet) else value)][:_MAX_FIELDS]
    return one_line(str(value))[:_MAX_VALUE_CHARS]
