"""Endpoints of what happens while people work: events as they come, and who has an issue open."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Annotated, Final

import anyio.to_thread
from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import JSONResponse
from fastapi.sse import KEEPALIVE_COMMENT, EventSourceResponse, format_sse_event

from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.http.fields import Moment
from support_copilot.http.streams import STREAM_HEADERS, stream_responses
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires, still_may
from support_copilot.identity.errors import PermissionDeniedError
from support_copilot.identity.principal import Principal
from support_copilot.issues.live import LiveEvent, LiveFeed, LiveOut, look_once
from support_copilot.issues.presence import PresenceIn, PresenceOut, note_presence

router = APIRouter(tags=["issues"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)

#: A stream ends now and then, so that a proxy that lost its client does not keep it for good.
_STREAM_FOR: Final = timedelta(minutes=5)
_QUIET_S: Final = 5.0
#: With one silence on top, nobody listens for 15 seconds with rights that were taken from them.
_ASKED_AGAIN: Final = timedelta(seconds=10)
_AGAIN_MS: Final = 1000
_STREAM_DOC: Final = stream_responses(
    LiveOut,
    "What happened since `after`. With `Accept: text/event-stream` each event as it happens, named "
    "by its `type`, for some minutes at a time.",
)


@router.get(
    "/v1/events",
    response_class=JSONResponse,
    response_model=None,
    responses=_STREAM_DOC,
    dependencies=[requires("issues.read")],
)
async def get_events(
    request: Request,
    resources: ResourcesDep,
    principal: PrincipalDep,
    after: Annotated[Moment | None, Query(description="Leave out for what happens from now on.")] = None,
    accept: Annotated[str, Header(include_in_schema=False)] = "*/*",
) -> Response:
    """Tell what happens: issues that are new or changed, new panels, and who has which issue open."""
    now = resources.clock()
    if "text/event-stream" not in accept:
        since = now if after is None else after
        found = await anyio.to_thread.run_sync(look_once, resources.database, since, principal.sees, now)
        return JSONResponse(found.model_dump(mode="json"))
    feed: LiveFeed = request.app.state.live
    return EventSourceResponse(_encoded(feed, request, principal), headers=STREAM_HEADERS)


@router.put("/v1/issues/{issue_id}/presence", dependencies=[requires("issues.read")])
def put_presence(issue_id: str, body: PresenceIn, resources: ResourcesDep, principal: PrincipalDep) -> PresenceOut:
    """Say that a person has an issue open; to be said again every 15 seconds."""
    if principal.kind != "user":
        raise PermissionDeniedError("Only people who have signed in can be present.")
    return note_presence(resources, issue_id, principal.id, body.state)


async def _encoded(feed: LiveFeed, request: Request, principal: Principal) -> AsyncIterator[bytes]:
    clock = request.app.state.resources.clock
    asked_at = clock()
    ends_at = asked_at + _STREAM_FOR
    # At once, so that whoever asked knows that the stream has begun.
    yield f"retry: {_AGAIN_MS}\n\n".encode()
    async for batch in feed.listen(principal.sees, quiet_s=_QUIET_S):
        if clock() >= asked_at + _ASKED_AGAIN:
            asked_at = clock()
            if not await anyio.to_thread.run_sync(still_may, request, principal, "issues.read"):
                return
        for event in batch:
            yield _frame(event)
        if not batch:
            yield KEEPALIVE_COMMENT
        if clock() >= ends_at:
            return


def _frame(event: LiveEvent) -> bytes:
    return format_sse_event(event=event.type, data_str=event.model_dump_json())
