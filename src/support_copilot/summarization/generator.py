"""The summary generator, offline engine: picks sentences and shortens by leaving out; it never writes a fact itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from support_copilot.kit.text import shorten
from support_copilot.ml.likeness import word_likeness
from support_copilot.ml.sentiment import score_sentiment
from support_copilot.ml.thin_fix import is_thin
from support_copilot.summarization.cues import HANDLES, REPLY_PREFIX, is_call
from support_copilot.summarization.parser import ParsedConversation, Sentence
from support_copilot.summarization.telling import ANSWER, PROBLEM, answers_of, centrality, most_telling
from support_copilot.summarization.wording import LabelName, SectionName, heading, label, mood

ENGINE: Final = "extractive/3"
_SAME: Final = 0.8
_PROBLEM_LINES: Final = 2
_TRIED_LINES: Final = 5
_DEED_LINES: Final = 2
_NEXT_LINES: Final = 3
_ANSWER_LINES: Final = 3
_RESOLUTION_STEPS: Final = 8
_OPEN_LINES: Final = 5
_LINE_CHARS: Final = 320


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a summary and the messages it stands on; ``internal`` when a note among colleagues is quoted."""

    text: str
    message_ids: tuple[str, ...]
    internal: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    name: SectionName
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the record knows beside the conversation, to be quoted as it is."""

    subject: str
    language: str = "en"
    resolution_text: str | None = None
    resolution_steps: tuple[str, ...] = ()
    customer: str | None = None
    status: str | None = None
    severity: str | None = None

    @property
    def told_fix(self) -> str | None:
        """The resolution that was typed, where it says how it was solved."""
        return None if self.resolution_text and is_thin(self.resolution_text) else self.resolution_text


def summarize(conversation: ParsedConversation, facts: Facts, *, handover: bool = False) -> list[Section]:
    """The sections of a summary, in reading order; empty ones are left out.

    Args:
        handover: for a colleague who takes over: with customer, state, internal notes and next step.
    """
    central = centrality(conversation.sentences)
    problem = _problem(conversation, facts, central)
    sections = [
        *([Section("customer", (Line(facts.customer, ()),))] if handover and facts.customer else []),
        Section("problem", (*problem, *(_answered(conversation) if handover else ()))),
        Section("tried", _tried(conversation, problem, internal=handover)),
        Section("resolution", () if handover else _resolution(conversation, facts, central)),
        Section("open_points", _open_points(conversation, internal=handover)),
        Section("mood", _mood(conversation, facts.language)),
    ]
    if handover:
        state = " · ".join(value for value in (facts.status, facts.severity) if value)
        sections.append(Section("status", (Line(state, ()),) if state else ()))
        sections.append(Section("next_step", _next_step(conversation, central, facts.language)))
    return [section for section in sections if section.lines]


def in_short(conversation: ParsedConversation, facts: Facts) -> str:
    """Two or three sentences for who reads only these: what the customer came with, what came of it, what is open."""
    central = centrality(conversation.sentences)
    asked = most_telling(conversation.by("customer"), central, PROBLEM)[:1]
    fix = facts.told_fix or ("" if facts.resolution_text is None else _in_one(fix_of(conversation, central)))
    fix = fix or facts.resolution_text or ""
    answered = [] if fix else _told_in_short(conversation, central)
    open_points = [*conversation.open_promises[-1:], *conversation.open_questions[-1:]][:1]
    subject = _bare(facts.subject)
    told = asked[0].text if asked and (is_call(subject) or not asked[0].call) else subject
    said: list[tuple[LabelName, str]] = [("customer", told)]
    said.append(("resolution", fix))
    said.append(("agent", _in_one(answered)))
    said += [("open_points", sentence.text) for sentence in open_points if sentence not in answered]
    return " ".join(
        f"{label(name, facts.language)}: {_ended(shorten(text, _LINE_CHARS))}" for name, text in said if text
    )


def short_of(sections: Sequence[Section], facts: Facts) -> str:
    """The same of sections that are there already: the first line of each that counts."""
    lines = {section.name: section.lines[0].text for section in sections}
    resolution = facts.told_fix or lines.get("resolution", "") or facts.resolution_text or ""
    said: list[tuple[LabelName, str]] = [("customer", lines.get("problem", facts.subject)), ("resolution", resolution)]
    said.append(("open_points", lines.get("open_points", "")))
    return " ".join(
        f"{label(name, facts.language)}: {_ended(shorten(text, _LINE_CHARS))}" for name, text in said if text
    )


def as_text(sections: Sequence[Section], language: str) -> str:
    """The summary as a short text, one paragraph a section."""
    return "\n".join(
        f"{heading(section.name, language)}: {' '.join(_ended(line.text) for line in section.lines)}"
        for section in sections
    )


def as_json(sections: Sequence[Section]) -> list[dict[str, Any]]:
    """The form in which sections are stored and answered."""
    return [
        {
            "name": section.name,
            "lines": [
                {"text": line.text, "message_ids": list(line.message_ids), "internal": line.internal}
                for line in section.lines
            ],
        }
        for section in sections
    ]


def _problem(conversation: ParsedConversation, facts: Facts, central: Mapping[int, float]) -> tuple[Line, ...]:
    said = [s for s in conversation.by("customer") if not s.confirmation]
    # What the customer tried on advice is no part of the problem; what was tried before writing may be, where nothing
    # else was said.
    before = [s for s in said if not s.step or s.turn == said[0].turn]
    best = most_telling([s for s in before if not s.own_try] or before, central, PROBLEM)
    chosen = sorted(_distinct(best, _PROBLEM_LINES), key=lambda sentence: sentence.position)
    lines = [_line(sentence) for sentence in chosen if not sentence.call]
    subject = _bare(facts.subject)
    if subject and not (lines and is_call(subject)) and not _repeats(subject, [line.text for line in lines]):
        first = conversation.sentences[0].message_id if conversation.sentences else None
        lines.insert(0, Line(shorten(subject, _LINE_CHARS), (first,) if first else ()))
    return tuple(lines[: _PROBLEM_LINES + 1])


def _answered(conversation: ParsedConversation) -> tuple[Line, ...]:
    """Questions with the few words that answered them: alone, neither would say anything."""
    return tuple(
        Line(
            shorten(f"{answer.question.text} {_ended(answer.text)}", _LINE_CHARS),
            (answer.question.message_id, answer.message_id),
        )
        for answer in conversation.short_answers[-_ANSWER_LINES:]
    )


def _tried(conversation: ParsedConversation, problem: Sequence[Line], *, internal: bool) -> tuple[Line, ...]:
    said = {line.text for line in problem}
    steps = [
        s
        for s in conversation.sentences
        if (s.internal or s.step or s.failure) and (internal or not s.internal) and not s.request and s.text not in said
    ]
    return tuple(_line(sentence) for sentence in _distinct(steps, _TRIED_LINES))


def _resolution(conversation: ParsedConversation, facts: Facts, central: Mapping[int, float]) -> tuple[Line, ...]:
    confirmed = [s for s in conversation.sentences if s.confirmation][-1:]
    support = tuple(s.message_id for s in confirmed)
    told = [_line(s) for s in fix_of(conversation, central)]
    if facts.told_fix or (facts.resolution_text and facts.resolution_steps):
        told = []
    fix = [*told, *([Line(shorten(facts.resolution_text, _LINE_CHARS), support)] if facts.resolution_text else [])]
    for step in facts.resolution_steps[:_RESOLUTION_STEPS] if facts.resolution_text else ():
        if not _repeats(step, [line.text for line in fix]):
            fix.append(Line(shorten(step, _LINE_CHARS), support))
    return (*fix, *(_line(sentence) for sentence in confirmed))


def fix_of(conversation: ParsedConversation, central: Mapping[int, float] | None = None) -> list[Sentence]:
    """What the support team says that solved it, in its order: the sentence that tells most, and what was done.

    Empty where nobody answered.
    """
    central = centrality(conversation.sentences) if central is None else central
    told, confirmed = answers_of(conversation), any(s.confirmation for s in conversation.sentences)
    # What was asked for and then worked is the answer; a question that nobody confirmed is none.
    answers = [
        s for s in told if not (s.promise or s.empty or _is_cut(s.text)) and (not s.question or (s.step and confirmed))
    ]
    best = most_telling(answers, central, ANSWER)[:1]
    deeds = [s for s in answers if s.deed and s not in best and best[0].turn <= s.turn][-_DEED_LINES:]
    return sorted((*best, *deeds), key=lambda sentence: sentence.position)


def confirmed_fix(conversation: ParsedConversation) -> str | None:
    """What solved it in the words of the support team; None where no customer confirmed it."""
    if not any(sentence.confirmation for sentence in conversation.sentences):
        return None
    fix = fix_of(conversation)
    return _in_one(fix) if any(sentence.step or not sentence.question for sentence in fix) else None


def _told_in_short(conversation: ParsedConversation, central: Mapping[int, float]) -> list[Sentence]:
    """The answer in one sentence, or two where what was done is told in another one than what it was."""
    best = most_telling(answers_of(conversation), central, ANSWER)[:1]
    if not best or best[0].deed or best[0].step:
        return best
    return sorted(
        (*best, *[s for s in fix_of(conversation, central) if s.deed and s not in best][-1:]), key=lambda s: s.position
    )


def _in_one(sentences: Sequence[Sentence]) -> str:
    return " ".join(_ended(sentence.text) for sentence in sentences)


def _bare(subject: str) -> str:
    return REPLY_PREFIX.sub("", HANDLES.sub("", subject)).strip()


def _is_cut(text: str) -> bool:
    """Whether this is the rest, or the beginning, of a sentence that runs over two messages."""
    return text.endswith((",", ":", " the", " a", " to", " and", " or")) or text[:1] in ")]>&"


def _open_points(conversation: ParsedConversation, *, internal: bool) -> tuple[Line, ...]:
    asked = _open_requests(conversation) if internal else []
    points = sorted((*conversation.open_questions, *conversation.open_promises, *asked), key=lambda s: s.position)
    return tuple(_line(sentence) for sentence in _distinct(points, _OPEN_LINES))


def _open_requests(conversation: ParsedConversation) -> list[Sentence]:
    """What a colleague was asked for in the last note: nobody has written of it since."""
    notes = [s for s in conversation.sentences if s.internal]
    return [s for s in notes if s.request and s.message_id == notes[-1].message_id]


def _mood(conversation: ParsedConversation, language: str) -> tuple[Line, ...]:
    turns: dict[int, list[Sentence]] = {}
    for sentence in conversation.by("customer"):
        turns.setdefault(sentence.turn, []).append(sentence)
    if not turns:
        return ()
    first, last = turns[min(turns)], turns[max(turns)]
    labels = [score_sentiment(" ".join(s.text for s in turn), language).label for turn in (first, last)]
    ids = dict.fromkeys((first[0].message_id, last[-1].message_id))
    return (Line(mood(labels[0], labels[1], language), tuple(ids)),)


def _next_step(conversation: ParsedConversation, central: Mapping[int, float], language: str) -> tuple[Line, ...]:
    """What the next agent owes: open promises, else an open question, else an answer to the customer's last turn.

    Nothing where the customer is content or has had an answer: then it is the customer's turn.

    Words of the customer stand as theirs: whoever takes over must not read them as what a colleague wants done.
    """

    def told(sentence: Sentence) -> Line:
        line = _line(sentence)
        return (
            line if sentence.author != "customer" else replace(line, text=f"{label('customer', language)}: {line.text}")
        )

    if conversation.open_promises or conversation.open_questions:
        promises = _distinct(conversation.open_promises[-_NEXT_LINES:], _NEXT_LINES)
        return tuple(told(s) for s in (*promises, *conversation.open_questions[-1:]))
    customer = conversation.by("customer")
    public = [sentence for sentence in conversation.sentences if not sentence.internal]
    if customer and (customer[-1].confirmation or public[-1].author == "agent"):
        return ()
    last_turn = [s for s in customer if s.turn == customer[-1].turn]
    return tuple(told(s) for s in most_telling(last_turn, central, PROBLEM)[:1])


def _distinct(sentences: Iterable[Sentence], most: int) -> list[Sentence]:
    kept: list[Sentence] = []
    for sentence in sentences:
        if len(kept) == most:
            break
        if not _repeats(sentence.text, [other.text for other in kept]):
            kept.append(sentence)
    return kept


def _repeats(text: str, others: Sequence[str]) -> bool:
    lowered = text.lower().rstrip(".!?… ")
    return any(
        lowered in other.lower() or other.lower().rstrip(".!?… ") in lowered or word_likeness(text, other) >= _SAME
        for other in others
    )


def _line(sentence: Sentence) -> Line:
    return Line(shorten(sentence.text, _LINE_CHARS), (sentence.message_id,), sentence.internal)


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…", "。", "？", "！", "؟")) else text + "."
