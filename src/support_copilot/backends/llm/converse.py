"""Requests and answers of Bedrock's Converse operations.

Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from support_copilot.backends.llm.dialect import shape_in_words
from support_copilot.backends.llm.port import Finish, Usage
from support_copilot.backends.llm.provider import Request

_FINISHES: Final[Mapping[str, Finish]] = {
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "content_filtered": "filtered",
    "guardrail_intervened": "filtered",
}
#: The service refuses empty texts.
_NOTHING: Final = "(nothing)"


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a model takes; learned from its refusals, as with other servers."""

    shape_by_schema: bool = True
    cache_points: bool = True
    system: bool = True
    temperature: bool = True

    def less(self, request: Request, complaint: str) -> "Abilities | None":
        """What to try after a refusal; None when nothing here explains it.

        Args:
            complaint: the service's words, in lower case.
        """
        if self.cache_points and ("cach" in complaint):
            return replace(self, cache_points=False)
        if self.system and "system" in complaint:
            return replace(self, system=False)
        if self.temperature and "temperature" in complaint:
            return replace(self, temperature=False)
        if self.shape_by_schema and request.shape:
            return replace(self, shape_by_schema=False)
        return None


def converse_parameters(request: Request, model: str, abilities: Abilities) -> dict[str, Any]:
    """The parameters of ``converse`` and ``converse_stream``."""
    system = [message.text for message in request.messages if message.role == "system"]
    if request.shape and not abilities.shape_by_schema:
        system.append(shape_in_words(request.shape))
    turns: list[tuple[str, str]] = [
        (message.role, message.text) for message in request.messages if message.role != "system"
    ]
    if system and not abilities.system:
        turns = [("user", "\n\n".join(system)), *turns]
    limits: dict[str, Any] = {"maxTokens": request.max_tokens}
    if abilities.temperature:
        limits["temperature"] = request.temperature
    if request.stop:
        limits["stopSequences"] = list(request.stop)
    parameters: dict[str, Any] = {"modelId": model, "messages": _alternating(turns), "inferenceConfig": limits}
    if system and abilities.system:
        parameters["system"] = [{"text": text} for text in system if text.strip()]
        if abilities.cache_points:
            parameters["system"].append({"cachePoint": {"type": "default"}})
    if request.shape and abilities.shape_by_schema:
        wanted = {"name": request.shape.name, "schema": json.dumps(request.shape.schema, sort_keys=True)}
        parameters["outputConfig"] = {"textFormat": {"type": "json_schema", "structure": {"jsonSchema": wanted}}}
    return parameters


def text_of(answer: Mapping[str, Any]) -> str:
    """The words of a whole answer, without the model's reasoning."""
    blocks = answer["output"]["message"]["content"]
    return "".join(block["text"] for block in blocks if "text" in block)


def finish_of(reason: str) -> Finish:
    return _FINISHES.get(reason, "stop")


def usage_of(counted: Mapping[str, Any] | None) -> Usage | None:
    """Tokens as we count them: what was read from a cache, or put into it, was read as well."""
    if not counted or not isinstance(counted.get("inputTokens"), int):
        return None
    cached = int(counted.get("cacheReadInputTokens") or 0)
    put = int(counted.get("cacheWriteInputTokens") or 0)
    return Usage(counted["inputTokens"] + cached + put, int(counted.get("outputTokens") or 0), cached)


def _alternating(turns: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """Turns as the service wants them: the user begins, and nobody speaks twice in a row."""
    merged: list[dict[str, Any]] = []
    for role, text in turns if turns and turns[0][0] == "user" else [("user", _NOTHING), *turns]:
        block = {"text": text if text.strip() else _NOTHING}
        if merged and merged[-1]["role"] == role:
            merged[-1]["content"].append(block)
        else:
            merged.append({"role": role, "content": [block]})
    return merged
