"""Legal holds: while one is in force, nothing of the customer is erased, anonymized or forgotten by age."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, select

from support_copilot.customers.queries import get_customer
from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import LegalHold
from support_copilot.http.paging import PageRequest, paged
from support_copilot.identity.audit import AuditEvent, record_audit
from support_copilot.identity.principal import Principal
from support_copilot.kit.errors import ConflictError, NotFoundError
from support_copilot.kit.ids import is_id, new_id


class CustomerHeldError(ConflictError):
    code, title = "customer_held", "A legal hold keeps this customer's data until it is released"


class LegalHoldNotFoundError(NotFoundError):
    code, title = "legal_hold_not_found", "There is no legal hold with this id"


def is_held(session: ReadSession, customer_id: str) -> bool:
    """Whether a hold of this customer is in force."""
    in_force = (LegalHold.customer_id == customer_id) & LegalHold.released_at.is_(None)
    return session.scalar(select(LegalHold.id).where(in_force).limit(1)) is not None


def not_held(customer_id: Any) -> ColumnElement[bool]:
    """A condition for queries: no hold in force names the customer of the row."""
    return ~exists().where(LegalHold.customer_id == customer_id, LegalHold.released_at.is_(None))


def place_hold(session: WriteSession, customer_id: str, reason: str, principal: Principal, now: datetime) -> LegalHold:
    """Put a hold on a customer.

    Raises:
        CustomerNotFoundError: no customer has this id.
    """
    get_customer(session, customer_id)
    hold = LegalHold(
        id=new_id("legal_hold"), customer_id=customer_id, reason=reason, created_by=principal.id, created_at=now
    )
    session.add(hold)
    record_audit(session, AuditEvent("privacy.hold_placed", now, principal, customer_id, after={"id": hold.id}))
    return hold


def release_hold(session: WriteSession, hold_id: str, principal: Principal, now: datetime) -> LegalHold:
    """End a hold; one that has ended stays as it is.

    Raises:
        LegalHoldNotFoundError: no hold has this id.
    """
    hold = session.lock(LegalHold, hold_id) if is_id(hold_id, "legal_hold") else None
    if hold is None:
        raise LegalHoldNotFoundError
    if hold.released_at is None:
        hold.released_by, hold.released_at = principal.id, now
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
