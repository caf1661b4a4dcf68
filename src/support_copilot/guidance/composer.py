"""The template generator: composes a reply offline from a template, proven fixes and articles; asks for the rest."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from support_copilot.guidance.context import ContextItem, GuidanceContext, Material, TemplateOption
from support_copilot.guidance.draft import Block, CheckResult, Draft, Layout, Piece, piece_of
from support_copilot.guidance.instructions import Wishes, read_instruction
from support_copilot.guidance.needs import (
    fit_to_tell,
    is_known,
    is_routine,
    is_set_aside,
    is_settled,
    is_wish,
    missing_things,
    worth_asking,
)
from support_copilot.guidance.phrasebook import FALLBACK_LANGUAGE, LANGUAGES, phrases_of
from support_copilot.guidance.phrases import Phrases
from support_copilot.guidance.receipts import RECEIPTS, SET_ASIDE
from support_copilot.guidance.schemas import GuidanceRequest
from support_copilot.guidance.template_text import FilledTemplate, fill_template
from support_copilot.kit.reasons import Reason
from support_copilot.knowledge.template_choice import FITS_FROM
from support_copilot.ml.content_words import share_of_words
from support_copilot.ml.given_names import names_person
from support_copilot.ml.mail_kind import UNANSWERED
from support_copilot.ml.matters import untold
from support_copilot.ml.tone import Tone
from support_copilot.ml.untrusted import addresses_a_machine

OFFLINE_ENGINE: Final = "offline/1"
#: Up to here it may take for granted what the customer does not say.
_LOOSE_TEMPLATE: Final = 0.45
#: Beside a first source without steps another is worth its words from this likeness on, and if it is nearly as like.
_SUPPORT: Final = 0.55
_BEHIND: Final = 0.1
#: A template is an answer by itself: beside it only steps that it does not give are worth their words.
_BESIDE_TEMPLATE: Final = 0.65
_SAME: Final = 0.6
#: What a template says of a trouble that goes on, in seven languages.
_OF_NOW: Final = re.compile(
    r"\b(?:at the moment|currently|right now|derzeit|zurzeit|momentan|im moment|en ce moment|actuellement|"
    r"en este momento|actualmente|neste momento|de momento|op dit moment|momenteel|al momento|attualmente)\b",
    re.IGNORECASE,
)
_LONG_WORDS: Final = 120
_SHORT_SENTENCES: Final = 2
_TOPIC_CHARS: Final = 60


@dataclass(frozen=True, slots=True)
class Frame:
    """How the reply is to sound."""

    phrases: Phrases
    language: str
    tone: Tone
    wishes: Wishes


def compose_offline(context: GuidanceContext, request: GuidanceRequest) -> Draft:
    """A reply without a language model: what it says of the matter stands in a source, the rest is courtesy.

    Where there is no source it says so and asks for what a diagnosis needs.
    """
    option = best_template(context, request)
    frame = frame_of(context, request, option)
    if is_set_aside(context, request):
        return _set_aside(context, frame, request)
    if not request.template_id and (courtesy := _courtesy(context, frame, request)):
        return courtesy
    rendered = fill_template(option, context, asked_for=bool(request.template_id)) if option else None
    # One that lost its point still knows what to ask for.
    filled = rendered if rendered and rendered.blocks else None
    materials = _materials(context, filled, frame, option.matters if option and filled else frozenset())
    has_source = bool(filled or materials)
    if has_source and frame.language != context.language:
        return _without_phrases(context, option if filled else None, filled, materials)
    asks = _asks(context, rendered, frame, has_source=has_source)
    opening = _opening(context, frame, filled, has_source=has_source)
    blocks = [
        *greeting_of(context, frame, filled),
        *opening,
        *(_beginning_anew(filled.blocks) if filled and opening else filled.blocks if filled else ()),
        *(block for material in materials for block in _material_blocks(material, frame)),
        *_ending(frame, filled, asks, materials),
        *closing_of(frame, filled, request.agent_name),
    ]
    remarks = [*(rendered.remarks if rendered else ()), *_remarks(context, frame, has_source, materials)]
    if option and filled and not request.template_id and option.score < _LOOSE_TEMPLATE:
        title = option.source.title[:80]
        said = f"“{title}” fits only loosely: check that it is about the same matter."
        detail = Reason("check.template_loose", said, title=title)
        remarks.append(CheckResult("template", "flagged", detail))
    if request.template_id and filled is None:
        remarks.append(CheckResult("template", "flagged", _TEMPLATE_NOT_USED))
    return Draft(
        blocks=tuple(blocks),
        language=frame.language,
        engine=OFFLINE_ENGINE,
        template=(option.source.id, option.version) if option and filled else None,
        remarks=tuple(remarks),
    )


def _without_phrases(
    context: GuidanceContext,
    option: TemplateOption | None,
    filled: FilledTemplate | None,
    materials: Sequence[Material],
) -> Draft:
    """In a language that we have no phrases in: what the company's own texts say in it, and not a word of ours."""
    blocks = [
        *([Block("lines", (filled.greeting,))] if filled and filled.greeting else []),
        *(filled.blocks if filled else ()),
        *(block for material in materials for block in _told_blocks(material)),
        *([Block("lines", filled.closing)] if filled and filled.closing else []),
    ]
    detail = (
        f"There are no phrases in “{context.language}”: the draft is made of your own texts in it alone, "
        "without greeting, questions or regards of ours."
    )
    return Draft(
        blocks=tuple(blocks),
        language=context.language,
        engine=OFFLINE_ENGINE,
        template=(option.source.id, option.version) if option else None,
        remarks=(CheckResult("language", "flagged", detail),),
    )


def _told_blocks(material: Material) -> list[Block]:
    source, basis = material.source, material.text()
    told: tuple[tuple[Layout, tuple[str, ...]], ...] = (("paragraph", material.sentences), ("steps", material.steps))
    return [Block(layout, tuple(piece_of(text, source, basis) for text in texts)) for layout, texts in told if texts]


def frame_of(context: GuidanceContext, request: GuidanceRequest, option: TemplateOption | None) -> Frame:
    """Language, tone and wishes of the reply."""
    wishes = read_instruction(request.instruction)
    language = context.language if context.language in LANGUAGES else FALLBACK_LANGUAGE
    tone = request.tone or wishes.tone or _tone_of(option) or "neutral"
    return Frame(phrases_of(language), language, tone, wishes)


def best_template(context: GuidanceContext, request: GuidanceRequest) -> TemplateOption | None:
    """The template to follow, if one fits or was asked for."""
    if not context.templates:
        return None
    best = context.templates[0]
    return best if request.template_id or best.score >= FITS_FROM else None


def _tone_of(option: TemplateOption | None) -> Tone | None:
    match option.tone if option else None:
        case "formal" | "warm" | "neutral" as tone:
            return tone
        case _:
            return None


def _courtesy(context: GuidanceContext, frame: Frame, request: GuidanceRequest) -> Draft | None:
    """A reply that claims nothing, where the customer is content or it is the customer's turn."""
    phrases = frame.phrases
    if is_settled(context):
        said, detail = phrases.glad.of(frame.tone), "The customer says that it works, so nothing is claimed."
    elif context.turns and context.turns[-1].author == "agent" and not request.instruction:
        said, detail = phrases.check_back, "It is the customer's turn: the draft asks whether the last answer helped."
    else:
        return None
    blocks = (
        *greeting_of(context, frame, None),
        _paragraph([piece_of(said), piece_of(phrases.anything_else)], frame, after_greeting=frame.wishes.greeting),
        *closing_of(frame, None, request.agent_name),
    )
    return Draft(blocks, frame.language, OFFLINE_ENGINE, remarks=(CheckResult("sources", "pass", detail),))


def _set_aside(context: GuidanceContext, frame: Frame, request: GuidanceRequest) -> Draft:
    """Nothing, where nobody waits for an answer; else that it was received, without a word on the matter.

    An apology or a promise to a lawyer may be held against the company, and a template knows nothing of the case.
    """
    kind = context.mail
    assert kind is not None  # noqa: S101  # asked for by is_set_aside
    remark = CheckResult("reply", "flagged", SET_ASIDE[kind.name])
    if kind.name in UNANSWERED:
        return Draft((), frame.language, OFFLINE_ENGINE, remarks=(remark,))
    receipts = RECEIPTS[frame.language]
    told = receipts.notice if kind.name == "legal_notice" else receipts.flaw
    blocks = (
        *greeting_of(context, frame, None),
        _paragraph([piece_of(sentence) for sentence in told], frame, after_greeting=frame.wishes.greeting),
        *closing_of(frame, None, request.agent_name),
    )
    return Draft(blocks, frame.language, OFFLINE_ENGINE, remarks=(remark,))


def _materials(
    context: GuidanceContext, filled: FilledTemplate | None, frame: Frame, told_matters: frozenset[str]
) -> list[Material]:
    """One source, or two that say something new each, the likest first; what an agent said before is not repeated.

    Where the customer writes of two things, one more that is about the other.
    """
    told = "\n".join(turn.text for turn in context.turns if turn.author == "agent")
    chosen: list[Material] = []
    fit = fit_to_tell(context)
    if filled and _OF_NOW.search(filled.text()):
        # How an earlier trouble ended contradicts a template that says how it stands with this one.
        fit = [each for each in fit if each.source.kind != "issue"]
    found = sorted(fit, key=lambda source: -source.score)
    nearest = found[0].score if found else 0.0
    for material in found:
        known = [told, filled.text() if filled else "", *(other.text() for other in chosen)]
        if any(text and share_of_words(material.text(), text) >= _SAME for text in known):
            continue
        # Behind one that is skipped as known stands what is about something else.
        near = material.score >= nearest - _BEHIND
        if not (chosen or filled) or (near and not frame.wishes.short and _adds(material, filled, chosen)):
            chosen.append(material)
    chosen = chosen[: 1 if filled else 2]
    left = untold(context.matters, told_matters.union(*(each.matters for each in chosen)))
    return [*chosen, *[each for each in found if each.matters & left and each.text() not in told][:1]]


def _adds(material: Material, filled: FilledTemplate | None, chosen: Sequence[Material]) -> bool:
    """Whether a source is worth its words beside what is there already."""
    words = sum(len(source.text().split()) for source in (*chosen, material))
    if words > _LONG_WORDS or any(source.steps for source in chosen):
        return False
    if filled:
        stepless = all(block.layout != "steps" for block in filled.blocks)
        return stepless and bool(material.steps) and material.score >= _BESIDE_TEMPLATE
    return material.score >= max(_SUPPORT, chosen[0].score - _BEHIND)


def _material_blocks(material: Material, frame: Frame) -> list[Block]:
    phrases, source, basis = frame.phrases, material.source, material.text()
    is_fix = source.kind == "issue"
    lead = phrases.fix_lead if is_fix else phrases.article_lead.format(title=source.title)
    sentences = material.sentences[: _SHORT_SENTENCES if frame.wishes.short else None]
    pieces = [piece_of(lead, source, f"{basis}\n{source.title}")]
    pieces += [piece_of(sentence, source, basis) for sentence in sentences]
    if not material.steps:
        return [Block("paragraph", tuple(pieces))]
    if sentences and not sentences[-1].endswith(":"):
        pieces.append(piece_of(phrases.steps_lead, source, basis))
    steps = tuple(piece_of(step, source, basis) for step in material.steps)
    return [Block("paragraph", tuple(pieces)), Block("steps", steps)]


def _asks(
    context: GuidanceContext, rendered: FilledTemplate | None, frame: Frame, *, has_source: bool
) -> tuple[str, ...]:
    """What to ask for: what the agent wants, what the template lacks, and without a source what a diagnosis needs."""
    wanted = [*frame.wishes.ask, *(rendered.asks if rendered else ())]
    if not (has_source or wanted):
        wanted += missing_things(context)
    wanted = [*frame.wishes.ask, *worth_asking(wanted, context)]
    told = rendered.spoken if rendered else frozenset()
    known = {name for name in wanted if name not in frame.wishes.ask and (name in told or is_known(name, context))}
    return tuple(dict.fromkeys(name for name in wanted if name not in known))


def greeting_of(context: GuidanceContext, frame: Frame, filled: FilledTemplate | None) -> list[Block]:
    """The first line of the letter; none where the agent wants none."""
    if not frame.wishes.greeting:
        return []
    if filled and filled.greeting:
        return [Block("lines", (filled.greeting,))]
    customer = context.values.get("customer", {})
    in_full = frame.tone == "formal" and names_person(customer.get("name", ""))
    name = customer.get("name" if in_full else "first_name")
    phrases = frame.phrases
    text = phrases.greeting.of(frame.tone).format(name=name) if name else phrases.greeting_unnamed.of(frame.tone)
    return [Block("lines", (piece_of(text),))]


def _opening(context: GuidanceContext, frame: Frame, filled: FilledTemplate | None, *, has_source: bool) -> list[Block]:
    phrases, wishes = frame.phrases, frame.wishes
    pieces: list[Piece] = []
    # Who wants something usual done ("I cancel") had no trouble, however it sounds.
    upset = context.sentiment == "negative" and not is_routine(context)
    apologise = wishes.apology if wishes.apology is not None else upset
    # Thanks are no beginning for somebody who is upset: an apology is.
    if filled is None and not wishes.short and not apologise:
        topic = None if has_source or frame.language != context.language else _topic(context)
        thanks = phrases.about_topic.format(topic=topic) if topic else phrases.thanks.of(frame.tone)
        pieces.append(piece_of(thanks))
    if apologise and not (filled and filled.apologises):
        pieces.append(piece_of(phrases.apology.of(frame.tone)))
    if not has_source and is_wish(context):
        # It is no trouble that somebody looks into, and thanks enough by itself.
        return [_paragraph([piece_of(s) for s in RECEIPTS[frame.language].wish], frame, after_greeting=wishes.greeting)]
    if not has_source:
        unsolved = RECEIPTS[frame.language].request if is_routine(context) else phrases.no_source
        pieces.append(piece_of(phrases.incident if context.incident else unsolved))
    return [_paragraph(pieces, frame, after_greeting=wishes.greeting)] if pieces else []


def _ending(
    frame: Frame, filled: FilledTemplate | None, asks: Sequence[str], materials: Sequence[Material]
) -> list[Block]:
    pieces = [piece_of(frame.phrases.question(asks))] if asks else []
    if materials and not asks and not frame.wishes.short and not (filled and filled.invites_answer):
        pieces.append(piece_of(frame.phrases.follow_up.of(frame.tone)))
    return [Block("paragraph", tuple(pieces))] if pieces else []


def closing_of(frame: Frame, filled: FilledTemplate | None, agent_name: str | None) -> list[Block]:
    """The last lines of the letter; none where the agent wants none."""
    if not frame.wishes.closing:
        return []
    if filled and filled.closing:
        return [Block("lines", filled.closing)]
    lines = [piece_of(frame.phrases.closing.of(frame.tone)), *([piece_of(agent_name)] if agent_name else [])]
    return [Block("lines", tuple(lines))]


def _paragraph(pieces: Sequence[Piece], frame: Frame, *, after_greeting: bool) -> Block:
    """German goes on in lower case behind a greeting that ends with a comma; none of the phrases begins with a noun."""
    first = pieces[0]
    if frame.language == "de" and after_greeting:
        first = replace(first, text=first.text[:1].lower() + first.text[1:])
    return Block("paragraph", (first, *pieces[1:]))


def _beginning_anew(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """A template that went on in lower case behind its greeting, with another sentence between the two."""
    first = blocks[0].pieces[0]
    capital = replace(first, text=first.text[:1].upper() + first.text[1:])
    return (replace(blocks[0], pieces=(capital, *blocks[0].pieces[1:])), *blocks[1:])


def _topic(context: GuidanceContext) -> str | None:
    """The subject, if it is fit to be repeated: short, the customer's own heading, and harmless."""
    subject = context.subject.strip(" .!?…")
    began = next((turn.text for turn in context.turns if turn.author == "customer"), "")
    fit = 3 <= len(subject) <= _TOPIC_CHARS and subject.count(" ") >= 1 and not context.subject.endswith("…")
    copied = began.casefold().startswith(subject.casefold()[:30])
    marked = re.search(r"[@<>{}\[\]|]|https?:|^(?:re|aw|fwd?|tr|rv|wg)\s*:", subject, re.IGNORECASE)
    if not fit or copied or marked or subject.isupper() or addresses_a_machine(subject):
        return None
    return subject


def _remarks(
    context: GuidanceContext, frame: Frame, has_source: bool, materials: Sequence[Material]
) -> list[CheckResult]:
    """What the agent should know about how the draft was made."""
    remarks: list[CheckResult] = []
    withheld = sum(material.withheld for material in materials)
    if withheld:
        detail = f"{withheld} sentence(s) of the sources were withheld: personal, internal, or meant for one reader."
        remarks.append(CheckResult("other_customers", "fixed", detail))
    if not has_source:
        remarks.append(CheckResult("sources", "flagged", _no_source(_nearest(context.items))))
    if frame.wishes.unmet:
        asked = "; ".join(f"“{part[:80]}”" for part in frame.wishes.unmet[:5])
        said = f"Without a language model this could not be followed: {asked}."
        remarks.append(CheckResult("instruction", "flagged", Reason("check.not_followed", said, wishes=asked)))
    if frame.language != context.language:
        said = (
            f"There are no phrases and no fitting text of yours in “{context.language}”, so the whole draft is in "
            f"“{frame.language}”: send it only to somebody who reads that, or add a template in “{context.language}”."
        )
        detail = Reason("check.no_phrases", said, language=context.language, other_language=frame.language)
        remarks.append(CheckResult("language", "flagged", detail))
    return remarks


_TEMPLATE_NOT_USED: Final = Reason(
    "check.template_not_used",
    "The template that was asked for is not used: too long for the budget, or too much in it is unknown.",
)
_NEAR_KINDS: Final = {"issue": ("a past issue", "past issues"), "article": ("an article", "articles")}


def _no_source(nearest: str) -> Reason:
    return Reason("check.no_source", f"No source found.{nearest}")


def _nearest(items: Sequence[ContextItem]) -> str:
    """What comes nearest and why it may not be used, in numbers: what other customers wrote is not repeated."""
    told = Counter((item.kind, item.reason) for item in items if item.kind in _NEAR_KINDS and item.reason)
    near = [
        f"{_NEAR_KINDS[kind][0] if count == 1 else f'{count} {_NEAR_KINDS[kind][1]}'}: {reason}"
        for (kind, reason), count in told.most_common()
        if reason != "about something else"
    ]
    return f" Nearest: {'; '.join(near)}." if near else ""
