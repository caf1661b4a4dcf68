"""Asking a model: the answer with its placeholders filled again, and a record of each call, whatever became of it."""

import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import anyio
import anyio.to_thread
import structlog
from pydantic import BaseModel, ValidationError
from sqlalchemy.exc import SQLAlchemyError

from support_copilot.backends.llm.errors import InvalidAnswerError, ModelError, Spent
from support_copilot.backends.llm.port import Completion, Usage
from support_copilot.db.models import ModelCallRecord
from support_copilot.kit.errors import AppError
from support_copilot.kit.ids import new_id
from support_copilot.kit.waiting import GivenUpError
from support_copilot.prompts.outgoing import Outgoing
from support_copilot.resources import Resources

_log = structlog.get_logger("support_copilot.prompts")
Answer = TypeVar("Answer", bound=BaseModel)
#: How a call ended that nobody waited for any more.
CANCELLED: Final = "cancelled"
_NOTHING: Final = Usage(0, 0)
_MICROS: Final = 1_000_000
#: An answer is kept up to here; ``max_tokens`` ends it long before.
_KEPT_CHARS: Final = 400_000


class Asked:
    """An answer on its way: iterate for its text, placeholders filled. ``completion`` is there once it ended."""

    def __init__(self, resources: Resources, outgoing: Outgoing) -> None:
        self._resources = resources
        self._outgoing = outgoing
        self.completion: Completion | None = None

    async def pieces(self) -> AsyncGenerator[str]:
        """What can be shown, as it comes; leaving early stops the provider. The call is recorded in any case.

        Raises:
            ModelError: no model answered, or it broke off; the text so far stays valid.
        """
        started, said, outcome = time.perf_counter(), [], CANCELLED
        made: Completion | Spent | None = None
        restorer = self._outgoing.masker.restoring()
        try:
            with self._resources.llm.stream(self._outgoing.call()) as stream:
                async for piece in stream:
                    said.append(piece)
                    if shown := restorer.feed(piece):
                        yield shown
                made = self.completion = stream.completion
            if rest := restorer.finish():
                yield rest
            outcome = self.completion.finish
        except ModelError as error:
            outcome, made = error.code, error.spent
            raise
        finally:
            spent_ms = (time.perf_counter() - started) * 1000
            row = _row(self._resources, self._outgoing, "".join(said), outcome, made, spent_ms)
            # A reader who leaves must not keep the call from being written down.
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(_keep, self._resources, row)


def ask_for_text(resources: Resources, outgoing: Outgoing) -> tuple[str, Completion]:
    """The whole answer, placeholders filled; blocks this thread.

    Raises:
        ModelError: no model answered.
        GivenUpError: nobody waits for the answer any more.
    """
    with _recorded(resources, outgoing) as call:
        call.made = completion = resources.llm.complete(outgoing.call())
        call.outcome = completion.finish
        return outgoing.masker.restore(completion.text), completion


def ask_for_shape(resources: Resources, outgoing: Outgoing, answer: type[Answer]) -> tuple[Answer, Completion]:
    """An answer of the given shape, placeholders filled in all its texts; blocks this thread.

    Raises:
        InvalidAnswerError: not of this shape, even after one repair.
        ModelError: no model answered.
        GivenUpError: nobody waits for the answer any more.
    """
    with _recorded(resources, outgoing) as call:
        structured = resources.llm.structured(outgoing.call(), answer)
        call.made = completion = structured.completion
        try:
            restored = answer.model_validate(_restored(structured.value.model_dump(), outgoing))
        except ValidationError as error:
            # What a placeholder stands for can be longer than the placeholder.
            raise InvalidAnswerError from error
        call.outcome = completion.finish
        return restored, completion


@dataclass(slots=True)
class _Call:
    """What is known of a call when it ends."""

    outcome: str = "failed"
    made: Completion | Spent | None = None


@contextmanager
def _recorded(resources: Resources, outgoing: Outgoing) -> Iterator[_Call]:
    started, call = time.perf_counter(), _Call()
    try:
        yield call
    except ModelError as error:
        call.outcome, call.made = error.code, error.spent or call.made
        raise
    except GivenUpError:
        call.outcome = CANCELLED
        raise
    finally:
        said = call.made.text if call.made else ""
        spent_ms = (time.perf_counter() - started) * 1000
        _keep(resources, _row(resources, outgoing, said, call.outcome, call.made, spent_ms))


def engine_of(completion: Completion, outgoing: Outgoing) -> str:
    """How an answer names what made it: the model, and the prompt with its version."""
    return f"{completion.model[:80]} ({outgoing.prompt.label})"


def _restored(value: Any, outgoing: Outgoing) -> Any:
    if isinstance(value, str):
        return outgoing.masker.restore(value)
    if isinstance(value, list):
        return [_restored(item, outgoing) for item in value]
    if isinstance(value, dict):
        return {name: _restored(item, outgoing) for name, item in value.items()}
    return value


def _row(
    resources: Resources, outgoing: Outgoing, said: str, outcome: str, made: Completion | Spent | None, spent_ms: float
) -> ModelCallRecord:
    usage = made.usage if made else _NOTHING
    return ModelCallRecord(
        id=new_id("model_call"), issue_id=outgoing.issue_id, task=outgoing.prompt.task, prompt=outgoing.prompt.label,
        asked_by=outgoing.user, provider=made.provider if made else outgoing.info.provider,
        model=(made.model if made else outgoing.info.model)[:200], outcome=outcome,
        request=[{"role": message.role, "text": message.text} for message in outgoing.rendered.messages],
        response=said[:_KEPT_CHARS], input_tokens=usage.input_tokens, cached_input_tokens=usage.cached_input_tokens,
        output_tokens=usage.output_tokens, estimated=usage.estimated, cost_micros=round(usage.cost_usd * _MICROS),
        first_token_ms=made.first_token_ms if made else None,
        duration_ms=round(spent_ms, 1), created_at=resources.clock(),
    )  # fmt: skip


def _keep(resources: Resources, row: ModelCallRecord) -> None:
    """Store the call. That it cannot be stored is logged: the answer is there and was paid for."""
    task = row.task
    try:
        with resources.database.transaction() as session:
            session.add(row)
    except (AppError, SQLAlchemyError) as error:  # the issue may be erased by now, which breaks a foreign key
        _log.error("prompts.call.not_kept", error=type(error).__name__, task=task)
