"""The stand-in server is honest: what it sends is what the SDKs' own models describe."""

from typing import Any

import botocore.session
import pytest
from botocore.eventstream import EventStreamBuffer
from botocore.validate import ParamValidator
from openai.types import CreateEmbeddingResponse
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from tests import model_wire as wire

SERVICE = botocore.session.get_session().get_service_model("bedrock-runtime")


def problems(shape: str, value: dict[str, Any]) -> str:
    return str(ParamValidator().validate(value, SERVICE.shape_for(shape)).generate_report())


@pytest.mark.parametrize("finish", ["stop", "length", "content_filter"])
def test_whole_answers_of_openai_fit(finish: str) -> None:
    ChatCompletion.model_validate(wire.chat_completion("Hello", finish), strict=True)


@pytest.mark.parametrize("finish", ["stop", "length", "content_filter"])
def test_events_of_openai_fit(finish: str) -> None:
    for event in wire.chat_chunks(["Hello", " there"], finish):
        ChatCompletionChunk.model_validate(event, strict=True)


@pytest.mark.parametrize("reason", ["end_turn", "max_tokens", "content_filtered"])
def test_answers_of_bedrock_fit(reason: str) -> None:
    assert problems("ConverseResponse", wire.converse_answer("Hello", reason)) == ""
    assert reason in SERVICE.shape_for("StopReason").enum
    for kind, payload in wire.converse_events(["Hello", " there"], reason):
        member = SERVICE.shape_for("ConverseStreamOutput").members[kind]
        assert problems(member.name, payload) == "", kind


def test_frames_are_read_by_the_sdk() -> None:
    buffer = EventStreamBuffer()
    buffer.add_data(wire.event_frame("messageStop", {"stopReason": "end_turn"}))
    buffer.add_data(wire.event_frame("throttlingException", {"message": "slow"}, exception=True))

    message, exception = (frame.to_response_dict() for frame in buffer)

    assert message["headers"][":event-type"] == "messageStop"
    assert exception["status_code"] == 400
    assert exception["headers"][":exception-type"] in SERVICE.shape_for("ConverseStreamOutput").members


def test_embeddings_of_openai_fit() -> None:
    CreateEmbeddingResponse.model_validate(wire.embeddings([[0.5, 0.5]]), strict=True)
