"""What an admin does to webhooks: make, edit, try, rotate, resume, remove, send again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from support_copilot.db.engine import WriteSession
from support_copilot.db.models import WebhookDelivery, WebhookEndpoint
from support_copilot.db.outbox import enqueue
from support_copilot.http.concurrency import check_version
from support_copilot.http.idempotency import CreateRequest, create_once
from support_copilot.identity.audit import AuditEvent, record_audit
from support_copilot.identity.principal import Principal
from support_copilot.kit.errors import ConflictError
from support_copilot.kit.ids import new_id
from support_copilot.resources import Resources
from support_copilot.webhooks.addresses import check_address
from support_copilot.webhooks.delivery import note_try, notice_of, send_again
from support_copilot.webhooks.events import TEST, WebhookEvent
from support_copilot.webhooks.queries import count_endpoints, get_endpoint, lock_delivery, lock_endpoint
from support_copilot.webhooks.sending import send
from support_copilot.webhooks.signing import new_secret

MAX_ENDPOINTS: Final = 20
SEND_HELD: Final = "webhooks.send_held"
FORGET: Final = "webhooks.forget"
_ONCE_MORE_AFTER: Final = timedelta(minutes=2)


class TooManyWebhooksError(ConflictError):
    code, title = "too_many_webhooks", f"There are {MAX_ENDPOINTS} webhooks, which is the most; remove one first"


class WebhookOffError(ConflictError):
    code, title = "webhook_off", "The webhook is switched off or paused; nothing is sent to it"


class WebhookNotPausedError(ConflictError):
    code, title = "webhook_not_paused", "The webhook is not paused"


@dataclass(frozen=True, slots=True)
class MadeEndpoint:
    """``secret`` is None where the same request made the webhook before: it was shown then."""

    row: WebhookEndpoint
    secret: str | None


def create_endpoint(
    resources: Resources,
    *,
    name: str,
    url: str,
    events: Sequence[WebhookEvent],
    key: str | None,
    body_fingerprint: str,
    actor: Principal,
) -> MadeEndpoint:
    """Register an address for events from now on.

    Raises:
        InvalidRequestError: the address is none that is sent to.
        TooManyWebhooksError: there are as many as there may be.
    """
    check_address(resources.outgoing, url)
    now, secret = resources.clock(), new_secret()
    made: list[str] = []

    def make(session: WriteSession) -> str:
        if count_endpoints(session) >= MAX_ENDPOINTS:
            raise TooManyWebhooksError
        row = WebhookEndpoint(
            id=new_id("webhook"), name=name, url=url, events=in_order(events), enabled=True, failures=0,
            secret=secret, created_by=actor.id, version=1, created_at=now, updated_at=now,
        )  # fmt: skip
        session.add(row)
        record_audit(session, AuditEvent("webhook.created", now, actor, row.id, after=_plain(row)))
        made[:] = [row.id]
        return row.id

    request = CreateRequest("webhooks", key, body_fingerprint)
    creation = create_once(resources.database, request, existing=lambda _session: None, make=make, now=now)
    with resources.database.read() as session:
        row = get_endpoint(session, creation.resource_id)
    return MadeEndpoint(row, secret if made == [creation.resource_id] else None)


def edit_endpoint(
    resources: Resources, webhook_id: str, changes: Mapping[str, Any], if_match: str | None, actor: Principal
) -> WebhookEndpoint:
    """Change name, address, events, or whether it is on.

    Raises:
        WebhookNotFoundError: no webhook has this id.
        InvalidRequestError: the address is none that is sent to.
        StaleVersionError: it changed since ``if_match`` was read.
    """
    if "url" in changes:
        check_address(resources.outgoing, changes["url"])
    now = resources.clock()
    with resources.database.transaction() as session:
        row = lock_endpoint(session, webhook_id)
        check_version(if_match, row.version)
        before = {name: getattr(row, name) for name in changes}
        for name, value in changes.items():
            setattr(row, name, in_order(value) if name == "events" else value)
        if before.get("url", row.url) != row.url:
            # Another place starts anew; what is held for a paused one waits for a person as before.
            row.failures, row.failing_since, row.rests_until = 0, None, None
        after = {name: getattr(row, name) for name in changes}
        _touch(row, now)
        record_audit(session, AuditEvent("webhook.edited", now, actor, row.id, before=before, after=after))
    return row


def rotate_secret(resources: Resources, webhook_id: str, overlap: timedelta, actor: Principal) -> MadeEndpoint:
    """Give it a new secret; both sign until the overlap is over.

    Raises:
        WebhookNotFoundError: no webhook has this id.
    """
    now, secret = resources.clock(), new_secret()
    with resources.database.transaction() as session:
        row = lock_endpoint(session, webhook_id)
        row.previous_secret, row.previous_until = (row.secret, now + overlap) if overlap else (None, None)
        row.secret = secret
        _touch(row, now)
        ends = {"expires_at": row.previous_until}
        record_audit(session, AuditEvent("webhook.secret_rotated", now, actor, row.id, after=ends))
    return MadeEndpoint(row, secret)


def resume_endpoint(resources: Resources, webhook_id: str, actor: Principal) -> WebhookEndpoint:
    """Send to a paused endpoint again, first what was held for it.

    Raises:
        WebhookNotFoundError: no webhook has this id.
        WebhookNotPausedError: it is not paused.
    """
    now = resources.clock()
    with resources.database.transaction() as session:
        row = lock_endpoint(session, webhook_id)
        if row.paused_at is None:
            raise WebhookNotPausedError
        row.paused_at = row.paused_reason = row.failing_since = row.rests_until = None
        row.failures = 0
        _touch(row, now)
        # Once more later: what a transaction held that had begun before.
        for at in (now, now + _ONCE_MORE_AFTER):
            enqueue(session, SEND_HELD, {"webhook_id": row.id}, now=now, run_at=at)
        record_audit(session, AuditEvent("webhook.resumed", now, actor, row.id))
    return row


def remove_endpoint(resources: Resources, webhook_id: str, actor: Principal) -> None:
    """Forget an endpoint at once and its deliveries soon.

    Raises:
        WebhookNotFoundError: no webhook has this id.
    """
    now = resources.clock()
    with resources.database.transaction() as session:
        row = lock_endpoint(session, webhook_id)
        record_audit(session, AuditEvent("webhook.removed", now, actor, row.id, before=_plain(row)))
        session.delete(row)
        enqueue(session, FORGET, {"webhook_id": row.id}, now=now)


def try_endpoint(resources: Resources, webhook_id: str, actor: Principal) -> WebhookDelivery:
    """Send a test at once, also to an endpoint that is off or paused; what it answered changes nothing about that.

    Raises:
        WebhookNotFoundError: no webhook has this id.
    """
    now = resources.clock()
    with resources.database.read() as session:
        endpoint = get_endpoint(session, webhook_id)
    row = WebhookDelivery(
        id=new_id("delivery"), endpoint_id=endpoint.id, event_id=new_id("event"), event=TEST,
        data={"webhook_id": endpoint.id}, occurred_at=now, round=1, attempts=0, tries=[], deadline_at=now,
        created_at=now,
    )  # fmt: skip
    answer = send(resources.outgoing, notice_of(row, endpoint, now), now)
    now = resources.clock()
    note_try(row, answer, now)
    row.status, row.finished_at = "failed" if answer.failure else "delivered", now
    with resources.database.transaction() as session:
        lock_endpoint(session, webhook_id)
        session.add(row)
        after = {"status": row.status}
        record_audit(session, AuditEvent("webhook.tested", now, actor, endpoint.id, after=after))
    return row


def redeliver(resources: Resources, webhook_id: str, delivery_id: str, actor: Principal) -> WebhookDelivery:
    """Send now, or once more, with the same ``webhook-id`` and all its time again.

    Raises:
        WebhookNotFoundError, DeliveryNotFoundError: there is none.
        WebhookOffError: the endpoint is off or paused.
    """
    now, deadline = resources.clock(), timedelta(hours=resources.outgoing.webhook_deadline_h)
    with resources.database.transaction() as session:
        endpoint = get_endpoint(session, webhook_id)
        row = lock_delivery(session, webhook_id, delivery_id)
        if not endpoint.enabled or endpoint.paused_at is not None:
            raise WebhookOffError
        send_again(session, [row], deadline, now)
        event = AuditEvent("webhook.redelivered", now, actor, webhook_id, after={"event": row.event, "id": row.id})
        record_audit(session, event)
    return row


def in_order(events: Sequence[str]) -> list[str]:
    """Each once, in the order of the alphabet."""
    return sorted(set(events))


def _plain(row: WebhookEndpoint) -> dict[str, Any]:
    return {"name": row.name, "url": row.url, "events": row.events, "enabled": row.enabled}


def _touch(row: WebhookEndpoint, now: datetime) -> None:
    row.updated_at, row.version = now, row.version + 1
