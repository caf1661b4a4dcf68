"""Endpoints of what happens while people work: events as they come, and who has an issue open."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
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
_LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)
_STREAM_DOC: Final = stream_responses(
    LiveOut,
    "What happened since `after`. With `Accept: text/event-stream` each event as it happens, named "
    "by its `type`, for some minutes at a time; one that broke off goes on with `Last-Event-ID`, as browsers send it.",
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
    last_event_id: Annotated[str | None, Header(description="Of a stream that broke off: goes before `after`.")] = None,
    accept: Annotated[str, Header(include_in_schema=False)] = "*/*",
) -> Response:
    """Tell what happens: issues that are new or changed, new panels, who has which issue open, what you have read."""
    now = resources.clock()
    if "text/event-stream" not in accept:
        since = now if after is None else after
        found = await anyio.to_thread.run_sync(look_once, resources.database, since, principal.sees, now, principal.id)
        return JSONResponse(found.model_dump(mode="json"))
    feed: LiveFeed = request.app.state.live
    frames = _encoded(feed, request, principal, _resumed(last_event_id) or after)
    return EventSourceResponse(frames, headers=STREAM_HEADERS)


@router.put("/v1/issues/{issue_id}/presence", dependencies=[requires("issues.read")])
def put_presence(issue_id: str, body: PresenceIn, resources: ResourcesDep, principal: PrincipalDep) -> PresenceOut:
    """Say that a person has an issue open; to be said again every 15 seconds."""
    if principal.kind != "user":
        raise PermissionDeniedError("Only people who have signed in can be present.")
    return note_presence(resources, issue_id, principal.id, body.state)


def _resumed(last_event_id: str | None) -> datetime | None:
    """The moment that a frame of ours named; what is none of ours is from before all that is kept."""
    if not last_event_id:
        return None
    try:
        moment = datetime.fromisoformat(last_event_id)
    except ValueError:
        return _LONG_AGO
    return moment if moment.tzinfo else _LONG_AGO


async def _encoded(
    feed: LiveFeed, request: Request, principal: Principal, after: datetime | None = None
) -> AsyncIterator[bytes]:
    clock = request.app.state.resources.clock
    asked_at = clock()
    ends_at = asked_at + _STREAM_FOR
    # At once, so that whoever asked knows that the stream has begun.
    yield f"retry: {_AGAIN_MS}\n\n".encode()
    async for told in feed.listen(principal.sees, quiet_s=_QUIET_S, after=after, person=principal.id):
        if clock() >= asked_at + _ASKED_AGAIN:
            asked_at = clock()
            if not await anyio.to_thread.run_sync(still_may, request, principal, "issues.read"):
                return
        # The last one alone has the id: a stream that breaks off before it goes on from the batch before.
        name = told.until.isoformat() if told.until else None
        for event in told.events[:-1]:
            yield _frame(event)
        for event in told.events[-1:]:
            yield _frame(event, name)
        if not told.events:
            yield (f"id: {name}\n".encode() if name else b"") + KEEPALIVE_COMMENT
        if clock() >= ends_at:
            return


def _frame(event: LiveEvent, name: str | None = None) -> bytes:
    return format_sse_event(event=event.type, data_str=event.model_dump_json(), id=name)
