"""The prompt that asks what a customer has not told yet."""

from collections.abc import Sequence
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from support_copilot.prompts.prompt import Passage, Prompt

VERSION: Final = 2
RULES: Final = """Your task: find out what the support team still has to ask the customer, as JSON.
- "things": of the things that are often missing (kind "things to ask for") those that are needed here and that the
  customer has not told, by their names, most important first; an empty list where nothing is missing.
- "questions": at most three short questions for what else is needed and no name stands for, in the language with the
  code {language} and with words of the conversation; each asks for one thing. An empty list where nothing is.
- "told": of the things those that the customer has told: "thing" is the name, "message" the id of the message that
  tells it, "quote" its words, copied exactly and at most 20.
- Ask for nothing that was told, and never for passwords, codes or numbers of cards. Write no other words."""


class ToldThing(BaseModel):
    """A thing that the customer has told, with the words that show it."""

    model_config = ConfigDict(extra="forbid")

    thing: Annotated[str, Field(max_length=60)]
    message: Annotated[str, Field(max_length=12)]
    quote: Annotated[str, Field(max_length=400)]


class MissingAnswer(BaseModel):
    """What the model is to answer."""

    model_config = ConfigDict(extra="forbid")

    things: Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=10)]
    questions: Annotated[list[Annotated[str, Field(max_length=300)]], Field(max_length=6)]
    told: Annotated[list[ToldThing], Field(max_length=10)]


def missing_prompt(subject: str, said: Sequence[tuple[str, str, str]], things: Sequence[str], language: str) -> Prompt:
    """Args:
    said: the public conversation as (id, author, text), oldest first.
    things: names of what can be asked for.
    """
    newest = list(reversed(said))
    return Prompt(
        name="missing",
        version=VERSION,
        task="missing",
        rules=RULES.format(language=language),
        passages=(
            *(Passage(name, _kind(author), text, needed=True) for name, author, text in newest[:1]),
            Passage("things", "things to ask for", "\n".join(things), needed=True),
            Passage("subject", "subject of the conversation", subject),
            *(Passage(name, _kind(author), text) for name, author, text in newest[1:]),
        ),
        order="Write the JSON now.",
        shown_as=("things", "subject", *(name for name, _author, _text in said)),
    )


def _kind(author: str) -> str:
    return "message of the customer" if author == "customer" else "message of the support team"
