"""Requests and answers about privacy."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from support_copilot.db.models import Customer, LegalHold, PrivacyRequest
from support_copilot.http.fields import Line
from support_copilot.privacy.requests import Kind
from support_copilot.privacy.retention import DataKind, Due

CustomerId = Annotated[str, Field(max_length=32, examples=["cus_01j9z3k6w8f5v9m2q4x7c1b0ad"])]
Days = Annotated[int, Field(ge=1, le=36_500)]


class PrivacyRequestIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    customer_id: CustomerId


class StoreCounts(BaseModel):
    """What happened in one store; ``left`` is what it still held when it was asked again afterwards."""

    removed: int = 0
    exported: int = 0
    left: int = 0
    kept_by_hold: int = Field(
        0, description="Of those left: records of other customers under a legal hold; masked once it is released."
    )


class PrivacyRequestOut(BaseModel):
    id: str = Field(examples=["prv_01j9z3k6w8f5v9m2q4x7c1b0ad"])
    kind: Kind
    customer_id: str
    customer_name: str | None = Field(default=None, description="Name or address, where the customer is still there.")
    status: Literal["queued", "running", "done", "refused"]
    reason: str | None
    requested_by: str
    counts: dict[str, StoreCounts]
    receipt: str | None = Field(description="Signed statement (JWS): what was done, and what each store holds now.")
    expires_at: datetime | None = Field(description="When the file of an export is removed.")
    created_at: datetime
    finished_at: datetime | None


class ReceiptKeys(BaseModel):
    keys: list[dict[str, JsonValue]]


class HoldIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    customer_id: CustomerId
    reason: Line = Field(
        description="Name or number of the matter; nothing about the person.", examples=["Case 2026-17"]
    )


class HoldOut(BaseModel):
    id: str = Field(examples=["hld_01j9z3k6w8f5v9m2q4x7c1b0ad"])
    customer_id: str
    customer_name: str | None = Field(default=None, description="Name or address of the customer.")
    reason: str
    created_by: str
    created_at: datetime
    released_by: str | None
    released_at: datetime | None


class RetentionIn(BaseModel):
    """Days for the kinds named, null to keep for good; the others stay as they are."""

    model_config = ConfigDict(extra="forbid")

    rules: dict[DataKind, Days | None] = Field(min_length=1, examples=[{"conversations": 730, "attachments": 365}])


class RetentionRuleOut(BaseModel):
    kind: DataKind
    days: int | None = Field(description="Null: kept for good.")
    due: int = Field(description="How many records the rule removes at the next run.")


class RetentionOut(BaseModel):
    dry_run: bool
    holds_in_force: int
    rules: list[RetentionRuleOut]


def render_request(request: PrivacyRequest, customer: Customer | None = None) -> PrivacyRequestOut:
    """The public form of a request; a list names the customer."""
    shown = PrivacyRequestOut.model_validate(request, from_attributes=True)
    return shown.model_copy(update={"customer_name": _called(customer)})


def render_hold(hold: LegalHold, customer: Customer | None = None) -> HoldOut:
    """The public form of a legal hold; a list names the customer."""
    shown = HoldOut.model_validate(hold, from_attributes=True)
    return shown.model_copy(update={"customer_name": _called(customer)})


def _called(customer: Customer | None) -> str | None:
    return (customer.name or customer.email) if customer else None


def render_due(due: list[Due]) -> list[RetentionRuleOut]:
    """The public form of rules with what they remove."""
    return [RetentionRuleOut(kind=each.kind, days=each.days, due=each.count) for each in due]
