"""One record that was found, with what tells it from others like it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from support_copilot.db.engine import ReadSession
from support_copilot.db.models import Customer, Issue
from support_copilot.issues.schemas import issue_key

Kind = Literal["issue", "customer", "article", "template"]


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """Who was found, or whose issue."""

    name: str | None
    email: str | None
    company: str | None
    plan: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """One record, best first. ``score`` compares records of one kind within one answer only."""

    kind: Kind
    id: str
    title: str
    snippet: str
    score: float
    status: str | None
    #: Only of issues.
    key: str | None = None
    severity: str | None = None
    customer: FoundPerson | None = None
    created_at: datetime | None = None


def person(customer: Customer) -> Found:
    """A customer as one that was found."""
    known = [part for part in (customer.email, customer.plan) if part]
    title = customer.name or customer.email or customer.external_id or customer.id
    return Found(
        "customer", customer.id, title, " · ".join(known), 1.0, None,
        customer=_person(customer), created_at=customer.created_at,
    )  # fmt: skip


def told_of(session: ReadSession, issue_ids: Collection[str]) -> dict[str, tuple[Issue, Customer | None]]:
    """The rows of these issues by their ids, each with whose it is."""
    issues = list(session.scalars(select(Issue).where(Issue.id.in_(issue_ids))))
    theirs = {row.customer_id for row in issues if row.customer_id}
    customers = {row.id: row for row in session.scalars(select(Customer).where(Customer.id.in_(theirs)))}
    return {row.id: (row, customers.get(row.customer_id or "")) for row in issues}


def described(found: Found, told: tuple[Issue, Customer | None] | None) -> Found:
    """An issue that was found, with key, severity and customer."""
    if told is None:
        return found
    issue, customer = told
    return replace(
        found, key=issue_key(issue.id, issue.external_id), severity=issue.severity, created_at=issue.created_at,
        customer=_person(customer) if customer else None,
    )  # fmt: skip


def _person(customer: Customer) -> FoundPerson:
    return FoundPerson(customer.name, customer.email, customer.company, customer.plan)
