"""The prompt of a summary: of a solved issue, or for a colleague who takes over."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from support_copilot.prompts.prompt import Passage, Prompt

VERSION: Final = 1
_MOST_LINES: Final = 8
RULES: Final = """Your task: a summary of a support conversation for colleagues, as JSON.
- Write in the language with the code {language}. Lines are short sentences, the fewest that say it; no line twice.
- "problem": what the customer wants or what does not work. "tried": what was tried, with its result.
  "resolution": what solved it. "open_points": what is unanswered or was promised and is not done yet.
  "next_step": what the next agent should do first. Leave a list empty where the conversation says nothing of it.
- Each line stays close to the words of the messages it stands on, and names their ids in "messages"; no other facts."""

_Lines = Annotated[list["SummaryLineAnswer"], Field(max_length=_MOST_LINES)]


class SummaryLineAnswer(BaseModel):
    """One line and the ids of the messages that it stands on, as the prompt names them."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(min_length=1, max_length=400)]
    messages: Annotated[list[Annotated[str, Field(max_length=12)]], Field(max_length=10)]


class SummaryAnswer(BaseModel):
    """What the model is to answer."""

    model_config = ConfigDict(extra="forbid")

    problem: _Lines
    tried: _Lines
    resolution: _Lines
    open_points: _Lines
    next_step: _Lines


@dataclass(frozen=True, slots=True)
class SummaryMaterial:
    """``said`` is the conversation as (id, kind, text), oldest first; ``fix`` is the resolution in force."""

    subject: str
    said: Sequence[tuple[str, str, str]]
    fix: str | None = None
    language: str = "en"
    handover: bool = False


def summary_prompt(material: SummaryMaterial) -> Prompt:
    """The fix and both ends of the conversation first; of a very long one the middle is left out."""
    count = len(material.said)
    order = sorted(range(count), key=lambda place: (min(place, count - 1 - place), place))
    passages = [
        Passage("subject", "subject of the conversation", material.subject),
        *([Passage("fix", "resolution as it was recorded", material.fix, needed=True)] if material.fix else []),
        *(
            Passage(material.said[place][0], material.said[place][1], material.said[place][2], needed=place == 0)
            for place in order
        ),
    ]
    what = "for a colleague who takes over" if material.handover else "of this issue, which was solved"
    return Prompt(
        name="summary",
        version=VERSION,
        task="summary",
        rules=RULES.format(language=material.language),
        passages=tuple(passages),
        order=f"Write the summary {what} as JSON now.",
        shown_as=("subject", *(name for name, _kind, _text in material.said), "fix"),
    )
