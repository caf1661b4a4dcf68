"""What a customer takes over from the records that are merged into it, and gives back: fields that were empty.

Of a merged record, ``merge_record`` names the record that it was merged into (``into``, which may be merged itself by
now) and the fields there that are filled from it. A value is given back while it is still the same on both.

Address and reference are never taken over: by them the list of the erased tells whom to forget again.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import Customer
from support_copilot.db.models.customers import COMPANY_ATTRIBUTES

#: Columns of one entry go together.
_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("name",),
    "phone": ("phone",),
    "plan": ("plan",),
    "value": ("value_amount", "value_currency"),
    "language": ("language",),
    "notes": ("notes",),
}
_ATTRIBUTE: Final = "attributes."
MOST_ATTRIBUTES: Final = 50

#: Each field by its name, with its values; those that are empty are absent.
Known = dict[str, Any]


def parts_of(session: ReadSession, customer_id: str) -> Sequence[Customer]:
    """The records that are merged into a customer, in the order in which they came."""
    rows = list(session.scalars(select(Customer).where(Customer.merged_into_id == customer_id)))
    return sorted(rows, key=lambda row: (row.merge_record.get("at", ""), row.id))


def fill(source: Customer, target: Customer, only: Collection[str] | None = None) -> None:
    """Give a record what it lacks and the one that is merged into it has; the latter remembers what.

    Args:
        only: no other fields than these.
    """
    have, has = known_of(target), known_of(source)
    wanted = [name for name in has if only is None or name in only]
    lacking = [name for name in wanted if name not in have and not _is_other_company(name, target)]
    room = MOST_ATTRIBUTES - sum(name.startswith(_ATTRIBUTE) for name in have)
    taken = [name for name in lacking if name.startswith(_ATTRIBUTE)][:room]
    names = [name for name in lacking if not name.startswith(_ATTRIBUTE)] + taken
    _put(target, {name: has[name] for name in names})
    record = source.merge_record
    source.merge_record = record | {"filled": sorted({*record.get("filled", ()), *names})}


def give_back(source: Customer, target: Customer) -> Sequence[str]:
    """Empty what a record was filled with and that is still the same; returns the names of these fields."""
    have, has = known_of(target), known_of(source)
    same = [name for name in source.merge_record.get("filled", ()) if name in has and have.get(name) == has[name]]
    if "name" in same and not (target.email or target.external_id):
        same.remove("name")  # nothing would be left to tell the customer by
    _put(target, dict.fromkeys(same))
    return same


def follow(session: WriteSession, row: Customer, before: Known, now: datetime) -> None:
    """Bring up to date what was filled from a merged record that has changed, from record to record up to the customer.

    Args:
        before: ``known_of`` the record as it was.
    """
    while target := _into(session, row):
        after, have = known_of(row), known_of(target)
        own = dict(have)
        filled = row.merge_record.get("filled", ())
        changed = {
            name: after.get(name)
            for name in filled
            if before.get(name) != after.get(name) and have.get(name) == before.get(name)
        }
        _put(target, changed)
        fill(row, target, after.keys() - before.keys())
        if known_of(target) != own:
            touch(target, now)
        row, before = target, own
    renew_known(session, row)


def renew_known(session: WriteSession, survivor: Customer) -> None:
    """Have the customer know what the records that are merged into it call the person."""
    session.flush()
    parts = parts_of(session, survivor.id) if survivor.merged_into_id is None else ()
    known = {
        part.id: {"name": part.name, "email": part.email, "phone": part.phone, "external_id": part.external_id}
        for part in parts
    }
    if known != survivor.also_known:
        survivor.also_known = known


def known_of(row: Customer) -> Known:
    """What may be taken over from a record, without what is empty."""
    fields = {name: tuple(getattr(row, column) for column in columns) for name, columns in _FIELDS.items()}
    known: Known = {name: values for name, values in fields.items() if None not in values and values != ("",)}
    attributes = {f"{_ATTRIBUTE}{name}": value for name, value in row.attributes.items()}
    return known | {name: value for name, value in attributes.items() if value not in (None, "")}


def touch(customer: Customer, now: datetime) -> None:
    """Say that the record was changed."""
    customer.updated_at = now
    customer.version += 1


def _into(session: WriteSession, row: Customer) -> Customer | None:
    into: str | None = row.merge_record.get("into") if row.merged_into_id else None
    return session.get(Customer, into) if into else None


def _put(row: Customer, values: Known) -> None:
    """Set fields by their names; None empties one."""
    attributes = dict(row.attributes)
    for name, value in values.items():
        if not name.startswith(_ATTRIBUTE):
            columns = _FIELDS[name]
            for column, each in zip(columns, value or (None,) * len(columns), strict=True):
                setattr(row, column, each)
        elif value is None:
            attributes.pop(name.removeprefix(_ATTRIBUTE), None)
        else:
            attributes[name.removeprefix(_ATTRIBUTE)] = value
    if attributes != row.attributes:
        row.attributes = attributes


def _is_other_company(name: str, target: Customer) -> bool:
    """Whether a record that has a company would be told another one."""
    companies = {f"{_ATTRIBUTE}{each}" for each in COMPANY_ATTRIBUTES}
    return name in companies and any(f"{_ATTRIBUTE}{each}" in known_of(target) for each in COMPANY_ATTRIBUTES)
