"""Turns what was found into material for a reply: fixes retold safely, the fitting part of an article."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from support_copilot.backends.search.port import SearchHit
from support_copilot.db.models import Article, Customer, Issue, Message, Resolution
from support_copilot.guidance.context import Material
from support_copilot.guidance.draft import Source
from support_copilot.guidance.layout import TextBlock, parse_blocks, plain_markdown
from support_copilot.guidance.scrub import Identity, identity_of, is_personal
from support_copilot.guidance.wording import apologises, is_for_colleagues, repeats, word_runs
from support_copilot.kit.text import shorten
from support_copilot.knowledge.template_choice import RATHER_LIKE, closeness
from support_copilot.ml.content_words import content_words, share_of_words
from support_copilot.ml.language import detect_language
from support_copilot.ml.mail_text import clean_message
from support_copilot.ml.matters import matters_of
from support_copilot.ml.untrusted import addresses_a_machine, addresses_the_writer

#: Issues that much farther from the question than the nearest one are about something else, unless rather like.
_BEHIND_NEAREST: Final = 0.05
#: A fix in fewer words says nothing without the conversation that it stood in.
_FIX_WORDS: Final = 3
#: Headings of what an article is about, in seven languages.
_PROBLEM: Final = re.compile(
    r"(?:problem|symptom|question|issue|cause|fehlerbild|frage|ursache|problème|symptôme|cause|síntoma|pregunta|causa|"
    r"sintoma|pergunta|probleem|vraag|oorzaak|sintomo|domanda)",
    re.IGNORECASE,
)
_SIGNED: Final = re.compile(r"\s*(?:\^\s?\w{1,12}|[-–~]\s?[A-Z]\w{0,11}|/[A-Z]{2})\s*$")
_CONTACT: Final = re.compile(r"\b(?:DM|DMs|direct message|private message|PN|MP)\b")
_READ_CHARS: Final = 6_000
MAX_STEPS: Final = 12
_MAX_SENTENCES: Final = 6
_UNNAMED_ISSUE: Final = "Resolved issue"


@dataclass(frozen=True, slots=True)
class PastIssue:
    """A similar issue with the fix that ended it."""

    issue: Issue
    customer: Customer | None
    messages: Sequence[Message]
    resolution: Resolution


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an article that can stand for itself; ``about`` says what it is for and is not told."""

    sentences: tuple[str, ...]
    steps: tuple[str, ...]
    about: str = ""

    def text(self) -> str:
        return "\n".join((*self.sentences, *self.steps))


def answers(fix: Material, question: str) -> bool:
    """Whether a fix speaks of what is asked, or belongs to an issue so like this one that it need not."""
    near = (fix.likeness or 0.0) >= RATHER_LIKE
    return near or not content_words(question).isdisjoint(content_words(fix.text()))


def is_behind(hit: SearchHit, nearest: float) -> bool:
    """Whether a nearer past issue says that this one is about something else, even if its fix may not be told."""
    return hit.likeness is not None and hit.likeness < min(RATHER_LIKE, nearest - _BEHIND_NEAREST)


def identity_of_issue(past: PastIssue) -> Identity:
    """What would give away the people of a past issue."""
    customer = past.customer
    writers = [message.author_name for message in past.messages if message.author == "customer"]
    signatures = [
        clean_message(message.body[:_READ_CHARS]).signature for message in past.messages if message.author == "customer"
    ]
    return identity_of(
        names=[
            *(known.name for known in (customer.known_as if customer else ())),
            *writers,
            *(shorten(text, 200) for text in signatures),
        ],
        exact=[past.issue.external_id, *exact_of(customer)],
        said=[past.issue.subject, *(message.body[:_READ_CHARS] for message in past.messages)],
    )


def exact_of(customer: Customer | None) -> list[str | None]:
    """What tells one customer from all others, by each of their records."""
    known = customer.known_as if customer else ()
    return [mark for each in known for mark in (each.email, each.phone, each.external_id)]


def retell_fix(past: PastIssue, hit: SearchHit, identity: Identity) -> Material:
    """The fix as it may be told to another customer; whatever is personal, internal or a lure is withheld."""
    internal = word_runs(message.body[:_READ_CHARS] for message in past.messages if message.visibility == "internal")

    def tellable(sentence: str) -> bool:
        return not (
            is_personal(sentence, identity)
            or addresses_a_machine(sentence)
            or is_for_colleagues(sentence)
            or is_small_talk(sentence)
            or repeats(sentence, internal)
        )

    language = past.issue.language or "en"
    text = _SIGNED.sub("", plain_markdown(past.resolution.text[:_READ_CHARS]))
    told, listed = _told(parse_blocks(text, language))
    steps = (*listed, *past.resolution.steps)
    kept = tuple(sentence for sentence in told if tellable(sentence))
    kept_steps = tuple(step for step in steps if step and tellable(step))
    # What is left of a text of which most is withheld is torn out of its context: often the problem without its end.
    torn = 3 * len(kept) < len(told) or (len(kept) < len(told) and len(kept_steps) < len(steps))
    kept_told = kept if not torn and len(content_words(" ".join(kept))) >= _FIX_WORDS else ()
    subject = past.issue.subject
    # Half a recipe is none: with a step withheld the others may do harm.
    safe_steps = kept_steps if len(kept_steps) == len(steps) else ()
    return Material(
        source=Source("issue", past.issue.id, shorten(subject, 120) if tellable(subject) else _UNNAMED_ISSUE),
        sentences=kept_told[:_MAX_SENTENCES],
        steps=safe_steps[:MAX_STEPS],
        language=language_of(past.resolution.text, language),
        likeness=hit.likeness,
        score=closeness(hit) + 0.03 * ((past.issue.rating or 3) - 3),
        withheld=len(told) + len(steps) - len(kept_told) - len(safe_steps),
        lured=addresses_the_writer("\n".join((subject, past.resolution.text, *past.resolution.steps))),
        matters=matters_of(f"{subject}\n{next((m.body for m in past.messages if m.author == 'customer'), '')}"),
        model_allowed=past.customer is None or past.customer.language_model_allowed,
    )


def is_small_talk(sentence: str) -> bool:
    """Whether a sentence was for one reader only: a question, an excuse, where to write to."""
    return sentence.rstrip().endswith("?") or apologises(sentence) or bool(_CONTACT.search(sentence))


def sections_of(article: Article) -> list[Section]:
    """The parts of an article: what stands below a heading, or paragraphs with the list behind them.

    A part that describes the problem answers nothing: it only tells what the others are about.
    """
    parts: list[Section] = []
    problem = ""
    for group in _groups(parse_blocks(plain_markdown(article.body[: 4 * _READ_CHARS]), article.language)):
        heading = group[0].parts[0] if group[0].kind == "heading" else ""
        sentences, steps = _told(group)
        text = "\n".join((*sentences, *steps))
        if _PROBLEM.match(heading):
            problem = text
        elif text:
            parts.append(Section(tuple(sentences), tuple(steps), f"{article.title}\n{problem}\n{heading}"))
    return parts


def _groups(blocks: Sequence[TextBlock]) -> list[list[TextBlock]]:
    """Blocks that belong together, a heading first; none empty."""
    groups: list[list[TextBlock]] = [[]]
    for block in blocks:
        behind_list = bool(groups[-1]) and groups[-1][-1].kind == "list"
        long_enough = sum(len(known.parts) for known in groups[-1]) >= _MAX_SENTENCES
        if block.kind == "heading" or behind_list or (long_enough and block.kind != "list"):
            groups.append([])
        groups[-1].append(block)
    return [group for group in groups if group]


def passage_of(article: Article, section: Section, likeness: float | None, question: str) -> Material:
    """The section as material; sentences that address a machine are withheld."""
    sentences = tuple(sentence for sentence in section.sentences if not addresses_a_machine(sentence))
    clean_steps = tuple(step for step in section.steps if not addresses_a_machine(step))
    steps = clean_steps if len(clean_steps) == len(section.steps) else ()
    title = "Help article" if addresses_a_machine(article.title) else article.title
    return Material(
        source=Source("article", article.id, title),
        sentences=sentences[:_MAX_SENTENCES],
        steps=steps[:MAX_STEPS],
        language=language_of(article.body, article.language),
        likeness=likeness,
        score=likeness if likeness is not None else share_of_words(question, section.text()),
        withheld=len(section.sentences) + len(section.steps) - len(sentences) - len(steps),
        lured=addresses_the_writer(f"{article.title}\n{article.body}"),
        matters=matters_of(article.title),
        model_allowed=article.language_model_allowed,
    )


def language_of(text: str, stated: str) -> str:
    """The language a text is really written in, or the stated one where that cannot be told."""
    guess = detect_language(text)
    return guess.code if guess.sure else stated.partition("-")[0]


def _told(blocks: Sequence[TextBlock]) -> tuple[list[str], list[str]]:
    told = [part for block in blocks if block.kind == "paragraph" for part in block.parts]
    listed = [part for block in blocks if block.kind == "list" for part in block.parts]
    return told, listed
