"""The template generator over a language model: what it is shown, and its words as they pass the judge."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from support_copilot.backends.llm.port import Task
from support_copilot.guidance.composer import Frame, best_template, closing_of, frame_of, greeting_of
from support_copilot.guidance.context import GuidanceContext, Material
from support_copilot.guidance.draft import Block, CheckResult, Draft, Piece
from support_copilot.guidance.judge import Judge
from support_copilot.guidance.needs import is_set_aside, is_settled
from support_copilot.guidance.reading import Written
from support_copilot.guidance.schemas import GuidanceRequest
from support_copilot.guidance.support import ModelSource, model_source
from support_copilot.guidance.template_text import FilledTemplate, fill_template
from support_copilot.issues.queries import IssueRecord
from support_copilot.ml.untrusted import addresses_the_writer
from support_copilot.prompts.outgoing import NotSent, Outgoing, make_ready, may_be_sent
from support_copilot.prompts.prompt import Prompt
from support_copilot.prompts.reply import ReplyMaterial, reply_prompt
from support_copilot.resources import Resources

_MOST_SOURCES = 5
NOTHING_TO_ANSWER = NotSent(
    "nothing_to_answer", "There is nothing to answer at the moment, so the offline engine wrote the courtesy."
)


@dataclass(frozen=True, slots=True)
class ModelReply:
    """A reply that a model is about to write. ``kept_away`` counts sources that were not shown to it, and why."""

    outgoing: Outgoing
    sources: tuple[ModelSource, ...]
    frame: Frame
    filled: FilledTemplate | None
    template: tuple[str, int] | None
    kept_away: tuple[CheckResult, ...]


def plan_reply(
    resources: Resources,
    context: GuidanceContext,
    record: IssueRecord,
    request: GuidanceRequest,
    user: str | None,
    *,
    task: Task = "reply",
    prompt_of: Callable[[ReplyMaterial], Prompt] = reply_prompt,
) -> ModelReply | NotSent:
    """What a model would be sent for this reply, or why none is asked.

    Args:
        task: what the model is set for.
        prompt_of: the prompt of that task; its answer holds the body of a reply.

    Raises:
        InvalidRequestError: the template that was asked for cannot be rendered.
    """
    refusal = may_be_sent(resources, task, record.customer)
    if refusal is not None:
        return refusal
    waits = bool(context.turns) and context.turns[-1].author == "agent" and not request.instruction
    if is_set_aside(context, request) or (not request.template_id and (waits or is_settled(context))):
        return NOTHING_TO_ANSWER
    option = best_template(context, request)
    frame = frame_of(context, request, option)
    rendered = fill_template(option, context, asked_for=bool(request.template_id)) if option else None
    filled = rendered if rendered and rendered.blocks else None
    sources, remarks = _sources(context, filled, option.source if option and filled else None)
    material = _material(context, request, frame, sources)
    names = [request.agent_name] if request.agent_name else []
    outgoing = make_ready(resources, prompt_of(material), record, language=context.language, user=user, names=names)
    if isinstance(outgoing, NotSent):
        return outgoing
    shown = tuple(source for source in sources if source.id in outgoing.rendered.taken)
    template = (option.source.id, option.version) if option and filled else None
    return ModelReply(outgoing, shown, frame, filled, template, remarks)


class ModelLetter:
    """A letter that grows: what was added is never taken back, so it can be shown at once."""

    def __init__(self, plan: ModelReply, context: GuidanceContext, engine: str) -> None:
        self._plan = plan
        self._judge = Judge(context, plan.sources, plan.outgoing.masker)
        self._context = context
        self._draft = Draft((), plan.frame.language, engine, plan.template)
        self._shown = 0
        self._body = False

    def add(self, written: Sequence[Written]) -> str:
        """Judge what was written; returns what is new of the text, empty where nothing passed."""
        for part in written:
            if part.kind == "sentence":
                piece = self._judge.judge(part.texts[0])
                if piece is not None:
                    self._append("paragraph", (piece,), begins=part.begins)
            else:
                self._add_list(part)
        return self._news()

    def end(self, agent_name: str | None) -> str:
        """Add the closing lines."""
        self._extend(closing_of(self._plan.frame, self._plan.filled, agent_name))
        return self._news()

    @property
    def says_something(self) -> bool:
        """Whether the model answered the matter, or asked for what is missing where nothing answers it."""
        claims = any(True for _piece in self._draft.claims())
        return self._body and (claims or not self._plan.sources)

    def finished(self, engine: str) -> tuple[Draft, list[CheckResult]]:
        """The draft under the name of what made it, and the remarks of the judge."""
        return replace(self._draft, engine=engine), [*self._plan.kept_away, *self._judge.remarks()]

    def remarks(self) -> list[CheckResult]:
        return self._judge.remarks()

    def _add_list(self, part: Written) -> None:
        steps = self._judge.judge_steps(part.texts[1:])
        if not steps:
            return
        if part.texts[0]:
            # An introduction claims nothing, so ours does as well.
            lead = Piece(self._plan.frame.phrases.steps_lead, steps[0].source, steps[0].basis)
            self._append("paragraph", (lead,), begins=part.begins)
        self._append("steps", tuple(steps), begins=True)

    def _append(self, layout: str, pieces: tuple[Piece, ...], *, begins: bool) -> None:
        if not self._draft.blocks:
            self._extend(greeting_of(self._context, self._plan.frame, self._plan.filled))
        self._body = True
        blocks = self._draft.blocks
        if layout == "paragraph" and not begins and blocks and blocks[-1].layout == "paragraph":
            last = replace(blocks[-1], pieces=(*blocks[-1].pieces, *pieces))
            self._draft = replace(self._draft, blocks=(*blocks[:-1], last))
        else:
            self._extend([Block("steps" if layout == "steps" else "paragraph", pieces)])

    def _extend(self, blocks: Sequence[Block]) -> None:
        self._draft = replace(self._draft, blocks=(*self._draft.blocks, *blocks))

    def _news(self) -> str:
        text = self._draft.text()
        news, self._shown = text[self._shown :], len(text)
        return news


def _sources(
    context: GuidanceContext, filled: FilledTemplate | None, template: object
) -> tuple[tuple[ModelSource, ...], tuple[CheckResult, ...]]:
    """The template, then fixes and passages, the likest first; none that tells the writer what to write."""
    found: list[tuple[object, str]] = []
    if filled is not None and template is not None:
        found.append((template, filled.text()))
    materials: list[Material] = sorted((*context.fixes, *context.passages), key=lambda each: -each.score)
    poisoned = opted_out = 0
    for material in materials:
        if not material.model_allowed:
            opted_out += 1
        elif material.lured or addresses_the_writer(f"{material.source.title}\n{material.text()}"):
            poisoned += 1
        else:
            found.append((material.source, material.text()))
    sources = tuple(
        model_source(number, source, text)  # type: ignore[arg-type]
        for number, (source, text) in enumerate(found[:_MOST_SOURCES], start=1)
    )
    remarks: list[CheckResult] = []
    if poisoned:
        detail = f"{poisoned} source(s) were not shown to the language model: they tell whoever answers what to write."
        remarks.append(CheckResult("injection", "fixed", detail))
    if opted_out:
        detail = f"{opted_out} source(s) were not shown to the language model: their customer does not want that."
        remarks.append(CheckResult("consent", "fixed", detail))
    return sources, tuple(remarks)


def _material(
    context: GuidanceContext, request: GuidanceRequest, frame: Frame, sources: Sequence[ModelSource]
) -> ReplyMaterial:
    kinds = {"issue": "solved issue", "article": "help article", "template": "template", "conversation": "conversation"}
    return ReplyMaterial(
        subject=context.subject,
        said=[(f"m{number}", turn.author, turn.text) for number, turn in enumerate(context.turns, start=1)],
        sources=[(each.id, kinds[each.source.kind], each.source.title, each.text) for each in sources],
        files=context.files,
        wish=request.instruction or None,
        language=frame.language,
        tone=frame.tone,
        unhappy=context.sentiment == "negative" and frame.wishes.apology is not False,
        words=80 if frame.wishes.short else 160,
    )
