"""Endpoints of what each person has read."""

from fastapi import APIRouter

from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires
from support_copilot.identity.errors import PermissionDeniedError
from support_copilot.issues.reading import MarksIn, MarksOut, list_marks, set_marks

router = APIRouter(tags=["issues"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)


@router.get("/v1/reading", dependencies=[requires("issues.read")])
def get_reading(resources: ResourcesDep, principal: PrincipalDep) -> MarksOut:
    """Tell how much of which issues you have seen and which you marked as unread: your 2,000 newest marks."""
    with resources.database.read() as session:
        return MarksOut(data=list_marks(session, principal.id))


@router.put("/v1/reading", dependencies=[requires("issues.read")])
def put_reading(body: MarksIn, resources: ResourcesDep, principal: PrincipalDep) -> MarksOut:
    """Say what you have seen, or mark issues as unread; nobody else sees it. Issues you do not see are left out."""
    if principal.kind != "user":
        raise PermissionDeniedError("Only people who have signed in mark what they have read.")
    return MarksOut(data=set_marks(resources, principal, body.marks))
