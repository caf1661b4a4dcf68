"""All SQL about jobs for the people who watch them; workers use ``db.outbox``."""

from collections.abc import Sequence

from sqlalchemy import select

from support_copilot.db.engine import ReadSession
from support_copilot.db.models import Job
from support_copilot.http.paging import PageRequest, paged
from support_copilot.kit.errors import NotFoundError
from support_copilot.kit.ids import is_id


class JobNotFoundError(NotFoundError):
    code, title = "job_not_found", "There is no job with this id"


def get_job(session: ReadSession, job_id: str) -> Job:
    """The job's row.

    Raises:
        JobNotFoundError: no job has this id, or it ended long ago and was forgotten.
    """
    row = session.get(Job, job_id) if is_id(job_id, "job") else None
    if row is None:
        raise JobNotFoundError
    return row


def list_jobs(session: ReadSession, *, statuses: Sequence[str], name: str | None, page: PageRequest) -> Sequence[Job]:
    """One page of jobs and one row more, newest first."""
    query = select(Job)
    if statuses:
        query = query.where(Job.status.in_(statuses))
    if name is not None:
        query = query.where(Job.name == name)
    return list(session.scalars(paged(query, page, Job.created_at, Job.id)))
