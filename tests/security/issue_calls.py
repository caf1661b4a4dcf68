"""For each route that stores, edits, resolves or merges an issue, adds to it, or merges customers: how to call it."""

from collections.abc import Callable
from typing import Any, Final

from tests.security.webhook_calls import Call

WORDS: Final = "Zephyrine reports that the label printer prints blank labels"


def _two_issues(desk: Any) -> Call:
    return {"issue_id": desk.issue()}, {"json": {"into": desk.issue()}}


def _merged(desk: Any) -> Call:
    ids, options = _two_issues(desk)
    desk.made(f"/v1/issues/{ids['issue_id']}/merge", options["json"])
    return ids, {}


def _two_customers(desk: Any) -> Call:
    return {"customer_id": desk.customer()}, {"json": {"into": desk.customer()}}


def _merged_customers(desk: Any) -> Call:
    ids, options = _two_customers(desk)
    desk.made(f"/v1/customers/{ids['customer_id']}/merge", options["json"])
    return ids, {}


ISSUE_CALLS: Final[dict[str, Callable[[Any], Call]]] = {
    "post_issue": lambda _desk: ({}, {"json": {"subject": WORDS, "body": WORDS}}),
    "post_message": lambda desk: ({"issue_id": desk.issue()}, {"json": {"author": "agent", "body": WORDS}}),
    "post_queued_message": lambda desk: ({"issue_id": desk.issue()}, {"json": {"body": WORDS, "delay_s": 600}}),
    "post_correction": lambda desk: ({"issue_id": desk.issue()}, {"json": {"part": "severity", "value": "critical"}}),
    "patch_issue": lambda desk: ({"issue_id": desk.issue()}, {"json": {"status": "pending", "subject": WORDS * 2}}),
    "post_resolution": lambda desk: ({"issue_id": desk.issue()}, {"json": {"resolution": {"text": WORDS}}}),
    "post_merge": _two_issues,
    "post_unmerge": _merged,
    "post_customer_merge": _two_customers,
    "post_customer_unmerge": _merged_customers,
}
