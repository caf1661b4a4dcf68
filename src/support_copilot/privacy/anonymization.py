"""Anonymization: the solved issue and its fix stay findable, the person is gone from them.

Kept: what happened, when, how it was solved and rated. Gone: the customer's contact data, whatever names a person in
the texts, files, markup, ties to other desks, and what is derived and can be made anew.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select

from support_copilot.customers.queries import lock_customers
from support_copilot.db.engine import WriteSession
from support_copilot.db.models import Customer, Issue
from support_copilot.issues.documents import put_issue_document
from support_copilot.issues.queries import load_issue
from support_copilot.privacy.catalog import KEPT_WHEN_ANONYMIZED, TEXTS, issue_tables
from support_copilot.privacy.exports import remove_exports_of
from support_copilot.privacy.kept import count_elsewhere, note_person, note_quoted
from support_copilot.privacy.mentions import count_mentions, forget_quotes, mask_columns, mask_mentions, quoting
from support_copilot.privacy.person import Person, person_of, without_personal_data
from support_copilot.privacy.removal import (
    clear_external_references,
    mask_titles,
    remove_files,
    remove_rows_of_customer,
    remove_rows_of_issues,
)
from support_copilot.privacy.requests import add_counts, begin, finish, get_request, lock_request, records_of
from support_copilot.privacy.verification import settle_files
from support_copilot.resources import Resources

_BATCH: Final = 10
#: Of the texts of an issue; articles and templates are of nobody, and are looked through for mentions instead.
_MASKED: Final = tuple(texts for texts in TEXTS if hasattr(texts.model, "issue_id"))
_ISSUE_TEXTS: Final = next(texts.columns for texts in TEXTS if texts.model is Issue)


def anonymize_customer(resources: Resources, request_id: str) -> None:
    """Carry an anonymization to its receipt, from wherever an earlier try left off.

    Raises:
        CustomerHeldError: a legal hold came in force meanwhile; the request is marked refused.
    """
    request, customer = begin(resources, request_id)
    if request is None:
        return
    if customer is not None and customer.anonymized_at is None:
        with resources.database.read() as session:
            person = person_of(session, customer)
        _anonymize_issues(resources, request_id, customer.id, person)
        mentions = Counter(mentions=mask_mentions(resources, person))
        mentions["exports"] = remove_exports_of(resources, person.customer_ids)
        with resources.database.read() as session:
            is_named = count_mentions(session, person) > 0
        with resources.database.transaction() as session:
            row = lock_request(session, request_id)
            add_counts(row, mentions + _forget_contact(session, person.customer_ids, resources.clock()))
            note_person(row, person if is_named else None)
    settle_files(resources)
    with resources.database.read() as session:
        records = records_of(get_request(session, "anonymization", request_id))
        named = Customer.id.in_(records) & Customer.anonymized_at.is_(None)
        names_somebody = int(session.scalar(select(func.count()).select_from(Customer).where(named)))
    elsewhere, kept = count_elsewhere(resources, request_id)
    elsewhere["customers"] = names_somebody
    finish(resources, request_id, elsewhere, kept)


def anonymize_issues(session: WriteSession, issue_ids: Sequence[str], person: Person | None) -> Counter[str]:
    """Take all personal data out of these issues, in the caller's transaction; their files must be gone already."""
    doomed = [table.name for table in issue_tables() if table.name not in KEPT_WHEN_ANONYMIZED]
    issues = list(session.scalars(select(Issue).where(Issue.id.in_(issue_ids))))
    changes = {issue.id: without_personal_data(person, issue.language) for issue in issues}
    mask_titles(session, changes)
    counts = remove_rows_of_issues(session, issue_ids, doomed)
    clear_external_references(session, issue_ids)
    for issue in issues:
        change = changes[issue.id]
        mask_columns(issue, _ISSUE_TEXTS, change)
        for texts in _MASKED:
            for row in session.scalars(select(texts.model).where(texts.model.issue_id == issue.id)):
                _mask_row(row, texts.columns, change)
                counts[f"{texts.model.__tablename__}_masked"] += 1
        counts["issues_masked"] += 1
    session.flush()
    for issue_id in issue_ids:
        put_issue_document(session, load_issue(session, issue_id), None, None)
    return counts


def _mask_row(row: Any, columns: Sequence[str], change: Any) -> None:
    if getattr(row, "author", None) == "customer":
        row.author_name = None
    mask_columns(row, columns, change)


def _anonymize_issues(resources: Resources, request_id: str, customer_id: str, person: Person) -> None:
    after = ""
    while True:
        with resources.database.read() as session:
            mine = select(Issue.id).where(Issue.customer_id == customer_id, Issue.id > after)
            issue_ids = list(session.scalars(mine.order_by(Issue.id).limit(_BATCH)))
        if not issue_ids:
            return
        after = issue_ids[-1]
        files = remove_files(resources, issue_ids)
        quotes = quoting(resources, issue_ids)
        with resources.database.transaction() as session:
            counts = anonymize_issues(session, issue_ids, person)
            counts["quotes"] += forget_quotes(session, quotes, issue_ids)
            counts["files"] += files
            request = lock_request(session, request_id)
            add_counts(request, counts)
            note_quoted(request, quotes, issue_ids)


def _forget_contact(session: WriteSession, customer_ids: Sequence[str], now: datetime) -> Counter[str]:
    """Empty the customer's records but for what says nothing of a person: plan, value, language."""
    lock_customers(session, customer_ids)
    for customer in session.scalars(select(Customer).where(Customer.id.in_(customer_ids))):
        customer.name = customer.email = customer.phone = customer.notes = None
        customer.external_source = customer.external_id = None
        customer.attributes = customer.also_known = {}
        customer.merge_record = {name: each for name, each in customer.merge_record.items() if name != "filled"}
        customer.anonymized_at = customer.updated_at = now
        customer.version += 1
    return Counter(customers=len(customer_ids)) + remove_rows_of_customer(session, customer_ids)
