"""Tells one endpoint of one event: looks, sends with no transaction open, and writes down how it went.

A process that is killed between the two sends again, with the same ``webhook-id``: receivers leave out what they have
had. An endpoint that fails is left alone for a while, longer with each failure, so that a dead one costs one try
and not one for each event; one that fails for long, or says that it is gone, is paused until a person resumes it.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import WebhookDelivery, WebhookEndpoint
from support_copilot.db.outbox import retry_delay_s
from support_copilot.identity.audit import AuditEvent, record_audit
from support_copilot.identity.principal import Principal
from support_copilot.kit.errors import NotFoundError
from support_copilot.outgoing.config import OutgoingConfig
from support_copilot.resources import Resources
from support_copilot.webhooks.events import DELIVER, queue_delivery
from support_copilot.webhooks.sending import Answer, Notice, body_of, send

_FIRST_RETRY_S: Final = 5.0
_LONGEST_RETRY_S: Final = 3600.0
#: Tries that the log shows of one delivery.
_TRIES_KEPT: Final = 20
#: Failures in a row before one that fails for long is paused: a quiet endpoint may fail once on Monday and on Friday.
_PAUSED_AFTER_FAILURES: Final = 5
_GONE: Final = 410
_WORKER: Final = Principal("job", DELIVER, "webhooks", None, frozenset())


def deliver(resources: Resources, delivery_id: str, turn: int) -> None:
    """Send a delivery if it is still to be sent. Safe to repeat.

    Args:
        turn: the round of the job; another one has taken over when it is not the delivery's.

    Raises:
        NotFoundError: the delivery or its endpoint is gone.
    """
    notice = _look(resources, delivery_id, turn)
    if notice is None:
        return
    answer = send(resources.outgoing, notice, resources.clock())
    now = resources.clock()
    with resources.database.transaction() as session:
        row = session.lock(WebhookDelivery, delivery_id)
        if row is None or row.round != turn or row.status != "waiting":
            return
        endpoint = session.lock(WebhookEndpoint, row.endpoint_id)
        note_try(row, answer, now)
        if answer.failure is None:
            _succeed(row, endpoint, now)
        elif endpoint is not None:
            _fail(session, row, endpoint, answer, resources.outgoing, now)


def notice_of(row: WebhookDelivery, endpoint: WebhookEndpoint, now: datetime) -> Notice:
    """What the endpoint is sent for a delivery, signed with every secret in force."""
    keys = [endpoint.secret or ""]
    if endpoint.previous_secret and endpoint.previous_until and endpoint.previous_until > now:
        keys.append(endpoint.previous_secret)
    return Notice(endpoint.url or "", tuple(keys), row.event_id, body_of(row.event, row.occurred_at, row.data))


def note_try(row: WebhookDelivery, answer: Answer, now: datetime) -> None:
    """Write one try into the log of the delivery."""
    row.attempts += 1
    row.error = answer.failure
    row.next_at = None
    row.tries = [*row.tries, _line(answer, now)][-_TRIES_KEPT:]


def retry_in_s(attempts: int) -> float:
    """Seconds until a delivery is tried again: from seconds to an hour, with jitter in the upper half."""
    ceiling = min(_LONGEST_RETRY_S, _FIRST_RETRY_S * 2 ** min(attempts - 1, 20))
    return random.uniform(ceiling / 2, ceiling)  # noqa: S311  # spreads load, guards nothing


def _look(resources: Resources, delivery_id: str, turn: int) -> Notice | None:
    now = resources.clock()
    with resources.database.read() as session:
        row, endpoint = _load(session, delivery_id)
        if row.round != turn or row.status != "waiting":
            return None
        if _may_send(row, endpoint, now):
            return notice_of(row, endpoint, now)
    with resources.database.transaction() as session:
        locked = session.lock(WebhookDelivery, delivery_id)
        if locked is not None and locked.round == turn and locked.status == "waiting":
            _leave(session, locked, endpoint, now)
    return None


def _load(session: ReadSession, delivery_id: str) -> tuple[WebhookDelivery, WebhookEndpoint]:
    row = session.get(WebhookDelivery, delivery_id)
    endpoint = session.get(WebhookEndpoint, row.endpoint_id) if row else None
    if row is None or endpoint is None:
        raise NotFoundError
    return row, endpoint


def _may_send(row: WebhookDelivery, endpoint: WebhookEndpoint, now: datetime) -> bool:
    resting = endpoint.rests_until is not None and endpoint.rests_until > now
    return endpoint.enabled and endpoint.paused_at is None and not resting and row.deadline_at > now


def _leave(session: WriteSession, row: WebhookDelivery, endpoint: WebhookEndpoint, now: datetime) -> None:
    """What becomes of a delivery that is not sent at this moment."""
    if not endpoint.enabled:
        _end(row, "switched_off", now)
    elif row.deadline_at <= now:
        _end(row, row.error or "too_late", now)
    elif endpoint.paused_at is not None:
        row.status, row.next_at = "held", None
    else:
        rest = endpoint.rests_until or now
        _again(session, row, rest + (rest - now) * random.random(), now)  # noqa: S311  # spreads load, guards nothing


def _succeed(row: WebhookDelivery, endpoint: WebhookEndpoint | None, now: datetime) -> None:
    row.status, row.finished_at = "delivered", now
    if endpoint is not None and endpoint.failures:
        endpoint.failures, endpoint.failing_since, endpoint.rests_until = 0, None, None


def _fail(
    session: WriteSession,
    row: WebhookDelivery,
    endpoint: WebhookEndpoint,
    answer: Answer,
    config: OutgoingConfig,
    now: datetime,
) -> None:
    endpoint.failures += 1
    endpoint.failing_since = endpoint.failing_since or now
    endpoint.rests_until = now + timedelta(seconds=retry_delay_s(min(endpoint.failures, 30)))
    gone = answer.status_code == _GONE
    often = endpoint.failures >= _PAUSED_AFTER_FAILURES
    long = often and now - endpoint.failing_since >= timedelta(hours=config.webhook_pause_after_h)
    if endpoint.paused_at is None and (gone or long):
        _pause(session, endpoint, "gone" if gone else "failing", now)
    at = now + timedelta(seconds=retry_in_s(row.attempts))
    if at >= row.deadline_at:
        row.status, row.finished_at = "failed", now
    elif endpoint.paused_at is not None:
        row.status = "held"
    else:
        _again(session, row, at, now)


def _pause(session: WriteSession, endpoint: WebhookEndpoint, reason: str, now: datetime) -> None:
    endpoint.paused_at, endpoint.paused_reason = now, reason
    endpoint.updated_at, endpoint.version = now, endpoint.version + 1
    record_audit(session, AuditEvent("webhook.paused", now, _WORKER, endpoint.id, reason=reason))


def _again(session: WriteSession, row: WebhookDelivery, at: datetime, now: datetime) -> None:
    row.round += 1
    queue_delivery(session, row, now=now, at=at)


def _end(row: WebhookDelivery, error: str, now: datetime) -> None:
    row.status, row.error, row.next_at, row.finished_at = "failed", error, None, now


def _line(answer: Answer, now: datetime) -> dict[str, Any]:
    moment = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "at": moment, "status_code": answer.status_code, "duration_ms": answer.duration_ms, "error": answer.failure
    }  # fmt: skip


def send_again(session: WriteSession, rows: Sequence[WebhookDelivery], deadline: timedelta, now: datetime) -> None:
    """Have deliveries sent now, with all their time again."""
    for row in rows:
        row.status, row.finished_at, row.error = "waiting", None, None
        row.deadline_at = now + deadline
        _again(session, row, now, now)
