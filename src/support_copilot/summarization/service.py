"""Use cases of the summarization service: summaries, and what the knowledge base learns from a fix."""

from dataclasses import dataclass, replace
from typing import Final

import structlog

from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import Customer, Summary
from support_copilot.db.outbox import enqueue
from support_copilot.issues.queries import load_issue
from support_copilot.kit.errors import NotFoundError
from support_copilot.kit.ids import new_id
from support_copilot.kit.text import shorten
from support_copilot.knowledge.articles import note_contradiction
from support_copilot.knowledge.proposals import NewProposal, propose
from support_copilot.knowledge.queries import find_proposal, lock_proposal
from support_copilot.knowledge.why import only_told
from support_copilot.prompts.outgoing import NotSent, Outgoing
from support_copilot.resources import Resources
from support_copilot.retrieval.embedding import embed_text, embedded_text
from support_copilot.retrieval.find import find_documents
from support_copilot.retrieval.outside import speaker_of
from support_copilot.retrieval.word_likeness import likeness_of
from support_copilot.summarization.generator import (
    ENGINE,
    Facts,
    Section,
    as_json,
    as_text,
    in_short,
    short_of,
    summarize,
)
from support_copilot.summarization.known_words import own_words
from support_copilot.summarization.model_article import make_article_ready, write_by_model
from support_copilot.summarization.model_summary import make_summary_ready, summarize_by_model
from support_copilot.summarization.parser import parse_conversation
from support_copilot.summarization.queries import (
    get_published_article,
    newest_summary,
    pending_proposals,
    summary_of_conversation,
    take_turn,
)
from support_copilot.summarization.solved import Fix, Told, evidence_from, fix_in_force, read_solved
from support_copilot.summarization.updater import (
    Draft,
    KnownArticle,
    Lesson,
    draft_article,
    in_words_of,
    is_duplicate,
    learn,
    why_not_worth_it,
    why_too_little,
)

_log = structlog.get_logger("support_copilot.summarization")
_CANDIDATES: Final = 5
#: Why a proposal has the words of the offline engine while a model is asked for better ones.
BEING_WRITTEN: Final = "Written by the offline engine; a language model may still give it other words."
NO_FIX: Final = NotSent("no_fix", "The issue has no fix that lasts, so there is nothing to write an article from.")


class NoSummaryError(NotFoundError):
    code, title = "no_summary", "No summary of this kind was written yet; POST to the same address writes one"


def read_summary(resources: Resources, issue_id: str, kind: str) -> tuple[Summary, int, str]:
    """The newest summary of this kind, how many messages the issue has now, and its language.

    Raises:
        IssueNotFoundError: no issue has this id.
        NoSummaryError: none was written.
    """
    with resources.database.read() as session:
        record = load_issue(session, issue_id)
        summary = newest_summary(session, issue_id, kind)
    if summary is None:
        raise NoSummaryError
    return summary, len(record.messages), record.issue.language or "en"


def write_summary(resources: Resources, issue_id: str, kind: str, user: str | None = None) -> tuple[Summary, str]:
    """Write a summary of the issue as it is now; with the language that it is in.

    Args:
        user: id of who asks, for the budget of models.

    Raises:
        IssueNotFoundError: no issue has this id.
    """
    told = read_solved(resources, issue_id)
    written = _write(resources, told, kind, user)
    with resources.database.transaction() as session:
        summary = _summary_row(told, kind, written, resources)
        session.add(summary)
    return summary, told.language


def preview_summary(resources: Resources, issue_id: str, kind: str, user: str | None) -> Outgoing | NotSent:
    """What a model would be sent for a summary of the issue as it is now, or why nothing would; nothing is.

    Raises:
        IssueNotFoundError: no issue has this id.
    """
    told = read_solved(resources, issue_id)
    facts, _sections = _offline(told, kind)
    return make_summary_ready(resources, told.record, facts, handover=kind == "handover", user=user)


def summarize_ended_conversation(resources: Resources, issue_id: str, conversation_id: str) -> None:
    """Summarize a conversation that ended, then ask what can be learned from it. Safe to repeat.

    Raises:
        IssueNotFoundError: the issue is gone.
    """
    told = read_solved(resources, issue_id)
    with resources.database.read() as reading:
        there = summary_of_conversation(reading, conversation_id, len(told.record.messages))
    # Done again after a crash: what a model wrote is not paid for twice.
    written = _write(resources, told, "resolution", None) if there is None else None
    with resources.database.transaction() as session:
        if written and summary_of_conversation(session, conversation_id, len(told.record.messages)) is None:
            summary = _summary_row(told, "resolution", written, resources)
            summary.conversation_id = conversation_id
            session.add(summary)
        _ask_for_proposal(session, told, resources)


def propose_knowledge(resources: Resources, issue_id: str, resolution_id: str | None) -> None:
    """Put what a fix teaches into the review queue, unless the knowledge base has it. Safe to repeat.

    Args:
        resolution_id: of the recorded fix; None where the conversation alone tells it.

    Raises:
        IssueNotFoundError: the issue is gone.
    """
    told = read_solved(resources, issue_id)
    fix = fix_in_force(told)
    if fix is None or fix.resolution_id != resolution_id:
        _log.info("summarization.proposal.left_out", reason="the fix is not the one in force")
        return
    with resources.database.read() as session:
        known = find_proposal(session, issue_id, resolution_id)
        if known is not None and (known.status != "pending" or known.engine_note != BEING_WRITTEN):
            return
    own = own_words(resources, fix.text, told.language, speaker_of(told.record.customer))
    if not own and not fix.steps:
        _log.info("summarization.proposal.left_out", reason="the fix has only the words of a template")
        return
    evidence, people, language = evidence_from(told, replace(fix, text=own) if own else fix)
    lesson = learn(evidence, people=people, language=language, category=told.record.issue.category)
    reason = why_not_worth_it(lesson, fix.kind) or (why_too_little(lesson) if fix.only_told else None)
    if reason is not None:
        _log.info("summarization.proposal.left_out", reason=reason)
        return
    # Whether there is anything to say is found before a model is paid for saying it.
    draft = draft_article(lesson, _nearest_article(resources, lesson, told.record.customer))
    if draft is None:
        _log.info("summarization.proposal.left_out", reason="an article has this fix already")
        return
    # Stored before a model is paid: of two jobs with equal fixes one finds it there.
    proposal_id = known.id if known is not None else _store_proposal(resources, told, fix, draft, language)
    if proposal_id is None:
        _log.info("summarization.proposal.left_out", reason="a pending proposal says the same")
        return
    made = write_by_model(resources, told.record, evidence, lesson, people)
    if isinstance(made, NotSent):
        words = _Words(draft, ENGINE, made.detail)
    else:
        words = _Words(in_words_of(made.lesson, draft), made.engine)
    _put_words(resources, proposal_id, draft, words)


def preview_article(resources: Resources, issue_id: str, user: str | None) -> Outgoing | NotSent:
    """What a model would be sent for the article that this issue teaches, or why nothing would; nothing is.

    Raises:
        IssueNotFoundError: no issue has this id.
    """
    told = read_solved(resources, issue_id)
    fix = fix_in_force(told)
    if fix is None:
        return NO_FIX
    evidence, _people, language = evidence_from(told, fix)
    return make_article_ready(resources, told.record, evidence, language, user)


@dataclass(frozen=True, slots=True)
class _Written:
    sections: list[Section]
    text: str
    engine: str = ENGINE
    note: str | None = None


def _write(resources: Resources, told: Told, kind: str, user: str | None) -> _Written:
    """By the model where there is one and its lines hold; else by the offline engine, with a note that says why."""
    facts, offline = _offline(told, kind)
    handover = kind == "handover"
    made = summarize_by_model(resources, told.record, facts, offline.sections, handover=handover, user=user)
    if isinstance(made, NotSent):
        return replace(offline, note=made.detail)
    text = as_text(made.sections, told.language) if handover else short_of(made.sections, facts)
    return _Written(made.sections, text, made.engine)


def _offline(told: Told, kind: str) -> tuple[Facts, _Written]:
    """Who takes over reads everything as one text; who looks back wants two sentences first."""
    issue, fix = told.record.issue, told.resolution
    in_force = fix if fix is not None and issue.status in ("resolved", "closed") else None
    facts = Facts(
        subject=issue.subject,
        language=told.language,
        resolution_text=in_force.text if in_force else None,
        resolution_steps=tuple(in_force.steps) if in_force else (),
        customer=_describe(told.record.customer),
        status=issue.status,
        severity=issue.severity,
    )
    conversation = parse_conversation(told.record.messages, told.language)
    sections = summarize(conversation, facts, handover=kind == "handover")
    text = as_text(sections, told.language) if kind == "handover" else in_short(conversation, facts)
    return facts, _Written(sections, text)


def _describe(customer: Customer | None) -> str | None:
    if customer is None:
        return None
    return " · ".join(value for value in (customer.name or customer.email, customer.plan) if value) or None


def _summary_row(told: Told, kind: str, written: _Written, resources: Resources) -> Summary:
    return Summary(
        id=new_id("summary"), issue_id=told.record.issue.id,
        conversation_id=told.conversation.id if told.conversation else None, kind=kind,
        sections=as_json(written.sections), text=written.text, engine=written.engine,
        engine_note=written.note, message_count=len(told.record.messages),
        created_at=resources.clock(),
    )  # fmt: skip


def _ask_for_proposal(session: WriteSession, told: Told, resources: Resources) -> None:
    fix = fix_in_force(told)
    if fix is None:
        return
    payload = {"issue_id": told.record.issue.id, "resolution_id": fix.resolution_id}
    # A conversation that went on has another fix.
    which = fix.resolution_id or f"{told.record.issue.id}:{len(told.record.messages)}"
    key = f"summarization.propose_knowledge:{which}"
    enqueue(session, "summarization.propose_knowledge", payload, now=resources.clock(), dedupe_key=key)


def _nearest_article(resources: Resources, lesson: Lesson, customer: Customer | None) -> KnownArticle | None:
    text = embedded_text(lesson.title, lesson.problem)
    vector = embed_text(resources, text, speaker_of(customer))
    hits = find_documents(
        resources, text, vector, kinds=["article"], filters={"status": ["published"]}, limit=_CANDIDATES
    )
    with resources.database.read() as session:
        for hit in sorted(hits, key=lambda hit: -likeness_of(hit)):
            article = get_published_article(session, hit.id)
            if article is not None:
                return KnownArticle(
                    article.id, article.version, article.title, article.body, likeness_of(hit), hit.likeness is not None
                )
    return None


@dataclass(frozen=True, slots=True)
class _Words:
    """A proposal as it is to be read, what wrote it, and why the offline engine did."""

    draft: Draft
    engine: str
    note: str | None = None


def _waits(session: ReadSession, draft: Draft) -> bool:
    """Whether a proposal that waits for review says the same; told by the words of the offline engine, of both."""
    said = (other.compared or f"{other.title}\n{other.body}" for other in pending_proposals(session))
    return any(is_duplicate(draft, each) for each in said)


def _store_proposal(resources: Resources, told: Told, fix: Fix, draft: Draft, language: str) -> str | None:
    """Put it into the queue in the words of the offline engine; its id, or None where one that waits says the same."""
    now, record = resources.clock(), told.record
    article = draft.article
    with resources.database.transaction() as session:
        take_turn(session)
        if article is not None and draft.contradiction is not None and fix.resolution_id is not None:
            note_contradiction(session, article.id, record.issue.id, fix.resolution_id, draft.contradiction, now=now)
        if _waits(session, draft):
            return None
        proposal = propose(
            session,
            NewProposal(
                issue_id=record.issue.id,
                resolution_id=fix.resolution_id,
                title=shorten(draft.title, 300),
                body=draft.body,
                reason=only_told(draft.reason) if fix.only_told else draft.reason,
                language=language,
                category=record.issue.category,
                article_id=article.id if article else None,
                article_version=article.version if article else None,
                likeness=article.likeness if article and article.by_meaning else None,
                language_model_allowed=record.customer is None or record.customer.language_model_allowed,
                engine=ENGINE,
                engine_note=BEING_WRITTEN,
            ),
            now=now,
        )
        return proposal.id


def _put_words(resources: Resources, proposal_id: str, draft: Draft, words: _Words) -> None:
    """Give a proposal its final words, unless somebody has decided on it meanwhile."""
    with resources.database.transaction() as session:
        proposal = lock_proposal(session, proposal_id)
        if proposal.status != "pending" or proposal.engine_note != BEING_WRITTEN:
            return
        proposal.engine, proposal.engine_note = words.engine, words.note
        if words.draft != draft:
            proposal.title, proposal.body = shorten(words.draft.title, 300), words.draft.body
            proposal.compared = draft.text()
            proposal.version, proposal.updated_at = proposal.version + 1, resources.clock()
