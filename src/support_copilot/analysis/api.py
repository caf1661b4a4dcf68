"""Endpoints of the analysis service."""

from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response

from support_copilot.analysis.corrections import store_correction
from support_copilot.analysis.customer_sentiment import MessageSentimentOut, sentiment_of_customer
from support_copilot.analysis.queries import list_corrections, topics_in_use
from support_copilot.analysis.schemas import (
    AddedMessageIn,
    AnalyzeRequest,
    CorrectionIn,
    CorrectionOut,
    CustomerById,
    IssueIn,
    IssueWithPanel,
    MessageIn,
    MessageWithPanel,
    Panel,
    TopicOut,
)
from support_copilot.analysis.seen import seen_panel
from support_copilot.analysis.service import (
    Intake,
    analyze_issue,
    analyze_words,
    panel_of_issue,
    preview_opinion,
    read_message,
    receive_issue,
    receive_message,
)
from support_copilot.customers.queries import find_customer
from support_copilot.customers.schemas import CustomerIn
from support_copilot.customers.service import NewCustomer
from support_copilot.db.models import Correction
from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.http.idempotency import IdempotencyKeyHeader, fingerprint
from support_copilot.http.paging import Page, PageArgs, page_of
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires
from support_copilot.identity.principal import Principal
from support_copilot.identity.visibility import check_customer_seen, check_issue_seen
from support_copilot.issues.listing import read_issue
from support_copilot.issues.queries import get_issue
from support_copilot.issues.schemas import IssueOut, render_message
from support_copilot.issues.service import NewMessage
from support_copilot.kit.errors import InvalidRequestError
from support_copilot.kit.text import heading, shorten, storable, unescaped
from support_copilot.ml.plain_text import quoting_text
from support_copilot.prompts.schemas import PreviewOut, render_preview
from support_copilot.resources import Resources

router = APIRouter(tags=["analysis"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)

_DERIVED_SUBJECT_CHARS = 120


@router.post(
    "/v1/issues", status_code=201, responses={200: {"model": IssueWithPanel}}, dependencies=[requires("issues.create")]
)
def post_issue(
    body: IssueIn,
    resources: ResourcesDep,
    principal: PrincipalDep,
    response: Response,
    key: IdempotencyKeyHeader = None,
) -> IssueWithPanel:
    """Store an issue and answer it with its full panel; the same `external_ref` again answers 200."""
    messages = _messages(body.body, body.messages, principal)
    _check_customer_seen(resources, body.customer, principal)
    intake = Intake(
        subject=_subject(body, messages),
        channel=body.channel,
        messages=messages,
        customer=_customer(body.customer),
        external_source=body.external_ref.source if body.external_ref else None,
        external_id=body.external_ref.id if body.external_ref else None,
        tags=body.tags,
    )
    received = receive_issue(resources, intake, key, fingerprint(body))
    issue_id = received.creation.resource_id
    response.status_code = received.creation.status
    response.headers["Location"] = f"/v1/issues/{issue_id}"
    issue = received.issue or _seen_issue(resources, issue_id, principal)
    return IssueWithPanel(issue=issue, panel=seen_panel(resources, received.panel, principal.sees))


@router.post("/v1/issues/{issue_id}/messages", status_code=201, dependencies=[requires("issues.edit")])
def post_message(
    issue_id: str,
    body: AddedMessageIn,
    resources: ResourcesDep,
    principal: PrincipalDep,
    key: IdempotencyKeyHeader = None,
) -> MessageWithPanel:
    """Add a message or an internal note; the panel is made anew."""
    (message,) = _messages(None, [body], principal)
    message = replace(message, attachment_ids=body.attachment_ids)
    message_id, panel = receive_message(resources, issue_id, message, key, fingerprint(body))
    shown = seen_panel(resources, panel, principal.sees)
    return MessageWithPanel(message=render_message(read_message(resources, message_id)), panel=shown)


@router.get("/v1/issues/{issue_id}/panel", dependencies=[requires("issues.read")])
def get_panel(
    issue_id: str,
    resources: ResourcesDep,
    principal: PrincipalDep,
    refresh: Annotated[bool, Query(description="Analyze anew even if nothing was said since.")] = False,
) -> Panel:
    """Read the panel of an issue."""
    return seen_panel(
        resources,
        analyze_issue(resources, issue_id) if refresh else panel_of_issue(resources, issue_id),
        principal.sees,
    )


@router.post("/v1/issues/{issue_id}/panel/preview", dependencies=[requires("guidance.use")])
def post_panel_preview(
    issue_id: str,
    resources: ResourcesDep,
    task: Annotated[
        Literal["sentiment", "classification"], Query(description="For the mood, or for category and severity.")
    ],
) -> PreviewOut:
    """Show exactly what a language model would be sent for a part of the panel, or why nothing would."""
    return render_preview(preview_opinion(resources, issue_id, task))


@router.post("/v1/analyze", dependencies=[requires("analysis.use")])
def post_analyze(body: AnalyzeRequest, resources: ResourcesDep, principal: PrincipalDep) -> Panel:
    """Analyze a text without storing anything, beside any other desk."""
    messages = _messages(body.body, body.messages, principal)
    _check_customer_seen(resources, body.customer, principal)
    subject = _subject(body, messages)
    panel = analyze_words(resources, subject, messages, _customer(body.customer), body.language)
    return seen_panel(resources, panel, principal.sees)


@router.post("/v1/issues/{issue_id}/corrections", status_code=201, dependencies=[requires("analysis.correct")])
def post_correction(
    issue_id: str, body: CorrectionIn, resources: ResourcesDep, principal: PrincipalDep
) -> CorrectionOut:
    """Correct a part of the panel; the correction is used at once and for later issues."""
    if body.part == "similar_issues":
        with resources.database.read() as session:
            check_issue_seen(session, _similar_issue_id(body.value), principal.sees)
    correction = store_correction(resources, issue_id, body, principal.name)
    analyze_issue(resources, issue_id)
    return _render_correction(correction)


@router.get("/v1/topics", dependencies=[requires("issues.read")])
def get_topics(resources: ResourcesDep, principal: PrincipalDep) -> Page[TopicOut]:
    """List the topics in use, by name, all on one page: what a person chooses from who corrects one."""
    with resources.database.read() as session:
        return Page(data=[TopicOut(value=value) for value in topics_in_use(session, principal.sees)], next_cursor=None)


@router.get("/v1/issues/{issue_id}/corrections", dependencies=[requires("issues.read")])
def get_corrections(issue_id: str, resources: ResourcesDep, page: PageArgs) -> Page[CorrectionOut]:
    """List what people corrected, newest first."""
    with resources.database.read() as session:
        get_issue(session, issue_id)
        rows = list_corrections(session, issue_id, page)
    return page_of(rows, page, lambda row: row.created_at, lambda row: row.id, _render_correction)


def _similar_issue_id(value: Any) -> str | None:
    """Which issue is said (not) to be similar; None where the shape is another, which is refused afterwards."""
    named = value.get("issue_id") if isinstance(value, dict) else None
    return named if isinstance(named, str) else None


def _messages(body: str | None, messages: list[MessageIn], principal: Principal) -> list[NewMessage]:
    if body is not None:
        return [NewMessage("customer", _as_written(body), created_by=principal.id)]
    if any(_under_another_name(m, principal) for m in messages):
        problem = "may be given by programs alone: a person who writes as an agent signs with their own name"
        raise InvalidRequestError.of_field("author_name", "another_name", problem)
    return [
        NewMessage(
            m.author, _text_of(m), m.visibility, m.body_html,
            m.author_name or _own_name(m, principal), created_by=principal.id,
        )
        for m in messages
    ]  # fmt: skip


def _under_another_name(message: MessageIn, principal: Principal) -> bool:
    own = _own_name(message, principal)
    return own is not None and message.author_name not in (None, own)


def _own_name(message: MessageIn, principal: Principal) -> str | None:
    """An agent who writes here signs with their own name; a program says whose words it brings."""
    return principal.name if message.author == "agent" and principal.kind == "user" else None


def _seen_issue(resources: Resources, issue_id: str, principal: Principal) -> IssueOut:
    """An issue that was there already; the reference may be that of an issue of another team."""
    with resources.database.read() as session:
        check_issue_seen(session, issue_id, principal.sees)
        return read_issue(session, issue_id)


def _check_customer_seen(resources: Resources, given: CustomerById | CustomerIn | None, principal: Principal) -> None:
    """A panel tells of the customer's past, so a customer who is not seen cannot be named."""
    new = _customer(given)
    if new is None or principal.sees is None:
        return
    with resources.database.read() as session:
        if new.id is None:
            known = find_customer(session, reference=new.reference, email=new.email)
            check_customer_seen(session, known.id if known else None, principal.sees)
        else:
            check_customer_seen(session, new.id, principal.sees)


def _text_of(message: MessageIn) -> str:
    if not message.body:
        return storable(quoting_text(message.body_html or "")).strip() or "(no text)"
    # Who writes as an agent here means what stands there; a customer's words come through other programs.
    return _as_written(message.body) if message.author == "customer" else message.body


@router.get("/v1/customers/{customer_id}/sentiment", dependencies=[requires("issues.read")])
def get_customer_sentiment(
    customer_id: str, resources: ResourcesDep, principal: PrincipalDep
) -> Page[MessageSentimentOut]:
    """Say how the newest 100 messages of a customer sound, oldest first, by their words alone."""
    with resources.database.read() as session:
        return Page(data=list(sentiment_of_customer(session, customer_id, principal.sees)), next_cursor=None)


def _as_written(text: str) -> str:
    return storable(unescaped(text)).strip() or text


def _subject(body: IssueIn | AnalyzeRequest, messages: list[NewMessage]) -> str:
    """The subject that was given, or the beginning of what the customer said first."""
    if body.subject:
        return heading(_as_written(body.subject))
    said = next((m for m in messages if m.author == "customer" and m.visibility == "public"), messages[0])
    return shorten(heading(said.body[:2000]), _DERIVED_SUBJECT_CHARS) or "(no subject)"


def _customer(given: CustomerById | CustomerIn | None) -> NewCustomer | None:
    if given is None:
        return None
    if isinstance(given, CustomerById):
        return NewCustomer(id=given.id)
    return given.to_new()


def _render_correction(row: Correction) -> CorrectionOut:
    return CorrectionOut.model_validate(row, from_attributes=True)
