"""What language models were asked and what that cost, by day (UTC)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from support_copilot.db.models.base import Base, table_options
from support_copilot.db.types import Id, JsonValue, LongText, UtcDateTime


class ModelUsage(Base):
    """Calls of one day by task, user and provider; money in whole micro-dollars."""

    __tablename__ = "model_usage"
    __table_args__ = table_options()

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    task: Mapped[str] = mapped_column(String(40), primary_key=True)
    #: Empty for work in the background.
    user_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    provider: Mapped[str] = mapped_column(String(40), primary_key=True)
    calls: Mapped[int] = mapped_column(BigInteger)
    failed_calls: Mapped[int] = mapped_column(BigInteger)
    input_tokens: Mapped[int] = mapped_column(BigInteger)
    cached_input_tokens: Mapped[int] = mapped_column(BigInteger)
    output_tokens: Mapped[int] = mapped_column(BigInteger)
    cost_micros: Mapped[int] = mapped_column(BigInteger)


class ModelBudget(Base):
    """What of a limit is gone: spent, or held for calls on their way. A call that was killed stays held."""

    __tablename__ = "model_budgets"
    __table_args__ = table_options()

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    #: ``all``, ``task:`` and its name, or ``user:`` and the id.
    scope: Mapped[str] = mapped_column(String(80), primary_key=True)
    held_micros: Mapped[int] = mapped_column(BigInteger)
    spent_micros: Mapped[int] = mapped_column(BigInteger)


class ModelSwitch(Base):
    """What an admin set about the use of models without a restart; no row: nothing is paused."""

    __tablename__ = "model_switches"
    __table_args__ = table_options()

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    paused: Mapped[bool] = mapped_column()
    #: Why, in the admin's words; for those who look after it.
    reason: Mapped[str | None] = mapped_column(String(200))
    updated_by: Mapped[str] = mapped_column(String(64))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ModelCallRecord(Base):
    """One call as it was sent and answered: masked both ways, for whoever answers for what leaves the house."""

    __tablename__ = "model_calls"
    __table_args__ = table_options(
        Index("ix_model_calls_created_at_id", "created_at", "id"), Index("ix_model_calls_issue_id", "issue_id")
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    issue_id: Mapped[str | None] = mapped_column(ForeignKey("issues.id"))
    task: Mapped[str] = mapped_column(String(40))
    #: Name and version, such as ``reply/1``.
    prompt: Mapped[str] = mapped_column(String(60))
    #: Id of a person or key; None for work in the background.
    asked_by: Mapped[str | None] = mapped_column(String(64))
    provider: Mapped[str] = mapped_column(String(40))
    model: Mapped[str] = mapped_column(String(200))
    #: How it ended: stop, length, filtered, cancelled, or the code of an error.
    outcome: Mapped[str] = mapped_column(String(40))
    #: [{"role", "text"}], with placeholders.
    request: Mapped[list[Any]] = mapped_column(JsonValue)
    response: Mapped[str] = mapped_column(LongText)
    input_tokens: Mapped[int] = mapped_column(BigInteger)
    cached_input_tokens: Mapped[int] = mapped_column(BigInteger)
    output_tokens: Mapped[int] = mapped_column(BigInteger)
    estimated: Mapped[bool] = mapped_column()
    cost_micros: Mapped[int] = mapped_column(BigInteger)
    first_token_ms: Mapped[float | None] = mapped_column()
    duration_ms: Mapped[float] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
