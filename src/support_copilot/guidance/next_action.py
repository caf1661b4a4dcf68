"""The next best action of an issue: from a procedure, from what the conversation says was done, and from nothing else.

A model may choose the procedure and read which steps were done. It writes no word of the action: that is the step as it
stands in its source, and what follows from the states is decided by rule. So nobody can dictate an action by talking to
the model; the worst it can be talked into is another step of a procedure of ours.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final

import structlog

from support_copilot.backends.llm.errors import ModelError
from support_copilot.guidance.assist_schemas import ActionKind, NextActionOut, ProcedureOut, StepOut
from support_copilot.guidance.composer import OFFLINE_ENGINE
from support_copilot.guidance.context import GuidanceContext
from support_copilot.guidance.draft import CheckResult, Source
from support_copilot.guidance.needs import is_settled, missing_things
from support_copilot.guidance.phrasebook import phrases_of
from support_copilot.guidance.policy import broken_rules
from support_copilot.guidance.procedures import Procedure, find_procedures
from support_copilot.guidance.progress import Said, StepState, is_question, read_progress
from support_copilot.guidance.schemas import CheckOut, CitationOut, GuidanceRequest, SourceOut
from support_copilot.guidance.service import gathered
from support_copilot.guidance.wording import is_for_colleagues
from support_copilot.identity.principal import Principal
from support_copilot.issues.queries import ENDED, IssueRecord
from support_copilot.kit.reasons import Reason
from support_copilot.kit.text import shorten
from support_copilot.ml.language import detect_language
from support_copilot.ml.mail_kind import UNANSWERED, MailKind
from support_copilot.ml.mail_text import clean_message
from support_copilot.ml.sentences import split_sentences
from support_copilot.prompts.asking import ask_for_shape, engine_of
from support_copilot.prompts.next_action import NextActionAnswer, StepReading, next_action_prompt
from support_copilot.prompts.outgoing import NotSent, Outgoing, asker, make_ready, may_be_sent
from support_copilot.resources import Resources

_log = structlog.get_logger("support_copilot.guidance")
_READ_CHARS: Final = 20_000
_MESSAGE_CHARS: Final = 3_000
_MESSAGES: Final = 60
NO_PROCEDURE: Final = NotSent(
    "no_procedure", "Nothing in the knowledge base has steps for this, so there is nothing to ask a language model."
)


@dataclass(frozen=True, slots=True)
class _Case:
    """An issue as it is read for its next action."""

    context: GuidanceContext
    record: IssueRecord
    said: tuple[Said, ...]
    procedures: tuple[Procedure, ...]


@dataclass(frozen=True, slots=True)
class _Standing:
    """A procedure and how far it has come; None where none fits."""

    procedure: Procedure | None
    steps: tuple[StepState, ...] = ()


def next_action_by_rule(resources: Resources, context: GuidanceContext, record: IssueRecord) -> NextActionOut:
    """What to do next, found without a model."""
    case = _case_of(resources, context, record)
    found = _action(case, _by_rule(case), CheckResult("engine", "pass", "Found by rule."))
    asked = may_be_sent(resources, "next_action", record.customer) is None and bool(_shown(case))
    return found.model_copy(update={"may_ask_model": asked})


def next_action(resources: Resources, issue_id: str, principal: Principal) -> NextActionOut:
    """What to do next, with a model reading the conversation where one is set. Blocks this thread.

    Raises:
        IssueNotFoundError: no issue has this id.
        SearchUnavailableError: the index cannot answer.
    """
    case = _case(resources, issue_id, principal)
    outgoing = _outgoing(resources, case, principal)
    if isinstance(outgoing, NotSent):
        return _offline(case, outgoing)
    try:
        answer, completion = ask_for_shape(resources, outgoing, NextActionAnswer)
    except ModelError as error:
        _log.warning("guidance.next_action.failed", code=error.code)
        return _offline(
            case, NotSent(error.code, Reason("model.failed", f"{error.title}, so the offline engine answered."))
        )
    standing, refused = _as_read(case, answer)
    if standing is None:
        told = "The language model named a procedure that it was not shown, so the offline engine answered."
        why = Reason("model.unknown_procedure", told)
        return _offline(case, NotSent("model_withheld", why))
    remarks = [CheckResult("engine", "pass", f"Read by {completion.model} ({completion.provider}), decided by rule.")]
    if refused:
        detail = f"What the model read of {refused} step(s) names no message that could show it, and was left out."
        remarks.append(CheckResult("sources", "fixed", detail))
    return _action(case, standing, *remarks, engine=engine_of(completion, outgoing))


def preview_next_action(resources: Resources, issue_id: str, principal: Principal) -> Outgoing | NotSent:
    """What a model would be sent for this issue's next action, or why nothing would; nothing is.

    Raises:
        IssueNotFoundError, SearchUnavailableError: as above.
    """
    return _outgoing(resources, _case(resources, issue_id, principal), principal)


def _case(resources: Resources, issue_id: str, principal: Principal) -> _Case:
    context, record = gathered(resources, issue_id, GuidanceRequest(), principal)
    return _case_of(resources, context, record)


def _case_of(resources: Resources, context: GuidanceContext, record: IssueRecord) -> _Case:
    told = [message for message in record.messages if message.author != "system"][-_MESSAGES:]
    said = tuple(
        Said(
            each.id, shorten(clean_message(each.body[:_READ_CHARS]).text, _MESSAGE_CHARS),
            ours=each.author == "agent", internal=each.visibility == "internal",
        )
        for each in told
    )  # fmt: skip
    return _Case(context, record, said, tuple(find_procedures(resources, context)))


def _offline(case: _Case, why: NotSent) -> NextActionOut:
    wanted = why.code in ("model_not_set", NO_PROCEDURE.code)
    return _action(case, _by_rule(case), CheckResult("engine", "pass" if wanted else "flagged", why.detail))


def _by_rule(case: _Case) -> _Standing:
    if not case.procedures or case.context.mail is not None:
        return _Standing(None)
    best = case.procedures[0]
    return _Standing(best, read_progress(best.steps, case.said, case.context.language))


def _shown(case: _Case) -> dict[str, Procedure]:
    if case.context.mail is not None:
        return {}
    return {f"S{number}": each for number, each in enumerate(case.procedures, start=1) if each.model_allowed}


def _outgoing(resources: Resources, case: _Case, principal: Principal) -> Outgoing | NotSent:
    refusal = may_be_sent(resources, "next_action", case.record.customer)
    if refusal is not None:
        return refusal
    procedures = [(name, each.source.title, each.steps) for name, each in _shown(case).items()]
    if not procedures:
        return NO_PROCEDURE
    said = [(f"m{number}", _kind(each), each.text) for number, each in enumerate(case.said, start=1)]
    prompt = next_action_prompt(case.context.subject, said, procedures)
    return make_ready(resources, prompt, case.record, language=case.context.language, user=asker(principal))


def _kind(said: Said) -> str:
    if said.internal:
        return "note among colleagues"
    return "message of the support team" if said.ours else "message of the customer"


def _as_read(case: _Case, answer: NextActionAnswer) -> tuple[_Standing | None, int]:
    """The states that the model read and its messages can show, ours for the other steps; and how many it could not."""
    if answer.procedure.casefold() == "none":
        return _Standing(None), 0
    procedure = _shown(case).get(answer.procedure)
    if procedure is None:
        return None, 0
    messages = {f"m{number}": each for number, each in enumerate(case.said, start=1)}
    states = list(read_progress(procedure.steps, case.said, case.context.language))
    refused = 0
    for reading in answer.steps:
        shown_by = _witness(reading, messages)
        if reading.number > len(states) or shown_by is None:
            refused += 1
        else:
            states[reading.number - 1] = StepState(procedure.steps[reading.number - 1], reading.state, shown_by.id)
    return _Standing(procedure, tuple(states)), refused


def _witness(reading: StepReading, messages: Mapping[str, Said]) -> Said | None:
    """The newest of the messages named that can show the state: we ask; customers and notes report, not by asking."""
    named = [each for name, each in messages.items() if name in reading.messages]
    if reading.state == "told":
        named = [each for each in named if each.ours and not each.internal]
    else:
        named = [each for each in named if (not each.ours or each.internal) and _reports(each.text)]
    return named[-1] if named else None


def _reports(text: str) -> bool:
    return any(not is_question(sentence) for sentence in split_sentences(text))


def _action(case: _Case, standing: _Standing, *remarks: CheckResult, engine: str = OFFLINE_ENGINE) -> NextActionOut:
    kind, at, reason = _decide(case.context, standing, case.record.issue.status)
    procedure = standing.procedure
    text, cited = "", []
    for_customer = kind == "ask"
    if kind == "ask":
        text = phrases_of(case.context.language).question(list(missing_things(case.context)))
    elif procedure is not None and at is not None:
        text = procedure.steps[at]
        cited = [CitationOut(index=0, source=_source(procedure.source), sentence=text)]
        for_customer = _may_be_told(text, case.context)
    return NextActionOut(
        kind=kind, text=text, for_customer=for_customer, reason=reason, step=None if at is None else at + 1,
        procedure=None if procedure is None else ProcedureOut(
            source=_source(procedure.source),
            steps=[StepOut(number=number, **asdict(each)) for number, each in enumerate(standing.steps, start=1)],
        ),
        citations=cited, checks=[CheckOut(**asdict(each)) for each in remarks], engine=engine,
        message_count=len(case.record.messages), may_ask_model=engine != OFFLINE_ENGINE,
    )  # fmt: skip


def _may_be_told(text: str, context: GuidanceContext) -> bool:
    """Whether a step may stand in a reply as it is: for the customer's eyes, within the rules, in their language."""
    guess = detect_language(text)
    foreign = guess.sure and guess.code != context.language
    return not (foreign or is_for_colleagues(text) or broken_rules(text, context.policy))


def _decide(context: GuidanceContext, standing: _Standing, status: str) -> tuple[ActionKind, int | None, str]:
    """What follows from where things stand: the kind, the place of the step, and why."""
    if status in ENDED:
        return "none", None, "The issue has ended."
    if context.mail is not None:
        return _set_aside(context.mail, answered=any(turn.author == "agent" for turn in context.turns))
    if is_settled(context):
        return "resolve", None, "The customer says that it works, or has nothing to ask."
    return _going_on(context, standing)


def _going_on(context: GuidanceContext, standing: _Standing) -> tuple[ActionKind, int | None, str]:
    waits = bool(context.turns) and context.turns[-1].author == "agent"
    if standing.procedure is None:
        return _without_procedure(context, waits=waits)
    at = next((place for place, step in enumerate(standing.steps) if step.state != "done"), None)
    if at is not None:
        return _at_step(standing, at, waits=waits)
    taken = f"All {len(standing.steps)} steps were taken"
    if waits:
        return "wait", None, f"{taken}, and it is the customer's turn."
    return "escalate", None, f"{taken}, and the customer does not say that it works."


def _set_aside(mail: MailKind, *, answered: bool) -> tuple[ActionKind, None, str]:
    if mail.name not in UNANSWERED:
        return "hand_over", None, f"This {mail.reason}: hand it over to who is responsible, and promise nothing."
    if answered:
        return "wait", None, f"The newest message {mail.reason}."
    return "close", None, f"This {mail.reason}: close it without a reply."


def _without_procedure(context: GuidanceContext, *, waits: bool) -> tuple[ActionKind, None, str]:
    if waits:
        return "wait", None, "It is the customer's turn, and no procedure in the knowledge base fits."
    if missing_things(context):
        return "ask", None, "No procedure in the knowledge base fits, and the customer has not said what is needed."
    return "none", None, "No procedure in the knowledge base fits this issue."


def _at_step(standing: _Standing, at: int, *, waits: bool) -> tuple[ActionKind, int, str]:
    state, step = standing.steps[at].state, f"Step {at + 1} of {len(standing.steps)}"
    if state == "told" and waits:
        return "wait", at, f"{step} was asked for, and the customer has not answered yet."
    if state == "told":
        return "step", at, f"{step} was asked for, and the customer does not say that it was done."
    if state == "stuck":
        return "step", at, f"{step} was tried without success: help with it."
    return "step", at, f"{step} is the first that nobody speaks of."


def _source(source: Source) -> SourceOut:
    return SourceOut(kind=source.kind, id=source.id, title=source.title)
