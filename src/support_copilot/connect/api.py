"""Endpoints of the sample company, for a first look around."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from support_copilot.connect.sample_data import SampleProgress, ask_for_sample, sample_progress
from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires

router = APIRouter(tags=["sample data"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)


class SampleDataOut(BaseModel):
    """How far a made-up company with its customers and issues has come into the record."""

    state: Literal["none", "loading", "loaded", "failed"]
    done: int = Field(description="Rows of it that are there.")
    total: int = Field(description="All its rows.")


@router.get("/v1/sample-data", dependencies=[requires("sample.load")])
def get_sample_data(resources: ResourcesDep) -> SampleDataOut:
    """Read how far the sample data has come."""
    with resources.database.read() as session:
        return _render(sample_progress(session))


@router.post("/v1/sample-data", status_code=202, dependencies=[requires("sample.load")])
def post_sample_data(resources: ResourcesDep, principal: PrincipalDep) -> SampleDataOut:
    """Have a made-up company loaded in the background, to look around; only while there are no issues."""
    return _render(ask_for_sample(resources, principal))


def _render(progress: SampleProgress) -> SampleDataOut:
    return SampleDataOut(state=progress.state, done=progress.done, total=progress.total)
