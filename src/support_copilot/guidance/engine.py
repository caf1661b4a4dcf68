"""Which engine writes a reply: the language model of the task, or the offline engine where it may not or cannot.

The text comes piece by piece. When a model fails in the middle, or nothing of it may stay, the offline engine starts
over, and the first of its pieces says so.
"""

import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final

import anyio.lowlevel
import anyio.to_thread
import structlog

from support_copilot.backends.llm.errors import ModelError
from support_copilot.backends.llm.port import Completion
from support_copilot.guidance.composer import compose_offline
from support_copilot.guidance.context import GuidanceContext
from support_copilot.guidance.draft import CheckResult, Draft
from support_copilot.guidance.model_reply import ModelLetter, ModelReply, plan_reply
from support_copilot.guidance.optimizer import look_over, merged, optimise
from support_copilot.guidance.reading import BodyReader
from support_copilot.guidance.schemas import GuidanceRequest
from support_copilot.issues.queries import IssueRecord
from support_copilot.kit.reasons import Reason
from support_copilot.kit.text import count_tokens
from support_copilot.prompts.asking import Asked, engine_of
from support_copilot.prompts.outgoing import NotSent, Outgoing
from support_copilot.resources import Resources

_log = structlog.get_logger("support_copilot.guidance")
#: A few words at a time, with the white space behind them: joined they are the text.
_CUT_OFF: Final = Reason("check.cut_off", "The language model was cut off before it was done.")
_CHUNK: Final = re.compile(r"(?:\S+\s*){1,4}")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text. ``restart``: what came before it is void, the text begins anew with this piece."""

    text: str
    restart: bool = False

    def data(self) -> dict[str, Any]:
        return {"text": self.text} | ({"restart": True} if self.restart else {})


@dataclass(frozen=True, slots=True)
class Written:
    """The finished reply: the draft, what every check says of it, and what it took."""

    draft: Draft
    checks: tuple[CheckResult, ...]
    usage: dict[str, Any]


@dataclass(slots=True)
class _Attempt:
    """What came of asking a model: ``done`` where its text stays, else ``why`` the offline engine has to write."""

    done: Written | None = None
    why: NotSent | None = None
    shown: bool = False


async def write_reply(
    resources: Resources, context: GuidanceContext, record: IssueRecord, request: GuidanceRequest, user: str | None
) -> AsyncGenerator[Token | Written]:
    """The reply in pieces, then the whole of it, always last.

    Args:
        user: id of who asks, for budgets and the record of calls.

    Raises:
        InvalidRequestError: the template cannot be rendered.
    """
    plan = await anyio.to_thread.run_sync(plan_reply, resources, context, record, request, user)
    attempt = _Attempt()
    if isinstance(plan, NotSent):
        attempt.why = plan
    else:
        async with aclosing(_from_model(resources, context, plan, request, attempt)) as tokens:
            async for token in tokens:
                yield token
    if attempt.done is not None:
        yield attempt.done
        return
    assert attempt.why is not None  # noqa: S101  # an attempt ends with one or the other
    written = await anyio.to_thread.run_sync(write_offline, context, request, attempt.why)
    restart = attempt.shown
    for chunk in _CHUNK.findall(written.draft.text()):
        yield Token(chunk, restart)
        restart = False
        await anyio.lowlevel.checkpoint()
    yield written


async def _from_model(
    resources: Resources, context: GuidanceContext, plan: ModelReply, request: GuidanceRequest, attempt: _Attempt
) -> AsyncGenerator[Token]:
    reader, letter = BodyReader(context.language), ModelLetter(plan, context, "model")
    asked = Asked(resources, plan.outgoing)
    try:
        async with aclosing(asked.pieces()) as pieces:
            async for piece in pieces:
                if (written := reader.feed(piece)) and (text := await anyio.to_thread.run_sync(letter.add, written)):
                    attempt.shown = True
                    yield Token(text)
    except ModelError as error:
        _log.warning("guidance.model.failed", code=error.code)
        detail = Reason("model.failed_reply", f"{error.title}, so the offline engine wrote the reply.")
        attempt.why = NotSent(error.code, detail)
        return
    if text := await anyio.to_thread.run_sync(letter.add, reader.finish()):
        attempt.shown = True
        yield Token(text)
    if not letter.says_something:
        _log.warning("guidance.model.withheld", refusals=len(letter.remarks()))
        attempt.why = NotSent(
            "model_withheld",
            Reason(
                "model.nothing_kept",
                "Nothing that the language model wrote could be kept, so the offline engine wrote the reply.",
            ),
        )
        return
    yield Token(letter.end(request.agent_name))
    assert asked.completion is not None  # noqa: S101  # the stream ended without an error
    attempt.done = await anyio.to_thread.run_sync(finish, letter, asked.completion, plan.outgoing, context)


def write_offline(context: GuidanceContext, request: GuidanceRequest, why: NotSent) -> Written:
    """The reply of the offline engine, which says why it wrote."""
    draft, checks = optimise(compose_offline(context, request), context)
    wanted = why.code in ("model_not_set", "nothing_to_answer")
    engine = CheckResult("engine", "pass" if wanted else "flagged", why.detail)
    used = {"input_tokens": context.report()["tokens"]["total"], "output_tokens": count_tokens(draft.text())}
    return Written(draft, merged([*checks, engine]), used)


def finish(letter: ModelLetter, completion: Completion, outgoing: Outgoing, context: GuidanceContext) -> Written:
    """A letter that has ended, with every check and what it took."""
    draft, remarks = letter.finished(engine_of(completion, outgoing))
    detail = f"Written by {completion.model} ({completion.provider}), checked here."
    remarks.append(CheckResult("engine", "pass", detail))
    if completion.finish != "stop":
        remarks.append(CheckResult("length", "flagged", _CUT_OFF))
    usage = completion.usage
    used = {"input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens, "cost_usd": usage.cost_usd}
    return Written(draft, look_over(draft, context, remarks), used)
