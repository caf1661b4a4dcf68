"""Requests of the analysis service, and the panel: one object whose parts answer, or fail, each by itself."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from support_copilot.customers.schemas import CustomerIn, Money
from support_copilot.http.fields import (
    Author,
    Body,
    Channel,
    ExternalRef,
    FileIds,
    LanguageCode,
    Line,
    OptionalBody,
    Severity,
    SubjectLine,
    Tags,
    Visibility,
)
from support_copilot.http.reasons import ReasonCode, WithReasons
from support_copilot.issues.schemas import IssueOut, MessageOut

MAX_MESSAGES_PER_REQUEST = 1000
PartStatus = Literal["ok", "unsure", "unavailable"]
CorrectablePart = Literal[
    "severity",
    "category",
    "language",
    "sentiment",
    "resolution_time",
    "satisfaction_risk",
    "similar_issues",
    "critical",
]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class MessageIn(_Request):
    """One message of a conversation; of HTML mail the text is read from ``body_html`` when ``body`` is missing."""

    author: Author = "customer"
    visibility: Visibility = "public"
    body: Body | None = None
    body_html: OptionalBody | None = None
    author_name: Line | None = None

    @model_validator(mode="after")
    def _has_text(self) -> "MessageIn":
        if not self.body and not (self.body_html or "").strip():
            raise ValueError("give a body or a body_html")
        return self


class AddedMessageIn(MessageIn):
    """A message for an issue that is there; files are sent before, with ``draft`` set."""

    attachment_ids: FileIds = []


class CustomerById(_Request):
    id: str = Field(max_length=40, examples=["cus_01j9z3k6w8f5v9m2q4x7c1b0ad"])


class _Words(_Request):
    """What an issue says: a body, or a conversation."""

    subject: SubjectLine | None = None
    body: Body | None = None
    messages: Annotated[list[MessageIn], Field(max_length=MAX_MESSAGES_PER_REQUEST)] = []
    customer: CustomerById | CustomerIn | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "_Words":
        if self.body and self.messages:
            raise ValueError("give a body or messages, not both")
        if not (self.subject or self.body or self.messages):
            raise ValueError("give a subject, a body or messages")
        return self


class IssueIn(_Words):
    """An issue to be stored and analyzed."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "subject": "Checkout fails with error 502",
                    "body": "Since this morning no customer can pay. Order A-10442 is stuck.",
                    "channel": "email",
                    "customer": {"name": "Ana Example", "email": "ana@example.com"},
                    "external_ref": {"source": "helpdesk", "id": "48211"},
                }
            ]
        },
    )

    channel: Channel = "api"
    external_ref: ExternalRef | None = None
    tags: Tags = []


class AnalyzeRequest(_Words):
    """A text to be analyzed; nothing of it is stored."""

    language: LanguageCode | None = None


class CorrectionIn(_Request):
    """What a person says against the panel; the form of ``value`` depends on the part."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"part": "severity", "value": "high", "note": "VIP launch"}]}
    )

    part: CorrectablePart
    value: Any
    note: Annotated[OptionalBody, Field(max_length=2000)] | None = None


class PartProblem(BaseModel):
    code: str
    detail: str


class Part(WithReasons, BaseModel):
    """``unsure`` is an honest "not sure"; ``help`` says what would make it sure."""

    status: PartStatus = "ok"
    problem: PartProblem | None = None
    help: str | None = None
    help_code: ReasonCode | None = None


class ModelOpinion(WithReasons):
    """What a language model said of a part; the local model's word stands where it does not count."""

    value: str | None = Field(description="Null where it said nothing that its words could show, or was not reached.")
    counts: bool = Field(description="Whether the part was made with it.")
    detail: str
    detail_code: ReasonCode | None = None
    engine: str | None = Field(description="Model and prompt; null where none answered.")
    messages_read: int = Field(description="How many messages the customer had written.")
    again: bool = Field(default=False, description="Whether it will be asked once more, since none could be reached.")


class FactorOut(WithReasons):
    """A reason: positive speaks for, negative against."""

    label: str
    label_code: ReasonCode | None = None
    effect: float


class SeverityPart(Part):
    value: Severity | None = None
    confidence: float | None = None
    probabilities: dict[Severity, float] = {}
    factors: list[FactorOut] = []
    model: str | None = None
    opinion: ModelOpinion | None = None


class SimilarResolution(BaseModel):
    text: str
    steps: list[str]
    kind: str | None
    resolved_in_hours: float
    reopened: bool
    rating: int | None


class SimilarIssue(WithReasons, BaseModel):
    issue_id: str
    subject: str
    status: str
    severity: Severity | None
    category: str | None
    created_at: datetime
    similarity: float = Field(
        description="0 to 1: the cosine of the meanings, or the share of the text's telling words that the issue "
        "has, as `similarity_of` says; the two scales are not to be compared."
    )
    similarity_of: Literal["meaning", "words"] = Field(
        default="meaning",
        description="`words` where the embedding model knows nothing of the issue: rare words count more.",
    )
    score: float
    why: list[str]
    why_code: list[ReasonCode | None] = []
    resolution: SimilarResolution | None


class SimilarIssuesPart(Part):
    items: list[SimilarIssue] = []
    model: str | None = None


class RepeatContact(BaseModel):
    topic: str
    count: int
    window_days: int


class RecentIssue(BaseModel):
    issue_id: str
    subject: str
    status: str
    created_at: datetime
    rating: int | None


class CustomerRisk(WithReasons, BaseModel):
    level: Literal["low", "medium", "high"]
    reasons: list[str]
    reasons_code: list[ReasonCode | None] = []


class CustomerPart(Part):
    customer_id: str | None = None
    issues_total: int = 0
    issues_open: int = 0
    repeat_contact: RepeatContact | None = None
    satisfaction: float | None = Field(default=None, description="Mean of past ratings, 1 to 5.")
    plan: str | None = None
    value: Money | None = None
    risk: CustomerRisk | None = None
    notes: str | None = None
    recent_issues: list[RecentIssue] = []


class SentimentPoint(BaseModel):
    message_id: str | None
    value: float


class SentimentPart(Part):
    label: Literal["negative", "neutral", "positive"] | None = None
    value: float | None = None
    confidence: float | None = None
    trend: Literal["falling", "steady", "rising"] | None = None
    points: list[SentimentPoint] = []
    model: str | None = None
    opinion: ModelOpinion | None = None


class LanguagePart(Part):
    code: str | None = None
    confidence: float | None = None


class EntityOut(BaseModel):
    type: str
    text: str
    start: int = Field(description="Place in the text of the message, in characters.")
    end: int
    message_id: str | None
    message_index: int = Field(description="Which of the customer's public messages, from 0.")


class EntitiesPart(Part):
    items: list[EntityOut] = []


class CategoryPart(Part):
    value: str | None = None
    confidence: float | None = None
    model: str | None = None
    opinion: ModelOpinion | None = None


class ResolutionTimePart(Part):
    median_hours: float | None = None
    low_hours: float | None = None
    high_hours: float | None = None
    coverage: float | None = None
    factors: list[FactorOut] = []
    model: str | None = None


class SatisfactionRiskPart(Part):
    probability: float | None = None
    confidence: float | None = None
    factors: list[FactorOut] = []
    model: str | None = None


class TemplateMatch(BaseModel):
    template_id: str
    title: str
    score: float


class TemplatesPart(Part):
    items: list[TemplateMatch] = []


class CriticalPart(Part):
    value: bool | None = None
    reasons: list[str] = []
    reasons_code: list[ReasonCode | None] = []


class CriticalReasonsOut(WithReasons, BaseModel):
    """Why an issue is critical; empty where nothing is known but that it is."""

    issue_id: str = Field(examples=["iss_01j9z3k6w8f5v9m2q4x7c1b0ad"])
    reasons: list[str]
    reasons_code: list[ReasonCode | None] = []


class TopicOut(BaseModel):
    """A topic that issues or templates have."""

    value: str = Field(description="What `category` of an issue holds.", examples=["shipping_labels"])


class Panel(BaseModel):
    """Everything the copilot can say about an issue; ``issue_id`` is null for a text that is not stored."""

    issue_id: str | None
    analyzed_at: datetime
    duration_ms: float
    severity: SeverityPart
    similar_issues: SimilarIssuesPart
    customer: CustomerPart
    sentiment: SentimentPart
    language: LanguagePart
    entities: EntitiesPart
    category: CategoryPart
    resolution_time: ResolutionTimePart
    satisfaction_risk: SatisfactionRiskPart
    templates: TemplatesPart
    critical: CriticalPart


class IssueWithPanel(BaseModel):
    issue: IssueOut
    panel: Panel


class MessageWithPanel(BaseModel):
    message: MessageOut
    panel: Panel


class CorrectionOut(BaseModel):
    id: str
    issue_id: str
    part: CorrectablePart
    value: Any
    predicted: Any
    model: str | None
    note: str | None
    created_by: str | None
    created_at: datetime
