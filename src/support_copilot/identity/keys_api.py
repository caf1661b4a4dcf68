"""Endpoints of API keys."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from support_copilot.db.models import ApiKey
from support_copilot.http.concurrency import IfMatch, set_etag
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.http.paging import Page, PageArgs, page_of
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires
from support_copilot.identity.api_keys import MadeKey, create_key, edit_key, revoke_key, rotate_key
from support_copilot.identity.directory_queries import list_keys
from support_copilot.identity.directory_schemas import KeyEdit, KeyIn, KeyMade, KeyOut, RotateRequest, render_key
from support_copilot.identity.runtime import IdentityDep
from support_copilot.kit.errors import NotFoundError

router = APIRouter(tags=["api keys"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)


@router.get("/v1/api-keys", dependencies=[requires("keys.read")])
def get_api_keys(
    identity: IdentityDep,
    page: PageArgs,
    revoked: Annotated[bool | None, Query(description="Leave out for all.")] = None,
) -> Page[KeyOut]:
    """List keys, newest first; never their secrets."""
    with identity.database.read() as session:
        rows = list_keys(session, page, revoked=revoked)
    return page_of(rows, page, lambda row: row.created_at, lambda row: row.id, render_key)


@router.post("/v1/api-keys", status_code=201, dependencies=[requires("keys.manage")])
def post_api_key(body: KeyIn, identity: IdentityDep, principal: PrincipalDep, response: Response) -> KeyMade:
    """Make a key; it is shown this once."""
    with identity.database.transaction() as session:
        made = create_key(
            session, name=body.name, role=body.role, scopes=body.scopes, expires_at=body.expires_at, actor=principal,
            now=identity.clock(),
        )  # fmt: skip
    return _made(made, response)


@router.get("/v1/api-keys/{key_id}", dependencies=[requires("keys.read")])
def get_one_api_key(key_id: str, identity: IdentityDep, response: Response) -> KeyOut:
    """Read one key, revoked or not."""
    with identity.database.read() as session:
        row = session.get(ApiKey, key_id)
    if row is None:
        raise NotFoundError
    set_etag(response, row.version)
    return render_key(row)


@router.patch("/v1/api-keys/{key_id}", dependencies=[requires("keys.manage")])
def patch_api_key(
    key_id: str,
    body: KeyEdit,
    identity: IdentityDep,
    principal: PrincipalDep,
    response: Response,
    if_match: IfMatch = None,
) -> KeyOut:
    """Rename a key or move its end. Its role and scopes never change: make another one."""
    changes: dict[str, Any] = body.changes()
    with identity.database.transaction() as session:
        row = edit_key(session, key_id, changes, if_match, principal, identity.clock())
    set_etag(response, row.version)
    return render_key(row)


@router.post("/v1/api-keys/{key_id}/rotate", dependencies=[requires("keys.manage")])
def post_api_key_rotation(
    key_id: str,
    identity: IdentityDep,
    principal: PrincipalDep,
    response: Response,
    body: RotateRequest | None = None,
) -> KeyMade:
    """Give a key a new secret, shown this once; the old one goes on for a while."""
    overlap = timedelta(hours=(body or RotateRequest()).overlap_hours)
    with identity.database.transaction() as session:
        made = rotate_key(session, key_id, overlap, principal, identity.clock())
    return _made(made, response)


@router.delete("/v1/api-keys/{key_id}", status_code=204, dependencies=[requires("keys.manage")])
def delete_api_key(key_id: str, identity: IdentityDep, principal: PrincipalDep) -> None:
    """Revoke a key: it opens nothing from the next request on, and stays in the list."""
    with identity.database.transaction() as session:
        revoke_key(session, key_id, principal, identity.clock())


def _made(made: MadeKey, response: Response) -> KeyMade:
    response.headers["Cache-Control"] = "no-store"
    return KeyMade(api_key=render_key(made.row), key=made.secret)
