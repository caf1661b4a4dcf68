"""A hard budget: money is held before a provider is asked and settled after, so a limit is never passed.

Amounts are kept in the database, since several processes spend from the same purse.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import structlog

from support_copilot.backends.llm.config import LlmConfig
from support_copilot.backends.llm.errors import BudgetSpentError, BudgetUnknownError, ModelError
from support_copilot.backends.llm.port import Usage
from support_copilot.backends.llm.prices import MICROS, Price, byte_length, estimated_usage
from support_copilot.backends.llm.provider import Ask, End, Piece, Request
from support_copilot.db.engine import Database
from support_copilot.db.model_spending import CallCost, hold, settle
from support_copilot.kit.errors import AppError

_log = structlog.get_logger("support_copilot.llm")


class Purse:
    """The limits that the settings give, and where it is kept what is gone of them."""

    def __init__(self, config: LlmConfig, database: Database, clock: Callable[[], datetime]) -> None:
        self._config = config
        self._database = database
        self._clock = clock

    def today(self) -> date:
        return self._clock().date()

    def limits(self, request: Request) -> dict[str, int]:
        """Scope to limit in micro-dollars, of those that a request falls under."""
        budget, task = self._config.budget, self._config.tasks.get(request.task)
        asked = {"all": budget.daily_usd, f"task:{request.task}": task.daily_usd if task else None}
        if request.user is not None:
            asked[f"user:{request.user}"] = budget.daily_usd_per_user
        return {scope: int(usd * MICROS) for scope, usd in asked.items() if usd is not None}

    async def hold(self, day: date, limits: dict[str, int], micros: int) -> None:
        """Hold money, in a thread.

        Raises:
            BudgetSpentError: a limit would be passed.
            BudgetUnknownError: the database does not answer.
        """
        try:
            passed = await asyncio.to_thread(hold, self._database, day, limits, micros)
        except AppError as error:
            raise BudgetUnknownError from error
        if passed is not None:
            _log.warning("llm.budget.spent", scope=passed.split(":")[0])
            raise BudgetSpentError(retry_after_s=self._until_tomorrow_s())

    async def settle(self, day: date, limits: dict[str, int], held: int, cost: CallCost) -> None:
        """Count what it was; a database that is away leaves the money held, which errs on the safe side."""
        try:
            await asyncio.to_thread(settle, self._database, day, limits, held, cost)
        except AppError as error:
            _log.error("llm.usage.not_counted", code=error.code, task=cost.task)

    def _until_tomorrow_s(self) -> int:
        now = self._clock()
        tomorrow = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
        return int((tomorrow - now).total_seconds()) + 1


@dataclass(slots=True)
class _Attempt:
    """What is known of an attempt while it goes on."""

    answered_bytes: int = 0
    usage: Usage | None = None
    cost_micros: int = 0
    may_cost: bool = True


def with_budget(ask: Ask, purse: Purse, price: Price, provider: str) -> Ask:
    """Ask when the most that the answer can cost still fits; count in any case what it did cost."""

    async def within(request: Request) -> AsyncGenerator[Piece, None]:
        day, limits = purse.today(), purse.limits(request)
        most = price.most_micros(request, request.max_tokens) if limits else 0
        holding = asyncio.ensure_future(purse.hold(day, limits, most) if limits else asyncio.sleep(0))
        attempt = _Attempt(may_cost=False)
        try:
            # Shielded: if the caller leaves just now, the money must be either held and given back, or not held.
            await asyncio.shield(holding)
            attempt.may_cost = True
            async with aclosing(ask(request)) as pieces:
                async for piece in pieces:
                    _note(attempt, piece)
                    yield piece
        except ModelError as error:
            attempt.may_cost = error.may_cost
            raise
        finally:
            await _undisturbed(_settle(purse, holding, day, limits, most, _cost(request, attempt, price, provider)))

    return within


def _note(attempt: _Attempt, piece: Piece) -> None:
    if isinstance(piece, End):
        attempt.usage = piece.usage
    else:
        attempt.answered_bytes += byte_length(piece)


def _cost(request: Request, attempt: _Attempt, price: Price, provider: str) -> CallCost:
    usage, charged = attempt.usage, 0
    if usage is not None:
        cost = charged = price.micros(usage)
        if usage.estimated:
            charged = price.most_micros(request, attempt.answered_bytes)
    elif attempt.may_cost:
        usage = estimated_usage(request, " " * attempt.answered_bytes)
        cost, charged = price.micros(usage), price.most_micros(request, attempt.answered_bytes)
    else:
        usage, cost = Usage(0, 0), 0
    return CallCost(
        task=request.task, user_id=request.user or "", provider=provider, ok=attempt.usage is not None,
        input_tokens=usage.input_tokens, cached_input_tokens=usage.cached_input_tokens,
        output_tokens=usage.output_tokens, cost_micros=cost, charged_micros=charged,
    )  # fmt: skip


async def _settle(
    purse: Purse, holding: "asyncio.Future[None]", day: date, limits: dict[str, int], held: int, cost: CallCost
) -> None:
    await asyncio.wait({holding})
    if holding.exception() is None:
        await purse.settle(day, limits, held, cost)


async def _undisturbed(work: Coroutine[object, object, None]) -> None:
    """Finish the work even when the task is cancelled meanwhile, then let the cancellation go on."""
    task, cancelled = asyncio.ensure_future(work), None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled
    task.result()
