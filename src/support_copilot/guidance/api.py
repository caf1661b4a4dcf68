"""Endpoints of guidance: a suggested reply as a stream or as JSON, and what became of it."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Annotated, Final

import structlog
from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import JSONResponse
from fastapi.sse import KEEPALIVE_COMMENT, EventSourceResponse, format_sse_event

from support_copilot.guidance.outcomes import record_outcome
from support_copilot.guidance.queries import get_suggestion, list_suggestions
from support_copilot.guidance.schemas import GuidanceOut, GuidanceRequest, OutcomeRequest, SuggestionOut
from support_copilot.guidance.seen import check_suggestion_seen, seen_suggestions
from support_copilot.guidance.service import GuidanceEvent, preview_reply, render_suggestion, stream_guidance
from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES, problem_body
from support_copilot.http.paging import Page, PageArgs, page_of
from support_copilot.http.places import while_waited_for
from support_copilot.http.streams import STREAM_HEADERS, stream_responses
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires
from support_copilot.issues.queries import count_messages, get_issue
from support_copilot.kit.errors import AppError
from support_copilot.prompts.schemas import PreviewOut, render_preview

router = APIRouter(tags=["guidance"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)

_log = structlog.get_logger("support_copilot.guidance")
#: Proxies close a connection that says nothing for a minute or so.
_HEARTBEAT_S: Final = 15.0
_STREAM_DOC: Final = stream_responses(
    GuidanceOut,
    "Events `context`, `token`, `citation`, `check`, `done` and `error`, each with JSON data; "
    "with `Accept: application/json` the data of `done` alone.",
)


@router.post(
    "/v1/issues/{issue_id}/guidance",
    response_class=JSONResponse,
    response_model=None,
    responses=_STREAM_DOC,
    dependencies=[requires("guidance.use")],
)
async def post_guidance(
    issue_id: str,
    request: Request,
    resources: ResourcesDep,
    principal: PrincipalDep,
    body: GuidanceRequest | None = None,
    accept: Annotated[str, Header(include_in_schema=False)] = "*/*",
) -> Response:
    """Suggest a reply, with the source of each sentence. Nothing is sent to the customer."""
    events = stream_guidance(resources, issue_id, body or GuidanceRequest(), principal)
    # A refusal before the first event is an ordinary answer.
    first = await anext(events)
    if _wants_json(accept):
        return JSONResponse(await while_waited_for(request, _last(events)))
    return EventSourceResponse(_encoded(first, events), headers=STREAM_HEADERS)


@router.post("/v1/issues/{issue_id}/guidance/preview", dependencies=[requires("guidance.use")])
def post_guidance_preview(
    issue_id: str, resources: ResourcesDep, principal: PrincipalDep, body: GuidanceRequest | None = None
) -> PreviewOut:
    """Show exactly what a language model would be sent for a suggested reply, or why nothing would."""
    return render_preview(preview_reply(resources, issue_id, body or GuidanceRequest(), principal))


@router.get("/v1/issues/{issue_id}/suggestions", dependencies=[requires("issues.read")])
def get_issue_suggestions(
    issue_id: str, resources: ResourcesDep, principal: PrincipalDep, page: PageArgs
) -> Page[SuggestionOut]:
    """List what was suggested for an issue, newest first. A page is shorter where some may not be seen."""
    with resources.database.read() as session:
        get_issue(session, issue_id)
        rows = list_suggestions(session, issue_id, page)
        messages = count_messages(session, issue_id)
        seen = {row.id for row in seen_suggestions(session, rows, principal.sees)}
    found = page_of(
        rows, page, lambda row: row.created_at, lambda row: row.id, lambda row: render_suggestion(row, messages)
    )
    return found.model_copy(update={"data": [each for each in found.data if each.id in seen]})


@router.get("/v1/suggestions/{suggestion_id}", dependencies=[requires("issues.read")])
def get_one_suggestion(suggestion_id: str, resources: ResourcesDep, principal: PrincipalDep) -> SuggestionOut:
    """Read one suggestion with its sources, checks and outcome."""
    with resources.database.read() as session:
        row = get_suggestion(session, suggestion_id)
        check_suggestion_seen(session, row, principal.sees)
        return render_suggestion(row, count_messages(session, row.issue_id))


@router.post("/v1/suggestions/{suggestion_id}/outcome", dependencies=[requires("guidance.use")])
def post_outcome(
    suggestion_id: str, body: OutcomeRequest, resources: ResourcesDep, principal: PrincipalDep
) -> SuggestionOut:
    """Note what became of a suggestion. The same word again changes nothing; another one replaces it."""
    row = record_outcome(resources, suggestion_id, body, principal.sees)
    with resources.database.read() as session:
        return render_suggestion(row, count_messages(session, row.issue_id))


def _wants_json(accept: str) -> bool:
    return "application/json" in accept and "text/event-stream" not in accept


async def _last(events: AsyncGenerator[GuidanceEvent]) -> object:
    async with aclosing(events):
        return [event.data async for event in events][-1]


async def _encoded(first: GuidanceEvent, rest: AsyncGenerator[GuidanceEvent]) -> AsyncIterator[bytes]:
    """The events as they are sent. A failure on the way is the last event; the text so far stays valid."""
    try:
        yield _frame(first.name, first.data)
        async for event in _with_heartbeats(rest):
            yield KEEPALIVE_COMMENT if event is None else _frame(event.name, event.data)
    except AppError as error:
        yield _frame("error", problem_body(error))
    except Exception as error:  # noqa: BLE001  # the status line is gone, so this is the only place to say it
        _log.error("guidance.failed", exc_info=error)
        yield _frame("error", problem_body(AppError("The failure was recorded under the request id.")))


async def _with_heartbeats(events: AsyncGenerator[GuidanceEvent]) -> AsyncIterator[GuidanceEvent | None]:
    """The events, and None whenever the next one lets itself be waited for; leaving stops the work behind it."""
    pending: asyncio.Task[GuidanceEvent | None] | None = None
    try:
        while True:
            pending = pending or asyncio.create_task(anext(events, None))
            done, _ = await asyncio.wait({pending}, timeout=_HEARTBEAT_S)
            if not done:
                yield None
                continue
            event = pending.result()
            pending = None
            if event is None:
                return
            yield event
    finally:
        if pending is not None:
            pending.cancel()
            await asyncio.wait({pending})
        await events.aclose()


def _frame(name: str, data: object) -> bytes:
    return format_sse_event(event=name, data_str=json.dumps(data, ensure_ascii=False, separators=(",", ":")))
