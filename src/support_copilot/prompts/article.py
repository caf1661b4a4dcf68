"""The prompt of a knowledge article: what a solved issue teaches everybody who meets the same problem."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from support_copilot.prompts.prompt import Passage, Prompt

VERSION: Final = 1
RULES: Final = """Your task: an article of the knowledge base from an issue that was solved, as JSON.
- Write in the language with the code {language}. Stay close to the words of the material and add no fact of your own.
- Everybody reads it. Write of the problem, not of a person: no names, addresses, dates, numbers of orders or accounts,
  no greeting, nothing about the conversation.
- "title": the problem in at most ten words. "problem": what does not work and how that shows, one to three sentences.
- "solution": what solves it and why, in short sentences; only what the support team wrote.
- "steps": what to do, one action each and in order, with all of the recorded steps; an empty list where there are none.
- No links, no headings, no Markdown. Write no other words."""

_Lines = Annotated[list[Annotated[str, Field(max_length=600)]], Field(max_length=12)]


class ArticleAnswer(BaseModel):
    """What the model is to answer."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, Field(max_length=300)]
    problem: _Lines
    solution: _Lines
    steps: Annotated[list[Annotated[str, Field(max_length=600)]], Field(max_length=40)]


@dataclass(frozen=True, slots=True)
class ArticleMaterial:
    """What may be told of a solved issue. ``told``: sentences of the customer that are about what was solved.

    ``answered``: what the support team wrote in public, message by message, oldest first.
    """

    heading: str | None
    told: Sequence[str]
    fix: str
    steps: Sequence[str]
    answered: Sequence[str]
    language: str = "en"


def article_prompt(material: ArticleMaterial) -> Prompt:
    """The fix first, then what it was about; of a long conversation the oldest answers are left out."""
    answered = [(f"m{number}", text) for number, text in enumerate(material.answered, start=1)]
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate(material.steps, start=1))
    passages = [
        Passage("fix", "resolution as it was recorded", material.fix, needed=True),
        *([Passage("steps", "recorded steps", steps, needed=True)] if steps else []),
        *([Passage("subject", "subject of the conversation", material.heading)] if material.heading else []),
        *([Passage("told", "what the customer told", "\n".join(material.told))] if material.told else []),
        *(Passage(name, "message of the support team", text) for name, text in reversed(answered)),
    ]
    return Prompt(
        name="article",
        version=VERSION,
        task="article",
        rules=RULES.format(language=material.language),
        passages=tuple(passages),
        order="Write the article as JSON now.",
        shown_as=("subject", "told", *(name for name, _text in answered), "fix", "steps"),
    )
