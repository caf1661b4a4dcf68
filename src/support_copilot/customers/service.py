"""What may be done to a customer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, TypedDict

from sqlalchemy.exc import IntegrityError

from support_copilot.customers.filling import MOST_ATTRIBUTES, follow, known_of, touch
from support_copilot.customers.merging import CustomerMergedError, set_models_allowed, survivor_of
from support_copilot.customers.queries import find_customer, get_customer, lock_customer
from support_copilot.db.documents import next_seq
from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import Customer
from support_copilot.http.concurrency import check_version
from support_copilot.http.idempotency import CreateRequest, Creation, create_once
from support_copilot.identity.visibility import CustomerNotFoundError
from support_copilot.kit.errors import ConflictError, InvalidRequestError
from support_copilot.kit.ids import new_id
from support_copilot.resources import Resources


class ReferenceTakenError(ConflictError):
    code, title = "external_ref_taken", "Another customer has this external reference"


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """A customer as somebody names one: by ``id``, by reference, by address, or only by name.

    ``email`` is lower-cased and checked by whoever read it (``http.fields.read_email``).
    """

    id: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    plan: str | None = None
    value_amount: Decimal | None = None
    value_currency: str | None = None
    language: str | None = None
    notes: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    language_model_allowed: bool = True
    external_source: str | None = None
    external_id: str | None = None
    created_at: datetime | None = None

    @property
    def reference(self) -> tuple[str, str] | None:
        """Source and id at another desk, where both are given."""
        return (self.external_source, self.external_id) if self.external_source and self.external_id else None


class CustomerChanges(TypedDict, total=False):
    """Fields of an edit; one that is absent stays as it is."""

    name: str | None
    email: str | None
    phone: str | None
    plan: str | None
    value_amount: Decimal | None
    value_currency: str | None
    language: str | None
    company: str | None
    notes: str | None
    attributes: Mapping[str, Any]
    language_model_allowed: bool
    external_source: str | None
    external_id: str | None


def create_customer(resources: Resources, new: NewCustomer, key: str | None, body_fingerprint: str) -> Creation:
    """Store a customer once; the same external reference again answers with the customer that is there.

    Raises:
        InvalidRequestError: neither name nor address nor reference.
        IdempotencyKeyReusedError: the key came before with another body.
    """
    _check_named(new, "name")
    now = resources.clock()
    return create_once(
        resources.database,
        CreateRequest("customers", key, body_fingerprint),
        existing=lambda session: _id_by_reference(session, new),
        make=lambda session: insert_customer(session, new, now=now).id,
        now=now,
    )


def insert_customer(session: WriteSession, new: NewCustomer, *, now: datetime) -> Customer:
    """Store a customer without looking whether one like it is there.

    Raises:
        sqlalchemy.exc.IntegrityError: the external reference is taken.
    """
    created_at = new.created_at or now
    customer = Customer(
        id=new_id("customer"), name=new.name, email=new.email, phone=new.phone, plan=new.plan,
        value_amount=new.value_amount, value_currency=new.value_currency, language=new.language, notes=new.notes,
        attributes=dict(new.attributes), language_model_allowed=new.language_model_allowed,
        external_source=new.external_source, external_id=new.external_id, created_at=created_at,
        updated_at=created_at, version=1,
    )  # fmt: skip
    session.add(customer)
    session.flush()
    return customer


def find_or_create_customer(session: WriteSession, new: NewCustomer, *, now: datetime) -> Customer:
    """The record meant, found by id, else by reference, else by address; stored when there is none yet.

    It may be merged into another one, whose issue it becomes then: ``merging.lock_survivor_of``.
    What is known of a customer is not overwritten; only an address or a name that was missing is filled in. That they
    do not want a model to read what they write is taken from whoever says it; that they do, from an edit alone.

    Raises:
        InvalidRequestError: ``id`` names no customer, or there is nothing to tell the customer by.
        sqlalchemy.exc.IntegrityError: another request stored the same reference at this moment; try again.
    """
    if new.id is not None:
        return _named_by_id(session, new.id)
    _check_named(new, "customer")
    found = find_customer(session, reference=new.reference, email=new.email)
    if found is None and new.email is not None:
        # Addresses are not unique by constraint (families share them), so two requests at once would store two
        # customers: wait until the other writer has ended, then look again.
        next_seq(session, 0)
        found = find_customer(session, reference=new.reference, email=new.email)
    if found is None:
        return insert_customer(session, new, now=now)
    if (found.name is None and new.name) or (found.email is None and new.email):
        before = known_of(found)
        found.name, found.email = found.name or new.name, found.email or new.email
        touch(found, now)
        if found.merged_into_id:
            follow(session, found, before, now)
    if found.language_model_allowed and not new.language_model_allowed:
        set_models_allowed(session, found, now, allowed=False)
    return found


def known_customer(session: ReadSession, named: NewCustomer | None) -> Customer | None:
    """The customer meant, as they go on where they are merged; one that is not stored where nobody is known so.

    Raises:
        CustomerNotFoundError: the id names nobody.
    """
    if named is None:
        return None
    if named.id is not None:
        return survivor_of(session, get_customer(session, named.id))
    known = find_customer(session, reference=named.reference, email=named.email)
    return survivor_of(session, known) if known else _newcomer(named)


def edit_customer(
    session: WriteSession, customer_id: str, changes: CustomerChanges, *, if_match: str | None = None, now: datetime
) -> Customer:
    """Change fields of a customer.

    Raises:
        CustomerNotFoundError: no customer has this id.
        CustomerMergedError: it is merged into another one.
        StaleVersionError: the customer changed since ``if_match`` was read.
        ReferenceTakenError: another customer has the external reference given.
        InvalidRequestError: nothing would be left to tell the customer by, or there would be too many attributes.
    """
    customer = lock_customer(session, customer_id)
    check_version(if_match, customer.version)
    if customer.merged_into_id is not None:
        raise CustomerMergedError(f"The customer is merged into {customer.merged_into_id}; change that one.")
    if not changes:
        return customer
    # The company is one of the attributes: all of these first.
    for name, value in sorted(changes.items(), key=lambda change: change[0] == "company"):
        setattr(customer, name, value)
    if len(customer.attributes) > MOST_ATTRIBUTES and "company" in changes:
        raise InvalidRequestError.of_field("company", "too_long", "has no room beside that many attributes")
    if "language_model_allowed" in changes:
        set_models_allowed(session, customer, now, allowed=customer.language_model_allowed)
    if not (customer.name or customer.email or customer.external_id):
        raise InvalidRequestError.of_field("name", "missing", "a customer keeps a name, an address or a reference")
    touch(customer, now)
    try:
        session.flush()
    except IntegrityError as error:
        raise ReferenceTakenError from error
    return customer


def _newcomer(named: NewCustomer) -> Customer:
    """A customer nobody knows yet, as far as the request tells; never stored as it is."""
    return Customer(
        name=named.name, email=named.email, phone=named.phone, external_id=named.external_id, plan=named.plan,
        value_amount=named.value_amount, value_currency=named.value_currency, notes=named.notes,
        language_model_allowed=named.language_model_allowed,
    )  # fmt: skip


def _named_by_id(session: ReadSession, customer_id: str) -> Customer:
    try:
        return get_customer(session, customer_id)
    except CustomerNotFoundError as error:
        raise InvalidRequestError.of_field("customer.id", "unknown_customer", "names no customer") from error


def _check_named(new: NewCustomer, field_name: str) -> None:
    if not (new.name or new.email or new.reference):
        raise InvalidRequestError.of_field(field_name, "missing", "give a name, an e-mail address or a reference")


def _id_by_reference(session: ReadSession, new: NewCustomer) -> str | None:
    found = find_customer(session, reference=new.reference) if new.reference else None
    return found.id if found else None
