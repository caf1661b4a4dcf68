"""Customers: the people and companies who write in."""

from decimal import Decimal
from typing import Any

from sqlalchemy import Index, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from support_copilot.db.models.base import Base, Versioned, table_options
from support_copilot.db.types import Id, JsonValue, LongText


class Customer(Versioned, Base):
    __tablename__ = "customers"
    __table_args__ = table_options(
        UniqueConstraint("external_source", "external_id"),
        Index("ix_customers_email", "email"),
        Index("ix_customers_created_at_id", "created_at", "id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str | None] = mapped_column(String(200))
    #: Lower-cased, so that one address is one customer.
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(40))
    plan: Mapped[str | None] = mapped_column(String(60))
    value_amount: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    value_currency: Mapped[str | None] = mapped_column(String(3))
    language: Mapped[str | None] = mapped_column(String(12))
    notes: Mapped[str | None] = mapped_column(LongText)
    attributes: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict)
    external_source: Mapped[str | None] = mapped_column(String(60))
    external_id: Mapped[str | None] = mapped_column(String(190))
