"""Request and response models of incidents."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from support_copilot.analysis.incident_answered import IncidentReplyOut
from support_copilot.analysis.queued_replies_api import QueuedMessageOut
from support_copilot.http.fields import Body, EditRequest, ThenStatus, TitleLine
from support_copilot.knowledge.rendering import MAX_TEMPLATE_CHARS

IncidentStatus = Literal["open", "closed"]
#: Issues of one incident.
MOST_LINKED = 300
#: Issues of each incident that a list of incidents tells more of than the id.
MOST_LISTED = 5
#: Issues that one reply goes to at once.
MOST_REPLIES = 100

_Id = Annotated[str, Field(max_length=64, examples=["iss_01j9z3k6w8f5v9m2q4x7c1b0ad"])]
_Ids = Annotated[list[_Id], Field(min_length=1, max_length=MOST_LINKED)]
_RepliedIds = Annotated[list[_Id], Field(min_length=1, max_length=MOST_REPLIES)]


class ClusterIssueOut(BaseModel):
    id: str
    subject: str
    severity: str | None
    created_at: datetime
    incident_id: str | None = Field(description="The open incident that it belongs to already.")


class ClusterOut(BaseModel):
    """Open issues that look like one incident, and what they have in common."""

    title: str = Field(description="The subject of the one most like the others: a proposal for the incident's title.")
    issues: list[ClusterIssueOut] = Field(description="Oldest first.")
    customers: int = Field(description="Of how many customers they are.")
    first_at: datetime
    last_at: datetime
    codes: list[str] = Field(description="Error codes that several of them name.", examples=[["502"]])
    kinds: list[str] = Field(description="`outage`, `security`, `privacy`: what several of them report.")
    words: list[str] = Field(description="Words that most of them say and few others do.")
    likeness: float | None = Field(description="Mean cosine to the one in the middle; null without an embedding model.")
    incident_id: str | None = Field(description="An open incident that some of them belong to already.")


class IncidentIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: TitleLine = Field(examples=["Payments fail with error 502"])
    issue_ids: _Ids


class IncidentEdit(EditRequest):
    """Fields left out stay as they are."""

    title: TitleLine | None = None
    status: IncidentStatus | None = None


class IncidentIssuesIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    issue_ids: _Ids


class LinkedIssueOut(BaseModel):
    id: str
    subject: str
    status: str
    severity: str | None
    customer_name: str | None
    created_at: datetime
    reply: IncidentReplyOut | None = Field(description="The reply of this incident that it has; null: none yet.")


class IncidentOut(BaseModel):
    id: str = Field(examples=["inc_01j9z3k6w8f5v9m2q4x7c1b0ad"])
    title: str = Field(
        description="For who sees only a part of it, or not the issue that it is named after, the oldest subject seen."
    )
    in_part: bool = Field(description="Whether it has issues that you may not see; others rename, close and open it.")
    status: IncidentStatus
    issues: list[LinkedIssueOut] = Field(
        description=f"Those that you may see, oldest first; in a list of incidents the first {MOST_LISTED} of each."
    )
    issue_ids: list[str] = Field(description="All that you may see, oldest first.")
    issues_open: int = Field(description="How many of these are neither resolved nor closed.")
    customers: int = Field(description="Of how many customers these are.")
    created_by: str = Field(description="Id of the user or key that made it.")
    created_by_name: str | None
    closed_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime


class ReplyTextIn(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"body": "Hello {{ customer.first_name }}, …"}]}
    )

    body: Body = Field(max_length=MAX_TEMPLATE_CHARS, description="With placeholders as in templates.")


class ReplyPreviewIn(ReplyTextIn):
    issue_ids: _RepliedIds | None = Field(
        default=None, description=f"Only for these open issues of it; left out, for the oldest {MOST_REPLIES}."
    )


class IncidentReplyIn(ReplyTextIn):
    """One reply to several issues of an incident, filled for each customer."""

    issue_ids: _RepliedIds
    delay_s: Annotated[int, Field(ge=10, le=600, description="Seconds until each is sent.")] = 30
    then_status: ThenStatus | None = None
    again: bool = Field(
        default=False, description="Also to issues that have a reply of this incident; without it they are refused."
    )


class ReplyPreviewOut(BaseModel):
    """What one customer would get."""

    issue_id: str
    subject: str
    customer_name: str | None
    text: str
    reply: IncidentReplyOut | None = Field(description="The reply of this incident that it has already.")
    missing: list[str] = Field(description="Placeholders that are not known for this issue; it cannot be sent so.")


class IncidentPreviewsOut(BaseModel):
    data: list[ReplyPreviewOut] = Field(description="Oldest issue first.")
    next_cursor: None = None
    rest: int = Field(description="How many more open issues it has; ask for them by `issue_ids`.")


class IncidentRepliesOut(BaseModel):
    data: list[QueuedMessageOut]


class RepliesTakeBackIn(BaseModel):
    """Which reply to all is taken back, also where its answer was lost."""

    model_config = ConfigDict(extra="forbid")

    key: Annotated[str, Field(min_length=1, max_length=190, description="The Idempotency-Key of the reply.")]
    issue_ids: _RepliedIds


class RepliesTakenBackOut(BaseModel):
    data: list[QueuedMessageOut] = Field(description="Those that waited and are taken back.")
    gone: list[str] = Field(description="Ids of the issues whose reply waited no longer.")
