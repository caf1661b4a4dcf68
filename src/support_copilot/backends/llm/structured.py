"""An answer in a given shape: asked for, checked, repaired by the model once, then refused."""

import json
from collections.abc import Callable
from dataclasses import replace

from pydantic import ValidationError

from support_copilot.backends.llm.errors import InvalidAnswerError, ModelError, Spent
from support_copilot.backends.llm.port import Answer, Completion, Message, Structured, Usage
from support_copilot.backends.llm.provider import Request
from support_copilot.backends.llm.shape import shape_of

_REPAIR = (
    "Your answer did not follow the JSON schema. Answer again with the corrected JSON object and nothing else. "
    "What was wrong: "
)
_WRONG_SHOWN = 20


def ask_for_shape(ask: Callable[[Request], Completion], request: Request, answer: type[Answer]) -> Structured[Answer]:
    """Ask, check, and ask once more with what was wrong.

    Raises:
        InvalidAnswerError: not of this shape the second time either.
        ModelError: no model answered. As with the one above, ``spent`` says what both tries took.
    """
    request = replace(request, shape=shape_of(answer))
    first = ask(request)
    try:
        return Structured(_read(first, answer), first)
    except ValidationError as error:
        wrong = _wrong(error)
    # What the model wrote may hold words of a customer: it goes back as its own words, never as ours.
    said = (Message("assistant", first.text or "{}"), Message("user", _REPAIR + wrong, trusted=True))
    try:
        second = ask(replace(request, messages=(*request.messages, *said)))
    except ModelError as error:
        error.spent = _spent(first, _added(first.usage, error.spent.usage) if error.spent else first.usage)
        raise
    together = replace(
        second,
        usage=_added(first.usage, second.usage),
        first_token_ms=first.first_token_ms,
        duration_ms=round(first.duration_ms + second.duration_ms, 2),
    )
    try:
        return Structured(_read(second, answer), together)
    except ValidationError as error:
        invalid = InvalidAnswerError()
        invalid.spent = _spent(together, together.usage)
        raise invalid from error


def _read(completion: Completion, answer: type[Answer]) -> Answer:
    return answer.model_validate_json(json_in(completion.text))


def _spent(completion: Completion, usage: Usage) -> Spent:
    return Spent(completion.text, usage, completion.provider, completion.model, completion.first_token_ms)


def json_in(text: str) -> str:
    """The JSON object within an answer: models like to wrap it in a fence or a sentence."""
    start = text.find("{")
    if start < 0:
        return text
    try:
        _value, end = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return text[start:]
    return text[start:end]


def _wrong(error: ValidationError) -> str:
    """Places and kinds, without the values, which may be a customer's."""
    found = error.errors(include_url=False, include_input=False, include_context=False)[:_WRONG_SHOWN]
    return "; ".join(f"{'.'.join(str(part) for part in e['loc']) or 'the whole'}: {e['type']}" for e in found)


def _added(one: Usage, other: Usage) -> Usage:
    return Usage(
        one.input_tokens + other.input_tokens,
        one.output_tokens + other.output_tokens,
        one.cached_input_tokens + other.cached_input_tokens,
        one.cost_usd + other.cost_usd,
        one.estimated or other.estimated,
    )
