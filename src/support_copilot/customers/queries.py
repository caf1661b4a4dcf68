"""All SQL about customers and their past."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import case, func, or_, select

from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import Customer, Issue
from support_copilot.http.paging import PageRequest, paged
from support_copilot.issues.queries import ENDED
from support_copilot.kit.errors import NotFoundError
from support_copilot.kit.ids import is_id

MAX_HISTORY = 200


class CustomerNotFoundError(NotFoundError):
    code, title = "customer_not_found", "There is no customer with this id"


@dataclass(frozen=True, slots=True)
class PastIssue:
    """One issue of a customer's past, without its texts."""

    id: str
    subject: str
    category: str | None
    status: str
    severity: str | None
    created_at: datetime
    resolved_at: datetime | None
    reopened_count: int
    rating: int | None


@dataclass(frozen=True, slots=True)
class CustomerHistory:
    """A customer's issues, newest first, at most ``MAX_HISTORY``; ``total`` and ``open`` count all of them."""

    issues: tuple[PastIssue, ...]
    total: int
    open: int


def get_customer(session: ReadSession, customer_id: str) -> Customer:
    """The customer's row.

    Raises:
        CustomerNotFoundError: no customer has this id.
    """
    customer = session.get(Customer, customer_id) if is_id(customer_id, "customer") else None
    if customer is None:
        raise CustomerNotFoundError
    return customer


def lock_customer(session: WriteSession, customer_id: str) -> Customer:
    """The customer's row, locked until the transaction ends.

    Raises:
        CustomerNotFoundError: no customer has this id.
    """
    customer = session.lock(Customer, customer_id) if is_id(customer_id, "customer") else None
    if customer is None:
        raise CustomerNotFoundError
    return customer


def find_customer(
    session: ReadSession, *, reference: tuple[str, str] | None = None, email: str | None = None
) -> Customer | None:
    """The customer another desk knows by ``reference`` (source, id), else the oldest one with this address.

    Somebody known under another id of the same source is another person, even with the same address: a
    family or a team may share one.
    """
    if reference is not None:
        source, external_id = reference
        known = session.scalar(
            select(Customer).where(Customer.external_source == source, Customer.external_id == external_id)
        )
        if isinstance(known, Customer):
            return known
    if email is None:
        return None
    query = select(Customer).where(Customer.email == email.lower()).order_by(Customer.created_at, Customer.id)
    if reference is not None:
        query = query.where(or_(Customer.external_source.is_(None), Customer.external_source != reference[0]))
    row = session.scalar(query.limit(1))
    return row if isinstance(row, Customer) else None


def list_customers(session: ReadSession, email: str | None, page: PageRequest) -> Sequence[Customer]:
    """One page of customers and one row more, newest first."""
    query = select(Customer)
    if email is not None:
        query = query.where(Customer.email == email)
    return list(session.scalars(paged(query, page, Customer.created_at, Customer.id)))


def search_customers(session: ReadSession, text: str, *, limit: int) -> Sequence[Customer]:
    """Customers whose name, address or external id holds the text, in any case; names that begin with it first."""
    wanted = text.lower()
    name = func.lower(Customer.name)
    holds = or_(
        name.contains(wanted, autoescape=True),
        Customer.name.contains(text, autoescape=True),  # SQLite lowers ASCII letters only
        Customer.email.contains(wanted, autoescape=True),
        Customer.external_id == text,
    )
    begins = case((name.startswith(wanted, autoescape=True), 0), else_=1)
    query = select(Customer).where(holds).order_by(begins, Customer.created_at.desc(), Customer.id).limit(limit)
    return list(session.scalars(query))


def customer_history(
    session: ReadSession, customer_id: str, *, before: datetime | None = None, exclude_issue_id: str | None = None
) -> CustomerHistory:
    """What the customer wrote in about so far.

    Args:
        before: only issues that came before this moment.
        exclude_issue_id: the issue in hand.
    """
    past = [Issue.customer_id == customer_id]
    if before is not None:
        past.append(Issue.created_at < before)
    if exclude_issue_id is not None:
        past.append(Issue.id != exclude_issue_id)
    columns = [getattr(Issue, field.name) for field in fields(PastIssue)]
    newest_first = select(*columns).where(*past).order_by(Issue.created_at.desc(), Issue.id.desc()).limit(MAX_HISTORY)
    issues = tuple(PastIssue(**row) for row in session.execute(newest_first).mappings())
    if len(issues) < MAX_HISTORY:
        return CustomerHistory(issues, len(issues), sum(issue.status not in ENDED for issue in issues))
    total = session.scalar(select(func.count()).select_from(Issue).where(*past))
    still_open = session.scalar(select(func.count()).select_from(Issue).where(*past, Issue.status.not_in(ENDED)))
    return CustomerHistory(issues, int(total), int(still_open))
