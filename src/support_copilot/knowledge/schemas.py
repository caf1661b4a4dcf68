"""Request and response models of templates, articles and proposals."""

from collections.abc import Container, Mapping
from datetime import datetime
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from support_copilot.db.models import Article, Proposal, Template
from support_copilot.http.fields import (
    Body,
    EditRequest,
    ExternalRef,
    LanguageCode,
    Moment,
    OptionalBody,
    Slug,
    Tags,
    ThenStatus,
    TitleLine,
)
from support_copilot.http.reasons import ReasonCode
from support_copilot.issues.schemas import issue_key
from support_copilot.kit.text import storable
from support_copilot.knowledge.known_placeholders import unknown_among
from support_copilot.knowledge.queries import NamedIssues
from support_copilot.knowledge.rendering import MAX_TEMPLATE_CHARS, Rendering, placeholders
from support_copilot.knowledge.why import code_of_stored

ArticleStatus = Literal["draft", "published", "archived"]
ProposalStatus = Literal["pending", "approved", "rejected"]
ProposalSort = Literal["waiting", "changed"]
#: Why a text was changed, in the words of who changed it.
ChangeNote = Annotated[TitleLine, Field(description="Why, to be read beside the earlier version.")]
#: The same word as of customers, since it is their consent that is carried on.
ModelUse = Annotated[
    bool,
    Field(
        description="Whether models may be given the text. False where it stems from an issue of a customer who does "
        "not want that, until a person who has read it says that nothing of what the customer wrote stands in it."
    ),
]
TemplateBody = Annotated[
    Body,
    Field(
        max_length=MAX_TEMPLATE_CHARS,
        description="Liquid with placeholders, `if`, `unless` and `case`; no loops and no assignments.",
        examples=["Hello {{ customer.first_name | default: 'there' }}, we are looking into {{ issue.order_number }}."],
    ),
]
Tone = Annotated[Slug, Field(max_length=20, examples=["friendly"])]
_GivenValue = Annotated[
    str, BeforeValidator(lambda value: storable(value) if isinstance(value, str) else value), Field(max_length=2_000)
]


class TemplateIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: TitleLine
    body: TemplateBody
    language: LanguageCode = "en"
    category: Slug | None = None
    folder: Slug | None = Field(default=None, description="Where people look for it.")
    tone: Tone | None = None
    tags: Tags = Field(default_factory=list)
    add_tags: Tags = Field(default_factory=list, description="Tags that an issue gets with a reply made from it.")
    then_status: ThenStatus | None = Field(default=None, description="What an issue becomes with that reply.")
    external_ref: ExternalRef | None = None


class TemplateEdit(EditRequest):
    """Fields left out stay as they are; `active` false archives the template, true brings it back."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"category", "folder", "tone", "then_status"})

    title: TitleLine | None = None
    body: TemplateBody | None = None
    language: LanguageCode | None = None
    category: Slug | None = None
    folder: Slug | None = None
    tone: Tone | None = None
    tags: Tags | None = None
    add_tags: Tags | None = None
    then_status: ThenStatus | None = None
    active: bool | None = None


class TemplateFigures(BaseModel):
    """Drafts made from the template and replies that it was put into by people, and what agents did with them."""

    used: int = Field(description="Drafts of Copilot, and replies that were sent with it.")
    accepted: int
    edited: int
    rejected: int
    rated: int = Field(description="Rated issues with a sent reply that was made from it.")
    satisfaction: float | None = Field(description="Their mean rating, 1 to 5.")


class TemplateOut(BaseModel):
    id: str = Field(examples=["tpl_01j9z3k6w8f5v9m2q4x7c1b0ad"])
    title: str
    body: str
    placeholders: list[str]
    language: str
    category: str | None
    folder: str | None
    tone: str | None
    tags: list[str]
    add_tags: list[str] = Field(description="With these or `then_status` the template is a macro.")
    then_status: ThenStatus | None
    active: bool
    figures: TemplateFigures
    external_ref: ExternalRef | None
    created_at: datetime
    updated_at: datetime
    version: int


class PreviewRequest(BaseModel):
    """For whom to fill the template; `values` by placeholder name go before what the issue tells."""

    model_config = ConfigDict(extra="forbid")

    issue_id: Annotated[str, Field(max_length=64)] | None = None
    values: Annotated[dict[Slug, _GivenValue], Field(max_length=100)] = Field(
        default_factory=dict, examples=[{"issue.order_number": "1001"}]
    )


class TextPreviewRequest(PreviewRequest):
    """The same for a text that is not stored: what somebody is writing."""

    body: TemplateBody


class PlaceholderOut(BaseModel):
    name: str
    filled: bool
    ask: bool = Field(description="Whether the customer is to be asked for it where it is not known.")


class UnknownPlaceholderOut(BaseModel):
    """A placeholder that there is not: it would stay a blank in every reply."""

    name: str
    near: list[str] = Field(description="Placeholders that it may have been meant to be, likest first.")


class PreviewOut(BaseModel):
    text: str = Field(description="A missing value shows as its name in square brackets.")
    placeholders: list[PlaceholderOut]
    missing: list[str] = Field(description="What is written out without being known; a `default` is not missing.")
    unknown: list[UnknownPlaceholderOut] = Field(description="Of these no issue will ever tell anything.")


class ArticleIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: TitleLine
    body: Body
    language: LanguageCode = "en"
    category: Slug | None = None
    tags: Tags = Field(default_factory=list)
    status: ArticleStatus = "draft"
    language_model_allowed: ModelUse = True
    external_ref: ExternalRef | None = None


class ArticleEdit(EditRequest):
    """Fields left out stay as they are; `status` publishes, withdraws or archives the article.

    An edit to what stands there already says that the article still holds: `updated_at` becomes now.
    """

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"category"})

    title: TitleLine | None = None
    body: Body | None = None
    language: LanguageCode | None = None
    category: Slug | None = None
    tags: Tags | None = None
    status: ArticleStatus | None = None
    language_model_allowed: ModelUse | None = None
    change_note: ChangeNote | None = None
    unchanged_since: Moment | None = Field(
        default=None, description="Takes back that it still holds: `updated_at` as it was; where nothing is changed."
    )


class ContradictionOut(BaseModel):
    """A newer fix that speaks against the article; it goes when the article's text is changed."""

    issue_id: str
    resolution_id: str
    reason: str
    noted_at: datetime


class SourceIssueOut(BaseModel):
    issue_id: str
    key: str = Field(description="What people call it.", examples=["C1B0-ADXK"])
    subject: str


class ArticleOut(BaseModel):
    id: str = Field(examples=["art_01j9z3k6w8f5v9m2q4x7c1b0ad"])
    title: str
    body: str
    language: str
    category: str | None
    tags: list[str]
    status: ArticleStatus
    published_at: datetime | None
    contradictions: list[ContradictionOut]
    source_issue_ids: list[str]
    sources: list[SourceIssueOut] = Field(description="The issues that it was learned from, as far as they are there.")
    language_model_allowed: ModelUse
    external_ref: ExternalRef | None
    created_at: datetime
    updated_at: datetime
    version: int


class ApproveRequest(EditRequest):
    """What the reviewer changed; nothing takes the proposal as it is. `force` overrules a changed article.

    `language_model_allowed` says whether models may be given the article; left out, that is as the customer of the
    issue allows.
    """

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"category"})

    title: TitleLine | None = None
    body: Body | None = None
    language: LanguageCode | None = None
    category: Slug | None = None
    tags: Tags | None = None
    language_model_allowed: ModelUse | None = None
    force: bool = False


class RejectRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: OptionalBody | None = None


class ProposalOut(BaseModel):
    """``kind`` is `new` for a new article and `change` for new words of the article ``article_id``."""

    id: str = Field(examples=["prp_01j9z3k6w8f5v9m2q4x7c1b0ad"])
    kind: Literal["new", "change"]
    article_id: str | None
    article_version: int | None = Field(
        description="The version of the article that it was made from; once approved, the one that it made."
    )
    issue_id: str
    resolution_id: str | None
    title: str
    body: str
    language: str
    category: str | None
    tags: list[str]
    reason: str
    reason_code: ReasonCode | None = None
    likeness: float | None
    language_model_allowed: bool = Field(
        description="False: drafted from an issue of a customer who does not want models to read what they write."
    )
    engine: str | None = Field(description="What wrote it; null where that was not noted yet.")
    engine_note: str | None = Field(description="Why the offline engine wrote it; null where a model did.")
    status: ProposalStatus
    decided_at: datetime | None
    decided_by: str | None
    decision_note: str | None
    created_at: datetime
    updated_at: datetime
    version: int


class ApprovalOut(BaseModel):
    proposal: ProposalOut
    article: ArticleOut


def render_template_row(template: Template, ratings: Mapping[str, tuple[int, float]]) -> TemplateOut:
    """The public form of a template; ``ratings``: of ``ratings_of_templates``."""
    rated, satisfaction = ratings.get(template.id, (0, None))
    return TemplateOut(
        id=template.id,
        title=template.title,
        body=template.body,
        placeholders=list(placeholders(template.body)),
        language=template.language,
        category=template.category,
        folder=template.folder,
        tone=template.tone,
        tags=template.tags,
        add_tags=template.add_tags or [],
        then_status=template.then_status,
        active=template.active,
        figures=TemplateFigures(
            used=template.used_count,
            accepted=template.accepted_count,
            edited=template.edited_count,
            rejected=template.rejected_count,
            rated=rated,
            satisfaction=None if satisfaction is None else round(satisfaction, 2),
        ),
        external_ref=ExternalRef.of(template.external_source, template.external_id),
        created_at=template.created_at,
        updated_at=template.updated_at,
        version=template.version,
    )


def render_preview(rendering: Rendering) -> PreviewOut:
    """The public form of a filled template."""
    given = {each.name for each in rendering.placeholders if each.filled}
    return PreviewOut(
        text=rendering.text,
        placeholders=[PlaceholderOut(name=p.name, filled=p.filled, ask=p.ask) for p in rendering.placeholders],
        missing=list(rendering.missing),
        unknown=[
            UnknownPlaceholderOut(name=each.name, near=list(each.near))
            for each in unknown_among(placeholder.name for placeholder in rendering.placeholders)
            if each.name not in given
        ],
    )


def render_article(article: Article, named: NamedIssues) -> ArticleOut:
    """The public form of an article, with what its reader sees of the issues that it names."""
    return ArticleOut(
        id=article.id,
        title=article.title,
        body=article.body,
        language=article.language,
        category=article.category,
        tags=article.tags,
        status=article.status,
        published_at=article.published_at,
        contradictions=[
            ContradictionOut(**noted) for noted in article.contradictions if noted["issue_id"] not in named.hidden
        ],
        source_issue_ids=[issue_id for issue_id in article.source_issue_ids if issue_id not in named.hidden],
        sources=[
            SourceIssueOut(
                issue_id=issue_id,
                key=issue_key(issue_id, named.sources[issue_id][1]),
                subject=named.sources[issue_id][0],
            )
            for issue_id in article.source_issue_ids
            if issue_id in named.sources
        ],
        language_model_allowed=article.language_model_allowed,
        external_ref=ExternalRef.of(article.external_source, article.external_id),
        created_at=article.created_at,
        updated_at=article.updated_at,
        version=article.version,
    )


def render_proposal(proposal: Proposal, opted_out: Container[str] = ()) -> ProposalOut:
    """The public form of a proposal.

    Args:
        opted_out: ids of issues whose customers have opted out by now.
    """
    shown = ProposalOut.model_validate(proposal, from_attributes=True)
    shown.reason_code = code_of_stored(proposal.reason)
    shown.language_model_allowed &= proposal.issue_id not in opted_out
    return shown
