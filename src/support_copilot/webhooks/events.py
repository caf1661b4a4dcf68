"""What webhooks are told of, taken from what a transaction did and written down in the same transaction.

Whichever route, job or model made the change: an event leaves when the rows that it is about are committed, and never
without them. Imports are silent: what they bring happened elsewhere before.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, Literal, get_args

from sqlalchemy import select

from support_copilot.db.changes import RowChange
from support_copilot.db.engine import Observer, WriteSession
from support_copilot.db.models import Issue, Message, Summary, WebhookDelivery, WebhookEndpoint
from support_copilot.db.outbox import enqueue
from support_copilot.kit.ids import new_id
from support_copilot.outgoing.config import OutgoingConfig

WebhookEvent = Literal[
    "issue.created", "issue.critical", "issue.resolved", "issue.reopened", "issue.merged", "issue.unmerged",
    "message.created", "summary.created",
]  # fmt: skip
EVENTS: Final[tuple[WebhookEvent, ...]] = get_args(WebhookEvent)
#: Sent by hand alone.
TEST: Final = "webhook.test"
DELIVER: Final = "webhooks.deliver"
_ENDED: Final = frozenset({"resolved", "closed"})
_ABSENT: Final = object()


@dataclass(frozen=True, slots=True)
class Happening:
    """One event with what it says: ids and states, nobody's words."""

    event: WebhookEvent
    issue_id: str
    data: dict[str, Any] = field(default_factory=dict)


def watch_for_webhooks(config: OutgoingConfig, clock: Callable[[], datetime]) -> Observer:
    """For ``Database.watch``: tells endpoints of what a transaction does."""
    return partial(_write_down, config, clock)


def happenings(changes: Sequence[RowChange]) -> list[Happening]:
    """What happened, in the order of the changes; messages that came with a new issue are part of it."""
    new = {id(change.row) for change in changes if change.event == "created"}
    new_issues = {change.row.id for change in changes if isinstance(change.row, Issue) and id(change.row) in new}
    found: list[Happening] = []
    for change in changes:
        row = change.row
        if isinstance(row, Issue):
            found += _of_issue(change, is_new=id(row) in new)
        elif isinstance(row, Message) and change.event == "created" and row.issue_id not in new_issues:
            said = {"message_id": row.id, "author": row.author, "visibility": row.visibility}
            found.append(Happening("message.created", row.issue_id, said))
        elif isinstance(row, Summary) and change.event == "created":
            summary = {"summary_id": row.id, "kind": row.kind}
            found.append(Happening("summary.created", row.issue_id, summary))
    return list({(each.event, each.issue_id, str(each.data)): each for each in found}.values())


def queue_delivery(session: WriteSession, row: WebhookDelivery, *, now: datetime, at: datetime | None = None) -> None:
    """Have the delivery sent, now or later, by a job that leaves with this transaction."""
    row.next_at = at or now
    enqueue(session, DELIVER, {"delivery_id": row.id, "round": row.round}, now=now, run_at=row.next_at)


def _of_issue(change: RowChange, *, is_new: bool) -> Iterator[Happening]:
    issue: Issue = change.row
    state = {"version": issue.version, "status": issue.status, "severity": issue.severity, "channel": issue.channel}
    if change.event == "created":
        yield Happening("issue.created", issue.id, state)
    if change.event == "deleted":
        return
    if issue.severity == "critical" and _became(change, "severity", "critical"):
        yield Happening("issue.critical", issue.id, state)
    if "merged_into_id" in change.after:
        into = issue.merged_into_id or change.before.get("merged_into_id")
        yield Happening("issue.merged" if issue.merged_into_id else "issue.unmerged", issue.id, state | {"into": into})
    elif not is_new and "status" in change.after:
        ended, was = issue.status in _ENDED, change.before.get("status") in _ENDED
        if ended != was:
            yield Happening("issue.resolved" if ended else "issue.reopened", issue.id, state)


def _became(change: RowChange, name: str, value: str) -> bool:
    return bool(change.after.get(name, _ABSENT) == value and change.before.get(name, _ABSENT) != value)


def _write_down(
    config: OutgoingConfig, clock: Callable[[], datetime], session: WriteSession, changes: Sequence[RowChange]
) -> None:
    told = happenings(tuple(changes))
    if not told:
        return
    endpoints = list(session.scalars(select(WebhookEndpoint).where(WebhookEndpoint.enabled)))
    now = clock()
    deadline = now + timedelta(hours=config.webhook_deadline_h)
    for each in told if endpoints else ():
        event_id = new_id("event")
        for endpoint in endpoints:
            if each.event in endpoint.events:
                row = _delivery(each, event_id, endpoint, now, deadline)
                session.add(row)
                if row.status == "waiting":
                    queue_delivery(session, row, now=now)


def _delivery(
    told: Happening, event_id: str, endpoint: WebhookEndpoint, now: datetime, deadline: datetime
) -> WebhookDelivery:
    return WebhookDelivery(
        id=new_id("delivery"), endpoint_id=endpoint.id, event_id=event_id, event=told.event, issue_id=told.issue_id,
        data={"issue_id": told.issue_id, **told.data}, occurred_at=now,
        status="held" if endpoint.paused_at else "waiting", round=1, attempts=0, tries=[], deadline_at=deadline,
        created_at=now,
    )  # fmt: skip
