"""Reads the audit trail back and finds what was done to it; seals a beginning whose time is over.

What a chain shows: an event edited, taken out, put in or moved breaks the hashes after it, unless all of them are
computed anew. Against that, and against an end that was cut off, heads are kept elsewhere (``audit_heads.py``).
What it cannot show: events cut off or written anew since the last head that was kept, by somebody who may write to
the database and knows how hashes are made; and anything that was never recorded.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import delete, func, select, text

from support_copilot.db.engine import Database, ReadSession
from support_copilot.db.models import AuditCheckpoint, AuditEntry, Counter
from support_copilot.identity.audit import COUNTER, GENESIS, AuditEvent, Head, entry_hash, record_audit
from support_copilot.identity.principal import Principal
from support_copilot.kit.errors import ConflictError
from support_copilot.kit.reasons import Reason

TamperingKind = Literal["edited", "missing", "added", "cut_off", "rewritten", "forged_checkpoint"]
SEALED_ACTION: Final = "audit.sealed"
_BATCH: Final = 1000
_MAX_FINDINGS: Final = 1000
_TRIGGERS_HERE: Final = {
    True: "SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit_events_no_%'",
    False: (
        "SELECT COUNT(*) FROM information_schema.triggers"
        " WHERE trigger_schema = DATABASE() AND trigger_name LIKE 'audit_events_no_%'"
    ),
}


class TrailTamperedError(ConflictError):
    code, title = "audit_tampered", "The audit trail was tampered with; run `support-copilot audit verify`"


@dataclass(frozen=True, slots=True)
class Tampering:
    """One thing that is wrong, at the event of this number."""

    kind: TamperingKind
    seq: int
    detail: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What a look at the whole trail found. ``guarded``: the database refuses changes of events by triggers."""

    events: int
    head: Head
    sealed_through: int
    guarded: bool
    heads_compared: int
    findings: tuple[Tampering, ...]


@dataclass(slots=True)
class _Scan:
    """Where a walk along the chain is, and what it met."""

    at: Head
    events: int = 0
    heads_compared: int = 0
    findings: list[Tampering] = field(default_factory=list)

    def found(self, kind: TamperingKind, seq: int, detail: str) -> None:
        if len(self.findings) < _MAX_FINDINGS:
            self.findings.append(Tampering(kind, seq, detail))


def verify_chain(database: Database, heads: Iterable[Head] = ()) -> Verification:
    """Walk along the whole trail, in batches, while others may go on writing.

    Args:
        heads: ends of the trail that were kept elsewhere.
    """
    while True:
        with database.read() as session:
            sealed = _newest_checkpoint(session)
            end = int(session.scalar(select(Counter.value).where(Counter.name == COUNTER)) or 0)
            seal_known = sealed.seq == 0 or _seal_is_recorded(session, sealed)
            guarded = int(session.execute(text(_TRIGGERS_HERE[database.is_sqlite])).scalar_one()) >= 2
        scan = _Scan(sealed)
        if not seal_known:
            scan.found(
                "forged_checkpoint",
                sealed.seq,
                Reason("trail.forged_checkpoint", "no event of the trail tells of this checkpoint"),
            )
        _walk(database, scan, end, {head.seq: head.hash for head in heads})
        with database.read() as session:
            unchanged = _newest_checkpoint(session) == sealed
        if unchanged:
            return Verification(
                scan.events, scan.at, sealed.seq, guarded, scan.heads_compared, tuple(scan.findings)
            )  # fmt: skip


def seal_before(database: Database, before: datetime, *, now: datetime, actor: Principal | None) -> int:
    """Remove the events from before a moment and seal the cut, so that the rest can still be verified.

    Returns:
        How many events were removed.

    Raises:
        TrailTamperedError: the trail is not whole; what shows that must not be removed.
    """
    with database.read() as session:
        newer = session.scalar(select(func.min(AuditEntry.seq)).where(AuditEntry.occurred_at >= before))
        last = session.scalar(select(func.max(AuditEntry.seq))) or 0
        # The newest event always stays: it is what the next one is chained to.
        through = min(newer or last, last) - 1
        cut = session.get(AuditEntry, through)
    if cut is None:
        return 0
    if verify_chain(database).findings:
        raise TrailTamperedError
    with database.transaction() as session:
        session.add(AuditCheckpoint(through_seq=through, hash=cut.hash, sealed_at=now))
        session.flush()
        gone = session.execute(delete(AuditEntry).where(AuditEntry.seq <= through))
        removed = int(gone.rowcount)  # type: ignore[attr-defined]  # a DELETE answers with a cursor
        after = {"through_seq": through, "chain_hash": cut.hash, "count": removed}
        record_audit(session, AuditEvent(SEALED_ACTION, now, actor, target="audit", after=after))
    return removed


def _newest_checkpoint(session: ReadSession) -> Head:
    row = session.scalar(select(AuditCheckpoint).order_by(AuditCheckpoint.through_seq.desc()).limit(1))
    return Head(row.through_seq, row.hash) if row else Head(0, GENESIS)


def _seal_is_recorded(session: ReadSession, sealed: Head) -> bool:
    told = session.scalars(
        select(AuditEntry.after).where(AuditEntry.action == SEALED_ACTION, AuditEntry.seq > sealed.seq)
    )
    return any(after.get("through_seq") == sealed.seq and after.get("chain_hash") == sealed.hash for after in told)


def _walk(database: Database, scan: _Scan, end: int, kept: dict[int, str]) -> None:
    for entry in _entries(database, scan.at.seq):
        if entry.seq > end and not _counted(database, entry.seq):
            scan.found("added", entry.seq, Reason("trail.added", "beyond the last number that was given out"))
        _take(scan, entry)
        if entry.seq in kept:
            scan.heads_compared += 1
            if kept.pop(entry.seq) != entry.hash:
                scan.found(
                    "rewritten", entry.seq, Reason("trail.rewritten", "its hash is not the one that was kept elsewhere")
                )
    if scan.at.seq < end:
        scan.found("cut_off", scan.at.seq + 1, Reason("trail.cut_off", f"numbers up to {end} were given out", last=end))
    for seq in sorted(seq for seq in kept if seq > scan.at.seq):
        scan.heads_compared += 1
        scan.found("cut_off", seq, Reason("trail.head_beyond", "a head that was kept elsewhere lies beyond the end"))


def _take(scan: _Scan, entry: AuditEntry) -> None:
    previous = scan.at
    if entry.seq > previous.seq + 1:
        last = entry.seq - 1
        first = previous.seq + 1
        gone = Reason("trail.missing", f"events {first} to {last} are not there", first=first, last=last)
        scan.found("missing", first, gone)
    expected = entry_hash(previous.hash, entry)
    whole = expected == entry.hash
    if not whole and entry.seq == previous.seq + 1:
        scan.found("edited", entry.seq, Reason("trail.edited", "the event, or the one before, is not what was written"))
    scan.events += 1
    scan.at = Head(entry.seq, entry.hash)


def _entries(database: Database, after_seq: int) -> Iterator[AuditEntry]:
    while True:
        with database.read() as session:
            query = select(AuditEntry).where(AuditEntry.seq > after_seq).order_by(AuditEntry.seq).limit(_BATCH)
            rows: Sequence[AuditEntry] = list(session.scalars(query))
        if not rows:
            return
        yield from rows
        after_seq = rows[-1].seq


def _counted(database: Database, seq: int) -> bool:
    """Whether the number has been given out meanwhile."""
    with database.read() as session:
        return int(session.scalar(select(Counter.value).where(Counter.name == COUNTER)) or 0) >= seq
