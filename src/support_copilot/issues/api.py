"""Endpoints of the record of issues: lists, reading, edits, resolutions, files.

Storing an issue or a message also analyses it, so those endpoints belong to the analysis service.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any, Final, cast
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Query, Request, Response, UploadFile
from fastapi.responses import StreamingResponse
from pydantic import StringConstraints

from support_copilot.http.concurrency import IfMatch, set_etag
from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.http.fields import Channel, DraftPart, Moment, Severity, Status
from support_copilot.http.idempotency import IdempotencyKeyHeader
from support_copilot.http.paging import Page, PageArgs
from support_copilot.http.places import UploadPlacesDep
from support_copilot.identity.access import GuardedRoute, PrincipalDep, open_to_all, requires
from support_copilot.identity.audit import AuditEvent, record_audit
from support_copilot.identity.directory_queries import list_team_names
from support_copilot.identity.runtime import IdentityDep
from support_copilot.issues.assigning import list_takers
from support_copilot.issues.attachments import get_shown_attachment, open_attachment, read_chunks, store_attachment
from support_copilot.issues.config import AttachmentsConfig, InboxConfig
from support_copilot.issues.drafts import DraftIn, DraftOut, read_draft, save_draft
from support_copilot.issues.editing import change_issue, close_with_fix
from support_copilot.issues.file_links import check_link, check_maker, make_link
from support_copilot.issues.file_types import served_type
from support_copilot.issues.listing import IssueFilter, IssueSort, Promise, list_issues, list_message_page, read_issue
from support_copilot.issues.message_files import list_files
from support_copilot.issues.order import Risk
from support_copilot.issues.reading import count_unread
from support_copilot.issues.schemas import (
    AssigneeOut,
    AssigneesOut,
    AttachmentLinkOut,
    AttachmentOut,
    IssueCounts,
    IssueEdit,
    IssueOut,
    MessageOut,
    PlansOut,
    ResolveRequest,
    TakingTeam,
    render_attachment,
)
from support_copilot.issues.service import IssueChanges, NewResolution
from support_copilot.issues.views import View, count_teams, count_views, list_plans
from support_copilot.resources import Resources

router = APIRouter(tags=["issues"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)

Name = Annotated[str | None, Query(max_length=200)]
PlanName = Annotated[str, StringConstraints(max_length=60)]
_SLA: Final = "What was promised: `breached`, due `soon` (within the hour, not broken), or `any` promise that runs."
_SORT: Final = "A leading `-` puts the newest first; `copilot`: what to take next, each with its `order`."
_FILE_RESPONSE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"application/octet-stream": {}}, "description": "The file as it was sent."}
}


async def _attachment_rules(request: Request) -> AttachmentsConfig:
    rules = request.app.state.attachments
    assert isinstance(rules, AttachmentsConfig)  # noqa: S101  # set by serve.py before the first request
    return rules


async def _inbox_rules(request: Request) -> InboxConfig:
    rules = request.app.state.inbox
    assert isinstance(rules, InboxConfig)  # noqa: S101  # likewise
    return rules


InboxDep = Annotated[InboxConfig, Depends(_inbox_rules)]
RulesDep = Annotated[AttachmentsConfig, Depends(_attachment_rules)]


def _issue_filter(
    resources: ResourcesDep,
    principal: PrincipalDep,
    view: Annotated[View | None, Query(description="A view of the inbox, which the other filters narrow.")] = None,
    status: Annotated[Sequence[Status], Query(description="May be given several times.")] = (),
    severity: Annotated[Sequence[Severity], Query(description="May be given several times.")] = (),
    category: Name = None,
    language: Name = None,
    customer_id: Name = None,
    assignee: Name = None,
    channel: Annotated[Channel | None, Query()] = None,
    tag: Name = None,
    external_source: Name = None,
    external_id: Name = None,
    q: Annotated[str | None, Query(max_length=200, description="Words of the subject, as they stand there.")] = None,
    created_after: Annotated[Moment | None, Query()] = None,
    created_before: Annotated[Moment | None, Query()] = None,
    updated_after: Annotated[Moment | None, Query()] = None,
    team_id: Name = None,
    plan: Annotated[Sequence[PlanName], Query(max_length=20, description="Of the customer; several.")] = (),
    sla: Annotated[Promise | None, Query(description=_SLA)] = None,
    risk: Annotated[Sequence[Risk], Query(description="How likely a bad rating is; several.")] = (),
) -> IssueFilter:
    return IssueFilter(
        view=view, person=principal.id, now=resources.clock(),
        statuses=status, severities=severity, category=category, language=language, customer_id=customer_id,
        assignee=assignee, channel=channel, tag=tag, external_source=external_source, external_id=external_id,
        subject_contains=q, created_after=created_after, created_before=created_before, updated_after=updated_after,
        team_id=team_id, plans=plan, sla=sla, risks=risk, sees=principal.sees,
    )  # fmt: skip


@router.get("/v1/issues", dependencies=[requires("issues.read")])
def get_issues(
    resources: ResourcesDep,
    page: PageArgs,
    narrow: Annotated[IssueFilter, Depends(_issue_filter)],
    inbox: InboxDep,
    sort: Annotated[IssueSort, Query(description=_SORT)] = "-created_at",
) -> Page[IssueOut]:
    """List issues, newest first unless `sort` says otherwise."""
    with resources.database.read() as session:
        return list_issues(session, narrow, sort, page, inbox.points_by_plan)


@router.get("/v1/issues/counts", dependencies=[requires("issues.read")])
def get_issue_counts(resources: ResourcesDep, principal: PrincipalDep) -> IssueCounts:
    """Count the issues of each view of the inbox, and of each of your teams."""
    sees, person, now = principal.sees, principal.id, resources.clock()
    with resources.database.read() as session:
        views = count_views(session, sees, person=person, now=now)
        unread = count_unread(session, sees, person=person, now=now)
        teams = count_teams(session, principal.team_ids, now=now)
    return IssueCounts(views=views, unread=unread, teams=teams)


@router.get("/v1/issues/assignees", dependencies=[requires("issues.read")])
def get_assignees(resources: ResourcesDep, identity: IdentityDep, principal: PrincipalDep) -> AssigneesOut:
    """Name the people and the teams that may be given an issue, and who asks."""
    sees = principal.sees
    with resources.database.read() as session:
        rows = list_takers(session, sees, teams_limit=identity.config.teams_limit_agents)
        teams = list_team_names(session)
    return AssigneesOut(
        me=principal.id,
        data=[AssigneeOut(value=row.value, name=row.name, team_ids=row.team_ids) for row in rows],
        teams=[TakingTeam(id=team_id, name=name, seen=sees is None or team_id in sees) for team_id, name in teams],
    )


@router.get("/v1/issues/plans", dependencies=[requires("issues.read")])
def get_plans(resources: ResourcesDep, principal: PrincipalDep) -> PlansOut:
    """Name the plans that customers have, to narrow lists by."""
    with resources.database.read() as session:
        return PlansOut(data=list_plans(session, principal.sees))


@router.get("/v1/issues/{issue_id}", dependencies=[requires("issues.read")])
def get_one_issue(issue_id: str, resources: ResourcesDep, response: Response) -> IssueOut:
    """Read one issue."""
    with resources.database.read() as session:
        issue = read_issue(session, issue_id)
    set_etag(response, issue.version)
    return issue


@router.patch("/v1/issues/{issue_id}", dependencies=[requires("issues.edit")])
def patch_issue(
    issue_id: str,
    body: IssueEdit,
    resources: ResourcesDep,
    identity: IdentityDep,
    response: Response,
    if_match: IfMatch = None,
) -> IssueOut:
    """Edit an issue. Ending it asks for its summary; taking an ended one up again counts as a reopening."""
    changes = body.changes()
    if "rating" in changes:
        changes["rating"] = (body.rating.score, body.rating.comment) if body.rating else None
    limit = identity.config.teams_limit_agents
    issue = change_issue(resources, issue_id, cast("IssueChanges", changes), if_match, teams_limit=limit)
    set_etag(response, issue.version)
    return issue


@router.post("/v1/issues/{issue_id}/resolve", dependencies=[requires("issues.edit")])
def post_resolution(
    issue_id: str, body: ResolveRequest, resources: ResourcesDep, principal: PrincipalDep, response: Response
) -> IssueOut:
    """Close an issue with the fix that worked; the summary starts by itself."""
    fix = body.resolution
    new = NewResolution(text=fix.text, steps=fix.steps, kind=fix.kind, created_by=principal.name)
    issue = close_with_fix(resources, issue_id, new)
    set_etag(response, issue.version)
    return issue


@router.get("/v1/issues/{issue_id}/draft", dependencies=[requires("issues.edit")])
def get_draft(issue_id: str, resources: ResourcesDep, principal: PrincipalDep) -> DraftOut:
    """Read what you have begun to write to this issue."""
    return read_draft(resources, principal.id, issue_id)


@router.put("/v1/issues/{issue_id}/draft", dependencies=[requires("issues.edit")])
def put_draft(issue_id: str, body: DraftIn, resources: ResourcesDep, principal: PrincipalDep) -> DraftOut:
    """Keep what you have begun to write; nobody else sees it."""
    return save_draft(resources, principal.id, issue_id, body)


@router.get("/v1/issues/{issue_id}/messages", dependencies=[requires("issues.read")])
def get_messages(issue_id: str, resources: ResourcesDep, page: PageArgs) -> Page[MessageOut]:
    """Read the conversation, oldest message first."""
    with resources.database.read() as session:
        return list_message_page(session, issue_id, page)


@router.get("/v1/issues/{issue_id}/attachments", dependencies=[requires("issues.read")])
def get_issue_attachments(issue_id: str, resources: ResourcesDep, principal: PrincipalDep) -> Page[AttachmentOut]:
    """List the files of an issue and those of your draft, oldest first; all of them on one page."""
    with resources.database.read() as session:
        rows = list_files(session, issue_id, principal.id)
    return Page(data=[render_attachment(row) for row in rows], next_cursor=None)


@router.post("/v1/attachments", status_code=201, dependencies=[requires("issues.edit")])
async def post_attachment(
    resources: ResourcesDep,
    principal: PrincipalDep,
    rules: RulesDep,
    places: UploadPlacesDep,
    file: UploadFile,
    issue_id: Annotated[str, Form(max_length=64)],
    message_id: Annotated[str | None, Form(max_length=64)] = None,
    draft: Annotated[
        DraftPart | None, Form(description="Keep it in your draft until this text of it is sent with it.")
    ] = None,
    idempotency_key: IdempotencyKeyHeader = None,
) -> AttachmentOut:
    """Store a file beside an issue (`multipart/form-data`)."""
    row = await places.run(
        store_attachment,
        resources,
        file.file,
        sees=principal.sees,
        filename=file.filename or "",
        issue_id=issue_id,
        message_id=message_id,
        draft=(principal.id, draft) if draft else None,
        idempotency_key=idempotency_key,
        rules=rules,
    )
    return render_attachment(row)


@router.get("/v1/attachments/{attachment_id}", dependencies=[requires("issues.read")])
def get_one_attachment(attachment_id: str, resources: ResourcesDep, principal: PrincipalDep) -> AttachmentOut:
    """Read what is known of a file."""
    with resources.database.read() as session:
        return render_attachment(get_shown_attachment(session, attachment_id, principal.id))


@router.get(
    "/v1/attachments/{attachment_id}/content",
    response_class=StreamingResponse,
    responses=_FILE_RESPONSE,
    dependencies=[requires("issues.read")],
)
def get_attachment_content(attachment_id: str, resources: ResourcesDep, principal: PrincipalDep) -> StreamingResponse:
    """Download a file; a browser saves it and never runs it."""
    return _file(resources, attachment_id, principal.id)


@router.post("/v1/attachments/{attachment_id}/link", dependencies=[requires("issues.read")])
def post_attachment_link(
    attachment_id: str, resources: ResourcesDep, rules: RulesDep, identity: IdentityDep, principal: PrincipalDep
) -> AttachmentLinkOut:
    """Make a link that downloads the file for a few minutes, while you may see it, without a sign-in."""
    now = resources.clock()
    with resources.database.transaction() as session:
        get_shown_attachment(session, attachment_id, principal.id)
        lifetime = timedelta(minutes=rules.link_minutes)
        link = make_link(resources.vault, attachment_id, principal.credential_id, lifetime, now)
        event = AuditEvent("attachment.link_made", now, principal, attachment_id, after={"expires_at": link.expires_at})
        record_audit(session, event)
    origin = (identity.config.public_url or "").rstrip("/")
    return AttachmentLinkOut(url=origin + link.path, expires_at=link.expires_at)


@router.get(
    "/v1/attachments/{attachment_id}/download",
    response_class=StreamingResponse,
    responses=_FILE_RESPONSE,
    dependencies=[open_to_all()],
)
def get_attachment_download(
    attachment_id: str,
    resources: ResourcesDep,
    identity: IdentityDep,
    by: Annotated[str, Query(max_length=64, description="The session or key that made the link.")],
    expires: Annotated[int, Query(ge=0, le=2**40, description="When the link ends, in seconds since 1970.")],
    signature: Annotated[str, Query(max_length=64, description="What makes the link ours.")],
) -> StreamingResponse:
    """Download a file by a link of `POST …/link`."""
    check_link(resources.vault, attachment_id, by, expires, signature, resources.clock())
    with resources.database.read() as session:
        maker_id = check_maker(identity, session, attachment_id, by)
    return _file(resources, attachment_id, maker_id)


def _file(resources: Resources, attachment_id: str, person_id: str) -> StreamingResponse:
    """The file, for this person, in an answer that no browser shows or runs, whatever is in it."""
    with resources.database.read() as session:
        row = get_shown_attachment(session, attachment_id, person_id)
    headers = {
        "Content-Disposition": _disposition(row.filename),
        "Content-Length": str(row.size_bytes),
        "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    content = read_chunks(open_attachment(resources, row))
    return StreamingResponse(content, 200, headers, served_type(row.content_type))


def _disposition(filename: str) -> str:
    """RFC 6266: a plain name for old readers, the real one in UTF-8."""
    plain = filename.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
