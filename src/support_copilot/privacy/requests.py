"""A request about one person's data from asking to receipt: every change of its row."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import select

from support_copilot.customers.merging import CustomerHeldError, is_held, lock_survivor
from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import Customer, PrivacyRequest
from support_copilot.db.outbox import enqueue
from support_copilot.identity.audit import AuditEvent, record_audit
from support_copilot.identity.principal import Principal
from support_copilot.kit.errors import NotFoundError
from support_copilot.kit.ids import is_id, new_id
from support_copilot.privacy.holds import ATTEMPTS
from support_copilot.privacy.receipt import receipt_key, sign_receipt
from support_copilot.resources import Resources

Kind = Literal["export", "anonymization", "erasure"]
JOBS: Final[Mapping[Kind, str]] = {
    "export": "privacy.export_customer",
    "anonymization": "privacy.anonymize_customer",
    "erasure": "privacy.erase_customer",
}
#: In ``progress``: ids of issues of the customer that records under a hold quote.
QUOTED: Final = "quoted_issue_ids"
#: In ``progress``: ids of the records that were merged into the customer's.
_MERGED: Final = "merged_customer_ids"
_UNFINISHED: Final = ("queued", "running")


class PrivacyRequestNotFoundError(NotFoundError):
    code, title = "privacy_request_not_found", "There is no such privacy request with this id"


def ask(resources: Resources, kind: Kind, customer_id: str, principal: Principal) -> PrivacyRequest:
    """Store the request with its job; the same request that is not finished yet is answered instead of a second one.

    One about a record that is merged is about the customer, with all their records.

    Raises:
        CustomerNotFoundError: no customer has this id.
        CustomerHeldError: a legal hold forbids it.
    """
    now = resources.clock()
    with resources.database.transaction() as session:
        customer_id = lock_survivor(session, customer_id).id
        if kind != "export" and is_held(session, customer_id):
            raise CustomerHeldError
        waiting = _unfinished(session, kind, customer_id)
        if waiting is not None:
            return waiting
        request = PrivacyRequest(
            id=new_id("privacy_request"), kind=kind, customer_id=customer_id, status="queued", counts={}, progress={},
            requested_by=principal.id, created_at=now, updated_at=now,
        )  # fmt: skip
        session.add(request)
        enqueue(session, JOBS[kind], {"request_id": request.id}, now=now, max_attempts=ATTEMPTS)
        record_audit(
            session, AuditEvent(f"privacy.{kind}_requested", now, principal, customer_id, after={"id": request.id})
        )
    return request


def get_request(session: ReadSession, kind: Kind | None, request_id: str) -> PrivacyRequest:
    """The request's row; with a kind of None one of any kind.

    Raises:
        PrivacyRequestNotFoundError: no request of this kind has this id.
    """
    row = session.get(PrivacyRequest, request_id) if is_id(request_id, "privacy_request") else None
    if row is None or kind not in (None, row.kind):
        raise PrivacyRequestNotFoundError
    return row


def lock_request(session: WriteSession, request_id: str) -> PrivacyRequest:
    """The request's row, locked until the transaction ends.

    Raises:
        PrivacyRequestNotFoundError: it is gone.
    """
    row = session.lock(PrivacyRequest, request_id)
    if row is None:
        raise PrivacyRequestNotFoundError
    return row


def begin(resources: Resources, request_id: str) -> tuple[PrivacyRequest | None, Customer | None]:
    """Take the request in hand; (None, None) when it has ended, and no customer where the row is gone already.

    Raises:
        CustomerHeldError: a legal hold came in force meanwhile; the request is marked refused.
    """
    now = resources.clock()
    with resources.database.transaction() as session:
        request = lock_request(session, request_id)
        if request.status not in _UNFINISHED:
            return None, None
        customer = session.lock(Customer, request.customer_id)
        held = request.kind != "export" and is_held(session, request.customer_id)
        request.status, request.updated_at = ("refused" if held else "running"), now
        if customer is not None and customer.also_known:
            request.progress = request.progress | {_MERGED: sorted(customer.also_known)}
        if held:
            request.reason, request.finished_at, request.progress = CustomerHeldError.code, now, {}
            event = AuditEvent(f"privacy.{request.kind}_refused", now, None, request.customer_id, "refused")
            record_audit(session, event)
    if held:
        raise CustomerHeldError
    return request, customer


def records_of(request: PrivacyRequest) -> list[str]:
    """The ids of the customer's record and of those that are, or were, merged into it."""
    return [request.customer_id, *request.progress.get(_MERGED, [])]


def add_counts(request: PrivacyRequest, removed: Counter[str]) -> None:
    """Add to what was removed, by store."""
    counts = {name: dict(each) for name, each in request.counts.items()}
    for name, count in removed.items():
        store = counts.setdefault(name, {"removed": 0})
        store["removed"] = store.get("removed", 0) + count
    request.counts = counts


def finish(
    resources: Resources, request_id: str, left: Counter[str], kept: Mapping[str, int] | None = None, **changes: Any
) -> PrivacyRequest:
    """Close the request with what each store still holds and a signed receipt over all of it.

    Args:
        left: what each store still holds.
        kept: how much of ``left`` holds of other customers keep. While there is some, the request keeps what it is
            found by; once there is none, the request is closed anew, with another receipt.
    """
    now, key = resources.clock(), receipt_key(resources)
    with resources.database.transaction() as session:
        request = lock_request(session, request_id)
        counts = {name: dict(each) for name, each in request.counts.items()}
        for name, count in left.items():
            counts.setdefault(name, {"removed": 0})["left"] = count
        for name, count in (kept or {}).items():
            counts[name] = {each: of for each, of in counts[name].items() if each != "kept_by_hold"}
            if count:
                counts[name]["kept_by_hold"] = count
        quoted = {QUOTED: request.progress[QUOTED]} if left["quotes"] and QUOTED in request.progress else {}
        merged = {_MERGED: request.progress[_MERGED]} if _MERGED in request.progress else {}
        request.counts, request.progress, request.status = counts, quoted | merged, "done"
        if not left["mentions"]:
            request.person = {}
        request.finished_at = request.updated_at = now
        for name, value in changes.items():
            setattr(request, name, value)
        request.receipt = sign_receipt(key, _statement(request, now))
        event = AuditEvent(f"privacy.{request.kind}_done", now, None, request.customer_id, after={"id": request.id})
        record_audit(session, event)
    return request


def _statement(request: PrivacyRequest, now: datetime) -> dict[str, Any]:
    return {
        "request_id": request.id,
        "kind": request.kind,
        "customer_id": request.customer_id,
        **({_MERGED: records_of(request)[1:]} if _MERGED in request.progress else {}),
        "requested_by": request.requested_by,
        "requested_at": request.created_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "finished_at": now.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "stores": request.counts,
        "left": sum(each.get("left", 0) for each in request.counts.values()),
    }


def _unfinished(session: ReadSession, kind: Kind, customer_id: str) -> PrivacyRequest | None:
    mine = (PrivacyRequest.customer_id == customer_id) & (PrivacyRequest.kind == kind)
    row = session.scalar(select(PrivacyRequest).where(mine, PrivacyRequest.status.in_(_UNFINISHED)).limit(1))
    return row if isinstance(row, PrivacyRequest) else None
