"""Background work of the analysis service."""

from collections.abc import Callable, Mapping
from typing import Any

from support_copilot.analysis.queued_replies import send_queued
from support_copilot.analysis.service import ask_models, panel_of_issue
from support_copilot.resources import Resources


def _analyze_issue(resources: Resources, payload: Mapping[str, Any]) -> None:
    panel_of_issue(resources, payload["issue_id"], refresh=payload.get("refresh", False))


def _ask_models(resources: Resources, payload: Mapping[str, Any]) -> None:
    ask_models(resources, payload["issue_id"])


def _send_message(resources: Resources, payload: Mapping[str, Any]) -> None:
    send_queued(resources, payload["queued_id"])


HANDLERS: Mapping[str, Callable[[Resources, Mapping[str, Any]], None]] = {
    "analysis.analyze_issue": _analyze_issue,
    "analysis.ask_models": _ask_models,
    "analysis.send_message": _send_message,
}
