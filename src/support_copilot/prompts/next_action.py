"""The prompt that reads how far a procedure has come; what to do next follows from that by rule."""

from collections.abc import Sequence
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from support_copilot.prompts.prompt import Passage, Prompt

VERSION: Final = 1
MOST_STEPS: Final = 40
RULES: Final = """Your task: read how far a procedure of the support team has come in a conversation, as JSON.
- "procedure": the id of the procedure (kind "procedure") that fits what the customer wants, or "none" where none does.
- "steps": of that procedure each step that a message speaks of: its "number", its "state", and in "messages" the ids
  of the messages that say so. "told": the support team asked for it. "done": somebody did it. "stuck": somebody tried
  and could not do it. Leave out steps that no message speaks of. Write no other words."""


class StepReading(BaseModel):
    """What the model read of one step."""

    model_config = ConfigDict(extra="forbid")

    number: Annotated[int, Field(ge=1, le=MOST_STEPS)]
    state: Literal["told", "done", "stuck"]
    messages: Annotated[list[Annotated[str, Field(max_length=12)]], Field(max_length=10)]


class NextActionAnswer(BaseModel):
    """What the model is to answer: a choice among ids and numbers, and no sentence of its own."""

    model_config = ConfigDict(extra="forbid")

    procedure: Annotated[str, Field(max_length=12)]
    steps: Annotated[list[StepReading], Field(max_length=MOST_STEPS)]


def next_action_prompt(
    subject: str, said: Sequence[tuple[str, str, str]], procedures: Sequence[tuple[str, str, Sequence[str]]]
) -> Prompt:
    """Args:
    said: the conversation as (id, kind, text), oldest first.
    procedures: as (id, title, steps), best first.
    """
    newest = list(reversed(said))
    written = [
        Passage(name, "procedure", "\n".join((title, *(f"{number}. {step}" for number, step in enumerate(steps, 1)))))
        for name, title, steps in procedures
    ]
    return Prompt(
        name="next_action",
        version=VERSION,
        task="next_action",
        rules=RULES,
        passages=(
            *(Passage(name, kind, text, needed=True) for name, kind, text in newest[:1]),
            *written,
            Passage("subject", "subject of the conversation", subject),
            *(Passage(name, kind, text) for name, kind, text in newest[1:]),
        ),
        order="Write the JSON now.",
        shown_as=(*(name for name, _title, _steps in procedures), "subject", *(name for name, _kind, _text in said)),
    )
