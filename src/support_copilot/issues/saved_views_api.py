"""Endpoints of saved views."""

from fastapi import APIRouter, Response

from support_copilot.http.concurrency import IfMatch, set_etag
from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.http.paging import Page
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires
from support_copilot.issues.saved_views import delete_view, edit_view, list_views, order_views, save_view
from support_copilot.issues.saved_views_schemas import SavedViewEdit, SavedViewIn, SavedViewOut, ViewOrder

router = APIRouter(tags=["issues"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)


@router.get("/v1/views", dependencies=[requires("issues.read")])
def get_saved_views(resources: ResourcesDep, principal: PrincipalDep) -> Page[SavedViewOut]:
    """List your views and those that others share, with how many issues each holds; all of them on one page."""
    return Page(data=list_views(resources, principal), next_cursor=None)


@router.post("/v1/views", status_code=201, dependencies=[requires("views.edit")])
def post_saved_view(
    body: SavedViewIn, resources: ResourcesDep, principal: PrincipalDep, response: Response
) -> SavedViewOut:
    """Keep filters of the inbox under a name."""
    view = save_view(resources, body, principal)
    set_etag(response, view.version)
    return view


@router.patch("/v1/views/{view_id}", dependencies=[requires("views.edit")])
def patch_saved_view(
    view_id: str,
    body: SavedViewEdit,
    resources: ResourcesDep,
    principal: PrincipalDep,
    response: Response,
    if_match: IfMatch = None,
) -> SavedViewOut:
    """Rename a view of yours, change its filters, share it or keep it to yourself."""
    view = edit_view(resources, view_id, body, principal, if_match)
    set_etag(response, view.version)
    return view


@router.delete("/v1/views/{view_id}", status_code=204, dependencies=[requires("views.edit")])
def delete_saved_view(view_id: str, resources: ResourcesDep, principal: PrincipalDep) -> None:
    """Remove a view of yours, for everybody."""
    delete_view(resources, view_id, principal)


@router.put("/v1/view-order", dependencies=[requires("views.edit")])
def put_view_order(body: ViewOrder, resources: ResourcesDep, principal: PrincipalDep) -> Page[SavedViewOut]:
    """Put your views in order."""
    order_views(resources, body.ids, principal)
    return Page(data=list_views(resources, principal), next_cursor=None)
