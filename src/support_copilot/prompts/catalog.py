"""All prompts with their versions: what people may look at to know what models are told."""

from dataclasses import dataclass
from typing import Final, Literal

from support_copilot.backends.llm.port import Task
from support_copilot.prompts import (
    article,
    classification,
    macro,
    missing,
    next_action,
    question,
    reply,
    rewrite,
    sentiment,
    summary,
)

#: What of an issue, of the desk or of the agent a prompt carries. Personal data is masked in all of it.
Material = Literal[
    "subject", "messages", "customer_messages", "notes", "resolution", "sources", "procedures", "file_names", "wish",
    "question", "text", "tags", "categories", "things",
]  # fmt: skip
_REPLY: Final[tuple[Material, ...]] = ("subject", "messages", "sources", "file_names", "wish")


@dataclass(frozen=True, slots=True)
class PromptInfo:
    """A prompt without its material. In ``rules`` names in braces stand for what changes from call to call.

    ``carries``: what is sent with it where there is such a thing.
    """

    name: str
    version: int
    task: Task
    rules: str
    carries: tuple[Material, ...]


PROMPTS: Final = (
    PromptInfo("reply", reply.VERSION, "reply", reply.RULES, _REPLY),
    PromptInfo("rewrite", rewrite.VERSION, "rewrite", rewrite.RULES, ("text",)),
    PromptInfo("question", question.VERSION, "question", question.RULES, ("question", "messages", "notes", "sources")),
    PromptInfo("macro", macro.VERSION, "macro", macro.RULES, (*_REPLY, "tags")),
    PromptInfo("missing", missing.VERSION, "missing", missing.RULES, ("subject", "messages", "things")),
    PromptInfo(
        "next_action",
        next_action.VERSION,
        "next_action",
        next_action.RULES,
        ("subject", "messages", "notes", "procedures"),
    ),
    PromptInfo("summary", summary.VERSION, "summary", summary.RULES, ("subject", "messages", "notes", "resolution")),
    PromptInfo("article", article.VERSION, "article", article.RULES, ("subject", "messages", "resolution")),
    PromptInfo("sentiment", sentiment.VERSION, "sentiment", sentiment.RULES, ("customer_messages",)),
    PromptInfo(
        "classification",
        classification.VERSION,
        "classification",
        classification.RULES,
        ("subject", "customer_messages", "categories"),
    ),
)
