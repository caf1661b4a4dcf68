"""The prompt that asks which category an issue belongs to, and how severe it reads."""

from collections.abc import Sequence
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from support_copilot.prompts.prompt import Passage, Prompt

VERSION: Final = 2
NO_CATEGORY: Final = "none"
RULES: Final = """Your task: sort an issue of the support desk, as JSON.
- "category": the one of the categories of the desk that fits what the customer wants, copied exactly, or "none".
  "category_quote": words of the same message that show it, copied exactly and at most 20; empty for "none".
- "severity": "critical" (many are hit, data or money is being lost, or nothing works), "high" (one customer cannot
  work), "medium" (something does not work, there is a way around it) or "low" (a question or a wish). What the customer
  calls urgent is not severe by that.
- "message": the id of the message that shows the severity. "quote": its words that show it, copied exactly, three to
  20. Write no other words."""


class ClassificationAnswer(BaseModel):
    """What the model is to answer."""

    model_config = ConfigDict(extra="forbid")

    category: Annotated[str, Field(max_length=80)]
    category_quote: Annotated[str, Field(max_length=400)]
    severity: Literal["critical", "high", "medium", "low"]
    message: Annotated[str, Field(max_length=12)]
    quote: Annotated[str, Field(max_length=400)]


def classification_prompt(subject: str, said: Sequence[tuple[str, str]], categories: Sequence[str]) -> Prompt:
    """Args:
    said: messages of the customer as (id, text), oldest first; the first tells most of what it is about.
    """
    kind = "message of the customer"
    first, later = said[:1], list(reversed(said[1:]))
    return Prompt(
        name="classification",
        version=VERSION,
        task="classification",
        rules=RULES,
        passages=(
            *(Passage(name, kind, text, needed=True) for name, text in first),
            Passage("subject", "subject of the conversation", subject),
            Passage("categories", "categories of the desk", "\n".join(categories)),
            *(Passage(name, kind, text) for name, text in later),
        ),
        order="Write the JSON now.",
        shown_as=("categories", "subject", *(name for name, _text in said)),
    )
