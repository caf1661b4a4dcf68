"""Who was erased, as keyed hashes beside the files: a database restored from a backup is told whom to forget again.

The list is kept in the file store, not in the database, so that restoring one leaves the other as it is. Its key is in
the database, encrypted; an entry alone says nothing of anybody.
"""

import hashlib
import hmac
import io
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy import or_, select

from support_copilot.customers.merging import CustomerHeldError
from support_copilot.customers.taking_out import take_out
from support_copilot.db.models import Customer
from support_copilot.identity.principal import Principal
from support_copilot.kit.errors import ConflictError
from support_copilot.privacy.removal import batches
from support_copilot.privacy.requests import ask
from support_copilot.privacy.secrets import secret_of
from support_copilot.resources import Resources

_log = structlog.get_logger("support_copilot.privacy")
_PREFIX: Final = "privacy/suppressed/"
_BATCH: Final = 500
#: In whose name the erasure of a restored customer is asked for.
_REPLAY: Final = Principal("job", "privacy.replay_erasures", "replay of erasures", None, frozenset())


@dataclass(frozen=True, slots=True)
class _Entry:
    """One erased customer: hashes of id, address and reference at another desk, of each of their records."""

    erased_at: datetime
    hashes: frozenset[str]
    #: Which key made the hashes; None in entries from before this was noted.
    key: str | None


def suppress(resources: Resources, request_id: str, records: Sequence[Customer]) -> None:
    """Put a customer on the list, before their records go."""
    secret = _secret(resources)
    entry = {
        "erased_at": resources.clock().isoformat(),
        "hashes": sorted({each for record in records for each in _hashes(secret, record)}),
        "key": _fingerprint(secret),
    }
    resources.blobs.put(f"{_PREFIX}{request_id}", io.BytesIO(json.dumps(entry).encode()))


@dataclass(frozen=True, slots=True)
class Replay:
    """For how many erased customers who are there again the erasure was asked for, and how many a hold keeps."""

    asked: int = 0
    held: int = 0


def replay_erasures(resources: Resources) -> Replay:
    """Ask anew for the erasure of everybody on the list who is there (again); those under a hold are passed over.

    By id always; by address or reference only records that are older than the erasure: somebody who comes back
    afterwards is welcome. A record on the list that is merged with one that is not was not when its person was erased:
    they are taken apart first.

    The first call draws the key of the list, at the first start of a worker and so before there is a backup that lacks
    it. An entry made with a key that is gone cannot be compared with anybody: that is said loudly.
    """
    secret = _secret(resources)
    entries = list(_entries(resources))
    lost = sum(entry.key not in (None, _fingerprint(secret)) for entry in entries)
    if lost:
        _log.error("privacy.erasures.key_lost", entries=lost)
    if not entries:
        return Replay()
    erased_at: dict[str, datetime] = {}
    for entry in entries:
        for each in entry.hashes:
            erased_at[each] = max(entry.erased_at, erased_at.get(each, entry.erased_at))
    listed = {customer.id for customer in _customers(resources) if _is_listed(secret, customer, erased_at)}
    return _ask_for(resources, listed)


def _is_listed(secret: bytes, customer: Customer, erased_at: Mapping[str, datetime]) -> bool:
    if _hashes_of(secret, "id", customer.id) in erased_at:
        return True
    known = (erased_at.get(each, customer.created_at) for each in _hashes(secret, customer))
    return any(customer.created_at < moment for moment in known)


def _ask_for(resources: Resources, listed: set[str]) -> Replay:
    stuck = _take_apart(resources, listed)
    asked = held = 0
    for customer_id in sorted(listed):
        with resources.database.read() as session:
            customer = session.get(Customer, customer_id)
        root = (customer.merged_into_id or customer.id) if customer else customer_id
        if root in stuck:
            held += 1
        elif root == customer_id:
            try:
                ask(resources, "erasure", customer_id, _REPLAY)
                asked += 1
            except CustomerHeldError:
                held += 1
    if asked:
        _log.warning("privacy.erasures.replayed", customers=asked)
    if held:
        _log.warning("privacy.erasures.held", customers=held)
    return Replay(asked, held)


def _take_apart(resources: Resources, listed: set[str]) -> set[str]:
    """Take records on the list out of customers who are not, and the other way round.

    Returns the customers where that is not possible now, such as under a hold; they are looked at again the next time.
    """
    stuck: set[str] = set()
    while mixed := _mixed(resources, listed, stuck):
        for customer_id, survivor_id in mixed:
            try:
                take_out(resources, customer_id, _REPLAY)
            except ConflictError:
                stuck.add(survivor_id)
    return stuck


def _mixed(resources: Resources, listed: set[str], stuck: set[str]) -> list[tuple[str, str]]:
    """Merged records, each with its customer, of which one is on the list and the other one is not."""
    found: dict[str, str] = {}
    with resources.database.read() as session:
        for ids in batches(sorted(listed)):
            merged = select(Customer.id, Customer.merged_into_id).where(Customer.merged_into_id.is_not(None))
            of_them = or_(Customer.id.in_(ids), Customer.merged_into_id.in_(ids))
            found |= {row.id: row.merged_into_id for row in session.execute(merged.where(of_them))}
    return [(one, into) for one, into in found.items() if (one in listed) != (into in listed) and into not in stuck]


def _customers(resources: Resources) -> Iterator[Customer]:
    after = ""
    while True:
        with resources.database.read() as session:
            query = select(Customer).where(Customer.id > after, Customer.anonymized_at.is_(None))
            rows = list(session.scalars(query.order_by(Customer.id).limit(_BATCH)))
        if not rows:
            return
        yield from rows
        after = rows[-1].id


def _entries(resources: Resources) -> Iterator[_Entry]:
    for key in resources.blobs.keys(_PREFIX):
        with resources.blobs.open(key) as stream:
            entry = json.loads(stream.read())
        yield _Entry(datetime.fromisoformat(entry["erased_at"]), frozenset(entry["hashes"]), entry.get("key"))


def _hashes(secret: bytes, customer: Customer) -> Iterator[str]:
    yield _hashes_of(secret, "id", customer.id)
    if customer.email:
        yield _hashes_of(secret, "email", customer.email)
    if customer.external_source and customer.external_id:
        yield _hashes_of(secret, "reference", f"{customer.external_source}\0{customer.external_id}")


def _hashes_of(secret: bytes, kind: str, value: str) -> str:
    return hmac.digest(secret, f"{kind}\0{value}".encode(), hashlib.sha256).hex()


def _fingerprint(secret: bytes) -> str:
    return _hashes_of(secret, "key", "")[:16]


def _secret(resources: Resources) -> bytes:
    return secret_of(resources, "suppression", lambda: secrets.token_bytes(32))
