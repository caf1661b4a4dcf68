"""Endpoints of webhooks: addresses of other programs that are told what happened."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from support_copilot.db.models import WebhookEndpoint
from support_copilot.http.concurrency import IfMatch, set_etag
from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.http.idempotency import IdempotencyKeyHeader, fingerprint
from support_copilot.http.paging import Page, PageArgs, page_of
from support_copilot.http.places import ProviderPlacesDep
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires
from support_copilot.resources import Resources
from support_copilot.webhooks.queries import count_unsent, get_endpoint, list_deliveries, list_endpoints
from support_copilot.webhooks.schemas import (
    DeliveryOut,
    DeliveryStatus,
    SecretRotation,
    WebhookEdit,
    WebhookIn,
    WebhookMade,
    WebhookOut,
    render_delivery,
    render_webhook,
)
from support_copilot.webhooks.service import (
    MadeEndpoint,
    create_endpoint,
    edit_endpoint,
    redeliver,
    remove_endpoint,
    resume_endpoint,
    rotate_secret,
    try_endpoint,
)

router = APIRouter(tags=["webhooks"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)


@router.get("/v1/webhooks", dependencies=[requires("webhooks.read")])
def get_webhooks(resources: ResourcesDep, page: PageArgs) -> Page[WebhookOut]:
    """List webhooks, newest first; never their secrets."""
    with resources.database.read() as session:
        rows = list_endpoints(session, page)
        unsent = count_unsent(session, [row.id for row in rows])
    now = resources.clock()

    def render(row: WebhookEndpoint) -> WebhookOut:
        return render_webhook(row, unsent.get(row.id, 0), now)

    return page_of(rows, page, lambda row: row.created_at, lambda row: row.id, render)


@router.post("/v1/webhooks", status_code=201, dependencies=[requires("webhooks.manage")])
def post_webhook(
    body: WebhookIn,
    resources: ResourcesDep,
    principal: PrincipalDep,
    response: Response,
    idempotency_key: IdempotencyKeyHeader = None,
) -> WebhookMade:
    """Have an address told of events from now on; its secret is shown this once."""
    made = create_endpoint(
        resources, name=body.name, url=body.url, events=body.events, key=idempotency_key,
        body_fingerprint=fingerprint(body), actor=principal,
    )  # fmt: skip
    return _made(resources, made, response)


@router.get("/v1/webhooks/{webhook_id}", dependencies=[requires("webhooks.read")])
def get_one_webhook(webhook_id: str, resources: ResourcesDep, response: Response) -> WebhookOut:
    """Read one webhook."""
    with resources.database.read() as session:
        row = get_endpoint(session, webhook_id)
    return _shown(resources, row, response)


@router.patch("/v1/webhooks/{webhook_id}", dependencies=[requires("webhooks.manage")])
def patch_webhook(
    webhook_id: str,
    body: WebhookEdit,
    resources: ResourcesDep,
    principal: PrincipalDep,
    response: Response,
    if_match: IfMatch = None,
) -> WebhookOut:
    """Change the name, the address or the events of a webhook, or switch it on or off."""
    changes: dict[str, Any] = body.changes()
    row = edit_endpoint(resources, webhook_id, changes, if_match, principal)
    return _shown(resources, row, response)


@router.delete("/v1/webhooks/{webhook_id}", status_code=204, dependencies=[requires("webhooks.manage")])
def delete_webhook(webhook_id: str, resources: ResourcesDep, principal: PrincipalDep) -> None:
    """Remove a webhook: nothing is sent to it any more, and what was is forgotten."""
    remove_endpoint(resources, webhook_id, principal)


@router.post("/v1/webhooks/{webhook_id}/rotate", dependencies=[requires("webhooks.manage")])
def post_webhook_rotation(
    webhook_id: str,
    resources: ResourcesDep,
    principal: PrincipalDep,
    response: Response,
    body: SecretRotation | None = None,
) -> WebhookMade:
    """Give a webhook a new secret, shown this once; for a while both sign."""
    overlap = timedelta(hours=(body or SecretRotation()).overlap_hours)
    return _made(resources, rotate_secret(resources, webhook_id, overlap, principal), response)


@router.post("/v1/webhooks/{webhook_id}/resume", dependencies=[requires("webhooks.manage")])
def post_webhook_resumption(
    webhook_id: str, resources: ResourcesDep, principal: PrincipalDep, response: Response
) -> WebhookOut:
    """Send to a paused webhook again, first what was held for it."""
    return _shown(resources, resume_endpoint(resources, webhook_id, principal), response)


@router.post("/v1/webhooks/{webhook_id}/test", dependencies=[requires("webhooks.manage")])
async def post_webhook_test(
    webhook_id: str, resources: ResourcesDep, principal: PrincipalDep, places: ProviderPlacesDep
) -> DeliveryOut:
    """Send a signed event `webhook.test` now, and say how it was taken; also to one that is off or paused."""
    return render_delivery(await places.run(try_endpoint, resources, webhook_id, principal))


@router.get("/v1/webhooks/{webhook_id}/deliveries", dependencies=[requires("webhooks.read")])
def get_webhook_deliveries(
    webhook_id: str,
    resources: ResourcesDep,
    page: PageArgs,
    status: Annotated[Sequence[DeliveryStatus], Query(description="May be given several times.")] = (),
) -> Page[DeliveryOut]:
    """List what a webhook was told or is yet to be told, newest first."""
    with resources.database.read() as session:
        get_endpoint(session, webhook_id)
        rows = list_deliveries(session, webhook_id, statuses=status, page=page)
    return page_of(rows, page, lambda row: row.created_at, lambda row: row.id, render_delivery)


@router.post(
    "/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver",
    status_code=202,
    dependencies=[requires("webhooks.manage")],
)
def post_redelivery(webhook_id: str, delivery_id: str, resources: ResourcesDep, principal: PrincipalDep) -> DeliveryOut:
    """Send a delivery now, told before or not, with the same `webhook-id`."""
    return render_delivery(redeliver(resources, webhook_id, delivery_id, principal))


def _shown(resources: Resources, row: WebhookEndpoint, response: Response) -> WebhookOut:
    set_etag(response, row.version)
    with resources.database.read() as session:
        unsent = count_unsent(session, [row.id])
    return render_webhook(row, unsent.get(row.id, 0), resources.clock())


def _made(resources: Resources, made: MadeEndpoint, response: Response) -> WebhookMade:
    response.headers["Cache-Control"] = "no-store"
    return WebhookMade(webhook=_shown(resources, made.row, response), secret=made.secret)
