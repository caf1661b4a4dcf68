"""What the customer has not said yet and a diagnosis needs.

A model chooses among things that we name and may ask short questions of its own, which are judged as every question of
a reply. What the rules miss stays on the list unless words of the customer show that it was told.
"""

import re
from collections.abc import Iterable
from dataclasses import asdict
from typing import Final

import structlog

from support_copilot.backends.llm.errors import ModelError
from support_copilot.guidance.assist_schemas import MissingOut, MissingThing
from support_copilot.guidance.composer import OFFLINE_ENGINE, best_template
from support_copilot.guidance.context import GuidanceContext
from support_copilot.guidance.draft import CheckResult
from support_copilot.guidance.judge import Judge
from support_copilot.guidance.needs import is_known, is_settled, missing_things, worth_asking
from support_copilot.guidance.optimizer import merged
from support_copilot.guidance.phrasebook import phrases_of
from support_copilot.guidance.phrases import THINGS
from support_copilot.guidance.schemas import CheckOut, GuidanceRequest
from support_copilot.guidance.service import gathered
from support_copilot.guidance.template_text import fill_template
from support_copilot.identity.principal import Principal
from support_copilot.issues.queries import IssueRecord
from support_copilot.kit.reasons import Reason
from support_copilot.kit.text import one_line
from support_copilot.ml.content_words import words_of
from support_copilot.ml.personal_data import PlaceholderMasker
from support_copilot.prompts.asking import ask_for_shape, engine_of
from support_copilot.prompts.missing import MissingAnswer, missing_prompt
from support_copilot.prompts.outgoing import NotSent, Outgoing, asker, make_ready, may_be_sent
from support_copilot.resources import Resources

_log = structlog.get_logger("support_copilot.guidance")
#: What a question of a model is called; it stands for no thing of ours.
OTHER: Final = "other"
_MOST: Final = 6
_MOST_QUESTIONS: Final = 3
_QUESTION_CHARS: Final = 240
_ENDS: Final = ("?", "？", "؟")
#: What tells one order, invoice, parcel or version from others: a longer run with a digit in it.
_NUMBER: Final = re.compile(r"(?<!\w)(?=\S*\d)[\w.#/-]{4,}")
_NUMBERED: Final = frozenset({"order_number", "invoice_number", "tracking_number", "account"})
_WORDS: Final = 3
SETTLED: Final = NotSent(
    "nothing_to_ask", "The customer says that it works, or has nothing to ask, so there is nothing to ask for."
)


def missing_by_rule(resources: Resources, context: GuidanceContext, record: IssueRecord) -> MissingOut:
    """What the fitting template asks for, then what a diagnosis needs, found without a model."""
    asked = (
        may_be_sent(resources, "missing", record.customer) is None and context.mail is None and not is_settled(context)
    )
    found = _offline(context, CheckResult("engine", "pass", "Found by rule."))
    return found.model_copy(update={"may_ask_model": asked})


def still_missing(resources: Resources, issue_id: str, principal: Principal) -> MissingOut:
    """What is missing, with a model reading the conversation where one is set. Blocks this thread.

    Raises:
        IssueNotFoundError: no issue has this id.
        SearchUnavailableError: the index cannot answer.
    """
    context, record = gathered(resources, issue_id, GuidanceRequest(), principal)
    outgoing = _outgoing(resources, context, record, principal)
    if isinstance(outgoing, NotSent):
        wanted = outgoing.code in ("model_not_set", SETTLED.code)
        return _offline(context, CheckResult("engine", "pass" if wanted else "flagged", outgoing.detail))
    try:
        answer, completion = ask_for_shape(resources, outgoing, MissingAnswer)
    except ModelError as error:
        _log.warning("guidance.missing.failed", code=error.code)
        detail = Reason("model.failed", f"{error.title}, so the offline engine answered.")
        return _offline(context, CheckResult("engine", "flagged", detail))
    things = _things(context, answer)
    questions, remarks = _questions(context, answer.questions, outgoing.masker)
    items = [*(_thing(name, context) for name in things), *questions][:_MOST]
    engine = CheckResult("engine", "pass", f"Read by {completion.model} ({completion.provider}), checked here.")
    return MissingOut(
        items=items, engine=engine_of(completion, outgoing), checks=_out([*remarks, engine]),
        message_count=context.message_count, may_ask_model=True,
    )  # fmt: skip


def preview_missing(resources: Resources, issue_id: str, principal: Principal) -> Outgoing | NotSent:
    """What a model would be sent to find out what is missing, or why nothing would; nothing is.

    Raises:
        IssueNotFoundError, SearchUnavailableError: as above.
    """
    context, record = gathered(resources, issue_id, GuidanceRequest(), principal)
    return _outgoing(resources, context, record, principal)


def _outgoing(
    resources: Resources, context: GuidanceContext, record: IssueRecord, principal: Principal
) -> Outgoing | NotSent:
    refusal = may_be_sent(resources, "missing", record.customer)
    if refusal is not None:
        return refusal
    if context.mail is not None or is_settled(context):
        return SETTLED
    said = [(f"m{number}", turn.author, turn.text) for number, turn in enumerate(context.turns, start=1)]
    prompt = missing_prompt(context.subject, said, _offered(context), context.language)
    return make_ready(resources, prompt, record, language=context.language, user=asker(principal))


def _offline(context: GuidanceContext, engine: CheckResult) -> MissingOut:
    items = (
        [] if context.mail is not None or is_settled(context) else [_thing(name, context) for name in _by_rule(context)]
    )
    return MissingOut(
        items=items, engine=OFFLINE_ENGINE, checks=_out([engine]), message_count=context.message_count,
        may_ask_model=False,
    )  # fmt: skip


def _by_rule(context: GuidanceContext) -> list[str]:
    wanted = dict.fromkeys([*worth_asking(_asked(context), context), *missing_things(context)])
    return [name for name in wanted if not is_known(name, context)]


def _asked(context: GuidanceContext) -> tuple[str, ...]:
    """What the fitting template needs and only the customer can tell."""
    option = best_template(context, GuidanceRequest())
    return fill_template(option, context).asks if option else ()


def _offered(context: GuidanceContext) -> list[str]:
    """Names of what can be asked for."""
    return list(dict.fromkeys([*_by_rule(context), *_asked(context), *THINGS]))


def _thing(name: str, context: GuidanceContext) -> MissingThing:
    return MissingThing(name=name, question=phrases_of(context.language).question([name]))


def _things(context: GuidanceContext, answer: MissingAnswer) -> list[str]:
    """Those that the model named and that are worth asking for, then those of the rules that were not told."""
    offered = {name.casefold(): name for name in _offered(context)}
    told = set(_shown(context, answer))
    chosen = [offered[name] for each in answer.things if (name := each.strip().casefold()) in offered]
    wanted = dict.fromkeys([*worth_asking(chosen, context), *_by_rule(context)])
    return [name for name in wanted if name not in told and not is_known(name, context)]


def _shown(context: GuidanceContext, answer: MissingAnswer) -> Iterable[str]:
    said = {f"m{number}": turn.text for number, turn in enumerate(context.turns, start=1) if turn.author == "customer"}
    for each in answer.told:
        if _stands(each.quote, said.get(each.message, "")) and _tells(each.thing, each.quote):
            yield each.thing


def _stands(quote: str, text: str) -> bool:
    wanted, known = words_of(quote), words_of(text)
    return bool(wanted) and any(known[at : at + len(wanted)] == wanted for at in range(len(known) - len(wanted) + 1))


def _tells(thing: str, quote: str) -> bool:
    """Whether words can be what is claimed: a number where it is one, else more than a word or two."""
    if thing in _NUMBERED:
        return bool(_NUMBER.search(quote))
    if thing == "version":
        return any(map(str.isdigit, quote))
    return len(words_of(quote)) >= _WORDS


def _questions(
    context: GuidanceContext, asked: Iterable[str], masker: PlaceholderMasker
) -> tuple[list[MissingThing], list[CheckResult]]:
    """Questions in the words of the model, as far as the judge lets them stand in a reply."""
    judge = Judge(context, (), masker)
    kept: dict[str, MissingThing] = {}
    for each in asked:
        text = one_line(each)
        piece = judge.judge(text) if text.endswith(_ENDS) and len(text) <= _QUESTION_CHARS else None
        if piece is not None and piece.text.endswith(_ENDS):
            kept.setdefault(piece.text.casefold(), MissingThing(name=OTHER, question=piece.text))
    return list(kept.values())[:_MOST_QUESTIONS], judge.remarks()


def _out(results: Iterable[CheckResult]) -> list[CheckOut]:
    return [CheckOut(**asdict(result)) for result in merged(list(results))]
