"""Several providers in a row, and the limits on how many calls reach one."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import stamina
from prometheus_client import CollectorRegistry, generate_latest

from support_copilot.backends.llm.config import LlmConfig
from support_copilot.backends.llm.errors import (
    BudgetSpentError,
    ModelBusyError,
    ModelError,
    ModelLimitError,
    ModelStreamError,
    ModelTimeoutError,
)
from support_copilot.backends.llm.open import open_llm
from support_copilot.backends.llm.port import LanguageModel
from support_copilot.db.engine import Database
from support_copilot.kit.clock import utc_now
from tests.contract.llm_cases import CALL, config_of
from tests.model_server import Manner, ModelServer
from tests.servers import free_port

pytestmark = pytest.mark.usefixtures("polite_server")
ONE_TRY = {"attempts": 1}


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def chained(
    server: ModelServer, sqlite: Database, registry: CollectorRegistry
) -> Iterator[Callable[..., LanguageModel]]:
    """Opens a chain of OpenAI, then Bedrock; ``first`` and ``second`` refine them, the rest are common settings."""
    with ExitStack() as stack:

        def open_chain(first: Any = ONE_TRY, second: Any = ONE_TRY, **settings: Any) -> LanguageModel:
            providers = {
                "first": config_of("openai", server, **first).providers["one"],
                "second": config_of("bedrock", server, **second).providers["one"],
            }
            config = LlmConfig.model_validate({"providers": providers, "chain": ["first", "second"], **settings})
            model = open_llm(config, registry, sqlite, utc_now)
            stack.callback(model.close)
            return model

        yield open_chain


def read(model: LanguageModel) -> str:
    with model.stream(CALL) as stream:
        text = "".join(stream)
        assert text == stream.completion.text
        return f"{stream.completion.provider}: {text}"


@pytest.mark.parametrize(
    "failing",
    [Manner(status=503), Manner(status=429), Manner(status=403), Manner(status=404),
     *(Manner(fails_after=0, failure=failure) for failure in ("cut", "garbage", "error", "no_end"))],
)  # fmt: skip
def test_the_next_provider_answers_when_one_fails_before_its_first_word(
    chained: Callable[..., LanguageModel], server: ModelServer, failing: Manner
) -> None:
    server.script(failing, Manner())

    assert read(chained()) == "second: Hello there."


def test_the_next_provider_answers_when_one_is_silent(
    chained: Callable[..., LanguageModel], server: ModelServer
) -> None:
    server.script(Manner(stall="headers"), Manner())

    assert read(chained(first={"first_token_s": 0.3})) == "second: Hello there."
    assert server.gone.acquire(timeout=20), "the silent one is left alone"


def test_the_next_provider_answers_when_one_is_not_there(chained: Callable[..., LanguageModel]) -> None:
    nobody = {"base_url": f"http://127.0.0.1:{free_port()}", "attempts": 1}

    assert read(chained(first=nobody)) == "second: Hello there."


def test_after_the_first_word_there_is_no_way_back(chained: Callable[..., LanguageModel], server: ModelServer) -> None:
    server.script(Manner(fails_after=1), Manner())

    with chained().stream(CALL) as stream:
        words = iter(stream)
        assert next(words) == "Hello"
        with pytest.raises(ModelStreamError):
            next(words)


def test_the_last_provider_says_why(chained: Callable[..., LanguageModel], server: ModelServer) -> None:
    server.script(Manner(status=503), Manner(status=429))

    with pytest.raises(ModelBusyError):
        chained().complete(CALL)


def test_a_spent_budget_is_no_reason_to_ask_another(chained: Callable[..., LanguageModel], server: ModelServer) -> None:
    prices = {"input_usd_per_million": 1, "output_usd_per_million": 1}

    with pytest.raises(BudgetSpentError):
        chained(first=prices, second=prices, budget={"daily_usd": "0.0001"}).complete(CALL)

    assert not server.requests


def test_the_whole_has_a_time_limit(chained: Callable[..., LanguageModel], server: ModelServer) -> None:
    server.script(Manner(stall="silent"))

    with pytest.raises(ModelTimeoutError):
        chained(total_s=0.5).complete(CALL)

    assert server.gone.acquire(timeout=20)


def test_a_pause_that_the_provider_asks_for_is_kept(chained: Callable[..., LanguageModel], server: ModelServer) -> None:
    server.script(Manner(status=429, retry_after="1"), Manner())
    model = chained(first={"attempts": 2})

    with stamina.set_testing(False):
        started = time.monotonic()
        assert read(model) == "first: Hello there."

    assert time.monotonic() - started >= 1


def test_a_pause_longer_than_wanted_means_the_next_provider(
    chained: Callable[..., LanguageModel], server: ModelServer
) -> None:
    server.script(Manner(status=429, retry_after="60"), Manner())

    assert read(chained(first={"attempts": 5, "retry_wait_s": 5})) == "second: Hello there."
    assert len(server.requests) == 2


def test_no_more_calls_at_a_time_than_allowed(chained: Callable[..., LanguageModel], server: ModelServer) -> None:
    server.script(Manner(stall="first_piece"))
    model = chained(first={"concurrency": 1, "queue_s": 0.2}, second={"concurrency": 1, "queue_s": 0.2})
    first, second = model.stream(CALL), model.stream(CALL)
    assert {next(iter(first)), next(iter(second))} == {"Hello"}, "one call at each provider"

    with pytest.raises(ModelLimitError):
        model.complete(CALL)
    first.close()
    second.close()
    server.script(Manner())
    assert model.complete(CALL).text == "Hello there."


def test_no_more_calls_a_minute_than_allowed(chained: Callable[..., LanguageModel]) -> None:
    model = chained(first={"requests_per_minute": 2, "queue_s": 0.2})

    assert [read(model)[:6] for _ in range(3)] == ["first:", "first:", "second"]


def test_an_endless_answer_is_cut(chained: Callable[..., LanguageModel], server: ModelServer) -> None:
    server.script(Manner(texts=("x" * 1000,) * 200))

    with chained(max_tokens=16).stream(CALL) as stream:
        assert len("".join(stream)) == 16 * 24
    assert stream.completion.finish == "length"
    assert stream.completion.usage.estimated


def test_each_provider_is_examined_by_itself(chained: Callable[..., LanguageModel], server: ModelServer) -> None:
    server.script(Manner(status=403), Manner())

    model = chained()
    first, second = model.examine("first"), model.examine("second")

    assert (first.provider, first.problem is None) == ("first", False)
    assert (second.provider, second.problem, second.first_token_ms > 0) == ("second", None, True)


def test_calls_and_times_are_counted(
    chained: Callable[..., LanguageModel], server: ModelServer, registry: CollectorRegistry
) -> None:
    server.script(Manner(), Manner(status=400))
    model = chained()
    read(model)
    with pytest.raises(ModelError):
        model.complete(CALL)

    shown = generate_latest(registry).decode()

    assert 'llm_calls_total{outcome="ok",task="probe"} 1.0' in shown
    assert 'llm_calls_total{outcome="model_refused",task="probe"} 1.0' in shown
    assert 'llm_first_token_seconds_count{task="probe"} 1.0' in shown
    assert 'llm_tokens_total{kind="cached_input",provider="first",task="probe"} 8.0' in shown


def test_readers_of_many_streams_do_not_disturb_each_other(
    chained: Callable[..., LanguageModel], server: ModelServer
) -> None:
    server.script(Manner(byte_by_byte=True))
    model, texts = chained(), []
    threads = [threading.Thread(target=lambda: texts.append(read(model))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert texts == ["first: Hello there."] * 8


def test_a_server_that_takes_no_connection_is_given_up(chained: Callable[..., LanguageModel]) -> None:
    # A listening socket whose queue is full neither accepts nor refuses.

    with socket.socket() as listener, ExitStack() as stack:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(address)
        model = chained(first={"base_url": f"http://127.0.0.1:{address[1]}", "connect_s": 0.3})

        assert read(model) == "second: Hello there."


def test_a_server_that_wants_no_key_is_sent_none(chained: Callable[..., LanguageModel], server: ModelServer) -> None:
    answer = chained(first={**ONE_TRY, "api_key": None}).complete(CALL)

    assert (answer.text, answer.provider) == ("Hello there.", "first")
    assert "authorization" not in server.requests[-1].headers
