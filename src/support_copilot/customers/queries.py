"""All SQL about customers and their past."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.functions import is_nothing
from support_copilot.db.models import Customer, CustomerWord, Issue
from support_copilot.db.models.customers import WORDS_PURPOSE, found_by, token_of
from support_copilot.http.paging import PageRequest, paged
from support_copilot.identity.visibility import CustomerNotFoundError, Sees, seen_customer, seen_issue
from support_copilot.issues.queries import ENDED
from support_copilot.kit.contact import beginnings, beginnings_asked, normal_email, normal_phone, words_of
from support_copilot.kit.ids import is_id

CustomerSort = Literal["newest", "oldest"]
MAX_HISTORY = 200
#: So many of the newest customers with the words asked for are decrypted and looked at.
_MOST_LIKELY = 500
#: Of those asked for, so many more are looked at, since several may be of one customer.
_RECORDS_A_CUSTOMER = 5
_SURVIVOR_ID = func.coalesce(Customer.merged_into_id, Customer.id)


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


def lock_customers(session: WriteSession, customer_ids: Collection[str]) -> None:
    """Lock those of these customers that exist until the transaction ends, always in the same order."""
    query = select(Customer.id).where(Customer.id.in_(customer_ids)).order_by(Customer.id)
    session.execute(query.with_for_update())


def find_customer(
    session: ReadSession, *, reference: tuple[str, str] | None = None, email: str | None = None
) -> Customer | None:
    """The record that another desk knows by ``reference`` (source, id), else the oldest one with this address.

    It may be merged into another one (``merging.survivor_of``). Somebody known under another id of the same source is
    another person, even with the same address: a family or a team may share one.
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
    query = select(Customer).where(has_email(session, email)).order_by(Customer.created_at, Customer.id)
    if reference is not None:
        query = query.where(~_known_at(reference[0]))
    row = session.scalar(query.limit(1))
    return row if isinstance(row, Customer) else None


def list_customers(
    session: ReadSession, email: str | None, page: PageRequest, sees: Sees = None, sort: CustomerSort = "newest"
) -> Sequence[Customer]:
    """One page of customers and one row more; by an address also whom another record has it of."""
    query = select(Customer).where(is_nothing(Customer.merged_into_id))
    if email is not None:
        seen = true() if sees is None else seen_customer(sees)
        query = query.where(Customer.id.in_(select(_SURVIVOR_ID).where(has_email(session, email), seen)))
    if sees is not None:
        query = query.where(seen_customer(sees))
    newest_first = sort == "newest"
    return list(session.scalars(paged(query, page, Customer.created_at, Customer.id, newest_first=newest_first)))


def found_in_order(
    session: ReadSession, text: str, *, limit: int, sees: Sees = None, sort: CustomerSort | None = None
) -> Sequence[Customer]:
    """``search_customers``, in an order where one is asked for: the newest or oldest of all that are likely."""
    if sort is None:
        return search_customers(session, text, limit=limit, sees=sees)
    found = search_customers(session, text, limit=_MOST_LIKELY, sees=sees)
    return sorted(found, key=lambda row: (row.created_at, row.id), reverse=sort == "newest")[:limit]


def search_customers(session: ReadSession, text: str, *, limit: int, sees: Sees = None) -> Sequence[Customer]:
    """Customers by what a person types: the beginnings of words of name, address or company in any order, case and
    accent, a whole address, telephone number or external id. Names that begin with the text come first, then companies
    that do, then the newest.

    These are encrypted: they are found by keyed hashes of beginnings of words, so the middle of a word finds nothing,
    and one or two letters find only whole words unless a longer word stands beside them. Whoever is found by a record
    that is merged is there as the customer whom it is merged into.
    """
    found = search_records(session, text, limit=limit, sees=sees)
    into = {row.merged_into_id for row in found if row.merged_into_id}
    survivors = {row.id: row for row in session.scalars(select(Customer).where(Customer.id.in_(into)))} if into else {}
    called = [survivors.get(row.merged_into_id or "", row) for row in found]
    return list({row.id: row for row in called if row.merged_into_id is None}.values())[:limit]


def search_records(session: ReadSession, text: str, *, limit: int, sees: Sees = None) -> Sequence[Customer]:
    """The records that ``search_customers`` finds customers by, also those that are merged into another one."""
    words = words_of(text)
    seen = true() if sees is None else seen_customer(sees)
    exact = select(Customer).where(or_(*_exactly(session, text)), seen).limit(limit)
    found = {row.id: row for row in session.scalars(exact)}
    likely = (
        session.scalars(select(Customer).where(Customer.id.in_(ids_by_words(session, words)), seen)) if words else ()
    )
    found |= {row.id: row for row in likely if _has_words(row, words)}
    wanted = " ".join(words)
    newest_first = sorted(found.values(), key=lambda row: (row.created_at, row.id), reverse=True)
    newest_first.sort(key=lambda row: _begins_with(wanted, row))
    return newest_first[: limit * _RECORDS_A_CUSTOMER]


def _begins_with(wanted: str, row: Customer) -> int:
    """0 for a name that begins with these words, 1 for a company."""
    if " ".join(words_of(row.name or "")).startswith(wanted):
        return 0
    return 1 if " ".join(words_of(row.told_company or "")).startswith(wanted) else 2


def issues_of_company(
    session: ReadSession,
    customers: Sequence[Customer],
    text: str,
    *,
    conditions: Sequence[ColumnElement[bool]] = (),
    limit: int,
) -> Sequence[Issue]:
    """Issues of those of these customers, who were found by a text, whose company it names; open issues first.

    Args:
        conditions: what else holds of the issues, such as that they are seen.
    """
    words = words_of(text)
    theirs = [row.id for row in customers if company_has(row.told_company, words)]
    if not theirs:
        return []
    query = select(Issue).where(Issue.customer_id.in_(theirs), is_nothing(Issue.merged_into_id), *conditions)
    return list(
        session.scalars(query.order_by(Issue.status.in_(ENDED), Issue.created_at.desc(), Issue.id).limit(limit))
    )


def company_has(company: str | None, words: Sequence[str]) -> bool:
    """Whether a company has a word that is one of these or, from three letters on, begins with one."""
    known = set().union(*(beginnings(word) for word in words_of(company or "")))
    return any(beginnings_asked([word]) <= known for word in words)


def _known_at(source: str) -> ColumnElement[bool]:
    """Whether this other desk knows the person: by this record, the one it is merged into, or one merged into that."""
    survivor, part = aliased(Customer), aliased(Customer)
    return or_(
        and_(Customer.external_source.is_not(None), Customer.external_source == source),
        exists().where(survivor.id == Customer.merged_into_id, survivor.external_source == source),
        exists().where(part.merged_into_id == _SURVIVOR_ID, part.external_source == source),
    )


def has_email(session: ReadSession, email: str) -> ColumnElement[bool]:
    """Records with this address."""
    return Customer.email_index.in_(session.blind_indexes("customers.email", normal_email(email) or ""))


def has_phone(session: ReadSession, phone: str) -> ColumnElement[bool]:
    """Records with this number, however it is written."""
    return Customer.phone_index.in_(session.blind_indexes("customers.phone", normal_phone(phone) or ""))


def _exactly(session: ReadSession, text: str) -> list[ColumnElement[bool]]:
    """What the text names as a whole."""
    conditions: list[ColumnElement[bool]] = [Customer.external_id == text]
    if "@" in text:
        conditions.append(has_email(session, text))
    if normal_phone(text):
        conditions.append(has_phone(session, text))
    return conditions


def ids_by_words(session: ReadSession, words: Sequence[str]) -> set[str]:
    """The newest records that have a word beginning with each of these (and a few more, where hashes collide)."""
    asked = beginnings_asked(words)
    ids: set[str] = set()
    # One round a generation of keys: several only while keys are being rotated.
    for indexes in zip(*(session.blind_indexes(WORDS_PURPOSE, word) for word in asked), strict=False):
        query = (
            select(CustomerWord.customer_id)
            .where(CustomerWord.token.in_([token_of(index) for index in indexes]))
            .group_by(CustomerWord.customer_id)
            .having(func.count() == len(asked))
            .order_by(CustomerWord.customer_id.desc())
            .limit(_MOST_LIKELY)
        )
        ids |= set(session.scalars(query))
    return ids


def _has_words(customer: Customer, words: Sequence[str]) -> bool:
    known = found_by(customer.name, customer.email, customer.told_company)
    return all(any(have.startswith(word) for have in known) for word in words)


def issues_by_record(session: ReadSession, record_ids: Collection[str], sees: Sees = None) -> dict[str, int]:
    """How many issues that are seen came by each of these records, which are merged into a customer."""
    if not record_ids:
        return {}
    came_by = Issue.came_by_customer_id
    seen = true() if sees is None else seen_issue(sees)
    count = func.count().label("issues")
    query = select(came_by.label("id"), count).where(came_by.in_(record_ids), seen).group_by(came_by)
    return {row.id: row.issues for row in session.execute(query)}


def seen_records(session: ReadSession, record_ids: Collection[str], sees: Sees) -> set[str]:
    """Those of these records that are seen."""
    if sees is None or not record_ids:
        return set(record_ids)
    return set(session.scalars(select(Customer.id).where(Customer.id.in_(record_ids), seen_customer(sees))))


def customer_history(
    session: ReadSession, customer_id: str, *, before: datetime | None = None, exclude_issue_id: str | None = None
) -> CustomerHistory:
    """What the customer wrote in about so far.

    Args:
        before: only issues that came before this moment.
        exclude_issue_id: the issue in hand.
    """
    past = [Issue.customer_id == customer_id, is_nothing(Issue.merged_into_id)]
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
