"""Use cases of the analysis service: gather, think with no transaction open, record in one short write."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from support_copilot.analysis.case import Case, case_of_record, case_of_words
from support_copilot.analysis.opinions import (
    Opinions,
    ask_for_opinions,
    customer_messages,
    is_complete,
    make_opinion_ready,
    may_ask,
    opinions_of,
)
from support_copilot.analysis.panel import analyze_case
from support_copilot.analysis.queries import irrelevant_issue_ids, known_categories, newest_analysis
from support_copilot.analysis.schemas import Panel
from support_copilot.backends.llm.port import Task
from support_copilot.customers.merging import lock_survivor_of
from support_copilot.customers.service import NewCustomer, find_or_create_customer, known_customer
from support_copilot.db.documents import Vector
from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import Analysis, Customer, Issue, Message
from support_copilot.db.outbox import enqueue
from support_copilot.http.fields import DraftPart
from support_copilot.http.idempotency import CreateRequest, Creation, create_once, recall
from support_copilot.issues.documents import put_issue_document
from support_copilot.issues.listing import describe_new_issue
from support_copilot.issues.message_files import take_files
from support_copilot.issues.queries import (
    IssueRecord,
    count_messages,
    find_issue_by_reference,
    get_issue,
    latest_corrections,
    load_issue,
)
from support_copilot.issues.schemas import IssueOut
from support_copilot.issues.service import NewIssue, NewMessage, append_message, insert_issue, touch
from support_copilot.kit.errors import UnavailableError
from support_copilot.kit.ids import new_id
from support_copilot.prompts.outgoing import NotSent, Outgoing
from support_copilot.resources import Resources
from support_copilot.retrieval.feed import tell_index

_MODEL_FIELDS: Final = (
    ("severity", "severity", "value"),
    ("category", "category", "value"),
    ("language", "language", "code"),
)


class OpinionsWaitError(UnavailableError):
    code, title = "opinions_wait", "A language model could not be reached; it is asked again"


@dataclass(frozen=True, slots=True)
class Intake:
    """An issue as it arrives, before anything is stored."""

    subject: str
    channel: str
    messages: Sequence[NewMessage]
    customer: NewCustomer | None = None
    external_source: str | None = None
    external_id: str | None = None
    tags: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Received:
    """What became of an intake; ``issue`` is None when it was there already."""

    creation: Creation
    panel: Panel
    issue: IssueOut | None = None


def receive_issue(resources: Resources, intake: Intake, key: str | None, body_fingerprint: str) -> Received:
    """Store an issue with its analysis, or find the one that is there already.

    Raises:
        InvalidRequestError: the customer's id names nobody.
        IdempotencyKeyReusedError: the key came before with another body.
    """
    now = resources.clock()
    made: list[tuple[Panel, IssueOut]] = []

    def make(session: WriteSession) -> str:
        customer = find_or_create_customer(session, intake.customer, now=now) if intake.customer else None
        stored, record = _store(session, intake, customer, case.words, panel, vector, resources.embedder.model, now)
        if may_ask(resources, record):
            _ask_later(session, record.issue.id, now)
        # Described here, since a session of its own would cost more than what it reads.
        made.append((stored, describe_new_issue(session, record)))
        return record.issue.id

    def existing(session: ReadSession) -> str | None:
        if not (intake.external_source and intake.external_id):
            return None
        known = find_issue_by_reference(session, intake.external_source, intake.external_id)
        return known.id if known else None

    request = CreateRequest("issues", key, body_fingerprint)
    with resources.database.read() as session:
        # What came before needs no second analysis; create_once looks again when it writes.
        known = recall(session, request.scope, key, body_fingerprint)
        same = known or existing(session)
        customer = None if same else known_customer(session, intake.customer)
    if same:
        return Received(Creation(same, 201 if known else 200), panel_of_issue(resources, same))
    case = case_of_words(
        intake.subject, intake.messages, customer, now, models_refused=_refuses_models(intake.customer)
    )
    panel, vector = analyze_case(resources, case, now)
    creation = create_once(resources.database, request, existing=existing, make=make, now=now)
    # What was made and then rolled back, because another request had won, is no answer.
    if made and made[-1][0].issue_id == creation.resource_id:
        tell_index(resources)
        return Received(creation, *made[-1])
    return Received(creation, panel_of_issue(resources, creation.resource_id))


def receive_message(
    resources: Resources, issue_id: str, new: NewMessage, key: str | None, body_fingerprint: str
) -> tuple[str, Panel]:
    """Add a message to an issue and analyze the issue anew; returns the message's id and the panel.

    The message is stored before it is analyzed: it must not be lost to a failing analysis. What is said to an issue
    that is merged into another one is said there, and the panel is of that one.

    Raises:
        IssueNotFoundError, IssueFullError, IdempotencyKeyReusedError.
        InvalidRequestError: a file of it is not in the draft of who writes it.
    """
    now = resources.clock()

    def make(session: WriteSession) -> str:
        issue = get_issue(session, issue_id)
        if new.attachment_ids:
            part: DraftPart = "note" if new.visibility == "internal" else "reply"
            take_files(session, issue_id, new.attachment_ids, (new.created_by or "", part))
        return append_message(session, issue, new, now=now).id

    with resources.database.read() as session:
        get_issue(session, issue_id)
    creation = create_once(
        resources.database,
        CreateRequest(f"messages:{issue_id}", key, body_fingerprint),
        existing=lambda _session: None,
        make=make,
        now=now,
    )
    return creation.resource_id, panel_of_issue(resources, read_message(resources, creation.resource_id).issue_id)


def panel_of_issue(resources: Resources, issue_id: str, *, refresh: bool = False) -> Panel:
    """The stored panel, made anew when there is none, messages came since, or ``refresh`` says so.

    Raises:
        IssueNotFoundError: no issue has this id.
    """
    with resources.database.read() as session:
        issue = get_issue(session, issue_id)
        stored = newest_analysis(session, issue_id)
        if stored is not None and not refresh and stored.message_count == count_messages(session, issue.id):
            return Panel.model_validate(stored.panel)
    return analyze_issue(resources, issue_id)


def analyze_issue(resources: Resources, issue_id: str, opinions: Opinions | None = None) -> Panel:
    """Analyze a stored issue as it is now and keep the panel.

    Args:
        opinions: what language models say of it now; None keeps what they said of the same messages before, and asks
            them in a job where the customer has written since.

    Raises:
        IssueNotFoundError: no issue has this id.
    """
    now = resources.clock()
    with resources.database.read() as session:
        record, case = load_case(session, issue_id)
        known = opinions or _known_opinions(session, record)
    panel, vector = analyze_case(resources, case, now, known)
    with resources.database.transaction() as session:
        issue = get_issue(session, issue_id)
        before = issue.severity, issue.category
        _take_over(issue, panel)
        session.add(_analysis_row(issue_id, panel, len(case.messages), now))
        if opinions is not None and (issue.severity, issue.category) != before:
            # What lists show was changed by nobody who has the issue open.
            touch(issue, now)
        elif opinions is None and known is None and may_ask(resources, record):
            _ask_later(session, issue_id, now)
        put_issue_document(
            session, replace(record, issue=issue), vector, _model_of(vector, resources.embedder.model), words=case.words
        )
    tell_index(resources)
    return panel


def ask_models(resources: Resources, issue_id: str) -> None:
    """Ask language models about an issue and make its panel anew with what they say. Safe to repeat.

    Raises:
        IssueNotFoundError: the issue is gone.
        OpinionsWaitError: a model could not be reached; what the others said is kept.
    """

    def load() -> tuple[IssueRecord, list[str]]:
        with resources.database.read() as session:
            record = load_issue(session, issue_id)
            return record, known_categories(session, record.issue.team_id)

    with resources.database.read() as session:
        record = load_issue(session, issue_id)
        known = _known_opinions(session, record)
    # Done again after a crash: what a model said is not paid for twice.
    if is_complete(resources, known) or not may_ask(resources, record):
        return
    opinions = ask_for_opinions(resources, load, known)
    if may_ask(resources, load()[0]):
        analyze_issue(resources, issue_id, opinions)
        if not is_complete(resources, opinions):
            raise OpinionsWaitError


def preview_opinion(resources: Resources, issue_id: str, task: Task) -> Outgoing | NotSent:
    """What a model would be sent for one of ``OPINION_TASKS``, or why nothing would; nothing is.

    Raises:
        IssueNotFoundError: no issue has this id.
    """
    with resources.database.read() as session:
        record = load_issue(session, issue_id)
        categories = known_categories(session, record.issue.team_id)
    return make_opinion_ready(resources, record, task, categories)


def _known_opinions(session: ReadSession, record: IssueRecord) -> Opinions | None:
    """What models said of the customer's messages as they are; None where they were not asked or there are more."""
    stored = newest_analysis(session, record.issue.id)
    known = opinions_of(Panel.model_validate(stored.panel)) if stored is not None else None
    return known if known is not None and known.messages_read == customer_messages(record) else None


def _ask_later(session: WriteSession, issue_id: str, now: datetime) -> None:
    enqueue(session, "analysis.ask_models", {"issue_id": issue_id}, now=now, dedupe_key=f"opinions:{issue_id}")


def analyze_words(
    resources: Resources,
    subject: str,
    messages: Sequence[NewMessage],
    customer: NewCustomer | None,
    language: str | None = None,
) -> Panel:
    """The panel of words that are not stored; a customer named is looked up, never created.

    Raises:
        CustomerNotFoundError: the customer's id names nobody.
    """
    now = resources.clock()
    with resources.database.read() as session:
        known = known_customer(session, customer)
    case = case_of_words(subject, messages, known, now, language=language, models_refused=_refuses_models(customer))
    return analyze_case(resources, case, now)[0]


def read_message(resources: Resources, message_id: str) -> Message:
    """The message's row, which must exist."""
    with resources.database.read() as session:
        message = session.get(Message, message_id)
    assert message is not None  # noqa: S101  # its id came from the record
    return message


def _refuses_models(named: NewCustomer | None) -> bool:
    return named is not None and not named.language_model_allowed


def load_case(session: ReadSession, issue_id: str) -> tuple[IssueRecord, Case]:
    """A stored issue as it is read for its analysis, with what people have corrected.

    Raises:
        IssueNotFoundError: no issue has this id.
    """
    record = load_issue(session, issue_id)
    corrected = {part: c.value for part, c in latest_corrections(session, issue_id).items() if part != "similar_issues"}
    # What a person set by an edit counts like a correction.
    for name, source in (("severity", record.issue.severity_source), ("category", record.issue.category_source)):
        if source == "agent":
            corrected[name] = getattr(record.issue, name)
    return record, case_of_record(record, corrected, irrelevant_issue_ids(session, issue_id))


def _store(
    session: WriteSession,
    intake: Intake,
    customer: Customer | None,
    words: str,
    panel: Panel,
    vector: Vector | None,
    model: str,
    now: datetime,
) -> tuple[Panel, IssueRecord]:
    going = lock_survivor_of(session, customer) if customer else None
    predicted = _predicted(panel)
    predicted |= {f"{name}_source": "model" for name in predicted}
    record = insert_issue(
        session,
        NewIssue(
            subject=intake.subject,
            channel=intake.channel,
            messages=intake.messages,
            customer_id=going.id if going else None,
            came_by_customer_id=customer.id if customer and customer is not going else None,
            external_source=intake.external_source,
            external_id=intake.external_id,
            tags=intake.tags,
            rating_risk=risk_percent(panel),
            **predicted,
        ),
        now=now,
        customer=going,
    )
    put_issue_document(session, record, vector, _model_of(vector, model), words=words, is_new=True)
    stored = _with_ids(panel, record)
    session.add(_analysis_row(record.issue.id, stored, len(record.messages), now))
    return stored, record


def _with_ids(panel: Panel, record: IssueRecord) -> Panel:
    """The panel made before the issue was stored, with the ids that issue, customer and messages have now."""
    said = [m.id for m in record.messages if m.author == "customer" and m.visibility == "public"]
    points = zip(panel.sentiment.points, said[-len(panel.sentiment.points) :], strict=False)
    for point, message_id in points:
        point.message_id = message_id
    for entity in panel.entities.items:
        entity.message_id = said[entity.message_index]
    customer = panel.customer
    if record.issue.customer_id is not None and customer.customer_id is None and customer.status != "unavailable":
        customer = customer.model_copy(update={"customer_id": record.issue.customer_id})
    return panel.model_copy(update={"issue_id": record.issue.id, "customer": customer})


def _take_over(issue: Issue, panel: Panel) -> None:
    """What the models say now, where no person and no import has spoken."""
    for name, value in _predicted(panel).items():
        if getattr(issue, f"{name}_source") in (None, "model"):
            setattr(issue, name, value)
            setattr(issue, f"{name}_source", "model")
    risk = risk_percent(panel)
    if risk is not None:
        issue.rating_risk = risk


def risk_percent(panel: Panel) -> int | None:
    """The chance of a bad rating that a panel tells, as issues keep it."""
    chance = panel.satisfaction_risk.probability
    return None if chance is None else round(100 * chance)


def _predicted(panel: Panel) -> dict[str, Any]:
    """Fields of the issue by what the models say; an unsure category or language would pass for knowledge later."""
    parts = ((name, getattr(panel, part), field) for name, part, field in _MODEL_FIELDS)
    values = {name: getattr(part, field) for name, part, field in parts if name == "severity" or part.status == "ok"}
    return {name: value for name, value in values.items() if value is not None}


def _analysis_row(issue_id: str, panel: Panel, message_count: int, now: datetime) -> Analysis:
    return Analysis(
        id=new_id("analysis"), issue_id=issue_id, panel=panel.model_dump(mode="json"), message_count=message_count,
        created_at=now,
    )  # fmt: skip


def _model_of(vector: Vector | None, model: str) -> str | None:
    return None if vector is None else model
