"""Erasure: everything of one customer leaves every store, then each store is asked again.

Every step may be repeated, and counts are kept in the transaction of the step, so a kill at any point costs nothing.
The customer's row goes last, with those of the records merged into it: until then it says whom to look for. What other
customers' records under a hold say of the person stays until the hold is released (``kept``), and is in the receipt.
"""

from collections import Counter
from collections.abc import Sequence

from support_copilot.customers.filling import parts_of
from support_copilot.customers.queries import lock_customers
from support_copilot.db.models import Customer
from support_copilot.privacy.exports import remove_exports_of
from support_copilot.privacy.kept import count_elsewhere, note_person, note_quoted
from support_copilot.privacy.mentions import count_mentions, forget_quotes, mask_mentions, quoting
from support_copilot.privacy.person import Person, person_of
from support_copilot.privacy.removal import next_issue_ids, remove_files, remove_issues, remove_records
from support_copilot.privacy.requests import add_counts, begin, finish, get_request, lock_request, records_of
from support_copilot.privacy.suppression import suppress
from support_copilot.privacy.verification import count_left, settle_files
from support_copilot.resources import Resources


def erase_customer(resources: Resources, request_id: str) -> None:
    """Carry an erasure to its receipt, from wherever an earlier try left off.

    Raises:
        CustomerHeldError: a legal hold came in force meanwhile; the request is marked refused.
    """
    request, customer = begin(resources, request_id)
    if request is None:
        return
    if customer is not None:
        with resources.database.read() as session:
            person = person_of(session, customer)
        _erase_issues(resources, request_id, person.customer_ids)
        _count(resources, request_id, Counter(mentions=mask_mentions(resources, person)))
        _count(resources, request_id, Counter(exports=remove_exports_of(resources, person.customer_ids)))
        _erase_record(resources, request_id, customer, person)
    settle_files(resources)
    with resources.database.read() as session:
        known = get_request(session, "erasure", request_id)
        issue_ids = known.progress.get("issue_ids", [])
    left = count_left(resources, records_of(known), issue_ids)
    elsewhere, kept = count_elsewhere(resources, request_id)
    left.update(elsewhere)
    finish(resources, request_id, left, kept)


def _erase_issues(resources: Resources, request_id: str, customer_ids: Sequence[str]) -> None:
    while True:
        with resources.database.read() as session:
            issue_ids = next_issue_ids(session, customer_ids)
        if not issue_ids:
            return
        _count(resources, request_id, Counter(files=remove_files(resources, issue_ids)))
        quotes = quoting(resources, issue_ids)
        with resources.database.transaction() as session:
            removed = remove_issues(session, issue_ids)
            removed["quotes"] += forget_quotes(session, quotes, issue_ids)
            request = lock_request(session, request_id)
            add_counts(request, removed)
            note_quoted(request, quotes, issue_ids)
            request.progress = request.progress | {"issue_ids": [*request.progress.get("issue_ids", []), *issue_ids]}


def _erase_record(resources: Resources, request_id: str, customer: Customer, person: Person) -> None:
    """Remove the customer's records; copies restored from a backup are recognized by what ``suppress`` keeps."""
    with resources.database.read() as session:
        is_named = count_mentions(session, person) > 0
        parts = parts_of(session, customer.id)
    suppress(resources, request_id, [customer, *parts])
    with resources.database.transaction() as session:
        lock_customers(session, person.customer_ids)
        # Issues that arrived while the last batch went hold the row by their foreign key: the job is tried again.
        removed = remove_records(session, person.customer_ids)
        request = lock_request(session, request_id)
        add_counts(request, removed)
        note_person(request, person if is_named else None)


def _count(resources: Resources, request_id: str, removed: Counter[str]) -> None:
    with resources.database.transaction() as session:
        add_counts(lock_request(session, request_id), removed)
