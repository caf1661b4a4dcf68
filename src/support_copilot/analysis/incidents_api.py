"""Endpoints of incidents."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from support_copilot.analysis.board import critical_reasons
from support_copilot.analysis.clusters import Cluster, ReadingsDep, find_clusters
from support_copilot.analysis.incident_replies import ReplyToAll, preview_replies, queue_replies, take_back_replies
from support_copilot.analysis.incident_schemas import (
    ClusterIssueOut,
    ClusterOut,
    IncidentEdit,
    IncidentIn,
    IncidentIssuesIn,
    IncidentOut,
    IncidentPreviewsOut,
    IncidentRepliesOut,
    IncidentReplyIn,
    IncidentStatus,
    RepliesTakeBackIn,
    RepliesTakenBackOut,
    ReplyPreviewIn,
)
from support_copilot.analysis.incidents import (
    NewIncident,
    create_incident,
    edit_incident,
    link_issues,
    list_incidents,
    read_incident,
    unlink_issue,
)
from support_copilot.analysis.queued_replies_api import QueuedMessageOut
from support_copilot.analysis.schemas import CriticalReasonsOut
from support_copilot.http.concurrency import IfMatch, set_etag
from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.http.fields import MAX_TITLE_CHARS
from support_copilot.http.idempotency import IdempotencyKeyHeader, fingerprint
from support_copilot.http.paging import Page, PageArgs
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires
from support_copilot.kit.text import shorten

router = APIRouter(tags=["analysis"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)


@router.get("/v1/incident-clusters", dependencies=[requires("issues.read")])
def get_incident_clusters(resources: ResourcesDep, readings: ReadingsDep, principal: PrincipalDep) -> Page[ClusterOut]:
    """List open issues of the last day that look like one incident, and why; all on one page, the largest first.

    Those that an open incident has already are shown with what else looks like it.
    """
    return Page(data=[_cluster(each) for each in find_clusters(resources, readings, principal.sees)], next_cursor=None)


@router.get("/v1/critical-reasons", dependencies=[requires("issues.read")])
def get_critical_reasons(resources: ResourcesDep, principal: PrincipalDep) -> Page[CriticalReasonsOut]:
    """Say why open issues are critical, the newest 200 on one page: what a board of them shows of each."""
    return Page(data=critical_reasons(resources, principal.sees), next_cursor=None)


@router.get("/v1/incidents", dependencies=[requires("issues.read")])
def get_incidents(
    resources: ResourcesDep,
    principal: PrincipalDep,
    page: PageArgs,
    status: IncidentStatus | None = None,
    issue_id: Annotated[str | None, Query(max_length=64, description="Only those that this issue belongs to.")] = None,
) -> Page[IncidentOut]:
    """List incidents, newest first."""
    return list_incidents(resources, principal.sees, page, status=status, issue_id=issue_id)


@router.post("/v1/incidents", status_code=201, dependencies=[requires("issues.edit")])
def post_incident(
    body: IncidentIn,
    resources: ResourcesDep,
    principal: PrincipalDep,
    response: Response,
    key: IdempotencyKeyHeader = None,
) -> IncidentOut:
    """Link issues as one incident."""
    new = NewIncident(body.title, body.issue_ids)
    incident = create_incident(resources, new, principal, key, fingerprint(body))
    set_etag(response, incident.version)
    return incident


@router.get("/v1/incidents/{incident_id}", dependencies=[requires("issues.read")])
def get_incident(incident_id: str, resources: ResourcesDep, principal: PrincipalDep, response: Response) -> IncidentOut:
    """Read an incident with its issues."""
    incident = read_incident(resources, incident_id, principal.sees)
    set_etag(response, incident.version)
    return incident


@router.patch("/v1/incidents/{incident_id}", dependencies=[requires("issues.edit")])
def patch_incident(
    incident_id: str,
    body: IncidentEdit,
    resources: ResourcesDep,
    principal: PrincipalDep,
    response: Response,
    if_match: IfMatch = None,
) -> IncidentOut:
    """Rename an incident, close it, or open it again. Its issues stay as they are."""
    incident = edit_incident(resources, incident_id, body.changes(), principal, if_match)
    set_etag(response, incident.version)
    return incident


@router.post("/v1/incidents/{incident_id}/issues", dependencies=[requires("issues.edit")])
def post_incident_issues(
    incident_id: str,
    body: IncidentIssuesIn,
    resources: ResourcesDep,
    principal: PrincipalDep,
    response: Response,
    if_match: IfMatch = None,
) -> IncidentOut:
    """Add issues to an open incident."""
    incident = link_issues(resources, incident_id, body.issue_ids, principal, if_match)
    set_etag(response, incident.version)
    return incident


@router.delete("/v1/incidents/{incident_id}/issues/{issue_id}", status_code=204, dependencies=[requires("issues.edit")])
def delete_incident_issue(
    incident_id: str, issue_id: str, resources: ResourcesDep, principal: PrincipalDep, if_match: IfMatch = None
) -> None:
    """Take an issue out of an incident. With its last issue the incident goes."""
    unlink_issue(resources, incident_id, issue_id, principal, if_match)


@router.post("/v1/incidents/{incident_id}/reply-preview", dependencies=[requires("issues.edit")])
def post_incident_reply_preview(
    incident_id: str, body: ReplyPreviewIn, resources: ResourcesDep, principal: PrincipalDep
) -> IncidentPreviewsOut:
    """Show what the customers of open issues of an incident would get. Nothing is kept or sent."""
    return preview_replies(resources, incident_id, body, principal)


@router.post("/v1/incidents/{incident_id}/replies", status_code=201, dependencies=[requires("issues.edit")])
def post_incident_replies(
    incident_id: str,
    body: IncidentReplyIn,
    resources: ResourcesDep,
    principal: PrincipalDep,
    key: IdempotencyKeyHeader = None,
) -> IncidentRepliesOut:
    """Reply to issues of an incident at once. Each reply waits like any other, and can be taken back by itself."""
    reply = ReplyToAll(body.body, body.issue_ids, body.delay_s, body.then_status, body.again)
    queued = queue_replies(resources, incident_id, reply, principal, key, fingerprint(body))
    return IncidentRepliesOut(data=[QueuedMessageOut.model_validate(row, from_attributes=True) for row in queued])


@router.post("/v1/incidents/{incident_id}/replies/take-back", dependencies=[requires("issues.edit")])
def post_incident_replies_take_back(
    incident_id: str, body: RepliesTakeBackIn, resources: ResourcesDep, principal: PrincipalDep
) -> RepliesTakenBackOut:
    """Take back what waits of your reply to all, named by its key. One that never arrived cannot arrive any more."""
    back = take_back_replies(resources, incident_id, body.key, body.issue_ids, principal)
    return RepliesTakenBackOut(
        data=[QueuedMessageOut.model_validate(row, from_attributes=True) for row in back.taken], gone=list(back.gone)
    )


def _cluster(cluster: Cluster) -> ClusterOut:
    burst, rows = cluster.burst, cluster.issues
    moments = [row.created_at for row in rows.values()]
    return ClusterOut(
        title=shorten(rows[burst.middle].subject, MAX_TITLE_CHARS),
        issues=[
            ClusterIssueOut(
                id=each, subject=rows[each].subject, severity=rows[each].severity, created_at=rows[each].created_at,
                incident_id=cluster.linked.get(each),
            )
            for each in burst.ids
        ],
        customers=len({row.customer_id or row.id for row in rows.values()}),
        first_at=min(moments),
        last_at=max(moments),
        codes=list(burst.codes),
        kinds=list(burst.kinds),
        words=list(burst.words),
        likeness=burst.likeness,
        incident_id=next(iter(cluster.linked.values()), None),
    )  # fmt: skip
