"""Who is to be forgotten: what a person is known by, and texts without them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from support_copilot.customers.queries import search_records
from support_copilot.db.engine import ReadSession
from support_copilot.db.models import Customer
from support_copilot.ml.personal_data import KnownPerson, find_personal_data, mask
from support_copilot.ml.personal_data.known import find_known
from support_copilot.ml.personal_data.spans import settle

#: Shorter names and references stand in texts that are about something else.
_LEAST_CHARS: Final = 5
#: So many of the same name are looked at; where there are more, one of them shares the mark.
_NAMESAKES: Final = 20


@dataclass(frozen=True, slots=True)
class Person:
    """A customer as texts may name one, by each of their records.

    ``marks`` are sure signs of this very person, at least 5 characters each.
    """

    customer_ids: tuple[str, ...]
    known: tuple[KnownPerson, ...]
    marks: tuple[str, ...]


def person_of(session: ReadSession, customer: Customer) -> Person:
    """What the record, and those that are merged into it, say of the customer.

    A sign that another customer's record bears as well (a namesake's name, a family's address) is none: texts of
    that other one must not be touched on account of it.
    """
    known = tuple(
        KnownPerson(name=each.name, emails=_those(each.email), phones=_those(each.phone)) for each in customer.known_as
    )
    signs = (mark for each in customer.known_as for mark in (each.email, each.phone, _full_name(each.name)) if mark)
    marks = dict.fromkeys(mark.strip() for mark in signs)
    long_enough = tuple(mark for mark in marks if len(mark) >= _LEAST_CHARS)
    return without_shared_marks(session, Person((customer.id, *customer.also_known), known, long_enough))


def _those(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _full_name(name: str | None) -> str | None:
    return name if name and " " in name.strip() else None


def without_shared_marks(session: ReadSession, person: Person) -> Person:
    """The person by those marks alone that no other customer's record bears at present."""
    return replace(person, marks=tuple(mark for mark in person.marks if not _is_shared(session, mark, person)))


def _is_shared(session: ReadSession, mark: str, person: Person) -> bool:
    found = search_records(session, mark, limit=_NAMESAKES)
    others = [other for other in found if other.id not in person.customer_ids]
    theirs = {str(each).lower() for other in others for each in (other.name, other.email, other.phone)}
    return mark.lower() in theirs


def without_person(person: Person) -> Callable[[str], str]:
    """Takes this person, in every known form, out of a text and leaves everything else."""
    return lambda text: mask(text, settle(text, find_known(text, person.known)))


def without_personal_data(person: Person | None, language: str | None = None) -> Callable[[str], str]:
    """Takes everything personal out of a text, whoever it is about."""
    known = person.known if person else ()
    return lambda text: mask(text, find_personal_data(text, known=known, language=language))


def in_all_texts(value: Any, change: Callable[[str], str]) -> Any:
    """The same structure with each text in it changed; keys and ids stay."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [in_all_texts(item, change) for item in value]
    if isinstance(value, dict):
        return {name: in_all_texts(item, change) for name, item in value.items()}
    return value
