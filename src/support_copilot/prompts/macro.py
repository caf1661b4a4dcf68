"""The prompt of a macro: the body of a reply, and the tags and the status that go with it."""

from collections.abc import Sequence
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from support_copilot.prompts.prompt import Passage, Prompt
from support_copilot.prompts.reply import BODY_RULES, ReplyMaterial, orders, reply_passages, shown_as

VERSION: Final = 1
RULES: Final = f"""Your task: what an agent of the support team does with an issue in one go, as JSON.
- "reply": the body of a reply to the customer. What follows holds for it.
{BODY_RULES}
- "tags": at most three of the tags of the desk (kind "tags of the desk") that say what the issue is about, copied
  exactly; an empty list where none does.
- "status": "pending" where it is the customer's turn after the reply, "open" where the support team has to do something
  before the customer can. Write no other words."""


class MacroAnswer(BaseModel):
    """What the model is to answer."""

    model_config = ConfigDict(extra="forbid")

    reply: Annotated[str, Field(min_length=1, max_length=8_000)]
    tags: Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=10)]
    status: Literal["pending", "open"]


def macro_prompt(material: ReplyMaterial, tags: Sequence[str]) -> Prompt:
    """Args:
    tags: what may be chosen from, the likeliest first.
    """
    chosen = (Passage("tags", "tags of the desk", "\n".join(tags)),) if tags else ()
    return Prompt(
        name="macro",
        version=VERSION,
        task="macro",
        rules=RULES.format(language=material.language, tone=material.tone, words=material.words),
        passages=(*reply_passages(material), *chosen),
        order=" ".join(("Write the JSON with the reply to the newest message of the customer now.", *orders(material))),
        shown_as=shown_as(material),
    )
