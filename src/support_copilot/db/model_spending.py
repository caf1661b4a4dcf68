"""Counts what language models cost, and holds money for a call before it is made, so that a limit is never passed.

Any number of processes may do so at once: each limit is a row, raised only while the sum stays within the limit.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from support_copilot.db.engine import Database, DatabaseBusyError, ReadSession, WriteSession
from support_copilot.db.models import ModelBudget, ModelUsage

#: Two processes may write the first row of a day at the same moment, or meet in a deadlock; one of them tries again.
_TRIES: Final = 5
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class CallCost:
    """One attempt that ended: ``cost_micros`` is what it cost, ``charged_micros`` what the limits are charged.

    The two differ where an answer broke off: nobody said what it cost, so the limits are charged the most it can be.
    """

    task: str
    user_id: str
    provider: str
    ok: bool
    input_tokens: int
    cached_input_tokens: int
    output_tokens: int
    cost_micros: int
    charged_micros: int


def hold(database: Database, day: date, limits: Mapping[str, int], micros: int) -> str | None:
    """Hold money under each of these limits, or under none of them.

    Args:
        limits: scope to limit of the day in micro-dollars.

    Returns:
        None when it is held, else the scope whose limit would be passed.
    """
    return _tried_again(lambda: _hold(database, day, limits, micros))


def settle(database: Database, day: date, limits: Mapping[str, int], held_micros: int, cost: CallCost) -> None:
    """Count an attempt, and replace what was held for it by what it is charged."""
    _tried_again(lambda: _settle(database, day, limits, held_micros, cost))


def spent_on(session: ReadSession, day: date) -> int:
    """What all calls of a day cost, in micro-dollars."""
    return int(session.scalar(select(func.sum(ModelUsage.cost_micros)).where(ModelUsage.day == day)) or 0)


class _NotHeldError(Exception):
    """Rolls back what was held under the other limits."""


def _hold(database: Database, day: date, limits: Mapping[str, int], micros: int) -> str | None:
    passed = _raised(database, day, limits, micros)
    if passed is None or _has_row(database, day, passed):
        return passed
    for scope in sorted(limits):
        if not _has_row(database, day, scope):
            with database.transaction() as session:
                session.add(ModelBudget(day=day, scope=scope, held_micros=0, spent_micros=0))
    return _raised(database, day, limits, micros)


def _raised(database: Database, day: date, limits: Mapping[str, int], micros: int) -> str | None:
    """Raise what is held under each limit, or say which one has no room, or no row yet."""
    try:
        with database.transaction() as session:
            # One order for everybody, so that two who want the same rows never wait for each other.
            for scope in sorted(limits):
                gone = ModelBudget.held_micros + ModelBudget.spent_micros
                raised = session.execute(
                    update(ModelBudget)
                    .where(ModelBudget.day == day, ModelBudget.scope == scope, gone + micros <= limits[scope])
                    .values(held_micros=ModelBudget.held_micros + micros)
                )
                if raised.rowcount == 0:  # type: ignore[attr-defined]  # an UPDATE's result has it
                    raise _NotHeldError(scope)
    except _NotHeldError as refused:
        return str(refused)
    return None


def _has_row(database: Database, day: date, scope: str) -> bool:
    with database.read() as session:
        return session.get(ModelBudget, (day, scope)) is not None


def _settle(database: Database, day: date, limits: Mapping[str, int], held_micros: int, cost: CallCost) -> None:
    with database.transaction() as session:
        for scope in sorted(limits):
            session.execute(
                update(ModelBudget)
                .where(ModelBudget.day == day, ModelBudget.scope == scope)
                .values(
                    held_micros=ModelBudget.held_micros - held_micros,
                    spent_micros=ModelBudget.spent_micros + cost.charged_micros,
                )
            )
        _count(session, day, cost)


def _count(session: WriteSession, day: date, cost: CallCost) -> None:
    row = {"day": day, "task": cost.task, "user_id": cost.user_id, "provider": cost.provider}
    added = {
        "calls": 1,
        "failed_calls": 0 if cost.ok else 1,
        "input_tokens": cost.input_tokens,
        "cached_input_tokens": cost.cached_input_tokens,
        "output_tokens": cost.output_tokens,
        "cost_micros": cost.cost_micros,
    }
    columns = ModelUsage.__table__.c
    counted = session.execute(
        update(ModelUsage)
        .where(*(columns[name] == value for name, value in row.items()))
        .values({name: columns[name] + value for name, value in added.items()})
    )
    if counted.rowcount == 0:  # type: ignore[attr-defined]  # as above
        session.execute(insert(ModelUsage).values(**row, **added))


def _tried_again(work: Callable[[], Result]) -> Result:
    for _attempt in range(_TRIES - 1):
        try:
            return work()
        except (IntegrityError, DatabaseBusyError):
            continue
    return work()
