"""Whom a customer may be merged into: those who look like the same person first."""

from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher
from typing import Final, Literal

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, func, or_, select, true

from support_copilot.customers.queries import get_customer, has_email, has_phone, ids_by_words, search_customers
from support_copilot.db.engine import ReadSession
from support_copilot.db.functions import is_nothing
from support_copilot.db.models import Customer, Issue
from support_copilot.db.models.customers import KnownAs
from support_copilot.http.fields import ExternalRef
from support_copilot.identity.visibility import Sees, seen_customer, seen_issue
from support_copilot.kit.contact import normal_email, normal_phone, words_of

Why = Literal["same_email", "same_phone", "same_name", "like_email", "same_company"]
#: The surest first.
_WHYS: Final[tuple[Why, ...]] = ("same_email", "same_phone", "same_name", "like_email", "same_company")
#: So many are offered, of so many that share a word.
_SHOWN: Final = 30
_LOOKED_AT: Final = 500
#: Shorter parts of addresses and names are shared by chance.
_LEAST_CHARS: Final = 4
#: From here on two addresses differ by a letter or two.
_ALIKE: Final = 0.9
#: Words of addresses that are nobody's name.
_ANYBODY: Final = frozenset(
    {
        "mail", "info", "office", "support", "service", "contact", "kontakt", "sales", "admin", "team", "hello", "post",
        "invoice", "billing",
    }
)  # fmt: skip


class CustomerMergeTarget(BaseModel):
    """A customer that another one may be merged into."""

    id: str
    name: str | None
    email: str | None
    company: str | None
    plan: str | None
    external_ref: ExternalRef | None
    issues: int = Field(ge=0, description="How many issues of the customer you see.")
    why: Why | None = Field(description="What makes it likely that both are one person; null where nothing does.")


def customer_merge_targets(
    session: ReadSession, customer_id: str, words: str, sees: Sees = None
) -> list[CustomerMergeTarget]:
    """Customers who are not merged or anonymized, likely duplicates first, at most 30.

    Args:
        words: what a person typed, as in a search for customers; without any only likely duplicates are listed.

    Raises:
        CustomerNotFoundError: no customer has this id.
    """
    customer = get_customer(session, customer_id)
    own = customer.merged_into_id or customer.id
    rows = search_customers(session, words, limit=_SHOWN, sees=sees) if words else _alike(session, customer, sees)
    found = [
        (row, _why(customer, row, sees))
        for row in rows
        if row.id not in (own, customer.id) and row.anonymized_at is None
    ]
    if not words:
        found = [(row, why) for row, why in found if why is not None]
    found.sort(key=lambda each: _WHYS.index(each[1]) if each[1] else len(_WHYS))
    shown = found[:_SHOWN]
    issues = _issue_counts(session, [row.id for row, _ in shown], sees)
    return [_target(row, why, issues.get(row.id, 0)) for row, why in shown]


def _alike(session: ReadSession, customer: Customer, sees: Sees) -> list[Customer]:
    """Customers with a number, an address, or a word of name or address in common, the newest first."""
    known = _known(customer, sees)
    conditions: list[ColumnElement[bool]] = [Customer.id.in_(_ids_by_any_word(session, known))]
    conditions += [has_email(session, each.email) for each in known if each.email]
    numbers = (each.phone for each in known if each.phone and normal_phone(each.phone))
    conditions += [has_phone(session, number) for number in numbers]
    seen = true() if sees is None else seen_customer(sees)
    query = select(func.coalesce(Customer.merged_into_id, Customer.id)).where(or_(*conditions), seen)
    ids = set(session.scalars(query.distinct().limit(_LOOKED_AT)))
    rows = select(Customer).where(Customer.id.in_(ids), is_nothing(Customer.merged_into_id), seen)
    return list(session.scalars(rows.order_by(Customer.created_at.desc(), Customer.id.desc())))


def _known(customer: Customer, sees: Sees) -> tuple[KnownAs, ...]:
    """What may tell of a person: where agents are limited, not what merged records say that they may not see."""
    return customer.known_as if sees is None else customer.known_as[:1]


def _ids_by_any_word(session: ReadSession, known: Sequence[KnownAs]) -> set[str]:
    ids: set[str] = set()
    for word in sorted(set().union(*(_name_words(each) | _account_words(each) for each in known))):
        ids |= ids_by_words(session, [word])
    return set(sorted(ids, reverse=True)[:_LOOKED_AT])


def _why(customer: Customer, other: Customer, sees: Sees) -> Why | None:
    pairs = [(one, two) for one in _known(customer, sees) for two in _known(other, sees)]
    tests = (
        any(_same(normal_email, one.email, two.email) for one, two in pairs),
        any(_same(normal_phone, one.phone, two.phone) for one, two in pairs),
        any(_same_name(one.name, two.name) for one, two in pairs),
        any(_like_emails(one.email, two.email) for one, two in pairs),
        _same_company(customer.company, other.company)
        and any(_name_words(one) & (_name_words(two) | _account_words(two)) for one, two in pairs),
    )
    return next((why for why, holds in zip(_WHYS, tests, strict=True) if holds), None)


def _same(normal: Callable[[str], str | None], one: str | None, two: str | None) -> bool:
    known = normal(one or "")
    return known is not None and known == normal(two or "")


def _same_name(one: str | None, two: str | None) -> bool:
    """The same words in any order: a first name alone is many people's."""
    words = set(words_of(one or ""))
    return len(words) > 1 and words == set(words_of(two or ""))


def _like_emails(one: str | None, two: str | None) -> bool:
    """The same account elsewhere, or an address that differs by a letter or two."""
    if not one or not two:
        return False
    account, other = (each.partition("@")[0].partition("+")[0].replace(".", "").lower() for each in (one, two))
    if account == other and len(account) > _LEAST_CHARS and account not in _ANYBODY:
        return True
    return one != two and SequenceMatcher(None, one.lower(), two.lower()).ratio() >= _ALIKE and account[:1] == other[:1]


def _same_company(one: str | None, two: str | None) -> bool:
    return bool(one and two) and words_of(one or "") == words_of(two or "")


def _name_words(known: KnownAs) -> set[str]:
    return _telling(words_of(known.name or ""))


def _account_words(known: KnownAs) -> set[str]:
    """Also as one word: "ana.berg" elsewhere is "anaberg"."""
    parts = words_of((known.email or "").partition("@")[0])
    return _telling([*parts, "".join(parts)])


def _telling(words: Iterable[str]) -> set[str]:
    return {word for word in words if len(word) >= _LEAST_CHARS and word not in _ANYBODY}


def _issue_counts(session: ReadSession, customer_ids: list[str], sees: Sees) -> dict[str, int]:
    seen = true() if sees is None else seen_issue(sees)
    mine = Issue.customer_id.in_(customer_ids), is_nothing(Issue.merged_into_id), seen
    columns = Issue.customer_id.label("id"), func.count().label("issues")
    return {row.id: row.issues for row in session.execute(select(*columns).where(*mine).group_by(Issue.customer_id))}


def _target(row: Customer, why: Why | None, issues: int) -> CustomerMergeTarget:
    return CustomerMergeTarget(
        id=row.id, name=row.name, email=row.email, company=row.company, plan=row.plan,
        external_ref=ExternalRef.of(row.external_source, row.external_id), issues=issues, why=why,
    )  # fmt: skip
