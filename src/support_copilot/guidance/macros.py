"""A reply together with the tags and the status that go with it; nothing is applied.

A model writes the reply and chooses among tags that the desk uses already and two states. Its reply is judged as every
reply; a tag that was not offered is left out, and no issue is ended by what a model says.
"""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import structlog

from support_copilot.backends.llm.errors import ModelError
from support_copilot.guidance.assist_schemas import MacroOut
from support_copilot.guidance.context import GuidanceContext
from support_copilot.guidance.engine import Written, finish, write_offline
from support_copilot.guidance.model_reply import ModelLetter, ModelReply, plan_reply
from support_copilot.guidance.reading import BodyReader
from support_copilot.guidance.schemas import GuidanceOut, GuidanceRequest
from support_copilot.guidance.service import gathered, keep_reply
from support_copilot.http.fields import Status
from support_copilot.identity.principal import Principal
from support_copilot.issues.queries import IssueRecord, issues_by_id
from support_copilot.kit.reasons import Reason
from support_copilot.knowledge.queries import templates_by_id
from support_copilot.prompts.asking import ask_for_shape
from support_copilot.prompts.macro import MacroAnswer, macro_prompt
from support_copilot.prompts.outgoing import NotSent, Outgoing, asker
from support_copilot.resources import Resources

_log = structlog.get_logger("support_copilot.guidance")
_MOST_TAGS: Final = 3
_OFFERED_TAGS: Final = 30
_MODEL_SAYS_PENDING: Final = Reason(
    "macro.model_pending", "By the language model, after this reply it is the customer's turn."
)
_MODEL_SAYS_OPEN: Final = Reason(
    "macro.model_open", "By the language model, after this reply the support team has something to do."
)


@dataclass(frozen=True, slots=True)
class _Written:
    """A reply, and what the model chose beside it; None where the rules choose."""

    reply: Written
    answer: MacroAnswer | None = None


def suggest_macro(resources: Resources, issue_id: str, request: GuidanceRequest, principal: Principal) -> MacroOut:
    """A suggested reply, and the tags and status that go with it. Blocks this thread.

    Raises:
        IssueNotFoundError, TemplateNotFoundError, SearchUnavailableError, InvalidRequestError: as for a reply.
    """
    started = time.perf_counter()
    context, record = gathered(resources, issue_id, request, principal)
    offered = _offered(resources, context, record)
    plan = _plan(resources, context, record, request, principal, offered)
    made = plan if isinstance(plan, NotSent) else _by_model(resources, context, plan, request)
    written = _Written(write_offline(context, request, made)) if isinstance(made, NotSent) else made
    suggestion = keep_reply(resources, context, request, principal, written.reply, started)
    if written.answer is None:
        return _by_rule(resources, record, suggestion)
    return _as_chosen(record, suggestion, written.answer, offered)


def preview_macro(
    resources: Resources, issue_id: str, request: GuidanceRequest, principal: Principal
) -> Outgoing | NotSent:
    """What a model would be sent for a macro, or why nothing would; nothing is.

    Raises:
        IssueNotFoundError, TemplateNotFoundError, SearchUnavailableError, InvalidRequestError: as for a macro.
    """
    context, record = gathered(resources, issue_id, request, principal)
    plan = _plan(resources, context, record, request, principal, _offered(resources, context, record))
    return plan if isinstance(plan, NotSent) else plan.outgoing


def _plan(
    resources: Resources,
    context: GuidanceContext,
    record: IssueRecord,
    request: GuidanceRequest,
    principal: Principal,
    offered: Sequence[str],
) -> ModelReply | NotSent:
    prompt_of = partial(macro_prompt, tags=offered)
    return plan_reply(resources, context, record, request, asker(principal), task="macro", prompt_of=prompt_of)


def _by_model(
    resources: Resources, context: GuidanceContext, plan: ModelReply, request: GuidanceRequest
) -> _Written | NotSent:
    try:
        answer, completion = ask_for_shape(resources, plan.outgoing, MacroAnswer)
    except ModelError as error:
        _log.warning("guidance.macro.failed", code=error.code)
        return NotSent(
            error.code, Reason("model.failed_reply", f"{error.title}, so the offline engine wrote the reply.")
        )
    reader, letter = BodyReader(context.language), ModelLetter(plan, context, "model")
    letter.add([*reader.feed(answer.reply), *reader.finish()])
    if not letter.says_something:
        detail = "Nothing that the language model wrote could be kept, so the offline engine wrote the reply."
        return NotSent("model_withheld", detail)
    letter.end(request.agent_name)
    return _Written(finish(letter, completion, plan.outgoing, context), answer)


def _offered(resources: Resources, context: GuidanceContext, record: IssueRecord) -> list[str]:
    """Tags that a model may choose from: of the templates that fit, and of solved issues like this one."""
    alike = [each.source.id for each in context.fixes if each.model_allowed]
    with resources.database.read() as session:
        templates = templates_by_id(session, [each.source.id for each in context.templates]).values()
        issues = issues_by_id(session, alike).values()
        found = [*(each.add_tags or [] for each in templates), *(each.tags for each in issues)]
    return _ranked(record.issue.tags, found)[:_OFFERED_TAGS]


def _as_chosen(record: IssueRecord, suggestion: GuidanceOut, answer: MacroAnswer, offered: Sequence[str]) -> MacroOut:
    known = {tag.casefold(): tag for tag in offered}
    named = list(dict.fromkeys(known[tag] for each in answer.tags if (tag := each.strip().casefold()) in known))
    chosen = named[:_MOST_TAGS]
    told = f"{len(chosen)} tag(s) of this desk, chosen by the language model."
    reasons: list[str] = [Reason("macro.chosen", told, count=len(chosen))] if chosen else []
    if len(named) > len(chosen):
        more = len(named) - len(chosen)
        reasons.append(Reason("macro.more", f"{more} more tag(s) that it named are left out.", count=more))
    refused = sum(each.strip().casefold() not in known for each in answer.tags)
    if refused:
        told = f"{refused} tag(s) that the language model named were not offered to it, and are left out."
        reasons.append(Reason("macro.not_offered", told, count=refused))
    status: Status | None = "pending" if answer.status == "pending" and record.issue.status == "open" else None
    if status:
        reasons.append(_MODEL_SAYS_PENDING)
    elif answer.status == "open" and record.issue.status == "open":
        reasons.append(_MODEL_SAYS_OPEN)
    return MacroOut(suggestion=suggestion, tags=chosen, status=status, reasons=reasons)


def _by_rule(resources: Resources, record: IssueRecord, suggestion: GuidanceOut) -> MacroOut:
    sources = list(dict.fromkeys(each.source.id for each in suggestion.citations if each.source.kind == "issue"))
    with resources.database.read() as session:
        alike = [each.tags for each in issues_by_id(session, sources).values()]
    tags = _ranked(record.issue.tags, alike)[:_MOST_TAGS]
    told = f"{len(tags)} tag(s) of the solved issues that the reply draws on."
    reasons: list[str] = [Reason("macro.of_solved", told, count=len(tags))] if tags else []
    status: Status | None = "pending" if record.issue.status == "open" and suggestion.text else None
    if status:
        reasons.append(Reason("macro.pending", "After this reply it is the customer's turn."))
    return MacroOut(suggestion=suggestion, tags=tags, status=status, reasons=reasons)


def _ranked(present: Sequence[str], others: Sequence[Sequence[str]]) -> list[str]:
    """Tags that are not there yet, those of most others first."""
    counted = Counter(tag for tags in others for tag in dict.fromkeys(tags) if tag not in present)
    return [tag for tag, _count in counted.most_common()]
