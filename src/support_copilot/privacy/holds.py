"""Legal holds: while one is in force, nothing of the customer is erased, anonymized, masked or forgotten by age."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, exists, func, select, true

from support_copilot.customers.merging import PrivacyRequestRunningError, lock_survivor
from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import Customer, Incident, Issue, LegalHold, PrivacyRequest
from support_copilot.db.outbox import enqueue
from support_copilot.http.paging import PageRequest, paged
from support_copilot.identity.audit import AuditEvent, record_audit
from support_copilot.identity.principal import Principal
from support_copilot.kit.errors import NotFoundError
from support_copilot.kit.ids import is_id, new_id

#: Work that ends in files waits for readers to let go of old states of the database: rather many short tries than a
#: burial.
ATTEMPTS: Final = 30
#: What masks in records of a customer who was held what a forgotten person left there.
MASK_KEPT: Final = "privacy.mask_kept"


class LegalHoldNotFoundError(NotFoundError):
    code, title = "legal_hold_not_found", "There is no legal hold with this id"


def not_held(customer_id: Any) -> ColumnElement[bool]:
    """A condition for queries: no hold in force names the customer of the row."""
    return ~exists().where(LegalHold.customer_id == customer_id, LegalHold.released_at.is_(None))


def unheld(model: type[Any]) -> ColumnElement[bool]:
    """A condition for queries of a table: no hold in force keeps the row as a record of its customer.

    A customer's records are the row itself, the issues with all that belongs to them, and the title of an incident that
    has the words of one of these. What belongs to no customer, such as an article, is never held.
    """
    if model is Customer:
        return not_held(func.coalesce(Customer.merged_into_id, Customer.id))
    if model is Issue:
        return not_held(Issue.customer_id)
    issue_id = Incident.title_of if model is Incident else getattr(model, "issue_id", None)
    if issue_id is None:
        return true()
    held = (LegalHold.customer_id == Issue.customer_id) & LegalHold.released_at.is_(None)
    return ~exists().where(Issue.id == issue_id, held)


def place_hold(session: WriteSession, customer_id: str, reason: str, principal: Principal, now: datetime) -> LegalHold:
    """Put a hold on a customer; one on a record that is merged is one on the customer, with all their records.

    Raises:
        CustomerNotFoundError: no customer has this id.
        PrivacyRequestRunningError: part of the customer's data is gone already.
    """
    # Whoever begins an erasure locks the customer as well: it sees the hold, or is seen here.
    customer_id = lock_survivor(session, customer_id).id
    going = (PrivacyRequest.customer_id == customer_id) & (PrivacyRequest.status == "running")
    running = session.scalar(select(PrivacyRequest.id).where(going, PrivacyRequest.kind != "export").limit(1))
    if running is not None:
        raise PrivacyRequestRunningError(f"A hold would keep nothing now: request {running} is under way.")
    hold = LegalHold(
        id=new_id("legal_hold"), customer_id=customer_id, reason=reason, created_by=principal.id, created_at=now
    )
    session.add(hold)
    record_audit(session, AuditEvent("privacy.hold_placed", now, principal, customer_id, after={"id": hold.id}))
    return hold


def release_hold(session: WriteSession, hold_id: str, principal: Principal, now: datetime) -> LegalHold:
    """End a hold; one that has ended stays as it is. What it kept of people who were forgotten meanwhile goes in a job.

    Raises:
        LegalHoldNotFoundError: no hold has this id.
    """
    hold = session.lock(LegalHold, hold_id) if is_id(hold_id, "legal_hold") else None
    if hold is None:
        raise LegalHoldNotFoundError
    if hold.released_at is None:
        hold.released_by, hold.released_at = principal.id, now
        enqueue(session, MASK_KEPT, {}, now=now, dedupe_key=MASK_KEPT, max_attempts=ATTEMPTS)
        record_audit(
            session, AuditEvent("privacy.hold_released", now, principal, hold.customer_id, after={"id": hold.id})
        )
    return hold


def list_holds(session: ReadSession, page: PageRequest, *, in_force: bool) -> Sequence[LegalHold]:
    """One page of holds and one row more, newest first."""
    query = select(LegalHold)
    if in_force:
        query = query.where(LegalHold.released_at.is_(None))
    return list(session.scalars(paged(query, page, LegalHold.created_at, LegalHold.id)))
