"""Endpoints of the audit trail: look through it, and take it along."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.http.fields import Moment
from support_copilot.http.paging import Page, PageArgs, page_of
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires
from support_copilot.identity.audit import AuditEvent, Outcome, record_audit
from support_copilot.identity.audit_chain import verify_chain
from support_copilot.identity.audit_names import names_of_records
from support_copilot.identity.audit_queries import AuditFilter, all_events, list_actions, list_events
from support_copilot.identity.audit_schemas import (
    AuditActionsOut,
    AuditEventOut,
    VerificationOut,
    csv_lines,
    json_lines,
    render_event,
    render_verification,
)

router = APIRouter(tags=["audit"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)

_MEDIA_TYPES = {"jsonl": "application/x-ndjson", "csv": "text/csv"}
Word = Annotated[str | None, Query(max_length=80)]


def _audit_filter(
    action: Word = None,
    actor: Word = None,
    target: Word = None,
    outcome: Annotated[Outcome | None, Query()] = None,
    occurred_after: Annotated[Moment | None, Query(description="At this moment or later.")] = None,
    occurred_before: Annotated[Moment | None, Query(description="Before this moment.")] = None,
    reads: Annotated[bool, Query(description="Whether lists that were read in bulk are among them.")] = True,
) -> AuditFilter:
    return AuditFilter(action, actor, target, outcome, occurred_after, occurred_before, reads)


FilterArgs = Annotated[AuditFilter, Depends(_audit_filter)]


@router.get("/v1/audit", dependencies=[requires("audit.read")])
def get_audit_events(
    resources: ResourcesDep, principal: PrincipalDep, page: PageArgs, narrow: FilterArgs
) -> Page[AuditEventOut]:
    """List what was done, newest first, with what the ids stand for now."""
    with resources.database.read() as session:
        rows = list_events(session, narrow, page)
        names = names_of_records(session, rows[: page.limit], principal)
    return page_of(rows, page, lambda row: row.seq, lambda row: row.id, lambda row: render_event(row, names))


@router.get(
    "/v1/audit/export",
    response_class=StreamingResponse,
    responses={200: {"content": {name: {} for name in _MEDIA_TYPES.values()}, "description": "Oldest event first."}},
    dependencies=[requires("audit.read")],
)
def get_audit_export(
    resources: ResourcesDep,
    principal: PrincipalDep,
    narrow: FilterArgs,
    form: Annotated[Literal["jsonl", "csv"], Query(alias="format", description="JSON Lines or CSV.")] = "jsonl",
) -> StreamingResponse:
    """Download all events that match; the download is itself an event, and the last one in it."""
    with resources.database.transaction() as session:
        event = AuditEvent("audit.exported", resources.clock(), principal, target="audit", after={"format": form})
        record_audit(session, event)
    lines = json_lines if form == "jsonl" else csv_lines
    headers = {"Content-Disposition": f'attachment; filename="audit.{form}"'}
    return StreamingResponse(
        lines(all_events(resources.database, narrow)), media_type=_MEDIA_TYPES[form], headers=headers
    )


@router.get("/v1/audit/actions", dependencies=[requires("audit.read")])
def get_audit_actions(resources: ResourcesDep) -> AuditActionsOut:
    """Name what was done so far, each action once: what `action` may be."""
    with resources.database.read() as session:
        return AuditActionsOut(data=list_actions(session))


@router.get("/v1/audit/verification", dependencies=[requires("audit.read")])
def get_audit_verification(resources: ResourcesDep) -> VerificationOut:
    """Walk along the whole trail and say whether it is as it was written.

    A cut-off end shows only beside heads that are kept elsewhere: `support-copilot audit verify` compares them.
    """
    return render_verification(verify_chain(resources.database), resources.clock())
