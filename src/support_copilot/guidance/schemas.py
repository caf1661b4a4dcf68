"""Requests and answers of guidance."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from support_copilot.guidance.draft import SourceKind, Verdict
from support_copilot.http.fields import Body, LanguageCode, Line
from support_copilot.http.reasons import ReasonCode, WithReasons
from support_copilot.kit.text import storable
from support_copilot.ml.tone import Tone

Outcome = Literal["accepted", "edited", "rejected"]


def _clean(value: object) -> object:
    return storable(value).strip() if isinstance(value, str) else value


class GuidanceRequest(BaseModel):
    """What the agent wishes; an empty body is fine."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"tone": "warm", "instruction": "shorter, and ask for the order number"}]},
    )

    instruction: Annotated[str, BeforeValidator(_clean), Field(max_length=2000)] | None = Field(
        default=None, description="In words; what the engine cannot follow is said in the check `instruction`."
    )
    tone: Tone | None = Field(default=None, description="The template's, else neutral, when it is left out.")
    language: LanguageCode | None = Field(default=None, description="The customer's when it is left out.")
    template_id: Annotated[str, Field(max_length=64)] | None = None
    agent_name: Line | None = Field(default=None, description="Who signs.")


class SourceOut(BaseModel):
    kind: SourceKind
    id: str
    title: str


class CitationOut(BaseModel):
    """Where a sentence comes from. ``index`` is its place among all sentences, steps and lines, from 0."""

    index: int
    source: SourceOut
    sentence: str


class CheckOut(WithReasons):
    name: str
    verdict: Verdict
    detail: str
    detail_code: ReasonCode | None = None


class UsageOut(BaseModel):
    """Tokens, estimated where no model counted them; the offline engine costs nothing."""

    input_tokens: int
    output_tokens: int
    cost_usd: float = 0.0


class GuidanceOut(BaseModel):
    """A suggested reply. ``courtesy`` lists the sentences (by ``index``) that claim nothing and so need no source."""

    suggestion_id: str
    text: str
    citations: list[CitationOut]
    courtesy: list[int]
    checks: list[CheckOut]
    engine: str
    usage: UsageOut
    duration_ms: float


class OutcomeRequest(BaseModel):
    """What became of a suggestion; a later word replaces an earlier one."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"outcome": "edited", "final_text": "Hello Ana, …"}]}
    )

    outcome: Outcome
    final_text: Body | None = Field(default=None, description="What was sent; needed when it was edited.")
    reason: Annotated[str, BeforeValidator(_clean), Field(max_length=2000)] | None = None


class OutcomeOut(BaseModel):
    outcome: Outcome
    final_text: str | None
    edit_distance: float | None = Field(description="0 (sent as it was) to 1 (nothing of it left).")
    reason: str | None
    noted_at: datetime


class TemplateRef(BaseModel):
    id: str
    version: int


class SuggestionOut(BaseModel):
    """A kept suggestion. ``stale`` says that messages came after it was drafted."""

    id: str
    issue_id: str
    text: str
    citations: list[CitationOut]
    courtesy: list[int]
    checks: list[CheckOut]
    context: Mapping[str, Any]
    engine: str
    template: TemplateRef | None
    request: Mapping[str, Any]
    usage: UsageOut
    duration_ms: float
    created_at: datetime
    stale: bool
    outcome: OutcomeOut | None
