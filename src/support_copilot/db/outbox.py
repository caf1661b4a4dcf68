"""The outbox: jobs written in the transaction of the change that asks for them, claimed by workers under a lease."""

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, insert, or_, select, update

from support_copilot.db.engine import Database, ReadSession, WriteSession
from support_copilot.db.models import Job
from support_copilot.kit.ids import new_id

_FIRST_RETRY_S = 2.0
_LONGEST_RETRY_S = 600.0


@dataclass(frozen=True, slots=True)
class ClaimedJob:
    """A job in the hands of one worker until ``leased_until``."""

    id: str
    name: str
    payload: Mapping[str, Any]
    attempts: int
    max_attempts: int
    leased_until: datetime


def enqueue(
    session: WriteSession,
    name: str,
    payload: Mapping[str, Any],
    *,
    now: datetime,
    dedupe_key: str | None = None,
    max_attempts: int = 8,
    run_at: datetime | None = None,
) -> str | None:
    """Add a job that leaves with the caller's transaction.

    Args:
        name: ``slice.verb``.
        payload: ids only; the handler loads the rest and checks whether the work is already done.
        dedupe_key: while a job with this key waits, a second is not added. A *running* job has already
            let go of its key, so that a change made meanwhile is never swallowed.

    Returns:
        The job's id, None when an equal one waits already.
    """
    if dedupe_key and session.scalar(select(Job.id).where(Job.dedupe_key == dedupe_key)):
        return None
    job_id = new_id("job")
    # Another transaction may add an equal one at this moment: whoever comes second leaves it at that.
    added = session.execute(
        insert(Job)
        .prefix_with("OR IGNORE", dialect="sqlite")
        .prefix_with("IGNORE", dialect="mysql")
        .prefix_with("IGNORE", dialect="mariadb")
        .values(
            id=job_id, name=name, payload=dict(payload), status="queued", run_at=run_at or now, attempts=0,
            max_attempts=max_attempts, dedupe_key=dedupe_key, created_at=now, updated_at=now,
        )
    )  # fmt: skip
    return job_id if added.rowcount else None  # type: ignore[attr-defined]  # an INSERT's result has it


def asked_since(session: ReadSession, name: str, moment: datetime) -> bool:
    """Whether a job of this name was asked for since then."""
    return session.scalar(select(Job.id).where(Job.name == name, Job.created_at >= moment).limit(1)) is not None


def claim(
    database: Database,
    worker: str,
    *,
    now: datetime,
    lease_s: float,
    limit: int = 1,
    only: Collection[str] = (),
    but: Collection[str] = (),
) -> list[ClaimedJob]:
    """Take due jobs, oldest first; one whose lease ran out (its worker died) is due again.

    Args:
        only: names of the jobs that may be taken; none means all.
        but: names of jobs that are left to others.
    """
    due = or_(
        (Job.status == "queued") & (Job.run_at <= now),
        (Job.status == "running") & (Job.leased_until < now),
    )
    if only:
        due = and_(due, Job.name.in_(only))
    if but:
        due = and_(due, Job.name.not_in(but))
    with database.read() as reader:
        if reader.scalar(select(Job.id).where(due).limit(1)) is None:
            return []
    leased_until = now + timedelta(seconds=lease_s)
    claimed: list[ClaimedJob] = []
    with database.transaction() as session:
        query = select(Job).where(due).order_by(Job.run_at, Job.id).limit(limit).with_for_update(skip_locked=True)
        for job in session.scalars(query):
            if job.status == "running" and job.attempts >= job.max_attempts:
                _bury(job, "WorkerDied", now)
                continue
            job.status, job.leased_by, job.leased_until = "running", worker, leased_until
            job.attempts += 1
            job.dedupe_key = None
            job.updated_at = now
            claimed.append(ClaimedJob(job.id, job.name, job.payload, job.attempts, job.max_attempts, leased_until))
    return claimed


def extend_lease(database: Database, job: ClaimedJob, *, now: datetime, lease_s: float) -> None:
    """Keep a long job for longer; without effect when another worker has taken it over."""
    mine = (Job.id == job.id) & (Job.status == "running") & (Job.attempts == job.attempts)
    with database.transaction() as session:
        session.execute(update(Job).where(mine).values(leased_until=now + timedelta(seconds=lease_s)))


def finish(session: WriteSession, job: ClaimedJob, *, now: datetime) -> bool:
    """Mark the job done; False when this worker lost its lease to another meanwhile."""
    return _end(session, job, status="done", last_error=None, finished_at=now, updated_at=now)


def fail(database: Database, job: ClaimedJob, error: str, *, now: datetime, permanent: bool = False) -> str:
    """Put the job back with growing, jittered delay, or bury it after its last attempt; returns the new status.

    Args:
        error: name and code of the error; never its text, which may quote a customer.
        permanent: bury at once, since trying again cannot help.
    """
    buried = permanent or job.attempts >= job.max_attempts
    status = "buried" if buried else "queued"
    values: dict[str, Any] = {"last_error": error, "updated_at": now}
    if buried:
        values["finished_at"] = now
    else:
        values["run_at"] = now + timedelta(seconds=retry_delay_s(job.attempts))
    with database.transaction() as session:
        _end(session, job, status=status, **values)
    return status


def hand_back(database: Database, job: ClaimedJob, *, now: datetime) -> str:
    """Let another worker do it at once: this one ends. Does not count as an attempt; returns the new status."""
    with database.transaction() as session:
        _end(session, job, status="queued", attempts=job.attempts - 1, run_at=now, updated_at=now)
    return "queued"


def retry_delay_s(attempts: int) -> float:
    """Seconds until the next try: doubling, capped, with full jitter in the upper half (AWS architecture blog)."""
    ceiling = min(_LONGEST_RETRY_S, _FIRST_RETRY_S * 2 ** (attempts - 1))
    return random.uniform(ceiling / 2, ceiling)  # noqa: S311  # spreads load, guards nothing


def revive(session: WriteSession, job_id: str, *, now: datetime) -> bool:
    """Give a buried job all its attempts again; False when it is not buried."""
    values = {"status": "queued", "attempts": 0, "run_at": now, "updated_at": now, "finished_at": None}
    result = session.execute(update(Job).where(Job.id == job_id, Job.status == "buried").values(values))
    return _changed(result)


def forget_finished(session: WriteSession, *, before: datetime) -> int:
    """Remove jobs done before a moment; buried ones stay until somebody looked at them."""
    result = session.execute(delete(Job).where(Job.status == "done", Job.finished_at < before))
    return int(getattr(result, "rowcount", 0))


def _end(session: WriteSession, job: ClaimedJob, **values: Any) -> bool:
    mine = (Job.id == job.id) & (Job.status == "running") & (Job.attempts == job.attempts)
    values.update(leased_by=None, leased_until=None)
    return _changed(session.execute(update(Job).where(mine).values(values)))


def _bury(job: Job, error: str, now: datetime) -> None:
    job.status, job.last_error, job.finished_at, job.updated_at = "buried", error, now, now
    job.leased_by, job.leased_until, job.dedupe_key = None, None, None


def _changed(result: Any) -> bool:
    return bool(result.rowcount)
