"""Background work of webhooks."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import delete

from support_copilot.db.models import WebhookDelivery
from support_copilot.resources import Resources
from support_copilot.webhooks.delivery import deliver, send_again
from support_copilot.webhooks.events import DELIVER
from support_copilot.webhooks.queries import delivery_ids, get_endpoint, lock_held
from support_copilot.webhooks.service import FORGET, SEND_HELD

_BATCH: Final = 100


def _deliver(resources: Resources, payload: Mapping[str, Any]) -> None:
    deliver(resources, str(payload["delivery_id"]), int(payload["round"]))


def _send_held(resources: Resources, payload: Mapping[str, Any]) -> None:
    """A batch in a transaction, until none is held or somebody paused it again."""
    deadline = timedelta(hours=resources.outgoing.webhook_deadline_h)
    while True:
        with resources.database.transaction() as session:
            if get_endpoint(session, str(payload["webhook_id"])).paused_at is not None:
                return
            held = lock_held(session, str(payload["webhook_id"]), _BATCH)
            if not held:
                return
            send_again(session, held, deadline, resources.clock())


def _forget(resources: Resources, payload: Mapping[str, Any]) -> None:
    """A batch in a transaction, so that intake never waits for it."""
    while True:
        with resources.database.transaction() as session:
            ids = delivery_ids(session, str(payload["webhook_id"]), _BATCH)
            if not ids:
                return
            session.execute(delete(WebhookDelivery).where(WebhookDelivery.id.in_(ids)))


HANDLERS: Final[Mapping[str, Callable[[Resources, Mapping[str, Any]], None]]] = {
    DELIVER: _deliver, SEND_HELD: _send_held, FORGET: _forget,
}  # fmt: skip
