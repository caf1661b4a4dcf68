"""The summary generator over a language model: a checked shape, and no line that its messages do not carry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from support_copilot.backends.llm.errors import ModelError
from support_copilot.db.models import Message
from support_copilot.issues.queries import IssueRecord
from support_copilot.kit.text import one_line, shorten
from support_copilot.ml.mail_text import clean_message
from support_copilot.ml.plain_text import visible
from support_copilot.prompts.asking import ask_for_shape, engine_of
from support_copilot.prompts.outgoing import NotSent, Outgoing, make_ready, may_be_sent
from support_copilot.prompts.summary import SummaryAnswer, SummaryLineAnswer, SummaryMaterial, summary_prompt
from support_copilot.resources import Resources
from support_copilot.summarization.carried import is_carried
from support_copilot.summarization.generator import Facts, Line, Section
from support_copilot.summarization.wording import SectionName

_log = structlog.get_logger("support_copilot.summarization")
_READ_CHARS: Final = 20_000
_MESSAGE_CHARS: Final = 4_000
_OURS: Final[frozenset[SectionName]] = frozenset(["resolution", "next_step"])
_BY_MODEL: Final[Sequence[SectionName]] = ("problem", "tried", "resolution", "open_points", "next_step")


@dataclass(frozen=True, slots=True)
class _Said:
    """A message as the model is shown it. ``ours``: the support team wrote it."""

    id: str
    message_id: str
    text: str
    ours: bool
    internal: bool

    @property
    def kind(self) -> str:
        if self.internal:
            return "note among colleagues"
        return "message of the support team" if self.ours else "message of the customer"


@dataclass(frozen=True, slots=True)
class ModelSummary:
    """Sections in reading order, and what made them."""

    sections: list[Section]
    engine: str


def summarize_by_model(
    resources: Resources,
    record: IssueRecord,
    facts: Facts,
    offline: Sequence[Section],
    *,
    handover: bool,
    user: str | None,
) -> ModelSummary | NotSent:
    """The sections as a model writes them, checked line by line; or why the offline ones stay. Blocks this thread.

    Args:
        offline: the sections of the offline engine, from which mood, customer and status are taken.
        user: id of who asks, None for work in the background.
    """
    outgoing = make_summary_ready(resources, record, facts, handover=handover, user=user)
    if isinstance(outgoing, NotSent):
        return outgoing
    said = _said(record.messages, internal=handover)
    try:
        answer, completion = ask_for_shape(resources, outgoing, SummaryAnswer)
    except ModelError as error:
        _log.warning("summarization.model.failed", code=error.code)
        return NotSent(error.code, f"{error.title}, so the offline engine wrote the summary.")
    written = _sections(answer, said, facts, handover=handover)
    if "problem" not in written:
        _log.warning("summarization.model.withheld")
        detail = "Too little of what the language model wrote is carried by the conversation, "
        return NotSent("model_withheld", f"{detail}so the offline engine wrote the summary.")
    ours = {
        section.name: section for section in offline if section.name not in _BY_MODEL or section.name == "next_step"
    }
    kept = ours | written
    order: Sequence[SectionName] = (
        "customer", "problem", "tried", "resolution", "open_points", "mood", "status", "next_step",
    )  # fmt: skip
    return ModelSummary([kept[name] for name in order if name in kept], engine_of(completion, outgoing))


def make_summary_ready(
    resources: Resources, record: IssueRecord, facts: Facts, *, handover: bool, user: str | None
) -> Outgoing | NotSent:
    """What a model would be sent for a summary, or why nothing would; nothing is."""
    refusal = may_be_sent(resources, "summary", record.customer)
    if refusal is not None:
        return refusal
    material = SummaryMaterial(
        facts.subject, [(each.id, each.kind, each.text) for each in _said(record.messages, internal=handover)],
        facts.resolution_text, facts.language, handover=handover,
    )  # fmt: skip
    return make_ready(resources, summary_prompt(material), record, language=facts.language, user=user)


def _said(messages: Sequence[Message], *, internal: bool) -> list[_Said]:
    told = [each for each in messages if each.author != "system" and (internal or each.visibility == "public")]
    return [
        _Said(
            f"m{number}", each.id, shorten(clean_message(each.body[:_READ_CHARS]).text, _MESSAGE_CHARS),
            each.author == "agent", each.visibility == "internal",
        )
        for number, each in enumerate(told, start=1)
    ]  # fmt: skip


def _sections(
    answer: SummaryAnswer, said: Sequence[_Said], facts: Facts, *, handover: bool
) -> dict[SectionName, Section]:
    by_id = {each.id: each for each in said}
    found: dict[SectionName, Section] = {}
    for name in _BY_MODEL:
        if (name == "resolution" and handover) or (name == "next_step" and not handover):
            continue
        proposed: list[SummaryLineAnswer] = getattr(answer, name)
        lines = [line for each in proposed if (line := _line(name, each, by_id, facts)) is not None]
        distinct = {line.text.casefold(): line for line in lines}
        if distinct:
            found[name] = Section(name, tuple(distinct.values()))
    return found


def _line(name: SectionName, proposed: SummaryLineAnswer, by_id: Mapping[str, _Said], facts: Facts) -> Line | None:
    """The line with the messages it stands on, None where they do not carry it.

    What solved an issue, and what to do next, is told by the support team alone: a customer could claim anything.
    """
    text = one_line(visible(proposed.text))
    named = [by_id[each] for each in dict.fromkeys(proposed.messages) if each in by_id]
    basis = [each for each in named if each.ours] if name in _OURS else named
    known = "\n".join(each.text for each in basis)
    if name == "resolution":
        known = "\n".join(filter(None, (known, facts.resolution_text, *facts.resolution_steps)))
    ours = "\n".join(each.text for each in basis if each.ours)
    if not is_carried(text, known, ours, facts.language):
        return None
    return Line(text, tuple(each.message_id for each in basis), any(each.internal for each in basis))
