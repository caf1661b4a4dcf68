"""What language models are set, what they were asked, and what that cost."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from pydantic import BaseModel, Field
from sqlalchemy import func, select

from support_copilot.backends.llm.port import TASKS, LanguageModel, Task
from support_copilot.db.engine import ReadSession
from support_copilot.db.models import ModelBudget, ModelUsage
from support_copilot.identity.directory_queries import names_of_users

_MICROS: Final = 1_000_000
_MOST_USERS: Final = 100


class TaskModel(BaseModel):
    """Who is asked for one task; nulls where the engine that needs no model answers."""

    task: Task
    provider: str | None
    model: str | None
    daily_usd: float | None = Field(description="What it may cost a day in US dollars; null without a limit.")
    counted_today_usd: float | None = Field(
        description="What counts against that today: spent, or held for calls on their way; null without a limit."
    )


class UsageOut(BaseModel):
    """Calls and their cost; ``failed`` ones are among the calls."""

    calls: int
    failed: int
    read_tokens: int
    written_tokens: int
    cost_usd: float


class NamedUsage(UsageOut):
    """The same of one day, task, provider or person; ``name`` is what people call it."""

    id: str
    name: str


class ModelsReport(BaseModel):
    """Days are days of UTC, both included."""

    first_day: date
    last_day: date
    tasks: list[TaskModel]
    daily_usd: float | None = Field(description="What all calls may cost a day; null without a limit.")
    daily_usd_per_user: float | None
    spent_today_usd: float
    held_today_usd: float = Field(description="Held for calls on their way; a call that was killed stays held.")
    total: UsageOut
    by_day: list[NamedUsage] = Field(description="Days with calls, oldest first.")
    by_task: list[NamedUsage] = Field(description="The dearest first, as in the lists below.")
    by_provider: list[NamedUsage]
    by_user: list[NamedUsage] = Field(description="At most 100; an empty id is work in the background.")


def report_models(session: ReadSession, llm: LanguageModel, first_day: date, last_day: date) -> ModelsReport:
    """Everything about models over these days."""
    limits = llm.limits()
    spent, held = _today(session, last_day)
    by_user = _usage(session, ModelUsage.user_id, first_day, last_day)[:_MOST_USERS]
    names = names_of_users(session, [one.id for one in by_user])
    return ModelsReport(
        first_day=first_day,
        last_day=last_day,
        tasks=[
            _task(session, llm, task, limits.daily_usd_by_task.get(task), last_day) for task in TASKS if task != "probe"
        ],
        daily_usd=_usd(limits.daily_usd),
        daily_usd_per_user=_usd(limits.daily_usd_per_user),
        spent_today_usd=spent,
        held_today_usd=held,
        total=_total(session, first_day, last_day),
        by_day=sorted(_usage(session, ModelUsage.day, first_day, last_day), key=lambda one: one.id),
        by_task=_usage(session, ModelUsage.task, first_day, last_day),
        by_provider=_usage(session, ModelUsage.provider, first_day, last_day),
        by_user=[one.model_copy(update={"name": names.get(one.id, one.id)}) for one in by_user],
    )


def _task(session: ReadSession, llm: LanguageModel, task: Task, daily_usd: Decimal | None, today: date) -> TaskModel:
    info = llm.describe(task)
    gone = session.get(ModelBudget, (today, f"task:{task}")) if daily_usd is not None else None
    counted = (gone.held_micros + gone.spent_micros) / _MICROS if gone else 0.0
    return TaskModel(
        task=task,
        provider=info.provider if info else None,
        model=info.model if info else None,
        daily_usd=_usd(daily_usd),
        counted_today_usd=None if daily_usd is None else counted,
    )


def _sums() -> tuple[Any, ...]:
    return (
        func.sum(ModelUsage.calls).label("calls"),
        func.sum(ModelUsage.failed_calls).label("failed"),
        func.sum(ModelUsage.input_tokens).label("read_tokens"),
        func.sum(ModelUsage.output_tokens).label("written_tokens"),
        func.sum(ModelUsage.cost_micros).label("micros"),
    )


def _usage(session: ReadSession, column: Any, first_day: date, last_day: date) -> list[NamedUsage]:
    query = select(column.label("key"), *_sums()).where(ModelUsage.day.between(first_day, last_day)).group_by(column)
    rows = session.execute(query).mappings()
    found = [NamedUsage(id=str(row["key"]), name=str(row["key"]), **_counted(row)) for row in rows]
    return sorted(found, key=lambda one: (-one.cost_usd, -one.calls, one.id))


def _total(session: ReadSession, first_day: date, last_day: date) -> UsageOut:
    row = session.execute(select(*_sums()).where(ModelUsage.day.between(first_day, last_day))).mappings().one()
    return UsageOut(**_counted(row))


def _counted(row: Any) -> dict[str, Any]:
    counts = {name: int(row[name] or 0) for name in ("calls", "failed", "read_tokens", "written_tokens")}
    return counts | {"cost_usd": int(row["micros"] or 0) / _MICROS}


def _today(session: ReadSession, day: date) -> tuple[float, float]:
    budget = session.get(ModelBudget, (day, "all"))
    spent = session.scalar(select(func.sum(ModelUsage.cost_micros)).where(ModelUsage.day == day))
    return int(spent or 0) / _MICROS, (budget.held_micros if budget else 0) / _MICROS


def _usd(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)
