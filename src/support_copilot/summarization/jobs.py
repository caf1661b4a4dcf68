"""Background work of the summarization service."""

from collections.abc import Callable, Mapping
from typing import Any

from support_copilot.resources import Resources
from support_copilot.summarization.service import propose_knowledge, summarize_ended_conversation


def _summarize_issue(resources: Resources, payload: Mapping[str, Any]) -> None:
    summarize_ended_conversation(resources, payload["issue_id"], payload["conversation_id"])


def _propose_knowledge(resources: Resources, payload: Mapping[str, Any]) -> None:
    propose_knowledge(resources, payload["issue_id"], payload["resolution_id"])


HANDLERS: Mapping[str, Callable[[Resources, Mapping[str, Any]], None]] = {
    "summarization.summarize_issue": _summarize_issue,
    "summarization.propose_knowledge": _propose_knowledge,
}
