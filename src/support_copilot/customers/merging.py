"""Customers that have two records: one merged into the other one, and taken out again.

The record that is merged stays as it is, with its own address and reference, so that whatever comes by them is found;
its issues become those of the other one, and each remembers by which record it came. See docs/decisions/0026.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import case, or_, select, update
from sqlalchemy.orm import aliased

from support_copilot.customers.filling import fill, follow, give_back, known_of, parts_of, renew_known, touch
from support_copilot.customers.queries import get_customer, lock_customer
from support_copilot.db.documents import change_filters_of
from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.functions import is_nothing
from support_copilot.db.models import Customer, Issue, LegalHold, PrivacyRequest
from support_copilot.db.outbox import enqueue
from support_copilot.identity.audit import AuditEvent, record_audit
from support_copilot.identity.principal import Principal
from support_copilot.issues.queries import ENDED
from support_copilot.kit.errors import ConflictError

#: Records that are merged into one customer.
MOST_MERGED: Final = 100
#: Issues that change hands in one transaction, which other writers wait for.
MOST_MOVED: Final = 2_000
#: So many open issues get a new panel at once; others when somebody looks or the customer writes.
_ANALYZED: Final = 50
_BATCH: Final = 500


class CustomerMergedError(ConflictError):
    code, title = "customer_merged", "The customer is merged into another one; change that one"


class CustomerMergeCircleError(ConflictError):
    code, title = "customer_merge_circle", "The other customer is merged into this one; take it out first"


class CustomerMergedElsewhereError(ConflictError):
    code, title = "customer_merged_elsewhere", "Somebody merged the customer into another one meanwhile; it stays there"


class CustomerMergeBusyError(ConflictError):
    code, title = "customer_merge_busy", "Somebody merges one of these customers at this moment; look once more"


class MergeAnonymizedError(ConflictError):
    code, title = "merge_anonymized", "One of them is anonymized: nobody can tell who it was"


class CustomerFullError(ConflictError):
    code, title = "customer_full", "The customers have too much to be merged"


class CustomerIssuesMergedError(ConflictError):
    code, title = "customer_issues_merged", "Issues of both are merged with each other; take these apart first"


class CustomerHeldError(ConflictError):
    code, title = "customer_held", "A legal hold keeps this customer's data until it is released"


class PrivacyRequestRunningError(ConflictError):
    code, title = "privacy_request_running", "The customer is being exported, erased or anonymized at this moment"


@dataclass(frozen=True, slots=True)
class Pair:
    """A customer and the one that it is merged into, or is to be, with what is merged into either; all locked."""

    customer: Customer
    survivor: Customer
    parts: Sequence[Customer]
    survivors_parts: Sequence[Customer]

    @property
    def ids(self) -> list[str]:
        return [row.id for row in (self.customer, self.survivor, *self.parts, *self.survivors_parts)]


def lock_pair(session: WriteSession, customer_id: str, into_id: str) -> Pair:
    """Lock a customer, the one that another is merged into, or is itself, and all their parts, in one order for all.

    Raises:
        CustomerNotFoundError: one of them is not there.
        CustomerMergeBusyError: one of them was merged elsewhere meanwhile.
    """
    survivor_id = get_customer(session, into_id).merged_into_id or into_id
    get_customer(session, customer_id)
    roots = {customer_id, survivor_id}
    parts = set(session.scalars(select(Customer.id).where(Customer.merged_into_id.in_(roots))))
    rows = select(Customer).where(Customer.id.in_(roots | parts | {into_id})).order_by(Customer.id).with_for_update()
    locked = {row.id: row for row in session.scalars(rows.execution_options(populate_existing=True))}
    now = set(session.scalars(select(Customer.id).where(Customer.merged_into_id.in_(roots))))
    survivor = locked.get(survivor_id)
    if customer_id not in locked or survivor is None or survivor.merged_into_id is not None or now - locked.keys():
        raise CustomerMergeBusyError
    if into_id != survivor_id and (into_id not in locked or locked[into_id].merged_into_id != survivor_id):
        raise CustomerMergeBusyError
    return Pair(
        locked[customer_id], survivor, parts_of(session, customer_id),
        [part for part in parts_of(session, survivor_id) if part.id != customer_id],
    )  # fmt: skip


def lock_survivor_of(session: WriteSession, customer: Customer) -> Customer:
    """The customer who gets what comes for this one, who may be merged; nobody merges them until the transaction ends.

    Raises:
        CustomerMergeBusyError: they are merged and taken apart again and again at this moment.
    """
    for _ in range(3):
        into = customer.merged_into_id
        ids = {customer.id, into or customer.id}
        shared = select(Customer.id, Customer.merged_into_id).where(Customer.id.in_(ids)).order_by(Customer.id)
        found = {row.id: row.merged_into_id for row in session.execute(shared.with_for_update(read=True))}
        if found.keys() >= ids and found[customer.id] == into and (into is None or found[into] is None):
            return customer if into is None else get_customer(session, into)
        session.refresh(customer)
    raise CustomerMergeBusyError


def lock_survivor(session: WriteSession, customer_id: str) -> Customer:
    """The customer that a record belongs to, locked until the transaction ends.

    Raises:
        CustomerNotFoundError: no customer has this id.
        CustomerMergeBusyError: it is merged and taken apart again and again at this moment.
    """
    for _ in range(3):
        customer = lock_customer(session, get_customer(session, customer_id).merged_into_id or customer_id)
        if customer.merged_into_id is None and survivor_of(session, get_customer(session, customer_id)) is customer:
            return customer
        session.refresh(get_customer(session, customer_id))
    raise CustomerMergeBusyError


def survivor_of(session: ReadSession, customer: Customer) -> Customer:
    """The customer that a record belongs to: the one that it is merged into, or itself."""
    return get_customer(session, customer.merged_into_id) if customer.merged_into_id else customer


def merge_customer(session: WriteSession, pair: Pair, principal: Principal, now: datetime) -> bool:
    """Merge a locked customer, with what was merged into it, into another one; False where it is merged already.

    Raises:
        CustomerMergedError: it is merged into a third one.
        CustomerMergeCircleError: the other one is merged into it.
        MergeAnonymizedError, CustomerHeldError, PrivacyRequestRunningError: what is kept or forgotten stays by itself.
        CustomerFullError: the other one would hold more records, or there are more issues than may move at once.
    """
    customer, survivor = pair.customer, pair.survivor
    if customer.id == survivor.id:
        raise CustomerMergeCircleError
    if customer.merged_into_id == survivor.id:
        return False
    if customer.merged_into_id is not None:
        raise CustomerMergedError(f"The customer is merged into {customer.merged_into_id} already.")
    _check_free(session, pair)
    moved = _issues_of(session, customer.id)
    if len(pair.survivors_parts) + len(pair.parts) >= MOST_MERGED:
        raise CustomerFullError(f"A customer holds at most {MOST_MERGED} merged records.")
    _check_room(moved)
    customer.merge_record = {"into": survivor.id, "by": principal.id, "at": now.isoformat()}
    for part in (customer, *pair.parts):
        part.merged_into_id = survivor.id
        touch(part, now)
    fill(customer, survivor)
    _agree_on_models(customer, survivor, *pair.parts, *pair.survivors_parts)
    touch(survivor, now)
    customer.also_known = {}
    renew_known(session, survivor)
    came_by = case((Issue.came_by_customer_id.is_(None), customer.id), else_=Issue.came_by_customer_id)
    _move(session, moved, {"customer_id": survivor.id, "came_by_customer_id": came_by}, now)
    _record(session, "customer.merged", pair, len(moved), principal, now)
    _analyze_anew(session, [survivor.id], now)
    return True


def unmerge_customer(session: WriteSession, pair: Pair, principal: Principal, now: datetime) -> None:
    """Take a locked customer out of the locked one that it is merged into, with what came along and its issues.

    What it gave to the other one is given back where nobody changed it since. That the person does not want a
    language model to read stays with both: an edit alone allows it.

    Raises:
        CustomerIssuesMergedError: issues of both are merged with each other.
        MergeAnonymizedError, CustomerHeldError, PrivacyRequestRunningError: what is kept or forgotten stays whole.
        CustomerFullError: there are more issues than may move at once.
    """
    customer, survivor = pair.customer, pair.survivor
    _check_free(session, pair)
    below = _below(customer, pair.survivors_parts)
    going = going_with(customer, pair.survivors_parts)
    moved = _issues_of(session, survivor.id, going)
    _check_room(moved)
    _check_apart(session, survivor.id, going)
    _take_back(session, customer, now)
    customer.merged_into_id, customer.merge_record = None, {}
    for part in below:
        part.merged_into_id = customer.id
    for row in (customer, survivor, *below):
        touch(row, now)
    for row in (customer, survivor):
        renew_known(session, row)
    came_by = case((Issue.came_by_customer_id == customer.id, None), else_=Issue.came_by_customer_id)
    _move(session, moved, {"customer_id": customer.id, "came_by_customer_id": came_by}, now)
    _record(session, "customer.unmerged", pair, len(moved), principal, now)
    _analyze_anew(session, [customer.id, survivor.id], now)


def set_models_allowed(session: WriteSession, customer: Customer, now: datetime, *, allowed: bool) -> None:
    """Take a person's word on language models for all their records: they mean themselves, not an address."""
    root = customer.merged_into_id or customer.id
    rows = select(Customer).where(or_(Customer.id == root, Customer.merged_into_id == root)).order_by(Customer.id)
    for row in {customer.id: customer, **{row.id: row for row in session.scalars(rows.with_for_update())}}.values():
        if row.language_model_allowed != allowed:
            row.language_model_allowed = allowed
            touch(row, now)


def issues_across(session: ReadSession, survivor_id: str, going: Collection[str]) -> list[tuple[str, str]]:
    """Issues, each with the one that it is merged into, of which one came by these records and the other did not."""
    into = aliased(Issue)
    comes, stays = _came_by(Issue, going), _came_by(into, going)
    query = (
        select(Issue.id, into.id.label("into"))
        .join(into, into.id == Issue.merged_into_id)
        .where(Issue.customer_id == survivor_id, comes != stays)
    )
    return [(row.id, row.into) for row in session.execute(query.order_by(Issue.id))]


def going_with(customer: Customer, survivors_parts: Sequence[Customer]) -> list[str]:
    """The ids of a merged record and of those that came by way of it."""
    return [customer.id, *(part.id for part in _below(customer, survivors_parts))]


def is_held(session: ReadSession, *customer_ids: str) -> bool:
    """Whether a hold of one of these customers is in force."""
    in_force = LegalHold.customer_id.in_(customer_ids) & LegalHold.released_at.is_(None)
    return session.scalar(select(LegalHold.id).where(in_force).limit(1)) is not None


def _came_by(issue: Any, going: Collection[str]) -> Any:
    return case((issue.came_by_customer_id.in_(going), 1), else_=0)


def _check_free(session: ReadSession, pair: Pair) -> None:
    if pair.customer.anonymized_at or pair.survivor.anonymized_at:
        raise MergeAnonymizedError
    if is_held(session, *pair.ids):
        raise CustomerHeldError("A legal hold keeps one of these customers as they are until it is released.")
    asked = PrivacyRequest.customer_id.in_(pair.ids) & PrivacyRequest.status.in_(("queued", "running"))
    if session.scalar(select(PrivacyRequest.id).where(asked).limit(1)) is not None:
        raise PrivacyRequestRunningError("One of them is being exported, erased or anonymized; try again afterwards.")


def _check_apart(session: ReadSession, survivor_id: str, going: Collection[str]) -> None:
    across = issues_across(session, survivor_id, going)
    if across:
        named = ", ".join(each for each, _ in across[:5])
        raise CustomerIssuesMergedError(f"Issues of both are merged with each other: take these apart first: {named}.")


def _check_room(moved: Sequence[str]) -> None:
    if len(moved) > MOST_MOVED:
        raise CustomerFullError(f"More than {MOST_MOVED:,} issues would change hands at once.")


def _issues_of(session: ReadSession, customer_id: str, came_by: Collection[str] | None = None) -> list[str]:
    query = select(Issue.id).where(Issue.customer_id == customer_id)
    if came_by is not None:
        query = query.where(Issue.came_by_customer_id.in_(came_by))
    return list(session.scalars(query.order_by(Issue.id).limit(MOST_MOVED + 1)))


def _move(session: WriteSession, issue_ids: Sequence[str], values: dict[str, Any], now: datetime) -> None:
    """Open pages read open issues anew; of the others only whose they are is changed."""
    seen = {
        "version": case((Issue.status.in_(ENDED), Issue.version), else_=Issue.version + 1),
        "updated_at": case((or_(Issue.status.in_(ENDED), Issue.updated_at >= now), Issue.updated_at), else_=now),
    }
    for start in range(0, len(issue_ids), _BATCH):
        some = issue_ids[start : start + _BATCH]
        changed = update(Issue).where(Issue.id.in_(some)).values(values | seen)
        session.execute(changed.execution_options(synchronize_session=False))
    change_filters_of(session, issue_ids, {"customer_id": values["customer_id"]})


def _agree_on_models(*records: Customer) -> None:
    """Who does not want a language model to read does not want it by any address."""
    if not all(row.language_model_allowed for row in records):
        for row in records:
            row.language_model_allowed = False


def _take_back(session: WriteSession, customer: Customer, now: datetime) -> None:
    """Have the record that the customer was merged into, and those beyond it, give back what came from here."""
    target = session.get(Customer, customer.merge_record.get("into", ""))
    if target is None:
        return
    before = known_of(target)
    emptied = give_back(customer, target)
    for part in _merged_into(session, target):
        if part.id != customer.id:
            fill(part, target, emptied)  # what another one knows as well
    if known_of(target) != before:
        touch(target, now)
        follow(session, target, before, now)


def _merged_into(session: ReadSession, target: Customer) -> list[Customer]:
    """The records that were merged into this one itself, which may be merged too by now."""
    parts = parts_of(session, target.merged_into_id or target.id)
    return [part for part in parts if part.merge_record.get("into") == target.id]


def _below(customer: Customer, parts: Sequence[Customer]) -> list[Customer]:
    """Those that came by way of this record: merged into it, or into one that was."""
    found = {customer.id: customer}
    while joining := [part for part in parts if part.id not in found and part.merge_record.get("into") in found]:
        found |= {part.id: part for part in joining}
    return [part for part in found.values() if part is not customer]


def _record(session: WriteSession, action: str, pair: Pair, count: int, principal: Principal, now: datetime) -> None:
    customer, survivor = pair.customer, pair.survivor
    for target, after in ((customer, {"into": survivor.id}), (survivor, {"merged": customer.id})):
        record_audit(session, AuditEvent(action, now, principal, target.id, after=after | {"count": count}))


def _analyze_anew(session: WriteSession, customer_ids: Sequence[str], now: datetime) -> None:
    """What the panels of open issues say of the customer's past is another past now."""
    mine = Issue.customer_id.in_(customer_ids), Issue.status.not_in(ENDED), is_nothing(Issue.merged_into_id)
    newest = select(Issue.id).where(*mine).order_by(Issue.created_at.desc(), Issue.id.desc()).limit(_ANALYZED)
    for issue_id in list(session.scalars(newest)):
        enqueue(session, "analysis.analyze_issue", {"issue_id": issue_id, "refresh": True}, now=now)
