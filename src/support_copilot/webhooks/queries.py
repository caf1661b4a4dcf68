"""All SQL about webhooks for the people who look after them."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import WebhookDelivery, WebhookEndpoint
from support_copilot.http.paging import PageRequest, paged
from support_copilot.kit.errors import NotFoundError
from support_copilot.kit.ids import is_id


class WebhookNotFoundError(NotFoundError):
    code, title = "webhook_not_found", "There is no webhook with this id"


class DeliveryNotFoundError(NotFoundError):
    code, title = "delivery_not_found", "This webhook has no delivery with this id, or it was forgotten"


def get_endpoint(session: ReadSession, webhook_id: str) -> WebhookEndpoint:
    """The endpoint's row.

    Raises:
        WebhookNotFoundError: no webhook has this id.
    """
    row = session.get(WebhookEndpoint, webhook_id) if is_id(webhook_id, "webhook") else None
    if row is None:
        raise WebhookNotFoundError
    return row


def lock_endpoint(session: WriteSession, webhook_id: str) -> WebhookEndpoint:
    """The endpoint's row, locked.

    Raises:
        WebhookNotFoundError: no webhook has this id.
    """
    row = session.lock(WebhookEndpoint, webhook_id) if is_id(webhook_id, "webhook") else None
    if row is None:
        raise WebhookNotFoundError
    return row


def lock_delivery(session: WriteSession, webhook_id: str, delivery_id: str) -> WebhookDelivery:
    """The row of a delivery of this endpoint, locked.

    Raises:
        DeliveryNotFoundError: this endpoint has none with this id.
    """
    row = session.lock(WebhookDelivery, delivery_id) if is_id(delivery_id, "delivery") else None
    if row is None or row.endpoint_id != webhook_id:
        raise DeliveryNotFoundError
    return row


def count_endpoints(session: ReadSession) -> int:
    """How many endpoints there are, switched off or not."""
    return int(session.scalar(select(func.count()).select_from(WebhookEndpoint)))


def list_endpoints(session: ReadSession, page: PageRequest) -> Sequence[WebhookEndpoint]:
    """One page of endpoints and one row more, newest first."""
    query = select(WebhookEndpoint)
    return list(session.scalars(paged(query, page, WebhookEndpoint.created_at, WebhookEndpoint.id)))


def list_deliveries(
    session: ReadSession, webhook_id: str, *, statuses: Sequence[str], page: PageRequest
) -> Sequence[WebhookDelivery]:
    """One page of an endpoint's deliveries and one row more, newest first."""
    query = select(WebhookDelivery).where(WebhookDelivery.endpoint_id == webhook_id)
    if statuses:
        query = query.where(WebhookDelivery.status.in_(statuses))
    return list(session.scalars(paged(query, page, WebhookDelivery.created_at, WebhookDelivery.id)))


def count_unsent(session: ReadSession, webhook_ids: Sequence[str]) -> Mapping[str, int]:
    """How many deliveries of each endpoint wait or are held; those with none are left out."""
    unsent = WebhookDelivery.status.in_(("waiting", "held"))
    query = (
        select(WebhookDelivery.endpoint_id, func.count().label("unsent"))
        .where(WebhookDelivery.endpoint_id.in_(webhook_ids), unsent)
        .group_by(WebhookDelivery.endpoint_id)
    )
    return {row.endpoint_id: int(row.unsent) for row in session.execute(query)}


def lock_held(session: WriteSession, webhook_id: str, most: int) -> Sequence[WebhookDelivery]:
    """Some held deliveries of an endpoint, oldest first, locked."""
    held = (WebhookDelivery.endpoint_id == webhook_id) & (WebhookDelivery.status == "held")
    query = select(WebhookDelivery).where(held).order_by(WebhookDelivery.created_at, WebhookDelivery.id)
    return list(session.scalars(query.limit(most).with_for_update()))


def delivery_ids(session: ReadSession, webhook_id: str, most: int) -> Sequence[str]:
    """Ids of some deliveries of an endpoint."""
    query = select(WebhookDelivery.id).where(WebhookDelivery.endpoint_id == webhook_id)
    return list(session.scalars(query.limit(most)))
