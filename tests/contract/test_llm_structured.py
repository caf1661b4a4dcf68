"""Answers in a given shape, over real HTTP."""

from collections.abc import Callable

import pytest

from support_copilot.backends.llm.errors import InvalidAnswerError, ModelSetupError
from support_copilot.backends.llm.port import LanguageModel
from tests.contract.llm_cases import CALL, Kind, Mood
from tests.model_server import Manner, ModelServer

pytestmark = pytest.mark.usefixtures("polite_server")


def test_an_answer_in_a_shape_is_checked(opened: Callable[..., LanguageModel], server: ModelServer, kind: Kind) -> None:
    server.script(Manner(texts=('{"label": "good", ', '"confidence": 0.8}')))

    answer = opened().structured(CALL, Mood)

    assert answer.value == Mood(label="good", confidence=0.8)
    (body,) = server.bodies()
    wished = body["response_format"]["json_schema"] if kind == "openai" else body["outputConfig"]
    assert "confidence" in str(wished)


def test_an_answer_in_the_wrong_shape_is_repaired_once(
    opened: Callable[..., LanguageModel], server: ModelServer
) -> None:
    server.script(
        Manner(texts=('{"label": "good", "confidence": 80}',)),
        Manner(texts=('```json\n{"label": "bad", "confidence": 0.2}\n```',)),
    )

    answer = opened().structured(CALL, Mood)

    assert answer.value.label == "bad"
    assert answer.completion.usage.input_tokens == 40
    assert "confidence: less_than_equal" in str(server.bodies()[1]["messages"])


def test_an_answer_that_stays_wrong_is_refused(opened: Callable[..., LanguageModel], server: ModelServer) -> None:
    server.script(Manner(texts=("I would rather not.",)))

    with pytest.raises(InvalidAnswerError) as refused:
        opened(input_usd_per_million=1).structured(CALL, Mood)

    assert len(server.requests) == 2
    assert refused.value.spent is not None
    assert refused.value.spent.text == "I would rather not."
    assert refused.value.spent.usage.input_tokens == 40
    assert refused.value.spent.usage.cost_usd == pytest.approx(40 / 1_000_000)


def test_what_the_first_try_took_is_known_when_the_second_finds_nobody(
    opened: Callable[..., LanguageModel], server: ModelServer
) -> None:
    server.script(Manner(texts=("I would rather not.",)), Manner(status=403))

    with pytest.raises(ModelSetupError) as failed:
        opened().structured(CALL, Mood)

    assert failed.value.spent is not None
    assert failed.value.spent.usage.input_tokens == 20


def test_a_model_that_knows_no_schema_is_asked_in_plainer_ways(
    opened: Callable[..., LanguageModel], server: ModelServer
) -> None:
    server.script(Manner(texts=('{"label": "good", "confidence": 1}',), unknown=("json_schema", "json_object")))
    model = opened()

    assert model.structured(CALL, Mood).value.label == "good"
    asked = len(server.requests)
    assert model.structured(CALL, Mood).value.label == "good"

    assert asked > 1
    assert len(server.requests) == asked + 1, "what was learned is kept"
    assert "additionalProperties" in str(server.bodies()[-1])
