"""The context analyzer: reads the issue, looks for what may answer it, and takes it within a token budget."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final

import numpy as np

from support_copilot.backends.search.port import SearchHit
from support_copilot.db.documents import Vector
from support_copilot.db.models import Article, Message, Template
from support_copilot.guidance.context import (
    ContextItem,
    GuidanceContext,
    ItemKind,
    Material,
    Turn,
    within_budget,
)
from support_copilot.guidance.materials import (
    PastIssue,
    Section,
    answers,
    exact_of,
    identity_of_issue,
    is_behind,
    language_of,
    passage_of,
    retell_fix,
    sections_of,
)
from support_copilot.guidance.phrasebook import FALLBACK_LANGUAGE, LANGUAGES
from support_copilot.guidance.policy_rules import load_policy
from support_copilot.guidance.queries import messages_by_issue
from support_copilot.guidance.schemas import GuidanceRequest
from support_copilot.guidance.scrub import NOBODY, Identity, identity_of, numbered_words
from support_copilot.guidance.template_choice import fitting_templates
from support_copilot.identity.visibility import Sees
from support_copilot.issues.queries import (
    ENDED,
    IssueRecord,
    customers_by_id,
    issues_by_id,
    latest_resolutions,
    list_attachments,
    load_issue,
)
from support_copilot.kit.endings import is_fix
from support_copilot.kit.text import shorten
from support_copilot.knowledge.queries import articles_by_id, get_template, templates_by_id
from support_copilot.knowledge.rendering import placeholder_values
from support_copilot.knowledge.template_choice import Matter, closeness, is_alike
from support_copilot.ml.content_words import content_words, share_of_words
from support_copilot.ml.entities import extract_entities
from support_copilot.ml.language import detect_language
from support_copilot.ml.mail_kind import UNANSWERED, MailKind, mail_kind
from support_copilot.ml.mail_text import clean_message
from support_copilot.ml.matters import is_other_matter, matters_of
from support_copilot.ml.sentiment import score_sentiment
from support_copilot.ml.severity import IssueText, incident_kinds
from support_copilot.ml.untrusted import without_lures
from support_copilot.resources import Resources
from support_copilot.retrieval.embedding import embed_text, embed_texts, embedded_text, understands
from support_copilot.retrieval.find import find_documents
from support_copilot.retrieval.outside import speaker_of

_READ_CHARS: Final = 20_000
_TURN_CHARS: Final = 3_000
_NOTES_CHARS: Final = 200_000
#: Of a very long conversation the newest turns say what is open.
_TURNS: Final = 60
#: Of templates nearly all of a language: which one is meant is told by more than likeness.
_FIXES, _ARTICLES, _TEMPLATES = 8, 4, 24
_SECTIONS: Final = 24
_FILES: Final = 10
_SHORT_QUESTION: Final = 4
#: From here on a language that is not sure is likelier than any other.
_LIKELY: Final = 0.5
#: A section as like as this fits, whatever the rest of its article is about.
_PASSAGE_LIKE: Final = 0.5
#: What names the same matter need be no more like than this: of two questions in one text each is only a part.
_MATTER_LIKE: Final = 0.35


@dataclass(frozen=True, slots=True)
class _Found:
    """Hits of each kind and the rows behind them."""

    fixes: tuple[tuple[SearchHit, PastIssue], ...]
    articles: tuple[tuple[SearchHit, Article], ...]
    templates: tuple[tuple[SearchHit | None, Template], ...]


def analyze_context(
    resources: Resources, issue_id: str, request: GuidanceRequest, sees: Sees = None
) -> GuidanceContext:
    """All that a reply to this issue may be made from.

    Args:
        sees: teams whose past issues may be drawn on, beside those of no team; None: all.

    Raises:
        IssueNotFoundError: no issue has this id.
        TemplateNotFoundError: the request names a template that is not there.
        SearchUnavailableError: the index cannot answer.
    """
    with resources.database.read() as session:
        record = load_issue(session, issue_id)
        chosen = get_template(session, request.template_id) if request.template_id else None
        policy = load_policy(session)
        files = tuple(row.filename for row in list_attachments(session, issue_id)[-_FILES:])
    turns = turns_of(record.messages)
    said = _open_turn(turns)
    language = _reply_language(request, record, said)
    open_turn = without_lures(said, language)
    question = _question(record, turns, open_turn, language)
    vector = embed_text(resources, question, speaker_of(record.customer))
    found = _find(resources, record, question, vector, language, chosen, sees)
    identities = {past.issue.id: identity_of_issue(past) for _hit, past in found.fixes}
    fixes = sorted((retell_fix(past, hit, identities[past.issue.id]) for hit, past in found.fixes), key=_falling)
    passages = _passages(resources, found.articles, question, vector)
    matter = _matter(record, open_turn, question, language)
    words = _words_to_share(resources, language)
    options = fitting_templates(found.templates, matter, chosen, words, fixes, language) if chosen or open_turn else []
    items = within_budget(
        [
            *_conversation_items(record, turns),
            *_material_items(fixes, passages, found, question, language, matter, understood=words == 1),
            *((ContextItem("template", option.source.id, option.source.title, 0), option.body) for option in options),
        ]
    )
    taken = {item.id for item in items if item.reason is None}
    return GuidanceContext(
        issue_id=issue_id,
        subject=record.issue.subject,
        language=language,
        turns=tuple(turn for turn in turns if turn.message_id in taken),
        open_turn=open_turn,
        notes=notes_of(record.messages),
        values=placeholder_values(record, request.agent_name, extract_entities(_customer_text(record, turns))),
        sentiment=score_sentiment(open_turn, language).label if open_turn else "neutral",
        fixes=tuple(fix for fix in fixes if fix.source.id in taken),
        passages=tuple(passage for passage in passages if passage.source.id in taken),
        templates=tuple(option for option in options if option.source.id in taken),
        foreign=_without(reduce(Identity.joined, identities.values(), NOBODY), _own_identity(record, turns)),
        items=items,
        message_count=len(record.messages),
        policy=policy,
        files=files,
        incident=matter.incident,
        matters=matter.asked,
        mail=_mail(record, turns, open_turn),
    )


def _falling(material: Material) -> float:
    return -material.score


def turns_of(messages: Sequence[Message]) -> tuple[Turn, ...]:
    """The newest public messages in order, without quoted history and signatures."""
    public = [message for message in messages if message.visibility == "public"][-_TURNS:]
    return tuple(
        Turn(row.id, row.author, shorten(clean_message(row.body[:_READ_CHARS]).text, _TURN_CHARS)) for row in public
    )


def _open_turn(turns: Sequence[Turn]) -> str:
    """What the customer said since the last answer."""
    said: list[str] = []
    for turn in reversed(turns):
        if turn.author == "agent":
            break
        if turn.author == "customer":
            said.append(turn.text)
    return shorten("\n".join(reversed(said)), 2 * _TURN_CHARS)


def notes_of(messages: Sequence[Message]) -> tuple[str, ...]:
    """Internal notes, the newest first, up to what can be compared with a draft in no time."""
    notes: list[str] = []
    room = _NOTES_CHARS
    for message in reversed(messages):
        if message.visibility == "internal" and room > 0:
            notes.append(message.body[: min(_READ_CHARS, room)])
            room -= len(notes[-1])
    return tuple(notes)


def _matter(record: IssueRecord, open_turn: str, question: str, language: str) -> Matter:
    subject = record.issue.subject
    reported = incident_kinds(IssueText(subject, open_turn, language))
    # What leaked goes on mattering where the customer now writes of less; an outage may be over.
    began = incident_kinds(IssueText(subject, question, language)) - {"outage"} if open_turn else frozenset()
    return Matter(record.issue.category, reported | began, matters_of(question))


def _mail(record: IssueRecord, turns: Sequence[Turn], open_turn: str) -> MailKind | None:
    """What came, if it is no request; whoever was answered already is no advertiser."""
    kind = mail_kind(record.issue.subject, open_turn) if open_turn else None
    answered = any(turn.author == "agent" for turn in turns)
    return None if kind and answered and kind.name in UNANSWERED - {"automatic"} else kind


def _customer_text(record: IssueRecord, turns: Sequence[Turn]) -> str:
    return "\n".join((record.issue.subject, *(turn.text for turn in turns if turn.author == "customer")))


def _question(record: IssueRecord, turns: Sequence[Turn], open_turn: str, language: str) -> str:
    """What to look for: the subject, what is open now, and how it began."""
    first = next((turn.text for turn in turns if turn.author == "customer"), "")
    began = without_lures(first, language)
    body = open_turn if began in open_turn else f"{open_turn}\n{began}"
    return embedded_text(without_lures(record.issue.subject, language), body)


def _reply_language(request: GuidanceRequest, record: IssueRecord, open_turn: str) -> str:
    text = f"{record.issue.subject}\n{open_turn}"
    stated = (record.customer.language if record.customer else None) or _likely_language(text)
    return (request.language or record.issue.language or language_of(text, stated)).split("-")[0]


def _likely_language(text: str) -> str:
    """Of a few words nothing is sure; English where it is not even likely."""
    guess = detect_language(text)
    return guess.code if guess.confidence >= _LIKELY and guess.code in LANGUAGES else FALLBACK_LANGUAGE


def _find(
    resources: Resources,
    record: IssueRecord,
    question: str,
    vector: Vector | None,
    language: str,
    chosen: Template | None,
    sees: Sees,
) -> _Found:
    issue_hits = find_documents(
        resources, question, vector, kinds=["issue"], filters={"has_fix": ["yes"], "status": sorted(ENDED)},
        exclude_ids=[record.issue.id], limit=_FIXES, sees=sees,
    )  # fmt: skip
    article_hits = find_documents(
        resources, question, vector, kinds=["article"], filters={"status": ["published"]}, limit=_ARTICLES
    )
    template_hits = find_documents(
        resources, question, vector, kinds=["template"], filters={"active": ["yes"], "language": [language]},
        limit=_TEMPLATES,
    )  # fmt: skip
    issue_ids = [hit.id for hit in issue_hits]
    with resources.database.read() as session:
        issues = issues_by_id(session, issue_ids)
        customers = customers_by_id(session, [row.customer_id for row in issues.values() if row.customer_id])
        resolutions = latest_resolutions(session, issue_ids)
        messages = messages_by_issue(session, issue_ids)
        articles = articles_by_id(session, [hit.id for hit in article_hits])
        templates = templates_by_id(session, [hit.id for hit in template_hits])
    fixes = tuple(
        (hit, PastIssue(issues[hit.id], customers.get(issues[hit.id].customer_id or ""), messages[hit.id], fix))
        for hit in issue_hits
        if hit.id in issues and (fix := resolutions.get(hit.id)) is not None and is_fix(fix.kind)
    )
    by_template = {hit.id: hit for hit in template_hits}
    rows = [chosen] if chosen else [templates[hit.id] for hit in template_hits if hit.id in templates]
    return _Found(
        fixes=fixes,
        articles=tuple((hit, articles[hit.id]) for hit in article_hits if hit.id in articles),
        templates=tuple((by_template.get(row.id), row) for row in rows),
    )


def _passages(
    resources: Resources, articles: Sequence[tuple[SearchHit, Article]], question: str, vector: Vector | None
) -> list[Material]:
    """Of each article the section that fits the question best, best article first."""
    parts = [(hit, article, section) for hit, article in articles for section in sections_of(article)[:_SECTIONS]]
    fits = _fits(
        resources, [(section, article.language_model_allowed) for _, article, section in parts], question, vector
    )
    best: dict[str, tuple[_Fit, SearchHit, Article, Section]] = {}
    for (hit, article, section), fit in zip(parts, fits, strict=True):
        if article.id not in best or fit.value > best[article.id][0].value:
            best[article.id] = (fit, hit, article, section)
    passages = [
        passage_of(article, section, max(fit.value, closeness(hit)) if fit.by_meaning else None, question)
        for fit, hit, article, section in best.values()
    ]
    return sorted(passages, key=_falling)


@dataclass(frozen=True, slots=True)
class _Fit:
    """How well a section fits a question: the cosine, else the share of common words."""

    value: float
    by_meaning: bool


def _fits(
    resources: Resources, sections: Sequence[tuple[Section, bool]], question: str, vector: Vector | None
) -> list[_Fit]:
    """By words where there is no vector, and for what no service may be given."""
    texts = [f"{section.about}\n{section.text()}" for section, _ in sections]
    fits = [_Fit(share_of_words(question, text), by_meaning=False) for text in texts]
    asked = [place for place, (_, allowed) in enumerate(sections) if allowed or not resources.embedder.is_remote]
    vectors = None if vector is None else embed_texts(resources, [texts[place] for place in asked])
    if vectors is not None and vector is not None:
        for place, likeness in zip(asked, np.asarray(vectors @ vector), strict=True):
            fits[place] = _Fit(float(likeness), by_meaning=True)
    return fits


def _words_to_share(resources: Resources, language: str) -> int:
    """Where the model hardly knows the language one common word ("parcel") makes no template of another matter fit."""
    return 1 if understands(resources.embedder.model, language) else 2


def _conversation_items(record: IssueRecord, turns: Sequence[Turn]) -> list[tuple[ContextItem, str]]:
    """The customer, the turns from the newest back, the notes from the newest back."""
    entries: list[tuple[ContextItem, str]] = []
    if record.customer is not None:
        facts = f"{record.customer.name or ''} {record.customer.plan or ''} {record.customer.language or ''}"
        entries.append((ContextItem("customer", record.customer.id, "Customer", 0), facts))
    entries += [
        (ContextItem("message", turn.message_id, f"Message of the {turn.author}", 0), turn.text)
        for turn in reversed(turns)
    ]
    entries += [
        (ContextItem("note", message.id, "Internal note", 0), shorten(message.body, _TURN_CHARS))
        for message in reversed(record.messages)
        if message.visibility == "internal"
    ]
    return entries[: 2 * _TURNS]


def _material_items(
    fixes: Sequence[Material],
    passages: Sequence[Material],
    found: _Found,
    question: str,
    language: str,
    matter: Matter,
    *,
    understood: bool,
) -> list[tuple[ContextItem, str]]:
    reopened = {past.issue.id for _hit, past in found.fixes if past.resolution.reopened}
    # A short question has few words to share.
    words = 2 if len(content_words(question)) > _SHORT_QUESTION else 1
    nearest = max((hit.likeness or 0.0 for hit, _past in found.fixes), default=0.0)
    alike = {
        past.issue.id
        for hit, past in found.fixes
        if is_alike(hit, words=words, understood=understood) and not is_behind(hit, nearest)
    }
    alike |= {article.id for hit, article in found.articles if is_alike(hit)}
    alike |= {passage.source.id for passage in passages if (passage.likeness or 0.0) >= _PASSAGE_LIKE}
    alike |= {
        each.source.id
        for each in (*fixes, *passages)
        if each.matters & matter.asked and (each.likeness or 0.0) >= _MATTER_LIKE
    }
    alike -= {fix.source.id for fix in fixes if fix.text() and not answers(fix, question)}
    alike -= {each.source.id for each in (*fixes, *passages) if is_other_matter(matter.asked, each.matters)}

    def reason_of(material: Material) -> str | None:
        if material.source.id not in alike:
            return "about something else"
        if material.source.id in reopened:
            return "the fix did not last"
        if not material.text():
            return "nothing in it may be shown to a customer"
        return None if material.language == language else f"written in another language ({material.language})"

    def item(kind: ItemKind, material: Material) -> tuple[ContextItem, str]:
        return ContextItem(kind, material.source.id, material.source.title, 0, reason_of(material)), material.text()

    return [*(item("issue", fix) for fix in fixes), *(item("article", passage) for passage in passages)]


def _own_identity(record: IssueRecord, turns: Sequence[Turn]) -> Identity:
    customer = record.customer
    return identity_of(
        names=[known.name for known in customer.known_as] if customer else [],
        exact=exact_of(customer),
        said=[record.issue.subject, *(turn.text for turn in turns)],
    ).joined(Identity(frozenset(), frozenset(word.casefold() for turn in turns for word in numbered_words(turn.text))))


def _without(foreign: Identity, own: Identity) -> Identity:
    """What is foreign only: two customers may share a first name or both write of version 4.2."""
    return Identity(foreign.names - own.names, foreign.marks - own.marks)
