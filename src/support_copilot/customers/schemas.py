"""Request and response models of customers."""

from datetime import datetime
from decimal import Decimal
from math import isfinite
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, JsonValue, field_serializer, field_validator

from support_copilot.customers.filling import parts_of
from support_copilot.customers.queries import issues_by_record, seen_records
from support_copilot.customers.service import NewCustomer
from support_copilot.db.engine import ReadSession
from support_copilot.db.models import Customer
from support_copilot.http.fields import (
    Currency,
    EditRequest,
    EmailAddress,
    ExternalRef,
    LanguageCode,
    Line,
    OptionalBody,
    Slug,
)
from support_copilot.identity.visibility import Sees
from support_copilot.kit.text import storable

_MAX_ATTRIBUTES = 50
_MAX_ATTRIBUTE_CHARS = 2_000
_CONSENT = "Whether a language model may read what this person writes; false keeps every such call from happening."


class Money(BaseModel):
    """An exact amount; sent and answered as text so that no digit is lost."""

    model_config = ConfigDict(extra="forbid")

    amount: Annotated[Decimal, Field(max_digits=14, decimal_places=2, allow_inf_nan=False, examples=["1250.00"])]
    currency: Currency = Field(examples=["EUR"])

    @field_serializer("amount")
    def _two_places(self, amount: Decimal) -> str:
        return f"{amount:.2f}"


Phone = Annotated[Line, Field(max_length=40)]
Plan = Annotated[Line, Field(max_length=60)]
Attributes = Annotated[dict[Slug, JsonValue], Field(max_length=_MAX_ATTRIBUTES)]


def _flat(attributes: dict[str, Any] | None) -> dict[str, Any] | None:
    for value in (attributes or {}).values():
        if isinstance(value, list | dict):
            raise ValueError("each attribute holds a text, a number, true, false or null")
        if isinstance(value, float) and not isfinite(value):
            raise ValueError("a number is finite")
        if isinstance(value, str) and len(value) > _MAX_ATTRIBUTE_CHARS:
            raise ValueError(f"an attribute holds at most {_MAX_ATTRIBUTE_CHARS} characters")
    return attributes and {
        name: storable(value) if isinstance(value, str) else value for name, value in attributes.items()
    }


class CustomerIn(BaseModel):
    """A customer to be stored; needs a name, an address or an external reference."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"name": "Ana Example", "email": "ana@example.com", "external_ref": {"source": "crm", "id": "C-1042"}}
            ]
        },
    )

    name: Line | None = None
    email: EmailAddress | None = None
    phone: Phone | None = None
    plan: Plan | None = None
    value: Money | None = None
    language: LanguageCode | None = None
    notes: OptionalBody | None = None
    attributes: Attributes = Field(default_factory=dict)
    language_model_allowed: bool = Field(default=True, description=_CONSENT)
    external_ref: ExternalRef | None = None

    _attributes_are_flat = field_validator("attributes")(_flat)

    def to_new(self) -> NewCustomer:
        """What the service is asked to find or store."""
        return NewCustomer(**with_columns(self.model_dump(exclude={"value", "external_ref"}), self))


class CustomerEdit(EditRequest):
    """What may be changed about a customer; fields left out stay as they are, null empties one."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset(
        {"name", "email", "phone", "plan", "value", "language", "company", "notes", "external_ref"}
    )

    name: Line | None = None
    email: EmailAddress | None = None
    phone: Phone | None = None
    plan: Plan | None = None
    value: Money | None = None
    language: LanguageCode | None = None
    company: Line | None = Field(
        default=None, description="For whom the person writes; kept among the attributes, beside those sent with it."
    )
    notes: OptionalBody | None = None
    attributes: Attributes | None = None
    language_model_allowed: bool | None = Field(default=None, description=_CONSENT)
    external_ref: ExternalRef | None = None

    _attributes_are_flat = field_validator("attributes")(_flat)


class CustomerRefOut(BaseModel):
    """A customer as others name one."""

    id: str
    name: str | None = Field(description="Name, or else the address.")


class MergedCustomer(BaseModel):
    """A record that is merged into a customer."""

    id: str
    name: str | None
    email: str | None
    phone: str | None
    external_ref: ExternalRef | None
    merged_at: datetime | None
    issues: int = Field(description="How many issues that you see came by this record.")


class CustomerOut(BaseModel):
    id: str = Field(examples=["cus_01j9z3k6w8f5v9m2q4x7c1b0ad"])
    name: str | None
    email: str | None
    phone: str | None
    plan: str | None
    value: Money | None
    language: str | None
    company: str | None = Field(description="For whom the person writes, as an attribute says.")
    notes: str | None
    attributes: dict[str, JsonValue]
    language_model_allowed: bool = Field(description=_CONSENT)
    anonymized_at: datetime | None = Field(description="When the person was taken out of this record and its issues.")
    external_ref: ExternalRef | None
    merged_into: CustomerRefOut | None = Field(
        default=None, description="The customer that this record is merged into, who has its issues."
    )
    merged: list[MergedCustomer] = Field(
        default_factory=list, description="Records that are merged into this one, oldest first; empty in lists."
    )
    created_at: datetime
    updated_at: datetime
    version: int


def with_columns(plain: dict[str, Any], body: CustomerIn | CustomerEdit) -> dict[str, Any]:
    """The fields sent, with money and reference as the two columns that each is kept in."""
    if "value" in body.model_fields_set:
        plain["value_amount"] = body.value.amount if body.value else None
        plain["value_currency"] = body.value.currency if body.value else None
    if "external_ref" in body.model_fields_set:
        plain["external_source"] = body.external_ref.source if body.external_ref else None
        plain["external_id"] = body.external_ref.id if body.external_ref else None
    return plain


def render_customer(customer: Customer) -> CustomerOut:
    """The public form of a customer."""
    return CustomerOut(
        id=customer.id,
        name=customer.name,
        email=customer.email,
        phone=customer.phone,
        plan=customer.plan,
        value=render_value(customer),
        language=customer.language,
        company=customer.company,
        notes=customer.notes,
        attributes=customer.attributes,
        language_model_allowed=customer.language_model_allowed,
        anonymized_at=customer.anonymized_at,
        external_ref=ExternalRef.of(customer.external_source, customer.external_id),
        created_at=customer.created_at,
        updated_at=customer.updated_at,
        version=customer.version,
    )


def describe_customer(session: ReadSession, customer: Customer, sees: Sees = None) -> CustomerOut:
    """The public form of a customer with the seen records that are merged into it, or what it is merged into."""
    into = session.get(Customer, customer.merged_into_id) if customer.merged_into_id else None
    parts = parts_of(session, customer.id)
    ids = [part.id for part in parts]
    seen, issues = seen_records(session, ids, sees), issues_by_record(session, ids, sees)
    merged = [_merged(part, issues.get(part.id, 0)) for part in parts if part.id in seen]
    ref = CustomerRefOut(id=into.id, name=into.name or into.email or into.external_id) if into else None
    return render_customer(customer).model_copy(update={"merged_into": ref, "merged": merged})


def _merged(part: Customer, issues: int) -> MergedCustomer:
    at = part.merge_record.get("at")
    return MergedCustomer(
        id=part.id, name=part.name, email=part.email, phone=part.phone,
        external_ref=ExternalRef.of(part.external_source, part.external_id),
        merged_at=datetime.fromisoformat(at) if at else None, issues=issues,
    )  # fmt: skip


def render_value(customer: Customer) -> Money | None:
    """What the customer is worth to the company, where that is known."""
    if customer.value_amount is None or customer.value_currency is None:
        return None
    return Money(amount=customer.value_amount, currency=customer.value_currency)
