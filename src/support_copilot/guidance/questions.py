"""A question of the agent about an issue, answered from the conversation, the knowledge base and solved issues."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Final

from support_copilot.backends.llm.errors import ModelError
from support_copilot.guidance.assist_schemas import AnswerOut
from support_copilot.guidance.citations import citations, mark_sentences
from support_copilot.guidance.composer import OFFLINE_ENGINE
from support_copilot.guidance.context import GuidanceContext
from support_copilot.guidance.draft import Block, CheckResult, Draft, Piece, Source, piece_of
from support_copilot.guidance.gathering import analyze_context
from support_copilot.guidance.judge import Judge
from support_copilot.guidance.optimizer import merged
from support_copilot.guidance.policy import RULES, Policy
from support_copilot.guidance.schemas import CheckOut, CitationOut, GuidanceRequest
from support_copilot.guidance.support import ModelSource, model_source
from support_copilot.identity.principal import Principal
from support_copilot.issues.queries import IssueRecord, load_issue
from support_copilot.kit.reasons import Reason
from support_copilot.kit.text import shorten
from support_copilot.ml.content_words import share_of_words
from support_copilot.ml.mail_text import clean_message
from support_copilot.ml.sentences import split_sentences
from support_copilot.ml.untrusted import addresses_a_machine, addresses_the_writer
from support_copilot.prompts.asking import ask_for_text, engine_of
from support_copilot.prompts.outgoing import NotSent, Outgoing, asker, make_ready, may_be_sent
from support_copilot.prompts.question import NO_ANSWER, question_prompt
from support_copilot.resources import Resources

_READ_CHARS: Final = 20_000
_MESSAGE_CHARS: Final = 4_000
_MESSAGES: Final = 60
_SOURCES: Final = 4
#: A sentence that has so many words of the question may answer it; at most so many are quoted.
_ANSWERS: Final = 0.3
_QUOTED: Final = 3
#: The answer is for a colleague, who may be told what a customer may not.
_NOTHING_ANSWERS: Final = Reason("check.nothing_answers", "Nothing in the issue or the knowledge base answers this.")
_KINDS: Final = {"issue": "solved issue", "article": "help article", "template": "template"}
_NO_RULES: Final = Policy(dict.fromkeys(RULES, "off"))


def answer_question(resources: Resources, issue_id: str, question: str, principal: Principal) -> AnswerOut:
    """An answer whose every sentence names its source; sentences quoted from them where no model may or can answer.

    Raises:
        IssueNotFoundError: no issue has this id.
        SearchUnavailableError: the index cannot answer.
    """
    context, record = _read(resources, issue_id, principal)
    sources = _sources(context, record, for_model=False)
    why = _ask(resources, context, record, question, principal)
    if isinstance(why, AnswerOut):
        return why
    pieces = _quoted(question, sources, context.language)
    flagged = why.code != "model_not_set"
    return _answer(pieces, [CheckResult("engine", "flagged" if flagged else "pass", why.detail)], OFFLINE_ENGINE)


def preview_question(resources: Resources, issue_id: str, question: str, principal: Principal) -> Outgoing | NotSent:
    """What a model would be sent for this question, or why nothing would; nothing is.

    Raises:
        IssueNotFoundError, SearchUnavailableError: as for an answer.
    """
    context, record = _read(resources, issue_id, principal)
    return _outgoing(resources, context, record, question, principal)[0]


def _read(resources: Resources, issue_id: str, principal: Principal) -> tuple[GuidanceContext, IssueRecord]:
    context = analyze_context(resources, issue_id, GuidanceRequest(), principal.sees)
    with resources.database.read() as session:
        record = load_issue(session, issue_id)
    # What stands in notes is an answer here; what was dictated is only quoted with its source.
    return replace(context, notes=(), policy=_NO_RULES), record


def _outgoing(
    resources: Resources, context: GuidanceContext, record: IssueRecord, question: str, principal: Principal
) -> tuple[Outgoing | NotSent, list[ModelSource]]:
    refusal = may_be_sent(resources, "question", record.customer)
    if refusal is not None:
        return refusal, []
    sources = _sources(context, record, for_model=True)
    prompt = question_prompt(question, [_shown(each) for each in sources], context.language)
    return make_ready(resources, prompt, record, language=context.language, user=asker(principal)), sources


def _shown(source: ModelSource) -> tuple[str, str, str]:
    """Who said it names a message; a title is words of others, so it stands with them, masked."""
    kind = _KINDS.get(source.source.kind)
    return (
        (source.id, kind, f"{source.source.title}\n{source.text}")
        if kind
        else (source.id, source.source.title, source.text)
    )


def _ask(
    resources: Resources, context: GuidanceContext, record: IssueRecord, question: str, principal: Principal
) -> AnswerOut | NotSent:
    outgoing, sources = _outgoing(resources, context, record, question, principal)
    if isinstance(outgoing, NotSent):
        return outgoing
    try:
        written, completion = ask_for_text(resources, outgoing)
    except ModelError as error:
        return NotSent(error.code, Reason("model.failed", f"{error.title}, so the offline engine answered."))
    engine = CheckResult("engine", "pass", f"Written by {completion.model} ({completion.provider}), checked here.")
    if written.strip().rstrip(".").upper() == NO_ANSWER:
        nothing = CheckResult("sources", "flagged", _NOTHING_ANSWERS)
        return _answer([], [nothing, engine], engine_of(completion, outgoing))
    judge = Judge(context, sources, outgoing.masker)
    judged = [judge.judge(part) for part in split_sentences(written, context.language)]
    pieces = [piece for piece in judged if piece is not None and piece.source is not None]
    if not pieces:
        return NotSent(
            "model_withheld",
            Reason(
                "model.nothing_kept_quoted",
                "Nothing that the language model wrote could be kept, so sentences are quoted.",
            ),
        )
    return _answer(pieces, [*judge.remarks(), engine], engine_of(completion, outgoing))


def _sources(context: GuidanceContext, record: IssueRecord, *, for_model: bool) -> list[ModelSource]:
    """Messages and notes of the issue, then what the knowledge base and solved issues say."""
    found: list[ModelSource] = []
    said = [message for message in record.messages if message.author != "system"][-_MESSAGES:]
    for number, message in enumerate(said, start=1):
        who = "Internal note" if message.visibility == "internal" else f"Message of the {message.author}"
        text = shorten(clean_message(message.body[:_READ_CHARS]).text, _MESSAGE_CHARS)
        found.append(replace(model_source(number, Source("conversation", message.id, who), text), id=f"m{number}"))
    materials = sorted((*context.fixes, *context.passages), key=lambda each: -each.score)
    shown = [each for each in materials if not for_model or (each.model_allowed and not each.lured)]
    kept = [each for each in shown if not addresses_the_writer(each.text())][:_SOURCES]
    return [*found, *(model_source(number, each.source, each.text()) for number, each in enumerate(kept, start=1))]


def _quoted(question: str, sources: Sequence[ModelSource], language: str) -> list[Piece]:
    """The sentences that have most of the question's words, best first."""
    ranked = [
        (share_of_words(question, part), piece_of(part, source.source, source.text))
        for source in sources
        for part in split_sentences(source.text, language)
        if not addresses_a_machine(part)
    ]
    best = sorted((each for each in ranked if each[0] >= _ANSWERS), key=lambda each: -each[0])
    distinct = {piece.text.casefold(): piece for _share, piece in reversed(best)}
    return [piece for _share, piece in best if distinct[piece.text.casefold()] is piece][:_QUOTED]


def _answer(pieces: Sequence[Piece], results: Sequence[CheckResult], engine: str) -> AnswerOut:
    draft = Draft((Block("paragraph", tuple(pieces)),) if pieces else (), "", engine)
    nothing = [] if pieces else [CheckResult("sources", "flagged", _NOTHING_ANSWERS)]
    return AnswerOut(
        text=draft.text(),
        citations=[CitationOut.model_validate(each) for each in citations(mark_sentences(draft))],
        checks=[CheckOut(**asdict(result)) for result in merged([*results, *nothing])],
        engine=engine,
    )
