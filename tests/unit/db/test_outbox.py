"""Jobs: claimed once, retried, buried, revived, and never lost with their worker."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from support_copilot.db.engine import Database
from support_copilot.db.models import Job
from support_copilot.db.outbox import (
    ClaimedJob,
    claim,
    enqueue,
    extend_lease,
    fail,
    finish,
    forget_finished,
    retry_delay_s,
    revive,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LEASE_S = 60.0


def add_job(database: Database, *, dedupe_key: str | None = None, max_attempts: int = 3) -> str | None:
    with database.transaction() as session:
        return enqueue(session, "test.work", {"id": "x"}, now=NOW, dedupe_key=dedupe_key, max_attempts=max_attempts)


def take(database: Database, now: datetime = NOW) -> list[ClaimedJob]:
    return claim(database, "worker-1", now=now, lease_s=LEASE_S)


def stored(database: Database) -> Job:
    with database.read() as session:
        job = session.scalar(select(Job))
    assert isinstance(job, Job)
    return job


def test_a_job_leaves_only_with_its_transaction(database: Database) -> None:
    try:
        with database.transaction() as session:
            enqueue(session, "test.work", {}, now=NOW)
            raise RuntimeError("the change fails")
    except RuntimeError:
        pass

    assert take(database) == []


def test_a_claimed_job_is_not_given_twice(database: Database) -> None:
    add_job(database)

    assert [job.name for job in take(database)] == ["test.work"]
    assert take(database) == []


def test_a_job_of_a_dead_worker_is_due_again_after_its_lease(database: Database) -> None:
    add_job(database)
    take(database)

    assert take(database, NOW + timedelta(seconds=LEASE_S - 1)) == []
    assert [job.attempts for job in take(database, NOW + timedelta(seconds=LEASE_S + 1))] == [2]


def test_an_extended_lease_keeps_a_long_job(database: Database) -> None:
    add_job(database)
    (job,) = take(database)

    extend_lease(database, job, now=NOW + timedelta(seconds=50), lease_s=LEASE_S)

    assert take(database, NOW + timedelta(seconds=LEASE_S + 1)) == []


def test_a_worker_that_lost_its_lease_cannot_finish(database: Database) -> None:
    add_job(database)
    (late,) = take(database)
    take(database, NOW + timedelta(seconds=LEASE_S + 1))

    with database.transaction() as session:
        assert not finish(session, late, now=NOW)
    assert stored(database).status == "running"


def test_a_job_that_kills_its_workers_is_buried(database: Database) -> None:
    add_job(database, max_attempts=2)
    moment = NOW
    for _ in range(2):
        assert len(take(database, moment)) == 1
        moment += timedelta(seconds=LEASE_S + 1)

    assert take(database, moment) == []
    assert (stored(database).status, stored(database).last_error) == ("buried", "WorkerDied")


def test_a_failed_job_waits_longer_each_time_and_is_then_buried(database: Database) -> None:
    add_job(database, max_attempts=2)
    (first,) = take(database)

    assert fail(database, first, "Broken", now=NOW) == "queued"
    assert take(database, NOW + timedelta(seconds=0.5)) == []
    (second,) = take(database, NOW + timedelta(seconds=3))
    assert fail(database, second, "Broken", now=NOW) == "buried"
    assert stored(database).last_error == "Broken"


def test_a_permanent_failure_is_buried_at_once(database: Database) -> None:
    add_job(database)
    (job,) = take(database)

    assert fail(database, job, "Refused", now=NOW, permanent=True) == "buried"


def test_a_buried_job_can_be_revived_once(database: Database) -> None:
    job_id = add_job(database)
    assert job_id
    (job,) = take(database)
    fail(database, job, "Refused", now=NOW, permanent=True)

    with database.transaction() as session:
        assert revive(session, job_id, now=NOW)
        assert not revive(session, job_id, now=NOW)
    assert [again.attempts for again in take(database)] == [1]


def test_equal_waiting_jobs_are_one_but_a_running_one_lets_a_new_one_wait(database: Database) -> None:
    assert add_job(database, dedupe_key="same")
    assert add_job(database, dedupe_key="same") is None
    take(database)

    assert add_job(database, dedupe_key="same") is not None


def test_retry_delay_doubles_with_jitter_up_to_a_cap() -> None:
    assert all(1 <= retry_delay_s(1) <= 2 for _ in range(50))
    assert all(4 <= retry_delay_s(3) <= 8 for _ in range(50))
    assert all(300 <= retry_delay_s(50) <= 600 for _ in range(50))


def test_done_jobs_are_forgotten_and_buried_ones_stay(database: Database) -> None:
    add_job(database)
    add_job(database)
    done, buried = take(database)[0], take(database)[0]
    with database.transaction() as session:
        finish(session, done, now=NOW)
    fail(database, buried, "Refused", now=NOW, permanent=True)

    with database.transaction() as session:
        assert forget_finished(session, before=NOW + timedelta(days=8)) == 1
    assert stored(database).status == "buried"


def test_of_two_equal_jobs_at_the_same_moment_one_is_kept_and_both_go_on(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("has one writer at a time")
    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            first = enqueue(session, "test.work", {"id": "x"}, now=NOW, dedupe_key="same")
            second = pool.submit(add_job, database, dedupe_key="same")
            # The second waits for the row of the first, which is not committed yet.
            assert wait([second], timeout=1).not_done
        assert (first is not None, second.result(30)) == (True, None)

    assert stored(database).id == first
