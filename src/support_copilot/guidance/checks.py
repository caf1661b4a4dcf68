"""What every draft is held to, whatever composed it. A check repairs what it can and says what it found.

Each takes the draft and its context and returns the draft, repaired where a sentence had to go, with its result.
"""

import re
from collections.abc import Callable
from typing import Final

from support_copilot.guidance.context import GuidanceContext
from support_copilot.guidance.deeds import deed_in
from support_copilot.guidance.draft import CheckResult, Draft, Piece
from support_copilot.guidance.needs import is_settled, things_added
from support_copilot.guidance.phrasebook import phrase_words
from support_copilot.guidance.policy import RULES, RuleName, broken_rules
from support_copilot.guidance.receipts import receipt_words
from support_copilot.guidance.scrub import Identity, names_somebody, numbered_words
from support_copilot.guidance.wording import apologises, repeats, word_runs
from support_copilot.kit.reasons import Reason
from support_copilot.kit.text import shorten
from support_copilot.ml.content_words import share_of_words, words_of
from support_copilot.ml.entailment import numbers_in
from support_copilot.ml.language import detect_language
from support_copilot.ml.matters import untold
from support_copilot.ml.readability import readability
from support_copilot.ml.sentences import split_sentences
from support_copilot.ml.tone import read_tone
from support_copilot.ml.untrusted import addresses_a_machine

Check = Callable[[Draft, GuidanceContext], tuple[Draft, CheckResult]]

_UNFILLED: Final = re.compile(
    r"{{|}}|{%|%}|<<|>>|\[[a-z][a-z _-]{1,30}\]|<(?:name|customer|order|date|agent)\b[^>]*>|%[a-z_]+%|\bX{3,}\b"
)
LINK: Final = re.compile(r"(?:https?://|www\.)[^\s<>()]+|[^\s@<>()]+@[^\s@<>()]+\.\w{2,}", re.IGNORECASE)
_MAX_WORDS: Final = 220
_COURTESY_WORDS: Final = 40
#: Half of what is asked about turns up in a reply that answers it; synonyms account for the rest.
_ANSWERED_SHARE: Final = 0.2
#: A source as like the question as this answers it, whatever the words (a template's score counts more than likeness).
_NEAR: Final = 0.6
_NEAR_TEMPLATE: Final = 0.42
_DEED_CHARS: Final = 80
_DEEDS_SHOWN: Final = 3
_HARD_SENTENCE_WORDS: Final = 28
_HARD_SCORE: Final = 20
_NOTHING_SINCE: Final = Reason("check.nothing_since", "The customer has said nothing since the last answer.")
_ASKS_NOTHING: Final = Reason("check.asks_nothing", "It asks nothing of a person.")
_NOTHING_TO_ANSWER_FROM: Final = Reason(
    "check.nothing_to_answer_from", "Not answered yet: there is nothing to answer it from."
)
_NOT_SORRY: Final = Reason("check.not_sorry", "The customer is unhappy and the reply does not say sorry.")
_NEEDLESSLY_SORRY: Final = Reason("check.needlessly_sorry", "The customer is happy; the reply need not say sorry.")


def check_injection(draft: Draft, _context: GuidanceContext) -> tuple[Draft, CheckResult]:
    """Nothing that addresses a machine is repeated; the company's own templates may speak of passwords."""
    return _without(
        draft,
        lambda piece: _kind(piece) != "template" and addresses_a_machine(piece.text),
        "injection",
        "Instructions hidden in texts were not followed and are not repeated.",
        "{count} sentence(s) that read like instructions to a program were left out.",
    )


def check_placeholders(draft: Draft, _context: GuidanceContext) -> tuple[Draft, CheckResult]:
    """Nothing waits to be filled in."""
    return _without(
        draft,
        lambda piece: bool(_UNFILLED.search(piece.text)),
        "placeholders",
        "Every placeholder is filled.",
        "{count} sentence(s) with an unfilled placeholder were left out.",
    )


def check_internal_notes(draft: Draft, context: GuidanceContext) -> tuple[Draft, CheckResult]:
    """No run of words of an internal note, unless the company or the customer says it in public too."""
    public = [piece.basis for piece in draft.pieces() if _kind(piece) in ("template", "article")]
    runs = word_runs(context.notes) - word_runs([*public, *(turn.text for turn in context.turns)])
    return _without(
        draft,
        lambda piece: repeats(piece.text, runs),
        "internal_notes",
        "No wording of internal notes.",
        "{count} sentence(s) with wording of an internal note were left out.",
    )


def check_other_customers(draft: Draft, context: GuidanceContext) -> tuple[Draft, CheckResult]:
    """No name, address or number of the customers whose issues were read."""
    spoken = frozenset(
        word for group in context.values.values() for value in group.values() for word in words_of(value)
    )

    def leaks(piece: Piece) -> bool:
        public = piece.basis.casefold() if _kind(piece) in ("template", "article") else ""
        allowed = spoken | (phrase_words() | receipt_words() if piece.source is None else frozenset(words_of(public)))
        names = context.foreign.names - allowed
        marks = frozenset(mark for mark in context.foreign.marks if mark not in public and mark not in spoken)
        return names_somebody(piece.text, Identity(names, marks))

    return _without(
        draft,
        leaks,
        "other_customers",
        "No data of other customers.",
        "{count} sentence(s) with data of another customer were left out.",
    )


def check_facts(draft: Draft, context: GuidanceContext) -> tuple[Draft, CheckResult]:
    """Numbers, dates, ids and addresses stand in the source of their sentence or were said in the conversation."""
    values = " ".join(value for group in context.values.values() for value in group.values())
    common = f"{context.said()}\n{values}".casefold()

    def invented(piece: Piece) -> bool:
        known = f"{common}\n{piece.basis.casefold()}"
        numbers = frozenset(numbered_words(known)) | numbers_in(piece.basis)
        links = (link.rstrip(".,;:!?").casefold() for link in LINK.findall(piece.text))
        return any(link not in known for link in links) or not numbers.issuperset(numbered_words(piece.text.casefold()))

    return _without(
        draft,
        invented,
        "facts",
        "Every number, date, id and address stems from a source or the conversation.",
        "{count} sentence(s) with a number or address that no source has were left out.",
    )


def check_sources(draft: Draft, context: GuidanceContext) -> tuple[Draft, CheckResult]:
    """Every sentence cites a source or is courtesy, which is short and states no facts but names such as 4Ever."""
    told = [context.subject, *(value for group in context.values.values() for value in group.values())]
    named = frozenset(word for text in told for word in numbered_words(text))

    def unsupported(piece: Piece) -> bool:
        if piece.source is not None:
            return False
        stated = not named.issuperset(numbered_words(piece.text)) or LINK.search(piece.text)
        return bool(stated) or len(piece.text.split()) > _COURTESY_WORDS

    cited = sum(1 for _piece in draft.claims())
    return _without(
        draft,
        unsupported,
        "sources",
        f"{cited} sentence(s) cite a source, the others are courtesy.",
        "{count} sentence(s) that stated something without a source were left out.",
    )


def check_policy(draft: Draft, context: GuidanceContext) -> tuple[Draft, CheckResult]:
    """Nothing that the desk's rules forbid; its own templates say what they say."""
    policy = context.policy
    broken: dict[RuleName, int] = {}

    def forbidden(piece: Piece) -> bool:
        names = [] if _kind(piece) == "template" else broken_rules(piece.text, policy)
        for name in names:
            broken[name] = broken.get(name, 0) + 1
        return any(policy.action(name) == "withhold" for name in names)

    kept = draft.keep(lambda piece: not forbidden(piece))
    if not broken:
        return draft, CheckResult("policy", "pass", "Keeps to the rules of the desk.")
    told = "; ".join(f"{count} × {RULES[name]}" for name, count in broken.items())
    withheld = any(policy.action(name) == "withhold" for name in broken)
    what = "left out" if withheld else "to be looked at"
    detail = Reason("check.policy", f"Sentences {what} by the rules: {told}.", rules=", ".join(broken))
    return kept, CheckResult("policy", "fixed" if withheld else "flagged", detail)


def check_length(draft: Draft, _context: GuidanceContext) -> tuple[Draft, CheckResult]:
    """Short enough to be read: of several sources the last ones go first."""
    dropped = 0
    while _words(draft) > _MAX_WORDS:
        sources = list(dict.fromkeys(piece.source for piece in draft.claims()))
        if len(sources) < 2:
            return draft, CheckResult("length", "flagged", _too_long(_words(draft)))
        last = sources[-1]
        draft = draft.keep(lambda piece, last=last: piece.source != last)  # type: ignore[misc]
        dropped += 1
    if dropped:
        return draft, CheckResult("length", "fixed", f"{dropped} further source(s) were left out to keep it short.")
    return draft, CheckResult("length", "pass", f"{_words(draft)} words.")


def _too_long(words: int) -> Reason:
    return Reason("check.long", f"The reply has {words} words, more than {_MAX_WORDS}.", count=words, most=_MAX_WORDS)


def flag_length(draft: Draft) -> CheckResult:
    """What ``check_length`` says of a text that was shown already, of which nothing can be taken back."""
    words = _words(draft)
    if words > _MAX_WORDS:
        return CheckResult("length", "flagged", _too_long(words))
    return CheckResult("length", "pass", f"{words} words.")


def check_question(draft: Draft, context: GuidanceContext) -> tuple[Draft, CheckResult]:
    """What the customer asks, question by question, turns up in what the reply says."""
    if not context.open_turn:
        waiting = bool(context.turns) and context.turns[-1].author == "agent"
        return draft, CheckResult("question", "flagged", _NOTHING_SINCE if waiting else _ASKS_NOTHING)
    if (reason := _nothing_to_answer(draft, context)) is not None:
        return draft, CheckResult("question", "pass", reason)
    answer = "\n".join(f"{piece.text}\n{piece.basis}" for piece in draft.claims() if _kind(piece) != "conversation")
    left = _left_open(draft, context, answer) if answer else _NOTHING_TO_ANSWER_FROM
    if left is not None:
        return draft, CheckResult("question", "flagged", left)
    return draft, CheckResult("question", "pass", "What the customer asks is taken up.")


def _left_open(draft: Draft, context: GuidanceContext, answer: str) -> str | None:
    """What of all that the customer writes of stays without an answer, in a sentence for the agent."""
    cited = {piece.source.id for piece in draft.claims() if piece.source}
    told = [each.matters for each in (*context.fixes, *context.passages) if each.source.id in cited]
    told += [option.matters for option in context.templates if option.source.id in cited]
    if any(told) and (left := untold(context.matters, frozenset().union(*told))):
        detail = f"The customer also writes of something that no source answers: {', '.join(sorted(left))}."
        return detail.replace("_", " ")
    if added := things_added(context, answer):
        places = ", ".join(map(str, added))
        said = f"The customer also writes of something that the reply does not take up: sentence {places}."
        return Reason("check.not_taken_up", said, places=places)
    near = {source.source.id for source in (*context.fixes, *context.passages) if (source.likeness or 0.0) >= _NEAR}
    near |= {option.source.id for option in context.templates if option.score >= _NEAR_TEMPLATE}
    if not near.isdisjoint(cited):
        return None
    asked = [s for s in split_sentences(context.open_turn, context.language) if s.rstrip().endswith(("?", "？", "؟"))]
    open_ones = [text for text in asked if share_of_words(text, answer) < _ANSWERED_SHARE]
    if not open_ones:
        return None
    said = f"{len(open_ones)} of {len(asked)} question(s) of the customer may be left open."
    return Reason("check.question_open", said, count=len(open_ones), all=len(asked))


def _nothing_to_answer(draft: Draft, context: GuidanceContext) -> str | None:
    if is_settled(context):
        return "The customer asks nothing more."
    if context.mail is not None and not any(True for _piece in draft.claims()):
        return "It only confirms receipt: the answer is for others to give."
    return None


def check_actions(draft: Draft, _context: GuidanceContext) -> tuple[Draft, CheckResult]:
    """What a text of the company says to have been done may not have been done for this customer."""
    # What leads over to a fix speaks of the past issue ("was solved as follows:").
    told = [p.text for p in draft.claims() if _kind(p) in ("template", "issue") and not p.text.endswith(":")]
    deeds = dict.fromkeys(found for text in told if (found := deed_in(text, draft.language)))
    if not deeds:
        return draft, CheckResult("actions", "pass", "Says of nothing that it has been done.")
    phrases = ", ".join(f"“{shorten(deed, _DEED_CHARS)}”" for deed in list(deeds)[:_DEEDS_SHOWN])
    said = f"Says that something has been done: {phrases}. Do it, or take it out."
    return draft, CheckResult("actions", "flagged", Reason("check.deeds", said, phrases=phrases))


def check_tone(draft: Draft, context: GuidanceContext) -> tuple[Draft, CheckResult]:
    """Polite, no blame, and sorry for an unhappy customer only."""
    text = draft.text()
    reading = read_tone(text)
    if reading.impolite or reading.blaming:
        phrases = ", ".join(f"“{phrase}”" for phrase in (*reading.impolite, *reading.blaming)[:3])
        detail = Reason("check.impolite", f"Not how a customer should be spoken to: {phrases}.", phrases=phrases)
        return draft, CheckResult("tone", "flagged", detail)
    if context.sentiment == "negative" and context.mail is None and not apologises(text):
        return draft, CheckResult("tone", "flagged", _NOT_SORRY)
    if context.sentiment == "positive" and apologises(text):
        return draft, CheckResult("tone", "flagged", _NEEDLESSLY_SORRY)
    return draft, CheckResult("tone", "pass", f"Fits a customer who sounds {context.sentiment}.")


def check_language(draft: Draft, _context: GuidanceContext) -> tuple[Draft, CheckResult]:
    """Written in the customer's language."""
    guess = detect_language(" ".join(piece.text for piece in draft.pieces()))
    if guess.sure and guess.code != draft.language:
        said = f"The draft is meant to be in “{draft.language}” and reads like “{guess.code}”."
        detail = Reason("check.language", said, language=draft.language, other_language=guess.code)
        return draft, CheckResult("language", "flagged", detail)
    return draft, CheckResult("language", "pass", f"Written in “{draft.language}”.")


def check_readability(draft: Draft, _context: GuidanceContext) -> tuple[Draft, CheckResult]:
    """Easy to read."""
    reading = readability("\n".join(block.text() for block in draft.blocks), draft.language)
    if reading.words_per_sentence > _HARD_SENTENCE_WORDS or reading.score < _HARD_SCORE:
        words, ease = round(reading.words_per_sentence), round(reading.score)
        said = f"Hard to read: {words} words a sentence, ease {ease} of 100."
        detail = Reason("check.hard_to_read", said, words=words, ease=ease)
        return draft, CheckResult("readability", "flagged", detail)
    return draft, CheckResult("readability", "pass", f"Reading ease {reading.score:.0f} of 100.")


def _without(
    draft: Draft, bad: Callable[[Piece], bool], name: str, passed: str, fixed: str
) -> tuple[Draft, CheckResult]:
    """Leave out the pieces that are bad and say how many there were."""
    count = sum(1 for piece in draft.pieces() if bad(piece))
    if not count:
        return draft, CheckResult(name, "pass", passed)
    return draft.keep(lambda piece: not bad(piece)), CheckResult(name, "fixed", fixed.format(count=count))


def _kind(piece: Piece) -> str | None:
    return piece.source.kind if piece.source else None


def _words(draft: Draft) -> int:
    return len(draft.text().split())


#: What must not be said; each judges a sentence by itself.
SENTENCE_CHECKS: Final[tuple[Check, ...]] = (
    check_injection,
    check_placeholders,
    check_internal_notes,
    check_other_customers,
    check_facts,
    check_sources,
    check_policy,
)
#: How the whole reads. None of these takes anything away, so they also hold for a text that was shown already.
WHOLE_CHECKS: Final[tuple[Check, ...]] = (check_question, check_actions, check_tone, check_language, check_readability)
CHECKS: Final[tuple[Check, ...]] = (*SENTENCE_CHECKS, check_length, *WHOLE_CHECKS)
