"""A person with two records, merged and taken apart by the functions that routes call."""

from typing import Any

from support_copilot.customers.merging import (
    lock_pair,
    merge_customer,
    unmerge_customer,
)
from support_copilot.customers.service import NewCustomer, insert_customer
from support_copilot.db.models import Customer, LegalHold
from support_copilot.identity.principal import LOCAL_CLI
from support_copilot.issues.documents import put_issue_document
from support_copilot.issues.service import NewIssue, NewMessage, insert_issue
from support_copilot.privacy.holds import place_hold
from support_copilot.resources import Resources
from support_copilot.worker import Worker

OTTOLINE = {"name": "Ottoline Fairweather", "email": "ottoline@fairweather.example", "phone": "+49 40 778899"}


def add(resources: Resources, **fields: Any) -> str:
    with resources.database.transaction() as session:
        return insert_customer(session, NewCustomer(**fields), now=resources.clock()).id


def add_survivor(resources: Resources) -> str:
    return add(resources, **OTTOLINE, external_source="crm", external_id="crm-ottoline")


def add_issue(resources: Resources, customer_id: str | None, text: str = "The printer jams.") -> str:
    with resources.database.transaction() as session:
        new = NewIssue("Printer", "email", [NewMessage("customer", text)], customer_id=customer_id)
        record = insert_issue(session, new, now=resources.clock())
        put_issue_document(session, record, None, None)
        return record.issue.id


def merge(resources: Resources, customer_id: str, into: str) -> None:
    with resources.database.transaction() as session:
        merge_customer(session, lock_pair(session, customer_id, into), LOCAL_CLI, resources.clock())


def unmerge(resources: Resources, customer_id: str, out_of: str) -> None:
    with resources.database.transaction() as session:
        unmerge_customer(session, lock_pair(session, customer_id, out_of), LOCAL_CLI, resources.clock())


def hold(resources: Resources, customer_id: str) -> LegalHold:
    with resources.database.transaction() as session:
        return place_hold(session, customer_id, "Case 7", LOCAL_CLI, resources.clock())


def work(worker: Worker) -> None:
    while worker.run_once():
        pass


def get(resources: Resources, customer_id: str) -> Customer | None:
    with resources.database.read() as session:
        return session.get(Customer, customer_id)
