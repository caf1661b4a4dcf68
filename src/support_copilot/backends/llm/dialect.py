"""What servers that speak the Chat Completions API understand differently, learned from their refusals.

Known differences: OpenAI's newer models take ``max_completion_tokens`` only and no temperature, older servers
``max_tokens`` only; some know neither ``stream_options`` nor JSON schemas. A refused request is asked again in a
plainer way at once, and the way that worked is remembered.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from support_copilot.backends.llm.port import Message
from support_copilot.backends.llm.provider import AnswerShape, Request

ShapeBy = Literal["schema", "json", "prompt"]
_PLAINER: Final[Mapping[ShapeBy, ShapeBy]] = {"schema": "json", "json": "prompt"}


@dataclass(frozen=True, slots=True)
class Dialect:
    """Which parameters a server takes."""

    limit_name: Literal["max_completion_tokens", "max_tokens"] = "max_completion_tokens"
    temperature: bool = True
    usage_in_stream: bool = True
    shape_by: ShapeBy = "schema"

    def parameters(self, request: Request) -> dict[str, Any]:
        """The request in this dialect, but for the model's name."""
        asked: dict[str, Any] = {
            "messages": [{"role": m.role, "content": m.text} for m in _messages(request, self.shape_by)],
            self.limit_name: request.max_tokens,
        }
        if self.temperature:
            asked["temperature"] = request.temperature
        if request.stop:
            asked["stop"] = list(request.stop)
        if request.streamed:
            asked["stream"] = True
            if self.usage_in_stream:
                asked["stream_options"] = {"include_usage": True}
        if request.shape and (wished := _response_format(request.shape, self.shape_by)):
            asked["response_format"] = wished
        return asked

    def plainer(self, request: Request, complaint: str, *, may_learn_shape: bool) -> "Dialect | None":
        """The dialect to try after a refusal; None when nothing in it explains the refusal.

        Args:
            complaint: the server's words and the parameter that it names.
            may_learn_shape: whether the way of asking for a shape may change.
        """
        if "max_completion_tokens" in complaint and self.limit_name == "max_completion_tokens":
            return replace(self, limit_name="max_tokens")
        if "max_tokens" in complaint and "max_completion_tokens" in complaint and self.limit_name == "max_tokens":
            return replace(self, limit_name="max_completion_tokens")
        if "temperature" in complaint and self.temperature:
            return replace(self, temperature=False)
        if ("stream_options" in complaint or "include_usage" in complaint) and self.usage_in_stream:
            return replace(self, usage_in_stream=False)
        # Servers word this refusal in every way there is, so any refusal of a request with a shape counts.
        if request.shape and may_learn_shape and self.shape_by in _PLAINER:
            return replace(self, shape_by=_PLAINER[self.shape_by])
        return None


def shape_in_words(shape: AnswerShape) -> str:
    """The wish for a shape as a sentence, for models that know no other way."""
    schema = json.dumps(shape.schema, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"Answer with one JSON object and nothing else. It follows this JSON schema: {schema}"


def _messages(request: Request, shape_by: ShapeBy) -> tuple[Message, ...]:
    # Servers demand the word JSON in the prompt where any JSON will do.
    if request.shape is None or shape_by == "schema":
        return request.messages
    return (Message("system", shape_in_words(request.shape), trusted=True), *request.messages)


def _response_format(shape: AnswerShape, shape_by: ShapeBy) -> dict[str, Any] | None:
    if shape_by == "schema":
        wanted = {"name": shape.name, "schema": dict(shape.schema), "strict": True}
        return {"type": "json_schema", "json_schema": wanted}
    return {"type": "json_object"} if shape_by == "json" else None
