"""For each route that edits an article, decides on a proposal or brings an earlier text back, a way to call it."""

from collections.abc import Callable
from typing import Any, Final

from tests.security.webhook_calls import Call


def _restored(desk: Any) -> Call:
    article_id = desk.article()
    desk.client.patch(f"/v1/knowledge/articles/{article_id}", json={"body": "Another roll"})
    return {"article_id": article_id, "version": "1"}, {"json": {}}


def _reopened(desk: Any) -> Call:
    proposal_id = desk.proposal()
    desk.made(f"/v1/knowledge/proposals/{proposal_id}/reject", {})
    return {"proposal_id": proposal_id}, {}


def _from_issues(desk: Any) -> Call:
    issue_id = desk.issue()
    fix = "Turn the brass ring of the printer a quarter to the left, then descale it and rinse it twice."
    desk.made(f"/v1/issues/{issue_id}/resolve", {"resolution": {"text": fix}})
    return {}, {"json": {"issue_ids": [issue_id]}}


KNOWLEDGE_CALLS: Final[dict[str, Callable[[Any], Call]]] = {
    "patch_article": lambda desk: ({"article_id": desk.article()}, {"json": {"body": "Another roll"}}),
    "post_restoring": _restored,
    "post_article_from_issues": _from_issues,
    "post_reopening": _reopened,
    "post_approval": lambda desk: ({"proposal_id": desk.proposal()}, {"json": {}}),
    "post_rejection": lambda desk: ({"proposal_id": desk.proposal()}, {"json": {"reason": "Known already"}}),
}
