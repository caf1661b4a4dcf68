"""A pydantic model as the JSON schema that providers accept in strict mode.

Strict mode demands that objects name all their properties as required and allow no others, and knows few of the
limits that pydantic can express. So limits and defaults are left out here; pydantic checks the answer against them.
"""

import re
from typing import Any, Final

from pydantic import BaseModel

from support_copilot.backends.llm.provider import AnswerShape

_LEFT_OUT: Final = frozenset(
    {
        "default", "title", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
        "multipleOf", "minItems", "maxItems", "uniqueItems", "pattern", "format", "examples",
    }
)  # fmt: skip
_NO_NAME: Final = re.compile(r"[^A-Za-z0-9_-]")


def shape_of(answer: type[BaseModel]) -> AnswerShape:
    """The shape of a model; its own limits hold nevertheless."""
    schema = _strict(answer.model_json_schema())
    return AnswerShape(_NO_NAME.sub("_", answer.__name__)[:64], schema)


def _strict(node: Any) -> Any:
    if isinstance(node, list):
        return [_strict(part) for part in node]
    if not isinstance(node, dict):
        return node
    kept = {key: _strict_value(key, value) for key, value in node.items() if key not in _LEFT_OUT}
    if "properties" in node:
        kept |= {"required": list(node["properties"]), "additionalProperties": False}
    return kept


def _strict_value(key: str, value: Any) -> Any:
    # Below these keys stand names of fields, which may be spelled like a keyword.
    if key in ("properties", "$defs"):
        return {name: _strict(part) for name, part in value.items()}
    return _strict(value)
