"""What a language model reads in an issue, and how much that counts beside the local models.

The model comes after intake, in a job, so nobody waits for it. It answers with a label and words that it copied from a
message; a label whose words do not stand there is no opinion. Then it is one voice beside a local model that was
measured, so what a customer says to the model can at most make the panel unsure where the words speak plainly.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

import structlog
from pydantic import BaseModel

from support_copilot.analysis.schemas import CategoryPart, FactorOut, ModelOpinion, Panel, SentimentPart, SeverityPart
from support_copilot.backends.llm.errors import (
    CircuitOpenError,
    ModelBusyError,
    ModelError,
    ModelLimitError,
    ModelStreamError,
    ModelTimeoutError,
    ModelUnreachableError,
)
from support_copilot.backends.llm.port import Completion, Task
from support_copilot.http.reasons import code_of
from support_copilot.issues.queries import IssueRecord
from support_copilot.kit.reasons import Reason
from support_copilot.kit.text import shorten
from support_copilot.ml.content_words import content_words, words_of
from support_copilot.ml.mail_text import clean_message
from support_copilot.ml.untrusted import addresses_a_machine, addresses_the_writer
from support_copilot.prompts.asking import ask_for_shape, engine_of
from support_copilot.prompts.classification import NO_CATEGORY, ClassificationAnswer, classification_prompt
from support_copilot.prompts.outgoing import PAUSED, NotSent, Outgoing, make_ready, may_be_sent
from support_copilot.prompts.prompt import Prompt
from support_copilot.prompts.sentiment import SentimentAnswer, sentiment_prompt
from support_copilot.resources import Resources

_log = structlog.get_logger("support_copilot.analysis")
Answer = TypeVar("Answer", bound=BaseModel)
OPINION_TASKS: Final[tuple[Task, ...]] = ("sentiment", "classification")
_READ_CHARS: Final = 20_000
_MESSAGE_CHARS: Final = 3_000
_MESSAGES: Final = 12
_QUOTED_WORDS: Final = 3
#: As much as one person's word on an issue like this one.
_VOICE: Final = 0.2
_LEVELS: Final = ("low", "medium", "high", "critical")
#: From here on the words speak plainly; a model that hears something else makes the part unsure and no more.
_PLAIN: Final = 0.7
#: Where the value of a mood begins that only the model heard.
_MILD: Final[Mapping[str, float]] = {"negative": -0.3, "neutral": 0.0, "positive": 0.4}
#: What may be over when the job is done again.
_PASSING: Final = (
    ModelTimeoutError, ModelUnreachableError, ModelBusyError, ModelLimitError, CircuitOpenError, ModelStreamError,
)  # fmt: skip
AGAIN: Final = "again"
_MARKUP: Final = re.compile(r"[<>\[\]{}]")


@dataclass(frozen=True, slots=True)
class Opinions:
    """What models said of an issue when its customer had written ``messages_read`` messages."""

    messages_read: int
    sentiment: ModelOpinion | None = None
    category: ModelOpinion | None = None
    severity: ModelOpinion | None = None


NO_OPINIONS: Final = Opinions(0)


def opinions_of(panel: Panel) -> Opinions | None:
    """Those that a stored panel holds, None where no model was asked."""
    found = [part.opinion for part in (panel.sentiment, panel.category, panel.severity) if part.opinion is not None]
    if not found:
        return None
    return Opinions(found[0].messages_read, panel.sentiment.opinion, panel.category.opinion, panel.severity.opinion)


def customer_messages(record: IssueRecord) -> int:
    """How many public messages of the customer the issue has."""
    return sum(1 for each in record.messages if each.author == "customer" and each.visibility == "public")


def may_ask(resources: Resources, record: IssueRecord) -> bool:
    """Whether a model may be asked about this issue at all."""
    return customer_messages(record) > 0 and any(
        may_be_sent(resources, task, record.customer) is None for task in OPINION_TASKS
    )


def make_opinion_ready(
    resources: Resources, record: IssueRecord, task: Task, categories: Sequence[str]
) -> Outgoing | NotSent:
    """What a model would be sent for one of ``OPINION_TASKS``, or why nothing would; nothing is."""
    refusal = may_be_sent(resources, task, record.customer)
    if refusal is not None:
        return refusal
    said = list(_said(record).items())
    prompt: Prompt = (
        sentiment_prompt(said) if task == "sentiment" else classification_prompt(record.issue.subject, said, categories)
    )
    return make_ready(resources, prompt, record, language=record.issue.language, user=None)


def ask_for_opinions(
    resources: Resources, load: Callable[[], tuple[IssueRecord, Sequence[str]]], known: Opinions | None
) -> Opinions:
    """Ask for what is not known yet of mood, category and severity; why it cannot be had is said in the opinion.

    Blocks this thread.

    Args:
        load: reads the issue and the categories of its desk; done before each call, since consent may be withdrawn.
    """
    record, categories = load()
    count, said = customer_messages(record), _said(record)
    found = known if known is not None and known.messages_read == count else Opinions(count)
    if not _is_final(found.sentiment):
        mood = _ask(resources, record, "sentiment", categories, SentimentAnswer)
        found = replace(found, sentiment=_read(mood, count, lambda answered: _sentiment(answered, said, count)))
        record, categories = load()
    if not (_is_final(found.category) and _is_final(found.severity)) and customer_messages(record) == count:
        kind = _ask(resources, record, "classification", categories, ClassificationAnswer)
        category = _read(kind, count, lambda answered: _category(answered, categories, said, count))
        severity = _read(kind, count, lambda answered: _severity(answered, said, count))
        found = replace(found, category=category, severity=severity)
    return found


def is_complete(resources: Resources, opinions: Opinions | None) -> bool:
    """Whether each task that has a model was asked, and need not be asked again."""
    if opinions is None:
        return False
    asked: Sequence[tuple[Task, ModelOpinion | None]] = (
        ("sentiment", opinions.sentiment), ("classification", opinions.category),
    )  # fmt: skip
    return all(_is_final(opinion) or resources.llm.describe(task) is None for task, opinion in asked)


def _is_final(opinion: ModelOpinion | None) -> bool:
    return opinion is not None and not opinion.again


def with_sentiment(part: SentimentPart, opinion: ModelOpinion | None) -> SentimentPart:
    """The mood after the model was heard: its label counts unless the words plainly say something else."""
    if opinion is None or opinion.value is None or part.label is None or part.value is None:
        return part.model_copy(update={"opinion": opinion})
    if opinion.value == part.label:
        return part.model_copy(
            update={
                "opinion": _counted(
                    opinion, Reason("opinion.same_mood", f"{_who(opinion)} reads the same mood.", who=_who(opinion))
                )
            }
        )
    if (part.confidence or 0.0) >= _PLAIN:
        look = f"A language model reads this as {opinion.value}: look yourself."
        unsure = _unsure(Reason("help.model_mood", look, mood=opinion.value))
        plain = f"{_who(opinion)} reads {opinion.value}, against words that speak plainly."
        said = Reason("opinion.other_mood", plain, who=_who(opinion), mood=opinion.value)
        return part.model_copy(update={**unsure, "opinion": _counted(opinion, said, counts=False)})
    plain = f"{_who(opinion)} reads {opinion.value} where the words alone say {part.label}."
    said = Reason("opinion.mood_instead", plain, who=_who(opinion), mood=opinion.value, other_mood=part.label)
    update = {
        "label": opinion.value, "value": _MILD[opinion.value], "confidence": None, "model": opinion.engine,
        "opinion": _counted(opinion, said),
    }  # fmt: skip
    return part.model_copy(update=update)


def with_category(part: CategoryPart, opinion: ModelOpinion | None) -> CategoryPart:
    """The category after the model was heard: it fills a gap, and never overrules what issues like this one say."""
    if opinion is None or opinion.value is None or part.status == "unavailable":
        return part.model_copy(update={"opinion": opinion})
    if part.status == "ok":
        same = opinion.value == part.value
        other = f"{_who(opinion)} would say “{opinion.value}”; issues like this one count more."
        said = (
            Reason("opinion.same_topic", f"{_who(opinion)} names the same category.", who=_who(opinion))
            if same
            else Reason("opinion.other_topic", other, who=_who(opinion), topic=opinion.value)
        )
        return part.model_copy(update={"opinion": _counted(opinion, said, counts=same)})
    update = {"status": "ok", "value": opinion.value, "confidence": None, "model": opinion.engine}
    plain = f"{_who(opinion)} named the category, the local model is unsure."
    named = _counted(opinion, Reason("opinion.named_topic", plain, who=_who(opinion)))
    return part.model_copy(update={**update, "help": None, "help_code": None, "opinion": named})


def with_severity(part: SeverityPart, opinion: ModelOpinion | None) -> SeverityPart:
    """The calibrated severity moved by one voice, which changes the level only where the two were less than 0.25 apart.

    A level that the local model is sure of is never lowered, and critical never at all; a changed level is unsure.
    """
    if opinion is None or opinion.value is None or part.value is None or not part.probabilities:
        return part.model_copy(update={"opinion": opinion})
    moved = {
        level: round((1 - _VOICE) * share + _VOICE * (level == opinion.value), 4)
        for level, share in part.probabilities.items()
    }
    value = max(moved, key=lambda level: moved[level])
    lowered = _LEVELS.index(value) < _LEVELS.index(part.value)
    if lowered and (part.status == "ok" or part.value == "critical"):
        plain = f"{_who(opinion)} reads {opinion.value}, which does not lower what the local model says."
        said = Reason("opinion.lower", plain, who=_who(opinion), severity=opinion.value)
        return part.model_copy(update={"opinion": _counted(opinion, said, counts=False)})
    label = Reason("severity.model", f"a language model reads {opinion.value}", severity=opinion.value)
    voice = f"{_who(opinion)} reads {opinion.value}, which counts as one voice."
    said = Reason("opinion.one_voice", voice, who=_who(opinion), severity=opinion.value)
    update: dict[str, Any] = {
        "value": value, "confidence": moved[value], "probabilities": moved,
        "factors": [*part.factors, FactorOut(label=label, effect=_VOICE)],
        "opinion": _counted(opinion, said),
    }  # fmt: skip
    if value != part.value:
        update |= _unsure(Reason("help.nearly", f"Nearly as likely {part.value}: look yourself.", severity=part.value))
    return part.model_copy(update=update)


@dataclass(frozen=True, slots=True)
class _Answered:
    answer: BaseModel
    engine: str
    by: str


def _ask(
    resources: Resources, record: IssueRecord, task: Task, categories: Sequence[str], shape: type[Answer]
) -> "_Answered | NotSent | None":
    """The answer, or why there is none; None where no model is set for the task."""
    if resources.llm.describe(task) is None:
        return None
    outgoing = make_opinion_ready(resources, record, task, categories)
    if isinstance(outgoing, NotSent):
        return outgoing
    try:
        answer, completion = ask_for_shape(resources, outgoing, shape)
    except ModelError as error:
        _log.warning("analysis.opinion.failed", task=task, code=error.code)
        code = AGAIN if isinstance(error, _PASSING) else error.code
        return NotSent(code, Reason("model.failed_local", f"{error.title}, so the local model's word stands."))
    return _Answered(answer, engine_of(completion, outgoing), _by(completion))


def _read(
    asked: "_Answered | NotSent | None", count: int, reading: Callable[["_Answered"], ModelOpinion]
) -> ModelOpinion | None:
    if isinstance(asked, _Answered):
        return reading(asked)
    if asked is None:
        return None
    again = asked.code in (AGAIN, PAUSED.code)
    return ModelOpinion(
        value=None, counts=False, detail=asked.detail, engine=None, messages_read=count, again=again
    )  # fmt: skip


def _by(completion: Completion) -> str:
    return f"{completion.model[:80]} ({completion.provider})"


def _said(record: IssueRecord) -> dict[str, str]:
    """The customer's newest messages by the ids that the model is shown, oldest first."""
    told = [each for each in record.messages if each.author == "customer" and each.visibility == "public"]
    texts = [shorten(clean_message(each.body[:_READ_CHARS]).text, _MESSAGE_CHARS) for each in told[-_MESSAGES:]]
    return {f"m{number}": text for number, text in enumerate(texts, start=1)}


def _sentiment(answered: _Answered, said: Mapping[str, str], count: int) -> ModelOpinion:
    answer = answered.answer
    assert isinstance(answer, SentimentAnswer)  # noqa: S101  # it was asked for in this shape
    shown = answer.label == "neutral" or _stands(answer.quote, said.get(answer.message, ""), words=1)
    return _opinion(answered, answer.label if shown else None, count)


def _severity(answered: _Answered, said: Mapping[str, str], count: int) -> ModelOpinion:
    answer = answered.answer
    assert isinstance(answer, ClassificationAnswer)  # noqa: S101  # it was asked for in this shape
    shown = _stands(answer.quote, said.get(answer.message, ""), words=_QUOTED_WORDS)
    return _opinion(answered, answer.severity if shown else None, count)


def _category(answered: _Answered, categories: Sequence[str], said: Mapping[str, str], count: int) -> ModelOpinion:
    answer = answered.answer
    assert isinstance(answer, ClassificationAnswer)  # noqa: S101  # it was asked for in this shape
    by_name = {name.casefold(): name for name in categories}
    named = by_name.get(answer.category.strip().casefold())
    if named is None and answer.category.strip().casefold() == NO_CATEGORY:
        return _opinion(
            answered,
            None,
            count,
            Reason("opinion.no_topic", f"{answered.by} finds no category of this desk that fits.", who=answered.by),
        )
    if named is not None and not _stands(answer.category_quote, said.get(answer.message, ""), words=1):
        return _opinion(answered, None, count)
    return _opinion(
        answered,
        named,
        count,
        Reason(
            "opinion.foreign_topic", f"{answered.by} names a category that this desk does not have.", who=answered.by
        ),
    )


def _stands(quote: str, text: str, *, words: int) -> bool:
    """Whether the words stand in the text one after the other, and are no order to a program."""
    wanted, known = words_of(quote), words_of(text)
    if (
        len(wanted) < words
        or not content_words(quote)
        or _MARKUP.search(quote)
        or addresses_a_machine(quote)
        or addresses_the_writer(quote)
    ):
        return False
    return any(known[at : at + len(wanted)] == wanted for at in range(len(known) - len(wanted) + 1))


def _opinion(answered: _Answered, value: str | None, count: int, lacking: Reason | None = None) -> ModelOpinion:
    unshown = f"{answered.by} copied no words of the customer that show it, so the local model's word stands."
    why = lacking or Reason("opinion.unshown", unshown, who=answered.by)
    detail = Reason("opinion.any", f"{answered.by} has an opinion.", who=answered.by) if value else why
    return ModelOpinion(value=value, counts=False, detail=detail, engine=answered.engine, messages_read=count)


def _counted(opinion: ModelOpinion, said: Reason, *, counts: bool = True) -> ModelOpinion:
    return opinion.model_copy(update={"counts": counts, "detail": said, "detail_code": code_of(said)})


def _who(opinion: ModelOpinion) -> str:
    return (opinion.engine or "").partition(" (")[0]


def _unsure(why: Reason) -> dict[str, Any]:
    return {"status": "unsure", "help": why, "help_code": code_of(why)}
