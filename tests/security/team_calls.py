"""For each route that changes a team, a way to call it that changes something."""

from collections.abc import Callable
from typing import Any, Final

from tests.security.webhook_calls import Call


def _team(desk: Any) -> dict[str, str]:
    return {"team_id": desk.made("/v1/teams", {"name": "A"})["id"]}


def _member(desk: Any, *, put_in: bool) -> Call:
    ids = {**_team(desk), "user_id": desk.user()["user"]["id"]}
    if put_in:
        assert desk.client.put("/v1/teams/{team_id}/members/{user_id}".format(**ids)).status_code == 204
    return ids, {}


TEAM_CALLS: Final[dict[str, Callable[[Any], Call]]] = {
    "post_team": lambda _desk: ({}, {"json": {"name": "Labels"}}),
    "patch_team": lambda desk: (_team(desk), {"json": {"name": "B"}}),
    "delete_one_team": lambda desk: (_team(desk), {}),
    "put_team_member": lambda desk: _member(desk, put_in=False),
    "delete_team_member": lambda desk: _member(desk, put_in=True),
}
