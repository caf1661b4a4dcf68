"""The prompt that asks how a customer sounds, with the words that show it."""

from collections.abc import Sequence
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from support_copilot.prompts.prompt import Passage, Prompt

VERSION: Final = 1
RULES: Final = """Your task: say how a customer of the support desk sounds in their newest message, as JSON.
- "label": "negative" (annoyed, worried, disappointed), "positive" (pleased, grateful for what was done) or "neutral".
  Courtesy alone is neutral, and so is a problem that is told calmly. Earlier messages help to understand irony.
- "message": the id of the message that shows it. "quote": its words that show it, copied exactly and at most 20; empty
  for neutral. Write no other words."""


class SentimentAnswer(BaseModel):
    """What the model is to answer."""

    model_config = ConfigDict(extra="forbid")

    label: Literal["negative", "neutral", "positive"]
    message: Annotated[str, Field(max_length=12)]
    quote: Annotated[str, Field(max_length=400)]


def sentiment_prompt(said: Sequence[tuple[str, str]]) -> Prompt:
    """Args:
    said: messages of the customer as (id, text), oldest first.
    """
    newest = list(reversed(said))
    kind = "message of the customer"
    return Prompt(
        name="sentiment",
        version=VERSION,
        task="sentiment",
        rules=RULES,
        passages=tuple(Passage(name, kind, text, needed=place == 0) for place, (name, text) in enumerate(newest)),
        order="Write the JSON now.",
        shown_as=tuple(name for name, _text in said),
    )
