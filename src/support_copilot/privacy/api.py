"""Endpoints of privacy: one person's data, retention, legal holds."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from sqlalchemy import func, select

from support_copilot.db.models import LegalHold, PrivacyRequest
from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.http.paging import Page, PageArgs, page_of, paged
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires
from support_copilot.identity.audit import AuditEvent, record_audit
from support_copilot.issues.attachments import read_chunks
from support_copilot.issues.queries import customers_by_id
from support_copilot.privacy.exports import open_export
from support_copilot.privacy.holds import list_holds, place_hold, release_hold
from support_copilot.privacy.receipt import public_keys
from support_copilot.privacy.requests import Kind, ask, get_request
from support_copilot.privacy.retention import change_rules, due
from support_copilot.privacy.schemas import (
    HoldIn,
    HoldOut,
    PrivacyRequestIn,
    PrivacyRequestOut,
    ReceiptKeys,
    RetentionIn,
    RetentionOut,
    render_due,
    render_hold,
    render_request,
)
from support_copilot.privacy.sharing import DataSharingOut, data_sharing
from support_copilot.resources import Resources

router = APIRouter(tags=["privacy"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)
_READ = [requires("privacy.read")]
_MANAGE = [requires("privacy.manage")]


@router.get("/v1/privacy/data-sharing", dependencies=[requires("prompts.read")])
def get_data_sharing(resources: ResourcesDep) -> DataSharingOut:
    """Read whom texts may reach for a model, what they are given, and what is masked before it goes."""
    with resources.database.read() as session:
        return data_sharing(resources, session)


@router.get("/v1/privacy/requests", dependencies=_READ)
def get_privacy_requests(resources: ResourcesDep, page: PageArgs) -> Page[PrivacyRequestOut]:
    """List exports, anonymizations and erasures, newest first."""
    with resources.database.read() as session:
        query = paged(select(PrivacyRequest), page, PrivacyRequest.created_at, PrivacyRequest.id)
        rows = list(session.scalars(query))
        known = customers_by_id(session, {row.customer_id for row in rows})
        return page_of(
            rows, page, lambda row: row.created_at, lambda row: row.id,
            lambda row: render_request(row, known.get(row.customer_id)),
        )  # fmt: skip


@router.post("/v1/privacy/exports", status_code=202, dependencies=_MANAGE)
def post_export(body: PrivacyRequestIn, resources: ResourcesDep, principal: PrincipalDep) -> PrivacyRequestOut:
    """Ask for a copy of everything about a customer, as JSON with the files in one archive."""
    return render_request(ask(resources, "export", body.customer_id, principal))


@router.get("/v1/privacy/exports/{request_id}", dependencies=_READ)
def get_one_export(request_id: str, resources: ResourcesDep) -> PrivacyRequestOut:
    """Read the state of an export."""
    return _one(resources, "export", request_id)


@router.get(
    "/v1/privacy/exports/{request_id}/file",
    dependencies=_MANAGE,
    response_class=StreamingResponse,
    responses={200: {"content": {"application/zip": {}}, "description": "The archive."}},
)
def get_export_file(request_id: str, resources: ResourcesDep, principal: PrincipalDep) -> StreamingResponse:
    """Download the archive of an export, until it expires."""
    stream = open_export(resources, request_id)
    with resources.database.transaction() as session:
        record_audit(session, AuditEvent("privacy.export_read", resources.clock(), principal, request_id))
    headers = {"Content-Disposition": f'attachment; filename="{request_id}.zip"', "X-Content-Type-Options": "nosniff"}
    return StreamingResponse(read_chunks(stream), media_type="application/zip", headers=headers)


@router.post("/v1/privacy/anonymizations", status_code=202, dependencies=_MANAGE)
def post_anonymization(body: PrivacyRequestIn, resources: ResourcesDep, principal: PrincipalDep) -> PrivacyRequestOut:
    """Ask that a customer is gone from their issues, while the issues and their fixes stay findable."""
    return render_request(ask(resources, "anonymization", body.customer_id, principal))


@router.get("/v1/privacy/anonymizations/{request_id}", dependencies=_READ)
def get_one_anonymization(request_id: str, resources: ResourcesDep) -> PrivacyRequestOut:
    """Read the state of an anonymization."""
    return _one(resources, "anonymization", request_id)


@router.post("/v1/privacy/erasures", status_code=202, dependencies=_MANAGE)
def post_erasure(body: PrivacyRequestIn, resources: ResourcesDep, principal: PrincipalDep) -> PrivacyRequestOut:
    """Ask that everything of a customer leaves every store; cannot be undone."""
    return render_request(ask(resources, "erasure", body.customer_id, principal))


@router.get("/v1/privacy/erasures/{request_id}", dependencies=_READ)
def get_one_erasure(request_id: str, resources: ResourcesDep) -> PrivacyRequestOut:
    """Read the state of an erasure and, when done, its signed receipt."""
    return _one(resources, "erasure", request_id)


@router.get("/v1/privacy/receipt-keys", dependencies=_READ)
def get_receipt_keys(resources: ResourcesDep) -> ReceiptKeys:
    """The public keys (JWK set) by which anybody can check a receipt."""
    return ReceiptKeys(keys=public_keys(resources))


@router.get("/v1/privacy/retention", dependencies=_READ)
def get_retention(resources: ResourcesDep) -> RetentionOut:
    """Read how long each kind of data is kept, and how much the next daily run removes."""
    with resources.database.read() as session:
        found = due(session, resources.clock())
    return RetentionOut(dry_run=True, holds_in_force=_holds_in_force(resources), rules=render_due(found))


@router.put("/v1/privacy/retention", dependencies=_MANAGE)
def put_retention(
    body: RetentionIn,
    resources: ResourcesDep,
    principal: PrincipalDep,
    dry_run: Annotated[bool, Query(description="Only tell what the rules would remove.")] = False,
) -> RetentionOut:
    """Change how long kinds of data are kept."""
    now = resources.clock()
    if dry_run:
        with resources.database.read() as session:
            found = due(session, now, body.rules)
    else:
        with resources.database.transaction() as session:
            change_rules(session, body.rules, principal, now)
            found = due(session, now)
    return RetentionOut(dry_run=dry_run, holds_in_force=_holds_in_force(resources), rules=render_due(found))


@router.get("/v1/privacy/retention/holds", dependencies=_READ)
def get_legal_holds(
    resources: ResourcesDep,
    page: PageArgs,
    in_force: Annotated[bool, Query(description="Leave out those that were released.")] = True,
) -> Page[HoldOut]:
    """List legal holds, newest first."""
    with resources.database.read() as session:
        rows = list_holds(session, page, in_force=in_force)
        known = customers_by_id(session, {row.customer_id for row in rows})
        return page_of(
            rows, page, lambda row: row.created_at, lambda row: row.id,
            lambda row: render_hold(row, known.get(row.customer_id)),
        )  # fmt: skip


@router.post("/v1/privacy/retention/holds", status_code=201, dependencies=_MANAGE)
def post_legal_hold(body: HoldIn, resources: ResourcesDep, principal: PrincipalDep) -> HoldOut:
    """Keep a customer's data, whatever else says that it goes."""
    with resources.database.transaction() as session:
        return render_hold(place_hold(session, body.customer_id, body.reason, principal, resources.clock()))


@router.post("/v1/privacy/retention/holds/{hold_id}/release", dependencies=_MANAGE)
def post_legal_hold_release(hold_id: str, resources: ResourcesDep, principal: PrincipalDep) -> HoldOut:
    """End a legal hold."""
    with resources.database.transaction() as session:
        return render_hold(release_hold(session, hold_id, principal, resources.clock()))


def _one(resources: Resources, kind: Kind, request_id: str) -> PrivacyRequestOut:
    with resources.database.read() as session:
        return render_request(get_request(session, kind, request_id))


def _holds_in_force(resources: Resources) -> int:
    query = select(func.count()).select_from(LegalHold).where(LegalHold.released_at.is_(None))
    with resources.database.read() as session:
        return int(session.scalar(query))
