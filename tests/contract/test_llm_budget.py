"""Money: counted by task, user and day, and never more than the budget, however many ask at once."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import select

from support_copilot.backends.llm.config import LlmConfig
from support_copilot.backends.llm.errors import BudgetSpentError, ModelBusyError, ModelError
from support_copilot.backends.llm.open import open_llm
from support_copilot.backends.llm.port import LanguageModel, Message, ModelCall, Task
from support_copilot.db.engine import Database
from support_copilot.db.models import ModelBudget, ModelUsage
from tests.conftest import StepClock
from tests.contract.llm_cases import config_of
from tests.model_server import Manner, ModelServer

pytestmark = pytest.mark.usefixtures("polite_server")
#: Each answer of the server costs 20 read tokens (8 of them cached) and 5 written ones.
PRICES = {"input_usd_per_million": 10, "output_usd_per_million": 100}
COST_MICROS = 20 * 10 + 5 * 100
TODAY = date(2026, 3, 2)


@pytest.fixture
def opened(server: ModelServer, database: Database, clock: StepClock) -> Iterator[Callable[..., LanguageModel]]:
    """Opens models with prices; keyword arguments are settings of all models."""
    with ExitStack() as stack:

        def open_one(**settings: Any) -> LanguageModel:
            base = config_of("openai", server, **PRICES).model_dump()
            model = open_llm(LlmConfig.model_validate(base | settings), CollectorRegistry(), database, clock)
            stack.callback(model.close)
            return model

        yield open_one


def call(task: Task = "reply", user: str | None = "usr_1", max_tokens: int = 10) -> ModelCall:
    return ModelCall(task, (Message("user", "Hello?"),), user=user, max_tokens=max_tokens)


def usage(database: Database) -> dict[tuple[str, str], ModelUsage]:
    with database.read() as session:
        return {(row.task, row.user_id): row for row in session.scalars(select(ModelUsage))}


def budgets(database: Database) -> dict[str, tuple[int, int]]:
    with database.read() as session:
        return {row.scope: (row.held_micros, row.spent_micros) for row in session.scalars(select(ModelBudget))}


def _answered_before_refusal(model: LanguageModel, asked: ModelCall) -> int:
    for answered in range(10):
        try:
            model.complete(asked)
        except BudgetSpentError:
            return answered
    return 10


def test_calls_are_counted_by_task_user_and_day(
    opened: Callable[..., LanguageModel], database: Database, clock: StepClock
) -> None:
    model = opened()
    model.complete(call())
    model.complete(call())
    model.complete(call(user=None))
    model.complete(call("summary", user="usr_2"))

    counted = usage(database)
    mine = counted["reply", "usr_1"]
    assert counted.keys() == {("reply", "usr_1"), ("reply", ""), ("summary", "usr_2")}
    assert (mine.day, mine.provider, mine.calls, mine.failed_calls) == (TODAY, "one", 2, 0)
    assert (mine.input_tokens, mine.cached_input_tokens, mine.output_tokens) == (40, 16, 10)
    assert mine.cost_micros == 2 * COST_MICROS

    clock.advance(days=1)
    model.complete(call())
    assert len(usage(database)) == 3, "the next day has a row of its own, which hides the first in this view"


def test_a_call_that_could_pass_the_budget_is_not_made(
    opened: Callable[..., LanguageModel], server: ModelServer, database: Database
) -> None:
    # A call may cost 1400 for its words and 1000 for the answer at most, and costs 700.
    model = opened(budget={"daily_usd": "0.002"})

    model.complete(call(max_tokens=10))
    with pytest.raises(BudgetSpentError) as raised:
        model.complete(call(max_tokens=20))

    assert len(server.requests) == 1
    assert raised.value.retry_after_s == 15 * 3600
    assert budgets(database) == {"all": (0, COST_MICROS)}


def test_the_next_day_has_a_budget_of_its_own(opened: Callable[..., LanguageModel], clock: StepClock) -> None:
    model = opened(budget={"daily_usd": "0.002"})
    assert _answered_before_refusal(model, call()) == 1

    clock.advance(days=1)

    assert model.complete(call()).text == "Hello there."


def test_one_user_and_one_task_have_limits_of_their_own(opened: Callable[..., LanguageModel]) -> None:
    model = opened(budget={"daily_usd_per_user": "0.002"}, tasks={"summary": {"daily_usd": "0.0001"}})

    with pytest.raises(BudgetSpentError):
        model.complete(call("summary", user=None))
    assert _answered_before_refusal(model, call(user="usr_1")) == 1
    assert model.complete(call(user="usr_2")).text == "Hello there."


def test_many_at_once_never_spend_more_than_there_is(
    opened: Callable[..., LanguageModel], server: ModelServer, database: Database
) -> None:
    models = [opened(budget={"daily_usd": "0.01"}) for _ in range(2)]
    refused: list[ModelError] = []

    def ask(model: LanguageModel) -> None:
        try:
            model.complete(call())
        except BudgetSpentError as error:
            refused.append(error)

    threads = [threading.Thread(target=ask, args=(models[number % 2],)) for number in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    held, spent = budgets(database)["all"]
    assert held == 0
    assert spent == len(server.requests) * COST_MICROS <= 10_000
    assert refused
    assert len(refused) + len(server.requests) == 24


def test_a_refusal_of_the_provider_costs_nothing(
    opened: Callable[..., LanguageModel], server: ModelServer, database: Database
) -> None:
    server.script(Manner(status=429))

    with pytest.raises(ModelBusyError):
        opened(budget={"daily_usd": 1}).complete(call())

    assert budgets(database) == {"all": (0, 0)}
    assert usage(database)["reply", "usr_1"].failed_calls == 3


def test_an_answer_that_is_left_is_charged_for_what_was_read_and_written(
    opened: Callable[..., LanguageModel], server: ModelServer, database: Database
) -> None:
    server.script(Manner(stall="first_piece"))
    model = opened(budget={"daily_usd": 1})

    with model.stream(call()) as stream:
        assert next(iter(stream)) == "Hello"
    assert server.gone.acquire(timeout=20)
    model.close()

    held, spent = budgets(database)["all"]
    counted = usage(database)["reply", "usr_1"]
    assert held == 0
    assert spent >= counted.cost_micros > 0
    assert counted.failed_calls == 1
