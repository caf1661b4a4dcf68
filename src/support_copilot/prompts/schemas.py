"""What is answered about prompts and calls of models."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import BaseModel, Field

from support_copilot.backends.llm.port import ModelInfo
from support_copilot.db.models import ModelCallRecord
from support_copilot.prompts.catalog import Material, PromptInfo
from support_copilot.prompts.outgoing import NotSent, Outgoing
from support_copilot.prompts.prompt import GROUND_RULES

_MICROS = 1_000_000


class ModelOut(BaseModel):
    """The model that would be asked first."""

    provider: str
    model: str
    context_tokens: int
    max_tokens: int


class PromptOut(BaseModel):
    """A prompt as models are told it; names in braces stand for what changes from call to call."""

    name: str
    version: int
    task: str
    ground_rules: str = Field(description="Said first in every prompt.")
    rules: str
    carries: list[Material] = Field(description="What is sent with it where there is such a thing; all of it masked.")
    model: ModelOut | None = Field(description="Null where the offline engine works instead.")
    chain: list[str] = Field(description="Names of the providers that are asked, in order.")


class SentMessage(BaseModel):
    role: str
    text: str


class PreviewOut(BaseModel):
    """What would be sent now. ``placeholders`` shows what each one stands for; that stays in the house."""

    sent: bool
    code: str | None = Field(description="Code of why nothing would be sent, such as `model_not_set`.")
    reason: str | None = Field(description="The same as a sentence; null where something would be sent.")
    prompt: str | None = Field(examples=["reply/1"])
    model: ModelOut | None
    messages: list[SentMessage]
    placeholders: dict[str, str]
    left_out: list[str] = Field(description="Ids of material for which there is no room.")
    tokens: int = Field(description="Estimated.")


class ModelCallLine(BaseModel):
    """A call in the list."""

    id: str
    issue_id: str | None
    task: str
    prompt: str
    asked_by: str | None = Field(description="Id of a person or key; null for work in the background.")
    provider: str
    model: str
    outcome: str = Field(description="`stop`, `length`, `filtered`, `cancelled`, or the code of an error.")
    input_tokens: int
    cached_input_tokens: int
    output_tokens: int
    estimated: bool
    cost_usd: float
    first_token_ms: float | None
    duration_ms: float
    created_at: datetime


class ModelCallOut(ModelCallLine):
    """A call as it was sent and answered, with placeholders for personal data."""

    request: list[SentMessage]
    response: str


def render_prompt(info: PromptInfo, model: ModelInfo | None, chain: Sequence[str]) -> PromptOut:
    return PromptOut(
        name=info.name, version=info.version, task=info.task, ground_rules=GROUND_RULES, rules=info.rules,
        carries=list(info.carries), model=render_model(model), chain=list(chain),
    )  # fmt: skip


def render_model(model: ModelInfo | None) -> ModelOut | None:
    if model is None:
        return None
    return ModelOut(
        provider=model.provider, model=model.model, context_tokens=model.context_tokens, max_tokens=model.max_tokens
    )


def render_preview(outgoing: Outgoing | NotSent) -> PreviewOut:
    """The public form of what would be sent, or of why nothing would."""
    if isinstance(outgoing, NotSent):
        return PreviewOut(
            sent=False, code=outgoing.code, reason=outgoing.detail, prompt=None, model=None,
            messages=[], placeholders={}, left_out=[], tokens=0,
        )  # fmt: skip
    rendered = outgoing.rendered
    used = "\n".join(message.text for message in rendered.messages if not message.trusted)
    return PreviewOut(
        sent=True,
        code=None,
        reason=None,
        prompt=outgoing.prompt.label,
        model=render_model(outgoing.info),
        messages=[SentMessage(role=message.role, text=message.text) for message in rendered.messages],
        placeholders={name: value for name, value in outgoing.masker.issued().items() if name in used},
        left_out=list(rendered.left_out),
        tokens=rendered.tokens,
    )


def render_line(row: ModelCallRecord) -> ModelCallLine:
    """A call without its words."""
    return ModelCallLine(
        id=row.id, issue_id=row.issue_id, task=row.task, prompt=row.prompt, asked_by=row.asked_by,
        provider=row.provider, model=row.model, outcome=row.outcome, input_tokens=row.input_tokens,
        cached_input_tokens=row.cached_input_tokens, output_tokens=row.output_tokens, estimated=row.estimated,
        cost_usd=row.cost_micros / _MICROS, first_token_ms=row.first_token_ms, duration_ms=row.duration_ms,
        created_at=row.created_at,
    )  # fmt: skip


def render_call(row: ModelCallRecord) -> ModelCallOut:
    """A call with all that was sent and answered."""
    request = [SentMessage.model_validate(message) for message in row.request]
    return ModelCallOut(**render_line(row).model_dump(), request=request, response=row.response)
