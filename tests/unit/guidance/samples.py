"""Hand-made contexts: what the analyzer would have gathered for an issue."""

from dataclasses import replace
from typing import Any

from support_copilot.guidance.context import GuidanceContext, Material, TemplateOption, Turn
from support_copilot.guidance.draft import Source

PLAIN = GuidanceContext(
    issue_id="iss_1",
    subject="Calendar does not sync",
    language="en",
    turns=(Turn("msg_1", "customer", "My calendar does not sync with my phone. What can I do?"),),
    open_turn="My calendar does not sync with my phone. What can I do?",
    values={"customer": {"name": "Ana Example", "first_name": "Ana"}, "issue": {}, "agent": {}, "ask": {}},
    message_count=1,
)


def context(text: str | None = None, **changes: Any) -> GuidanceContext:
    """The plain context with other words of the customer, or other parts."""
    if text is not None:
        changes = {"turns": (Turn("msg_1", "customer", text),), "open_turn": text, **changes}
    return replace(PLAIN, **changes)


def fix(*sentences: str, steps: tuple[str, ...] = (), language: str = "en", **changes: Any) -> Material:
    source = Source("issue", "iss_2", "Calendar stopped")
    return replace(Material(source, sentences, steps, language, likeness=0.8, score=0.8), **changes)


def passage(*sentences: str, steps: tuple[str, ...] = (), language: str = "en", **changes: Any) -> Material:
    source = Source("article", "art_1", "Calendar sync")
    return replace(Material(source, sentences, steps, language, likeness=0.75, score=0.75), **changes)


def option(body: str, **changes: Any) -> TemplateOption:
    return replace(TemplateOption(Source("template", "tpl_1", "Sync"), 3, body, None, score=0.7), **changes)
