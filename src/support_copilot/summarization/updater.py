"""The knowledge-base updater: what a solved issue teaches, written as an article without the person in it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from support_copilot.kit.text import one_line, shorten
from support_copilot.knowledge.why import NOT_THERE, OTHER_FIX
from support_copilot.ml.content_words import content_words
from support_copilot.ml.likeness import word_likeness
from support_copilot.ml.severity_cues import read_cues
from support_copilot.ml.thin_fix import is_thin
from support_copilot.ml.untrusted import addresses_a_machine, addresses_the_writer
from support_copilot.summarization.anonymous import People, depersonalize, says_something, without_empty
from support_copilot.summarization.contradiction import find_contradiction
from support_copilot.summarization.cues import COURTESY, OPENING, PERSONAL_FIX_KINDS, REPLY_PREFIX, is_call
from support_copilot.summarization.parser import ParsedConversation

#: Fixes with fewer words than this teach nothing that could be used again.
_MIN_FIX_WORDS: Final = 6
#: A subject with fewer ("Your order") is no title: nobody would know what the article is about.
_TELLING_WORDS: Final = 2
#: From this likeness on an article is about the same problem.
SAME_TOPIC: Final = 0.6
#: An article that says nearly all words of the fix covers it already.
_COVERED: Final = 0.8
_DUPLICATE: Final = 0.85
_PROBLEM_SENTENCES: Final = 3
_DEMAND: Final = re.compile(
    r"\W*(?:(?:i|we) (?:want|demand|expect|insist|would like)|ich (?:will|möchte|verlange|erwarte)|"
    r"wir (?:wollen|möchten|verlangen)|je (?:veux|voudrais|exige)|nous voulons|quiero|exijo|queremos|quero|"
    r"ik (?:wil|eis)|wij willen|voglio)\b",
    re.IGNORECASE,
)
#: So many of the words of a customer's sentence are words of what was solved; others may want something else told.
_ABOUT: Final = 0.2
_SAME: Final = 0.5
#: Behind a colon somebody may dictate: so many words there have to be about it as well.
_DICTATED_WORDS: Final = 3
#: Links, markup, and words in quotes, which somebody may have wanted to be said; an error message is no loss.
_FOREIGN: Final = re.compile(r"://|\bwww\.|!\[|[<>]|[\"“”„«»][^\"“”„«»]{20,}[\"“”«»]|^\s*(?:#|\d{1,2}[.)]\s)")
#: Words that tell somebody what to do, and not what was done for one customer.
_INSTRUCTS: Final = re.compile(
    r">|→|\b(?:go to|open|click|choose|select|press|tap|under|öffnen|wählen|klicken|gehen sie|unter|ouvrez|cliquez|"
    r"choisissez|allez|abra|elija|haga clic|vaya a|clique|escolha|vá a|aceda|klik|kies|ga naar|apra|"
    r"clicchi|scelga|vada)\b",
    re.IGNORECASE,
)
#: With one of these a routine request is about something that went wrong, or asks how to do it.
_MORE_THAN_ROUTINE: Final = frozenset(
    {"question", "broken", "crash", "blocked", "payment", "again", "outage", "data_loss", "security", "privacy"}
)
_FOR_ONE: Final = re.compile(
    r"\b(?:refund\w*|credited|voucher|goodwill|re-?sent|erstatt\w*|gutschrift|gutgeschrieben|rembours\w*|avoir|reembols\w*|"
    r"devol\w*|terugbetaal\w*|teruggestort|tegoed|rimbors\w*)\b",
    re.IGNORECASE,
)
_TOLD_WORDS: Final = 5
#: A longer title is cut behind its first sentence.
_LONG_TITLE: Final = 90
_FIRST: Final = re.compile(r"(?<=\w\w[.!?]) +(?=[A-ZÀ-Þ\[])")
_PLEASE: Final = re.compile(r"^(?:please|bitte|veuillez|por favor|alstublieft),? +", re.IGNORECASE)
_HEADINGS: Final[Mapping[str, tuple[str, str, str]]] = {
    "en": ("Problem", "Solution", "Update"),
    "de": ("Problem", "Lösung", "Neuer Stand"),
    "fr": ("Problème", "Solution", "Mise à jour"),
    "es": ("Problema", "Solución", "Actualización"),
    "pt": ("Problema", "Solução", "Atualização"),
    "nl": ("Probleem", "Oplossing", "Bijgewerkt"),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What of a solved issue an article may be made from, as it was said: with the person still in it.

    ``heading`` is the subject, where it is about what was solved, and None otherwise. ``told`` are sentences of the
    customer that are; ``answered`` is what the support team wrote in public, sentence by sentence.
    """

    subject: str
    heading: str | None
    told: tuple[str, ...]
    fix: str
    steps: tuple[str, ...]
    answered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a solved issue says, with the person taken out: ready to become an article."""

    title: str
    problem: str
    fix: str
    steps: tuple[str, ...]
    language: str
    category: str | None

    @property
    def solution(self) -> str:
        """Fix and steps in one text, for comparing."""
        return "\n".join((self.fix, *self.steps))


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """The published article nearest to a lesson; ``likeness`` is the cosine, 0..1, or what its words stand for."""

    id: str
    version: int
    title: str
    body: str
    likeness: float
    by_meaning: bool = True


@dataclass(frozen=True, slots=True)
class Draft:
    """What is proposed: a new article, or (with ``article``) another text for one that is there."""

    title: str
    body: str
    reason: str
    article: KnownArticle | None = None
    contradiction: str | None = None

    def text(self) -> str:
        return f"{self.title}\n{self.body}"


def learn(evidence: Evidence, *, people: People, language: str, category: str | None) -> Lesson:
    """Take the people out of a solved issue, and what only a customer says: everybody reads articles.

    Args:
        people: who the issue tells of.
    """
    heading, problem = REPLY_PREFIX.sub("", one_line(evidence.subject)), evidence.told[:_PROBLEM_SENTENCES]
    # A title that only calls or names a single thing, or that nothing of ours speaks of, says less than the problem.
    trusted = evidence.heading is not None and len(content_words(heading)) >= _TELLING_WORDS
    telling = not is_call(heading) and (not problem or trusted)
    # What one customer wanted for themselves is no problem of others.
    said = [depersonalize(sentence, people) for sentence in problem if not _DEMAND.match(sentence)]
    plain = [sentence for sentence in said if says_something(sentence)]
    fix = without_empty(depersonalize(evidence.fix.strip(), people, ours=True), language)
    title = depersonalize(one_line(heading), people) if telling and is_harmless(heading) else ""
    if not title or not says_something(title):
        title = plain[0] if plain else fix
    plain_steps = (depersonalize(_bare_step(step), people, ours=True) for step in evidence.steps)
    return Lesson(
        title=_capital(shorten(_FIRST.split(one_line(title))[0] if len(title) > _LONG_TITLE else one_line(title), 200)),
        problem=_capital(" ".join(plain) or title),
        fix=fix,
        steps=tuple(step for step in plain_steps if step),
        language=language,
        category=category,
    )


def evidence_of(subject: str, conversation: ParsedConversation, fix: str, steps: Sequence[str]) -> Evidence:
    """What of a solved issue is about what was solved."""
    answered = tuple(s.text for s in conversation.by("agent"))
    ours = content_words("\n".join((fix, *steps, *answered)))
    heading = REPLY_PREFIX.sub("", one_line(subject))
    trusted = _tells(heading, ours)
    topic = ours | content_words(heading) if trusted else ours
    told = tuple(
        s.text for s in conversation.by("customer")
        if not (s.confirmation or s.call or COURTESY.match(s.text)) and s.turn <= 1 and _tells(s.text, topic)
    )  # fmt: skip
    theirs = content_words("\n".join(told))
    # A heading that says the same as what was solved is about it, whether or not the support team uses its words.
    shared = len(content_words(heading) & theirs)
    same = shared >= _TELLING_WORDS and shared >= _SAME * _count(heading) > 1
    trusted = trusted or (same and _tells(heading, theirs))
    return Evidence(subject, heading if trusted else None, told, fix, tuple(steps), answered)


def in_words_of(lesson: Lesson, draft: Draft) -> Draft:
    """The same proposal with the words of another lesson; why it is made stays as it was found."""
    if draft.article is not None:
        return replace(draft, body=_changed_body(lesson, draft.article.body))
    return replace(draft, title=lesson.title, body=_article_body(lesson))


def _tells(text: str, topic: frozenset[str]) -> bool:
    """Whether a customer's sentence is about what was solved, and neither an order, a link nor a quotation."""
    parts = [part for part in text.split(": ") if len(part.split()) >= _DICTATED_WORDS] or [text]
    return is_harmless(text) and all(len(content_words(part) & topic) >= _ABOUT * _count(part) for part in parts)


def _count(text: str) -> int:
    return max(1, len(content_words(text)))


def is_harmless(text: str) -> bool:
    """Whether a sentence has neither a link, markup, a long quotation nor an order to whoever or whatever reads it."""
    return not (_FOREIGN.search(text) or addresses_a_machine(text) or addresses_the_writer(text))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _bare_step(step: str) -> str:
    bare = _PLEASE.sub("", one_line(OPENING.sub("", step)))
    return bare[:1].upper() + bare[1:]


def why_not_worth_it(lesson: Lesson, kind: str | None) -> str | None:
    """The reason why nobody else could use this fix, None when somebody could."""
    if kind is not None and kind.lower() in PERSONAL_FIX_KINDS:
        return "the fix concerns one customer only"
    if is_thin(lesson.fix) and not lesson.steps:
        return "the fix says nothing that could be used again"
    if len(lesson.solution.split()) < _MIN_FIX_WORDS:
        return "the fix is too short to be used again"
    if _is_done_once(lesson):
        return "the customer asked for something to be done for them, and it was"
    return None


def why_too_little(lesson: Lesson) -> str | None:
    """The reason why a fix that was only told in a conversation is none for others: stricter than of a recorded one."""
    if len(content_words(lesson.fix)) < _TOLD_WORDS:
        return "the conversation tells too little of the fix"
    if _FOR_ONE.search(lesson.fix):
        return "the fix concerns one customer only"
    return None


def _is_done_once(lesson: Lesson) -> bool:
    """Whether it was a routine request ("please change my address") and the fix only says that it was done."""
    asked = read_cues(lesson.title, lesson.problem).keys()
    routine = "admin" in asked and asked.isdisjoint(_MORE_THAN_ROUTINE)
    return routine and not lesson.steps and not _INSTRUCTS.search(lesson.fix)


def draft_article(lesson: Lesson, nearest: KnownArticle | None) -> Draft | None:
    """A new article, a change to the nearest one, or None when that one says it all already."""
    if nearest is None or nearest.likeness < SAME_TOPIC:
        return Draft(lesson.title, _article_body(lesson), NOT_THERE)
    contradiction = find_contradiction(lesson.solution, nearest.body)
    if contradiction is None and _is_covered(lesson, nearest.body):
        return None
    reason = f"The newer fix speaks against the article: {contradiction}." if contradiction else OTHER_FIX
    return Draft(nearest.title, _changed_body(lesson, nearest.body), reason, nearest, contradiction)


def is_duplicate(draft: Draft, other: str) -> bool:
    """Whether another proposal, title and body in the words of the offline engine, says the same."""
    return word_likeness(draft.text(), other) >= _DUPLICATE


def _is_covered(lesson: Lesson, body: str) -> bool:
    said = set(re.findall(r"\w{3,}", body.lower()))
    words = set(re.findall(r"\w{3,}", lesson.solution.lower()))
    return bool(words) and len(words & said) / len(words) >= _COVERED


def _article_body(lesson: Lesson) -> str:
    return body_of([lesson])


def body_of(lessons: Sequence[Lesson]) -> str:
    """One text of what several issues of a problem teach; what another one says already is left out."""
    problem, solution, _ = _headings(lessons[0].language)
    problems = _distinct([lesson.problem for lesson in lessons])
    told = problems[0] if len(problems) == 1 else "\n".join(f"- {each}" for each in problems)
    solutions = "\n\n".join(_distinct([_solution(lesson) for lesson in lessons]))
    return f"## {problem}\n\n{told}\n\n## {solution}\n\n{solutions}\n"


def _distinct(texts: Sequence[str]) -> list[str]:
    kept: list[str] = []
    for text in texts:
        if all(word_likeness(text, other) < _DUPLICATE for other in kept):
            kept.append(text)
    return kept


def _changed_body(lesson: Lesson, body: str) -> str:
    _, _, update = _headings(lesson.language)
    return f"{body.rstrip()}\n\n## {update}\n\n{_solution(lesson)}\n"


def _solution(lesson: Lesson) -> str:
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate(lesson.steps, 1))
    return f"{lesson.fix}\n\n{steps}" if steps else lesson.fix


def _headings(language: str) -> tuple[str, str, str]:
    return _HEADINGS.get(language[:2], _HEADINGS["en"])
