"""Endpoints of the targets of response clocks."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.http.fields import Severity
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires
from support_copilot.issues.clocks import Target, Targets, change_targets, load_targets

router = APIRouter(tags=["issues"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)

_YEAR_MINUTES = 366 * 24 * 60
_Minutes = Annotated[int, Field(ge=1, le=_YEAR_MINUTES, strict=True)] | None


class ResponseTargetBody(BaseModel):
    """Minutes from the opening of an issue, day and night; null: nothing is promised."""

    model_config = ConfigDict(extra="forbid")

    first_response_minutes: _Minutes
    resolution_minutes: _Minutes


class ResponseTargetsOut(BaseModel):
    targets: dict[Severity, ResponseTargetBody]


class ResponseTargetsIn(BaseModel):
    """The severities to change; what is left out stays as it is."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"targets": {"critical": {"first_response_minutes": 15, "resolution_minutes": 120}}}]
        },
    )

    targets: dict[Severity, ResponseTargetBody]


@router.get("/v1/response-targets", dependencies=[requires("issues.read")])
def get_response_targets(resources: ResourcesDep) -> ResponseTargetsOut:
    """Read how fast issues are to be answered and resolved."""
    with resources.database.read() as session:
        return _render(load_targets(session))


@router.put("/v1/response-targets", dependencies=[requires("rules.manage")])
def put_response_targets(
    body: ResponseTargetsIn, resources: ResourcesDep, principal: PrincipalDep
) -> ResponseTargetsOut:
    """Change how fast issues are to be answered and resolved."""
    changes = {
        severity: Target(target.first_response_minutes, target.resolution_minutes)
        for severity, target in body.targets.items()
    }
    return _render(change_targets(resources, changes, principal))


def _render(targets: Targets) -> ResponseTargetsOut:
    return ResponseTargetsOut(
        targets={
            severity: ResponseTargetBody(
                first_response_minutes=target.first_response_minutes, resolution_minutes=target.resolution_minutes
            )
            for severity, target in targets.items()
        }
    )
