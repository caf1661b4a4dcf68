"""Endpoints of background jobs: what waits, what failed for good, and a second chance for it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, JsonValue

from support_copilot.db.models import Job
from support_copilot.db.outbox import revive
from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.http.paging import Page, PageArgs, page_of
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires
from support_copilot.identity.audit import AuditEvent, record_audit
from support_copilot.jobs.queries import get_job, list_jobs
from support_copilot.kit.errors import ConflictError

router = APIRouter(tags=["jobs"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)

JobStatus = Literal["queued", "running", "done", "buried"]


class JobNotBuriedError(ConflictError):
    code, title = "job_not_buried", "Only a buried job can be tried again"


class JobOut(BaseModel):
    """``payload`` holds ids only; ``last_error`` names the kind of failure, never its text."""

    id: str = Field(examples=["job_01j9z3k6w8f5v9m2q4x7c1b0ad"])
    name: str = Field(examples=["summarization.summarize_issue"])
    payload: dict[str, JsonValue]
    status: JobStatus
    attempts: int
    max_attempts: int
    run_at: datetime
    last_error: str | None
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None


@router.get("/v1/jobs", dependencies=[requires("jobs.read")])
def get_jobs(
    resources: ResourcesDep,
    page: PageArgs,
    status: Annotated[Sequence[JobStatus], Query(description="May be given several times.")] = (),
    name: Annotated[str | None, Query(max_length=80)] = None,
) -> Page[JobOut]:
    """List jobs, newest first."""
    with resources.database.read() as session:
        rows = list_jobs(session, statuses=status, name=name, page=page)
    return page_of(rows, page, lambda row: row.created_at, lambda row: row.id, _render)


@router.get("/v1/jobs/{job_id}", dependencies=[requires("jobs.read")])
def get_one_job(job_id: str, resources: ResourcesDep) -> JobOut:
    """Read one job."""
    with resources.database.read() as session:
        return _render(get_job(session, job_id))


@router.post("/v1/jobs/{job_id}/retry", status_code=202, dependencies=[requires("jobs.retry")])
def post_job_retry(job_id: str, resources: ResourcesDep, principal: PrincipalDep) -> JobOut:
    """Give a buried job all its attempts again."""
    with resources.database.transaction() as session:
        if not revive(session, job_id, now=resources.clock()):
            get_job(session, job_id)
            raise JobNotBuriedError
        record_audit(session, AuditEvent("job.retried", resources.clock(), principal, job_id))
        return _render(get_job(session, job_id))


def _render(job: Job) -> JobOut:
    return JobOut.model_validate(job, from_attributes=True)
