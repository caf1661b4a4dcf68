"""Requests and answers about webhooks."""

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from support_copilot.db.models import WebhookDelivery, WebhookEndpoint
from support_copilot.http.fields import EditRequest, Line
from support_copilot.webhooks.addresses import MAX_URL_CHARS
from support_copilot.webhooks.events import EVENTS, WebhookEvent

Url = Annotated[str, Field(min_length=1, max_length=MAX_URL_CHARS, examples=["https://example.com/hooks"])]
Events = Annotated[list[WebhookEvent], Field(min_length=1, max_length=len(EVENTS))]
State = Literal["on", "off", "failing", "paused"]
DeliveryStatus = Literal["waiting", "held", "delivered", "failed"]

#: Codes of failures, and what people read.
PROBLEMS: Final = {
    "address_refused": "The address leads into a network that requests may not go to.",
    "unreachable": "Nobody answered at this address.",
    "tls": "The connection could not be made safe; the certificate may have ended or belong to another name.",
    "timeout": "There was no answer in time.",
    "redirect": "The answer leads to another place, which is not followed.",
    "status": "The answer was no success (200 to 299).",
    "too_late": "It could not be sent before its time was over.",
    "switched_off": "The webhook was switched off.",
}


class WebhookIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Line
    url: Url
    events: Events


class WebhookEdit(EditRequest):
    """An edit of a webhook. While it is off nothing is sent, and nothing is kept to be sent later."""

    name: Line | None = None
    url: Url | None = None
    events: Events | None = None
    enabled: Annotated[bool | None, Field(strict=True)] = None


class SecretRotation(BaseModel):
    model_config = ConfigDict(extra="forbid")

    overlap_hours: float = Field(default=24, ge=0, le=720, description="How long the old secret signs as well.")


class WebhookOut(BaseModel):
    """An address that is told of events, without its secret."""

    id: str = Field(examples=["whk_01j9z3k6w8f5v9m2q4x7c1b0ad"])
    name: str
    url: str
    events: list[WebhookEvent]
    enabled: bool
    state: State = Field(description="`failing` while the newest try failed; `paused` by the product, until resumed.")
    failing_since: datetime | None
    paused_at: datetime | None
    paused_reason: Literal["failing", "gone"] | None
    unsent: int = Field(description="Deliveries that wait or are held.")
    previous_secret_until: datetime | None = Field(description="Until when the secret before signs as well.")
    created_by: str
    version: int
    created_at: datetime
    updated_at: datetime


class WebhookMade(BaseModel):
    """``secret`` is shown this once; null where the same ``Idempotency-Key`` made the webhook before."""

    webhook: WebhookOut
    secret: str | None = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])


class TryOut(BaseModel):
    """One try. What the other side answered in words is not kept."""

    at: datetime
    status_code: int | None
    duration_ms: int
    error: str | None


class DeliveryOut(BaseModel):
    """One event for one webhook, and how telling it went."""

    id: str = Field(examples=["whd_01j9z3k6w8f5v9m2q4x7c1b0ad"])
    event_id: str = Field(description="The header `webhook-id`: the same at every try and for every webhook.")
    event: WebhookEvent | Literal["webhook.test"]
    data: dict[str, JsonValue] = Field(description="What the payload says: ids and states.")
    status: DeliveryStatus
    attempts: int
    status_code: int | None = Field(description="Of the newest try.")
    duration_ms: int | None = Field(description="Of the newest try.")
    error: str | None = Field(description="Code of why the newest try failed, or why there was none.")
    problem: str | None = Field(description="The same as a sentence.")
    tries: list[TryOut] = Field(description="The newest ones, oldest first.")
    next_at: datetime | None
    created_at: datetime
    finished_at: datetime | None


def render_webhook(row: WebhookEndpoint, unsent: int, now: datetime) -> WebhookOut:
    until = row.previous_until
    return WebhookOut.model_validate({
        "id": row.id, "name": row.name, "url": row.url, "events": row.events, "enabled": row.enabled,
        "state": _state(row), "failing_since": row.failing_since, "paused_at": row.paused_at,
        "paused_reason": row.paused_reason, "unsent": unsent,
        "previous_secret_until": until if until and until > now else None, "created_by": row.created_by,
        "version": row.version, "created_at": row.created_at, "updated_at": row.updated_at,
    })  # fmt: skip


def render_delivery(row: WebhookDelivery) -> DeliveryOut:
    newest = row.tries[-1] if row.tries else {}
    return DeliveryOut.model_validate({
        "id": row.id, "event_id": row.event_id, "event": row.event, "data": row.data, "status": row.status,
        "attempts": row.attempts, "status_code": newest.get("status_code"), "duration_ms": newest.get("duration_ms"),
        "error": row.error, "problem": PROBLEMS.get(row.error or ""), "tries": row.tries, "next_at": row.next_at,
        "created_at": row.created_at, "finished_at": row.finished_at,
    })  # fmt: skip


def _state(row: WebhookEndpoint) -> State:
    if not row.enabled:
        return "off"
    if row.paused_at is not None:
        return "paused"
    return "failing" if row.failures else "on"
