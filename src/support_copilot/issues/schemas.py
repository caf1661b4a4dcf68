"""Request and response models of issues, messages, resolutions and attachments."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from support_copilot.db.models import Attachment, Customer, Issue, Message, Resolution
from support_copilot.http.fields import (
    Author,
    Body,
    DraftPart,
    EditRequest,
    ExternalRef,
    Line,
    Moment,
    OptionalBody,
    Severity,
    Slug,
    Status,
    SubjectLine,
    Tags,
    Visibility,
)
from support_copilot.issues.clocks import Clock, Due
from support_copilot.issues.order import OrderPart, Place, Risk, risk_of
from support_copilot.issues.views import TeamCount, View
from support_copilot.kit.ids import spoken_key
from support_copilot.kit.text import one_line, shorten

_EXCERPT_CHARS = 160
#: An id of another desk that is longer is nothing to say on the phone.
_KEY_CHARS = 20


class CustomerRef(BaseModel):
    id: str = Field(examples=["cus_01j9z3k6w8f5v9m2q4x7c1b0ad"])
    name: str | None
    company: str | None = Field(description="What the customer's attributes name as company, organisation or shop.")
    plan: str | None


class Rating(BaseModel):
    """What the customer thought of the help: 1 (poor) to 5 (very good)."""

    model_config = ConfigDict(extra="forbid")

    score: int = Field(ge=1, le=5, strict=True)
    comment: OptionalBody | None = None


class ResolutionOut(BaseModel):
    id: str
    text: str
    steps: list[str]
    kind: str | None
    resolved_in_hours: float
    reopened: bool = Field(description="Whether the customer came back: the fix did not last.")
    created_by: str | None
    created_at: datetime


class LastMessage(BaseModel):
    """The newest message of an issue, as far as a list shows it."""

    author: Author
    author_name: str | None = Field(description="Who wrote it, where that is known.")
    visibility: Visibility
    excerpt: str = Field(description="The beginning, on one line.")
    created_at: datetime


class DueOut(BaseModel):
    """A response clock: what is due, and when it is broken."""

    clock: Clock
    at: datetime


class OrderPartOut(BaseModel):
    """Points of an issue in Copilot order, and what they are for."""

    part: OrderPart = Field(
        description="`severity`, `promise` (broken, or due within four hours), `waiting` (the customer), `risk` of a "
        "bad rating, `plan`, `turn` (it is the customer's, or all is done)."
    )
    points: int


class OrderOut(BaseModel):
    """Why an issue is where it is in Copilot order: the most points come first."""

    points: int
    parts: list[OrderPartOut] = Field(description="What counts for or against it, the most first.")


class MergedRef(BaseModel):
    """Another issue of a merge, as far as a page names it."""

    id: str
    key: str
    subject: str
    status: Status


class IssueOut(BaseModel):
    """An issue as every endpoint answers it; ``resolution`` is the newest one."""

    id: str = Field(examples=["iss_01j9z3k6w8f5v9m2q4x7c1b0ad"])
    key: str = Field(
        description="What people call it: the id at another desk where that is short, else the end of the id. "
        "`GET /v1/search` finds it.",
        examples=["C1B0-ADXK"],
    )
    customer: CustomerRef | None
    subject: str
    channel: str
    status: Status
    severity: Severity | None
    severity_source: str | None = Field(description="`model`, `agent` or `import`: whose word the severity is.")
    category: str | None
    category_source: str | None
    language: str | None
    assignee: str | None = Field(description="Id of a user, or the name that another desk knows.")
    assignee_name: str | None
    team_id: str | None
    team_name: str | None
    snoozed_until: datetime | None
    tags: list[str]
    external_ref: ExternalRef | None
    created_at: datetime
    updated_at: datetime
    due: DueOut | None = Field(description="The response clock that runs; null where none does.")
    order: OrderOut | None = Field(default=None, description="Only in a list with `sort=copilot`.")
    waiting_since: datetime | None = Field(
        description="The first message of the customer after the newest reply, while it is not the customer's turn."
    )
    satisfaction_risk: Risk | None = Field(
        description="How likely a bad rating is: `high` from 0.5 on, `medium` from 0.25 on."
    )
    first_response_at: datetime | None
    resolved_at: datetime | None
    reopened_count: int
    rating: Rating | None
    resolution: ResolutionOut | None
    message_count: int
    last_message: LastMessage | None = Field(
        description="The newest of a person; one of the system only where nobody has written."
    )
    merged_into: MergedRef | None = Field(
        description="The issue that this one is a duplicate of: it shows the messages of both, and what is said to "
        "this one goes there."
    )
    merged: list[MergedRef] = Field(
        description="Duplicates that are merged into it, oldest first; their messages are among its own."
    )
    version: int


class IssueCounts(BaseModel):
    """How many issues each view of the inbox holds for who asks; `mentions`: with a note that they have not seen."""

    views: dict[View, int]
    unread: dict[View, int] = Field(
        description="Of these, those of yours with news of the customer that you have not seen, and those you marked."
    )
    teams: list[TeamCount] = Field(description="Each of your teams with what it has in the view `all`; at most 20.")


class PlansOut(BaseModel):
    """The plans of customers that are seen, by name."""

    data: list[str]


class AssigneeOut(BaseModel):
    """Somebody who may be given an issue."""

    value: str = Field(description="What `assignee` of an issue holds: id of a user, or a name from another desk.")
    name: str
    team_ids: list[str] | None = Field(
        description="They may be given issues of these teams and of none only; null: any issue."
    )


class TakingTeam(BaseModel):
    """A team that may be given an issue."""

    id: str
    name: str
    seen: bool = Field(description="Whether who asks sees its issues.")


class AssigneesOut(BaseModel):
    """Everybody who may be given an issue, and every team, by name; ``me`` is the id of who asks."""

    me: str
    data: list[AssigneeOut]
    teams: list[TakingTeam]


class MessageOut(BaseModel):
    id: str
    issue_id: str = Field(description="That of a merged issue where the message was sent to that one.")
    author: Author
    author_name: str | None
    created_by: str | None = Field(description="Id of the user or key that brought it.")
    visibility: Visibility
    body: str
    body_html: str | None = Field(description="Sanitised: text, structure and links only.")
    created_at: datetime


class AttachmentOut(BaseModel):
    id: str
    issue_id: str
    message_id: str | None
    drafted: DraftPart | None = Field(description="The text of your draft with which it waits; null once it was sent.")
    filename: str
    content_type: str = Field(description="Found from the content, whatever the sender said.")
    size_bytes: int
    sha256: str
    created_at: datetime


class AttachmentRulesOut(BaseModel):
    """What is taken, to be told before a file is sent."""

    max_bytes: int = Field(description="Of one file.")
    max_per_issue: int
    max_bytes_per_issue: int
    max_per_message: int
    types: list[str] = Field(description="Content types; each is found from the content.")


class AttachmentLinkOut(BaseModel):
    url: str = Field(
        description="Opens the file for whoever has it; a path of this server where `identity.public_url` is not set."
    )
    expires_at: datetime


class IssueEdit(EditRequest):
    """What a person may change about an issue; fields left out stay as they are."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"status": "pending", "assignee": "kim", "severity": "high"}]}
    )
    may_be_empty: ClassVar[frozenset[str]] = frozenset({"assignee", "rating", "snoozed_until", "team_id"})

    status: Status | None = None
    assignee: Line | None = None
    team_id: Annotated[str, Field(max_length=64)] | None = None
    snoozed_until: Moment | None = None
    severity: Severity | None = None
    category: Slug | None = None
    tags: Tags | None = None
    subject: SubjectLine | None = None
    rating: Rating | None = None


class ResolutionIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: Body
    steps: Annotated[
        list[
            Annotated[str, BeforeValidator(lambda v: one_line(v) if isinstance(v, str) else v), Field(max_length=2000)]
        ],
        Field(max_length=50),
    ] = []
    kind: Annotated[Slug, Field(max_length=40)] | None = None


class ResolveRequest(BaseModel):
    """The fix that worked."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"resolution": {"text": "The card was blocked; a new one was added.", "steps": ["Ask the bank"]}}
            ]
        },
    )

    resolution: ResolutionIn


def render_issue(
    issue: Issue,
    *,
    customer: Customer | None,
    resolution: Resolution | None,
    last_message: Message | None,
    message_count: int,
    assignee_name: str | None,
    team_name: str | None,
    due: Due | None,
    place: Place | None = None,
    merged_into: Issue | None = None,
    merged: Sequence[Issue] = (),
) -> IssueOut:
    """The public form of an issue and of what belongs to it."""
    return IssueOut(
        id=issue.id,
        key=issue_key(issue.id, issue.external_id),
        customer=_customer_ref(customer) if customer else None,
        subject=issue.subject,
        channel=issue.channel,
        status=issue.status,
        severity=issue.severity,
        severity_source=issue.severity_source,
        category=issue.category,
        category_source=issue.category_source,
        language=issue.language,
        assignee=issue.assignee,
        assignee_name=assignee_name,
        team_id=issue.team_id,
        team_name=team_name,
        snoozed_until=issue.snoozed_until,
        tags=issue.tags,
        external_ref=ExternalRef.of(issue.external_source, issue.external_id),
        created_at=issue.created_at,
        updated_at=issue.updated_at,
        due=DueOut(clock=due.clock, at=due.at) if due else None,
        order=_order(place) if place else None,
        waiting_since=issue.waiting_since if issue.status == "open" else None,
        satisfaction_risk=risk_of(issue.rating_risk),
        first_response_at=issue.first_response_at,
        resolved_at=issue.resolved_at,
        reopened_count=issue.reopened_count,
        rating=Rating(score=issue.rating, comment=issue.rating_comment) if issue.rating else None,
        resolution=render_resolution(resolution) if resolution else None,
        message_count=message_count,
        last_message=_render_last(last_message) if last_message else None,
        merged_into=_merged_ref(merged_into) if merged_into else None,
        merged=[_merged_ref(each) for each in merged],
        version=issue.version,
    )


def _merged_ref(issue: Issue) -> MergedRef:
    key = issue_key(issue.id, issue.external_id)
    return MergedRef(id=issue.id, key=key, subject=issue.subject, status=issue.status)


def issue_key(issue_id: str, external_id: str | None) -> str:
    """What people call the issue: its id at another desk where that is short, else the end of its id."""
    return external_id if external_id and len(external_id) <= _KEY_CHARS else spoken_key(issue_id)


def _customer_ref(customer: Customer) -> CustomerRef:
    return CustomerRef(id=customer.id, name=customer.name, company=customer.company, plan=customer.plan)


def _order(place: Place) -> OrderOut:
    return OrderOut(points=place.points, parts=[OrderPartOut(part=part, points=points) for part, points in place.parts])


def _render_last(message: Message) -> LastMessage:
    return LastMessage(
        author=message.author,
        author_name=message.author_name,
        visibility=message.visibility,
        excerpt=shorten(one_line(message.body[: 2 * _EXCERPT_CHARS]), _EXCERPT_CHARS),
        created_at=message.created_at,
    )


def render_resolution(resolution: Resolution) -> ResolutionOut:
    return ResolutionOut.model_validate(resolution, from_attributes=True)


def render_message(message: Message) -> MessageOut:
    return MessageOut.model_validate(message, from_attributes=True)


def render_attachment(attachment: Attachment) -> AttachmentOut:
    return AttachmentOut.model_validate(attachment, from_attributes=True)
