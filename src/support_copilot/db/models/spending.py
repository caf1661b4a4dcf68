"""What language models were asked and what that cost, by day (UTC)."""

from datetime import date

from sqlalchemy import BigInteger, Date, String
from sqlalchemy.orm import Mapped, mapped_column

from support_copilot.db.models.base import Base, table_options


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
