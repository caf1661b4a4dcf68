"""Requests and answers of what helps beside the suggested reply."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from support_copilot.guidance.progress import State
from support_copilot.guidance.schemas import CheckOut, CitationOut, GuidanceOut, SourceOut
from support_copilot.http.fields import LanguageCode, Status
from support_copilot.http.reasons import ReasonCode, WithReasons
from support_copilot.kit.text import storable
from support_copilot.prompts.rewrite import Manner


def _clean(value: object) -> object:
    return storable(value).strip() if isinstance(value, str) else value


class RewriteRequest(BaseModel):
    """A text of the agent, and how it should sound."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"text": "Hello Ana, …", "manner": "shorter"}]}
    )

    text: Annotated[str, BeforeValidator(_clean), Field(min_length=1, max_length=20_000)]
    manner: Manner
    language: LanguageCode | None = Field(default=None, description="Needed to translate; else the text's own.")

    @model_validator(mode="after")
    def _names_language(self) -> Self:
        if self.manner == "translate" and self.language is None:
            raise ValueError("language is needed to translate")
        return self


class RewriteOut(BaseModel):
    """The text in other words; as it was where no model may or can rewrite it (check `engine`)."""

    text: str
    changed: bool
    language: str
    checks: list[CheckOut]
    engine: str


class QuestionRequest(BaseModel):
    """What the agent wants to know about the issue."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"question": "Which order is it about?"}]}
    )

    question: Annotated[str, BeforeValidator(_clean), Field(min_length=1, max_length=2000)]


class AnswerOut(BaseModel):
    """An answer for the agent, which may quote internal notes. Empty where nothing in the issue answers it."""

    text: str
    citations: list[CitationOut]
    checks: list[CheckOut]
    engine: str


class MissingThing(BaseModel):
    name: str = Field(description="`other` for a question in words of the model.", examples=["order_number"])
    question: str = Field(description="Asks the customer for it, in their language.")


class MissingOut(BaseModel):
    """What the customer has not said and a diagnosis needs, most important first."""

    items: list[MissingThing]
    checks: list[CheckOut]
    engine: str
    message_count: int = Field(description="How many messages the issue had; more of them make this old.")
    may_ask_model: bool = Field(description="Whether a language model would read the conversation if it was asked.")


class MacroOut(WithReasons, BaseModel):
    """A reply with what usually goes with it. Nothing is applied."""

    suggestion: GuidanceOut
    tags: list[str] = Field(description="To add: this desk's own, and not on this issue yet.")
    status: Status | None = Field(description="Null where it should stay as it is.")
    reasons: list[str]
    reasons_code: list[ReasonCode | None] = []


#: ``close``: nobody waits for a reply. ``hand_over``: for others than the desk. ``none``: nothing is known that helps.
ActionKind = Literal["step", "ask", "wait", "resolve", "escalate", "close", "hand_over", "none"]


class StepOut(BaseModel):
    """A step and what the conversation says of it; `message_id` names the message that says it."""

    number: int
    text: str
    state: State = Field(description="`told`: asked for. `stuck`: tried without success. `open`: nobody speaks of it.")
    message_id: str | None


class ProcedureOut(BaseModel):
    """The procedure that fits, with the state of its steps."""

    source: SourceOut
    steps: list[StepOut]


class NextActionOut(BaseModel):
    """What to do next. Nothing is done, sent or changed."""

    kind: ActionKind
    text: str = Field(description="The step word for word, or the question to ask; empty for the other kinds.")
    for_customer: bool = Field(description="Whether the text may stand in a reply as it is.")
    reason: str
    step: int | None = Field(description="Number of the step, from 1.")
    procedure: ProcedureOut | None
    citations: list[CitationOut]
    checks: list[CheckOut]
    engine: str
    message_count: int = Field(description="How many messages the issue had; more of them make this old.")
    may_ask_model: bool = Field(description="Whether a language model would read the conversation if it was asked.")
