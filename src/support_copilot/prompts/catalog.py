"""All prompts with their versions: what people may look at to know what models are told."""

from dataclasses import dataclass
from typing import Final

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


@dataclass(frozen=True, slots=True)
class PromptInfo:
    """A prompt without its material. In ``rules`` names in braces stand for what changes from call to call."""

    name: str
    version: int
    task: Task
    rules: str


PROMPTS: Final = (
    PromptInfo("reply", reply.VERSION, "reply", reply.RULES),
    PromptInfo("rewrite", rewrite.VERSION, "rewrite", rewrite.RULES),
    PromptInfo("question", question.VERSION, "question", question.RULES),
    PromptInfo("macro", macro.VERSION, "macro", macro.RULES),
    PromptInfo("missing", missing.VERSION, "missing", missing.RULES),
    PromptInfo("next_action", next_action.VERSION, "next_action", next_action.RULES),
    PromptInfo("summary", summary.VERSION, "summary", summary.RULES),
    PromptInfo("article", article.VERSION, "article", article.RULES),
    PromptInfo("sentiment", sentiment.VERSION, "sentiment", sentiment.RULES),
    PromptInfo("classification", classification.VERSION, "classification", classification.RULES),
)
