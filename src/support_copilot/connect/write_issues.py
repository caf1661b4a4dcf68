"""Stores imported issues, messages and customers, changing what is there only where the file says something else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from support_copilot.connect.report import Outcome
from support_copilot.connect.rows import CustomerRow, IssueRow, MessageRow
from support_copilot.connect.values import CellError
from support_copilot.customers.filling import follow, known_of, touch
from support_copilot.customers.merging import lock_survivor_of
from support_copilot.customers.queries import find_customer
from support_copilot.db.documents import DocumentText, add_documents
from support_copilot.db.engine import WriteSession
from support_copilot.db.models import Customer, Issue, Resolution
from support_copilot.issues.documents import issue_document, put_issue_document
from support_copilot.issues.queries import (
    ENDED,
    IssueRecord,
    find_issue_by_reference,
    issues_by_reference,
    latest_resolutions,
    list_messages,
    load_issue,
    next_position,
)
from support_copilot.issues.service import (
    IssueRows,
    NewIssue,
    NewResolution,
    add_resolution,
    append_message,
    issue_rows,
    resolution_row,
)
from support_copilot.kit.ids import new_id

#: Fields whose value a person may have set here since; an import does not take that back.
_WITH_SOURCE = ("severity", "category", "language")
_STATE = ("status", "resolved_at", "reopened_count")
_PLAIN = (
    "status",
    "tags",
    "assignee",
    "first_response_at",
    "resolved_at",
    "reopened_count",
    "rating",
    "rating_comment",
)


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A new issue with its rows, ready to be sent."""

    rows: IssueRows
    customer: Customer | None
    fix: Resolution | None

    def document(self) -> DocumentText:
        record = IssueRecord(self.rows.issue, self.customer, self.rows.messages)
        return issue_document(record, has_fix=self.fix is not None)


def write_issues(session: WriteSession, rows: Sequence[IssueRow], *, source: str, now: datetime) -> list[Outcome]:
    """Add the issues that are new, all in a few statements, and bring those that are there up to date."""
    references = [(row.external_source or source, row.external_id) for row in rows]
    known = issues_by_reference(session, references)
    outcomes: list[Outcome] = []
    arrivals: dict[tuple[str, str], _Arrival] = {}
    for reference, row in zip(references, rows, strict=True):
        if reference in arrivals:
            # The same issue twice in one file: the later row is an update of the earlier one.
            _add_arrivals(session, list(arrivals.values()))
            known |= {key: arrival.rows.issue for key, arrival in arrivals.items()}
            arrivals = {}
        if reference in known:
            outcomes.append("updated" if _update_issue(session, known[reference], row, now) else "unchanged")
        else:
            arrivals[reference] = _arrival(session, row, reference[0], now)
            outcomes.append("created")
    _add_arrivals(session, list(arrivals.values()))
    return outcomes


def write_message(session: WriteSession, row: MessageRow, *, source: str, now: datetime) -> Outcome:
    """Add the message to its issue, unless the same one is there."""
    issue = find_issue_by_reference(session, row.external_source or source, row.issue_id)
    if issue is None:
        raise CellError("issue_id", "names no issue of this source; import the issues first")
    new = row.message
    same = (
        message
        for message in list_messages(session, issue.id)
        if message.author == new.author
        and message.body == new.body
        and (new.created_at is None or message.created_at == new.created_at)
    )
    if next(same, None) is not None:
        return "unchanged"
    append_message(session, issue, new, now=now, follow=False)
    _renew_document(session, issue)
    return "created"


def write_customer(session: WriteSession, row: CustomerRow, *, source: str, now: datetime) -> Outcome:
    """Add the customer, or bring the one with this id or e-mail up to date."""
    _customer, outcome = _put_customer(session, row, source, now)
    return outcome


def _put_customer(session: WriteSession, row: CustomerRow, source: str, now: datetime) -> tuple[Customer, Outcome]:
    origin = row.external_source or source
    reference = (origin, row.external_id) if row.external_id else None
    existing = find_customer(session, reference=reference, email=row.email)
    given = _given_of_customer(row)
    if existing is None:
        customer = Customer(
            id=new_id("customer"), external_source=origin if row.external_id else None,
            external_id=row.external_id, created_at=row.created_at or now, updated_at=now, version=1, **given,
        )  # fmt: skip
        session.add(customer)
        session.flush()
        return customer, "created"
    before = known_of(existing)
    changes = {name: value for name, value in given.items() if getattr(existing, name) != value}
    if "attributes" in changes:
        # What else is known of the customer stays.
        changes["attributes"] = existing.attributes | changes["attributes"]
        if changes["attributes"] == existing.attributes:
            del changes["attributes"]
    if reference and existing.external_id is None:
        changes |= {"external_source": origin, "external_id": row.external_id}
    for name, value in changes.items():
        setattr(existing, name, value)
    if changes:
        touch(existing, now)
    if changes and existing.merged_into_id is not None:
        follow(session, existing, before, now)
    return existing, "updated" if changes else "unchanged"


def _given_of_customer(row: CustomerRow) -> dict[str, Any]:
    names = ("name", "email", "phone", "plan", "value_currency", "language", "notes")
    given: dict[str, Any] = {name: getattr(row, name) for name in names if getattr(row, name) is not None}
    if row.value_amount is not None:
        given["value_amount"] = Decimal(str(row.value_amount)).quantize(Decimal("0.01"))
    if row.company is not None:
        given["attributes"] = {"company": row.company}
    return given


def _arrival(session: WriteSession, row: IssueRow, origin: str, now: datetime) -> _Arrival:
    given = dict(row.given)
    record = _put_customer(session, row.customer, origin, now)[0] if row.customer else None
    customer = lock_survivor_of(session, record) if record else None
    given |= {f"{name}_source": "import" for name in _WITH_SOURCE if name in given}
    new = NewIssue(
        subject=row.subject,
        channel=given.pop("channel", "import"),
        messages=row.messages,
        customer_id=customer.id if customer else None,
        came_by_customer_id=record.id if record and record is not customer else None,
        external_source=origin,
        external_id=row.external_id,
        **given,
    )
    rows = issue_rows(new, now=now)
    fix = (
        resolution_row(rows.issue, rows.conversation, _new_resolution(rows.issue, row, now), now=now)
        if row.resolution
        else None
    )
    return _Arrival(rows, customer, fix)


def _add_arrivals(session: WriteSession, arrivals: Sequence[_Arrival]) -> None:
    """One statement a table, in the order of foreign keys."""
    issues = [arrival.rows.issue for arrival in arrivals]
    conversations = [arrival.rows.conversation for arrival in arrivals]
    messages = [message for arrival in arrivals for message in arrival.rows.messages]
    fixes = [arrival.fix for arrival in arrivals if arrival.fix is not None]
    for part in (issues, conversations, messages, fixes):
        session.add_all(part)
        session.flush()
    if arrivals:
        add_documents(session, [arrival.document() for arrival in arrivals])
        session.flush()


def _new_resolution(issue: Issue, row: IssueRow, now: datetime) -> NewResolution:
    return NewResolution(
        text=row.resolution or "",
        steps=row.resolution_steps,
        kind=row.resolution_kind,
        reopened=row.resolution_reopened,
        created_at=issue.resolved_at or now,
    )


def _update_issue(session: WriteSession, issue: Issue, row: IssueRow, now: datetime) -> bool:
    changes = {
        name: row.given[name] for name in _PLAIN if name in row.given and getattr(issue, name) != row.given[name]
    }
    for name in _WITH_SOURCE:
        if (
            name in row.given
            and getattr(issue, name) != row.given[name]
            and getattr(issue, f"{name}_source") != "agent"
        ):
            changes |= {name: row.given[name], f"{name}_source": "import"}
    if issue.merged_into_id is not None:
        # Its state here is that it is merged, whatever the other desk says of its own.
        changes = {name: value for name, value in changes.items() if name not in _STATE}
    if changes.get("status", issue.status) in ENDED and issue.resolved_at is None and "resolved_at" not in changes:
        changes["resolved_at"] = now
    for name, value in changes.items():
        setattr(issue, name, value)
    added = _add_missing_messages(session, issue, row, now)
    fix_added = _add_missing_resolution(session, issue, row, now)
    if not (changes or added or fix_added):
        return False
    issue.version += 1
    issue.updated_at = max(now, issue.updated_at + timedelta(microseconds=1))
    session.flush()
    _renew_document(session, issue)
    return True


def _add_missing_messages(session: WriteSession, issue: Issue, row: IssueRow, now: datetime) -> bool:
    """Messages beyond those that are there; what was said before is not said anew."""
    missing = row.messages[next_position(session, issue.id) :]
    status, resolved_at, reopened = issue.status, issue.resolved_at, issue.reopened_count
    for message in missing:
        append_message(session, issue, message, now=now, follow=False)
    # What the file says of the state stands: a past message is no reopening of today.
    issue.status, issue.resolved_at, issue.reopened_count = status, resolved_at, reopened
    return bool(missing)


def _add_missing_resolution(session: WriteSession, issue: Issue, row: IssueRow, now: datetime) -> bool:
    if not row.resolution:
        return False
    newest = latest_resolutions(session, [issue.id]).get(issue.id)
    if newest is not None and newest.text == row.resolution:
        return False
    add_resolution(session, issue, _new_resolution(issue, row, now), now=now)
    return True


def _renew_document(session: WriteSession, issue: Issue) -> None:
    customer = session.get(Customer, issue.customer_id) if issue.customer_id else None
    put_issue_document(session, IssueRecord(issue, customer, tuple(list_messages(session, issue.id))), None, None)
    if issue.merged_into_id is not None:
        put_issue_document(session, load_issue(session, issue.merged_into_id), None, None)
