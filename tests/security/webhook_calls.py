"""For each route that changes a webhook, a way to call it that changes something."""

from collections.abc import Callable
from typing import Any, Final, Protocol

from sqlalchemy import update

from support_copilot.db.models import WebhookEndpoint
from support_copilot.resources import Resources
from tests.conftest import StepClock


class Maker(Protocol):
    """The desk of ``test_audit_of_changes.py``."""

    resources: Resources
    clock: StepClock

    def made(self, path: str, body: dict[str, Any], **options: Any) -> dict[str, Any]: ...


Call = tuple[dict[str, str], dict[str, Any]]
#: Nobody is there, by RFC 2606; a test of it is a change all the same.
_HOOK: Final = {"name": "Zephyrine", "url": "https://nobody.invalid/hooks", "events": ["issue.created"]}


def _hook(desk: Maker) -> dict[str, str]:
    return {"webhook_id": desk.made("/v1/webhooks", _HOOK)["webhook"]["id"]}


def _paused(desk: Maker) -> Call:
    ids = _hook(desk)
    with desk.resources.database.transaction() as session:
        session.execute(update(WebhookEndpoint).values(paused_at=desk.clock(), paused_reason="failing"))
    return ids, {}


def _delivery(desk: Maker) -> Call:
    ids = _hook(desk)
    return ids | {"delivery_id": desk.made(f"/v1/webhooks/{ids['webhook_id']}/test", {})["id"]}, {}


WEBHOOK_CALLS: Final[dict[str, Callable[[Any], Call]]] = {
    "post_webhook": lambda _desk: ({}, {"json": _HOOK}),
    "patch_webhook": lambda desk: (_hook(desk), {"json": {"enabled": False}}),
    "delete_webhook": lambda desk: (_hook(desk), {}),
    "post_webhook_rotation": lambda desk: (_hook(desk), {"json": {}}),
    "post_webhook_resumption": _paused,
    "post_webhook_test": lambda desk: (_hook(desk), {}),
    "post_redelivery": _delivery,
}
