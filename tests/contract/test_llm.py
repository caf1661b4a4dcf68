"""What every language model keeps to, over real HTTP: OpenAI's wire format, Bedrock's, and none at all."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any, Literal

import pytest
from prometheus_client import CollectorRegistry

from support_copilot.backends.llm.config import LlmConfig
from support_copilot.backends.llm.errors import (
    CircuitOpenError,
    ModelBusyError,
    ModelError,
    ModelRefusedError,
    ModelSetupError,
    ModelStreamError,
    ModelTimeoutError,
    NoModelError,
)
from support_copilot.backends.llm.open import open_llm
from support_copilot.backends.llm.port import LanguageModel, ModelCall
from support_copilot.db.engine import Database
from support_copilot.kit.clock import utc_now
from tests.contract.llm_cases import CALL, Kind, Mood, config_of
from tests.model_server import Manner, ModelServer

PATIENT_S = 20.0
pytestmark = pytest.mark.usefixtures("polite_server")


def test_where_no_model_is_set_every_call_says_so(sqlite: Database) -> None:
    model = open_llm(LlmConfig(), CollectorRegistry(), sqlite, utc_now)

    with pytest.raises(NoModelError):
        model.complete(CALL)
    with pytest.raises(NoModelError):
        model.structured(CALL, Mood)
    with pytest.raises(NoModelError), model.stream(CALL) as stream:
        list(stream)
    with pytest.raises(NoModelError):
        asyncio.run(_read(model))
    assert model.describe("reply") is None
    model.ping()
    model.close()


def test_a_whole_answer_comes_with_its_figures(opened: Callable[..., LanguageModel]) -> None:
    model = opened(input_usd_per_million=1, cached_input_usd_per_million="0.5", output_usd_per_million=2)

    answer = model.complete(CALL)

    assert (answer.text, answer.finish, answer.provider) == ("Hello there.", "stop", "one")
    assert (answer.usage.input_tokens, answer.usage.cached_input_tokens, answer.usage.output_tokens) == (20, 8, 5)
    assert answer.usage.cost_usd == pytest.approx(26e-6)
    assert not answer.usage.estimated
    assert 0 < answer.first_token_ms <= answer.duration_ms


def test_a_stream_gives_the_pieces_and_then_the_completion(opened: Callable[..., LanguageModel]) -> None:
    with opened().stream(CALL) as stream:
        with pytest.raises(ValueError, match="not finished"):
            _ = stream.completion
        pieces = list(stream)

    assert pieces == ["Hello", " there", "."]
    assert stream.completion.text == "Hello there."
    assert stream.completion.usage.input_tokens == 20


def test_an_event_loop_reads_a_stream_as_well(opened: Callable[..., LanguageModel]) -> None:
    assert asyncio.run(_read(opened())) == ["Hello", " there", "."]


def test_characters_and_frames_that_arrive_in_bits_are_whole(
    opened: Callable[..., LanguageModel], server: ModelServer
) -> None:
    texts = ("Größe ", "你好 ", "👩‍👩‍👧!")
    server.script(Manner(texts=texts, byte_by_byte=True))

    with opened().stream(CALL) as stream:
        assert tuple(stream) == texts


def test_the_request_carries_what_was_asked(
    opened: Callable[..., LanguageModel], server: ModelServer, kind: Kind
) -> None:
    opened().complete(ModelCall("probe", CALL.messages, max_tokens=7, temperature=0.5, stop=("END",)))

    (body,) = server.bodies()
    if kind == "openai":
        assert body["messages"] == [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello?"}]
        assert (body["max_tokens"], body["temperature"], body["stop"]) == (7, 0.5, ["END"])
    else:
        assert body["system"] == [{"text": "Be brief."}, {"cachePoint": {"type": "default"}}]
        assert body["messages"] == [{"role": "user", "content": [{"text": "Hello?"}]}]
        assert body["inferenceConfig"] == {"maxTokens": 7, "temperature": 0.5, "stopSequences": ["END"]}


@pytest.mark.parametrize("finish", ["length", "filtered"])
@pytest.mark.parametrize("streamed", [False, True])
def test_why_an_answer_ended_is_said(
    opened: Callable[..., LanguageModel],
    server: ModelServer,
    finish: Literal["length", "filtered"],
    streamed: bool,
) -> None:
    server.script(Manner(finish=finish))

    assert _ask(opened(), streamed).finish == finish


def test_an_answer_without_words_is_an_answer(opened: Callable[..., LanguageModel], server: ModelServer) -> None:
    server.script(Manner(texts=()))

    assert _ask(opened(), streamed=True).text == ""


def test_tokens_that_nobody_counted_are_estimated(opened: Callable[..., LanguageModel], server: ModelServer) -> None:
    server.script(Manner(usage=False))

    usage = _ask(opened(), streamed=True).usage

    assert usage.estimated
    assert usage.input_tokens > 0
    assert usage.output_tokens > 0


@pytest.mark.parametrize(
    ("status", "expected"),
    [(400, ModelRefusedError), (403, ModelSetupError), (404, ModelSetupError), (429, ModelBusyError), (500, ModelError),
     (503, ModelError)],
)  # fmt: skip
@pytest.mark.parametrize("streamed", [False, True])
def test_refusals_are_told_apart_and_repeat_nothing(
    opened: Callable[..., LanguageModel], server: ModelServer, status: int, expected: type[ModelError], streamed: bool
) -> None:
    server.script(Manner(status=status, complaint="Hello? is what you sent"))

    with pytest.raises(expected) as raised:
        _ask(opened(), streamed)

    assert type(raised.value) is expected
    assert "Hello" not in raised.value.detail


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_may_pass_is_tried_again(opened: Callable[..., LanguageModel], server: ModelServer, status: int) -> None:
    server.script(Manner(status=status), Manner(status=status), Manner())

    assert _ask(opened(attempts=3), streamed=True).text == "Hello there."
    assert len(server.requests) == 3


def test_what_will_not_pass_is_asked_once(opened: Callable[..., LanguageModel], server: ModelServer) -> None:
    server.script(Manner(status=403))

    with pytest.raises(ModelSetupError):
        opened(attempts=3).complete(CALL)

    assert len(server.requests) == 1


@pytest.mark.parametrize("failure", ["cut", "garbage", "error", "no_end"])
def test_a_failure_before_the_first_word_is_tried_again(
    opened: Callable[..., LanguageModel], server: ModelServer, failure: Any
) -> None:
    server.script(Manner(fails_after=0, failure=failure), Manner())

    assert _ask(opened(), streamed=True).text == "Hello there."


@pytest.mark.parametrize("failure", ["cut", "garbage", "error", "no_end"])
def test_a_failure_after_the_first_word_is_final_and_the_words_stay(
    opened: Callable[..., LanguageModel], server: ModelServer, failure: Any
) -> None:
    server.script(Manner(fails_after=2, failure=failure), Manner())

    with opened().stream(CALL) as stream:
        words = iter(stream)
        assert [next(words), next(words)] == ["Hello", " there"]
        with pytest.raises(ModelStreamError):
            next(words)

    assert len(server.requests) == 1


@pytest.mark.parametrize("stall", ["silent", "headers"])
def test_waiting_for_the_first_word_has_an_end_which_the_provider_notices(
    opened: Callable[..., LanguageModel], server: ModelServer, stall: Any
) -> None:
    server.script(Manner(stall=stall))

    with pytest.raises(ModelTimeoutError), opened(first_token_s=1.0).stream(CALL) as stream:
        list(stream)

    assert server.gone.acquire(timeout=PATIENT_S)


def test_silence_between_words_has_an_end_which_the_provider_notices(
    opened: Callable[..., LanguageModel], server: ModelServer
) -> None:
    server.script(Manner(stall="first_piece"))

    with opened(between_tokens_s=0.3).stream(CALL) as stream:
        words = iter(stream)
        assert next(words) == "Hello"
        with pytest.raises(ModelTimeoutError):
            next(words)

    assert server.gone.acquire(timeout=PATIENT_S)


def test_leaving_a_stream_closes_the_connection(opened: Callable[..., LanguageModel], server: ModelServer) -> None:
    server.script(Manner(stall="first_piece"))

    with opened().stream(CALL) as stream:
        assert next(iter(stream)) == "Hello"

    assert server.gone.acquire(timeout=PATIENT_S)
    stream.close()


def test_a_reader_on_a_loop_that_is_cancelled_closes_the_connection(
    opened: Callable[..., LanguageModel], server: ModelServer
) -> None:
    server.script(Manner(stall="first_piece"))

    async def read_until_cancelled(model: LanguageModel) -> None:
        first = asyncio.Event()

        async def read() -> None:
            with model.stream(CALL) as stream:
                async for _piece in stream:
                    first.set()

        reading = asyncio.create_task(read())
        await first.wait()
        reading.cancel()
        await asyncio.wait({reading})

    asyncio.run(read_until_cancelled(opened()))

    assert server.gone.acquire(timeout=PATIENT_S)


def test_closing_the_models_stops_what_runs(opened: Callable[..., LanguageModel], server: ModelServer) -> None:
    server.script(Manner(stall="first_piece"))
    model = opened()
    stream = model.stream(CALL)
    words = iter(stream)
    assert next(words) == "Hello"

    model.close()

    with pytest.raises(ModelStreamError):
        next(words)
    assert server.gone.acquire(timeout=PATIENT_S)
    with pytest.raises(ModelStreamError):
        model.complete(CALL)


def test_many_threads_share_one_model(opened: Callable[..., LanguageModel]) -> None:
    model, texts = opened(concurrency=3), []
    threads = [threading.Thread(target=lambda: texts.append(model.complete(CALL).text)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert texts == ["Hello there."] * 12


def test_a_provider_that_keeps_failing_is_left_alone(opened: Callable[..., LanguageModel], server: ModelServer) -> None:
    server.script(Manner(status=500))
    model = opened(attempts=1, circuit_failures=2, circuit_pause_s=3600)
    model.ping()
    for _ in range(2):
        with pytest.raises(ModelError):
            model.complete(CALL)

    with pytest.raises(CircuitOpenError):
        model.complete(CALL)
    with pytest.raises(CircuitOpenError):
        model.ping()
    assert len(server.requests) == 2


def test_a_wrong_key_is_refused_by_the_provider(server: ModelServer, kind: Kind, sqlite: Database) -> None:
    wrong = {"api_key": "sk-wrong"} if kind == "openai" else {"access_key_id": "AKIAWRONG"}
    model = open_llm(config_of(kind, server, **wrong), CollectorRegistry(), sqlite, utc_now)

    with pytest.raises(ModelSetupError):
        model.complete(CALL)
    model.close()


def _ask(model: LanguageModel, streamed: bool) -> Any:
    if not streamed:
        return model.complete(CALL)
    with model.stream(CALL) as stream:
        for _piece in stream:
            pass
        return stream.completion


async def _read(model: LanguageModel) -> list[str]:
    with model.stream(CALL) as stream:
        return [piece async for piece in stream]
