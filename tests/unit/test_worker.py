"""The worker: one job at a time, every end of it recorded, nothing that stops the loop."""

import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from support_copilot.db.documents import DocumentText, add_documents
from support_copilot.db.models import Job
from support_copilot.db.outbox import enqueue
from support_copilot.kit.errors import ConflictError, NotFoundError, UnavailableError
from support_copilot.resources import Resources
from support_copilot.settings import WorkerConfig
from support_copilot.worker import JobHandler, Worker
from tests.conftest import StepClock


class Handler:
    """Remembers what it was given and does what a test says."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.seen: list[Mapping[str, Any]] = []

    def __call__(self, _resources: Resources, payload: Mapping[str, Any]) -> None:
        self.seen.append(payload)
        if self.error is not None:
            raise self.error


def a_worker(resources: Resources, handler: JobHandler, **config: float) -> Worker:
    return Worker(resources, WorkerConfig(**config), {"test.work": handler})  # type: ignore[arg-type]


def ask(resources: Resources, name: str = "test.work", max_attempts: int = 2) -> None:
    with resources.database.transaction() as session:
        enqueue(session, name, {"id": "x"}, now=resources.clock(), max_attempts=max_attempts)


def job(resources: Resources) -> Job:
    with resources.database.read() as session:
        found = session.scalar(select(Job))
    assert isinstance(found, Job)
    return found


def test_a_job_is_done_once(resources: Resources) -> None:
    handler = Handler()
    ask(resources)

    worker = a_worker(resources, handler)
    assert worker.run_once() is True
    assert worker.run_once() is False

    assert handler.seen == [{"id": "x"}]
    assert (job(resources).status, job(resources).last_error) == ("done", None)


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (RuntimeError("secret"), "queued", "RuntimeError"),
        (UnavailableError(), "queued", "UnavailableError: unavailable"),
        (ConflictError(), "buried", "ConflictError: conflict"),
        (NotFoundError(), "done", None),
    ],
    ids=["unexpected", "later", "never", "moot"],
)
def test_a_failure_is_tried_again_only_where_that_can_help(
    resources: Resources, error: Exception, status: str, told: str | None
) -> None:
    ask(resources)
    with capture_logs():
        a_worker(resources, Handler(error)).run_once()

    assert (job(resources).status, job(resources).last_error) == (status, told)


def test_after_the_last_attempt_a_job_is_buried(resources: Resources, clock: StepClock) -> None:
    handler = Handler(RuntimeError("secret"))
    ask(resources)
    worker = a_worker(resources, handler)
    for _ in range(4):
        with capture_logs():
            worker.run_once()
        clock.advance(hours=1)

    assert len(handler.seen) == 2
    assert (job(resources).status, job(resources).attempts) == ("buried", 2)


def test_a_job_nobody_knows_is_buried_at_once(resources: Resources) -> None:
    ask(resources, "gone.feature")
    a_worker(resources, Handler()).run_once()

    assert (job(resources).status, job(resources).last_error) == ("buried", "UnknownJob")


def test_a_worker_that_lost_its_lease_does_not_end_the_others_job(resources: Resources, clock: StepClock) -> None:
    ask(resources, max_attempts=5)

    def slow(_resources: Resources, _payload: Mapping[str, Any]) -> None:
        if job(resources).attempts == 1:
            clock.advance(minutes=30)
            other.run_once()

    other = a_worker(resources, slow)
    with capture_logs() as logs:
        a_worker(resources, slow).run_once()

    assert [event["status"] for event in logs if event["event"] == "worker.job"] == ["done", "lost"]
    assert (job(resources).status, job(resources).attempts) == ("done", 2)


def test_with_no_job_due_waiting_texts_are_embedded_and_indexed(resources: Resources) -> None:
    with resources.database.transaction() as session:
        add_documents(session, [DocumentText("iss_1", "issue", "Printer", "", resources.clock())])
    worker = a_worker(resources, Handler())

    assert worker.run_once() is True
    assert worker.run_once() is False
    assert resources.search.count() == 1


def test_finished_jobs_are_forgotten_after_their_days(resources: Resources, clock: StepClock) -> None:
    ask(resources)
    worker = a_worker(resources, Handler(), keep_finished_days=7)
    worker.run_once()
    worker.run_once()
    clock.advance(days=6)
    worker.run_once()
    assert job(resources).status == "done"
    clock.advance(days=2)
    worker.run_once()

    with resources.database.read() as session:
        assert session.scalar(select(Job)) is None


def test_the_loop_outlives_a_failing_round_and_ends_when_told(
    resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = a_worker(resources, Handler(), poll_s=0.001)
    rounds: list[int] = []

    def fail_then_stop() -> bool:
        rounds.append(1)
        if len(rounds) == 3:
            worker.stop()
        raise RuntimeError("the database is away")

    monkeypatch.setattr(worker, "run_once", fail_then_stop)
    with capture_logs() as logs:
        worker.run()

    assert len(rounds) == 3
    assert {event["event"] for event in logs} == {"worker.round.failed"}


def test_a_started_worker_works_in_its_own_thread_until_stopped(resources: Resources) -> None:
    worker = a_worker(resources, Handler(), poll_s=0.001)
    worker.start()
    worker.stop()

    assert worker._thread is not None
    assert not worker._thread.is_alive()


def test_a_long_job_keeps_its_lease(resources: Resources) -> None:
    ask(resources)
    before: list[Any] = []

    def wait_for_renewal(_resources: Resources, _payload: Mapping[str, Any]) -> None:
        before.append(job(resources).leased_until)
        while job(resources).leased_until == before[0]:
            resources.clock()

    a_worker(resources, wait_for_renewal, lease_s=0.05).run_once()

    assert job(resources).status == "done"
    assert before[0] - resources.clock() < timedelta(seconds=1)


@pytest.mark.parametrize("kind", ["waiting", "sending"])
def test_what_waits_for_others_keeps_nobody_waiting(resources: Resources, kind: str) -> None:
    answered, stuck, done = threading.Event(), threading.Semaphore(0), threading.Event()

    def ask_a_model(_resources: Resources, _payload: Mapping[str, Any]) -> None:
        stuck.release()
        assert answered.wait(60)

    def send(_resources: Resources, _payload: Mapping[str, Any]) -> None:
        done.set()

    handlers = {"test.ask": ask_a_model, "test.send": send}
    config = WorkerConfig(waiting_jobs=2, sending_jobs=2, poll_s=0.01)
    worker = Worker(resources, config, handlers, **{kind: ["test.ask"]})  # type: ignore[arg-type]
    for _ in range(3):
        ask(resources, "test.ask")
    worker.start()
    try:
        assert stuck.acquire(timeout=60)
        assert stuck.acquire(timeout=60)
        ask(resources, "test.send")
        assert done.wait(60)
        assert not stuck.acquire(timeout=0.1), "no more at once than the settings say"
    finally:
        answered.set()
        worker.stop()


def test_jobs_without_an_end_do_not_keep_new_texts_from_being_found(resources: Resources, clock: StepClock) -> None:
    worker = a_worker(resources, Handler())
    worker.run_once()
    with resources.database.transaction() as session:
        add_documents(session, [DocumentText("art_1", "article", "Router", "", clock())])
    seen = []
    for _ in range(3):
        ask(resources)
        ask(resources)
        clock.advance(seconds=3)
        assert worker.run_once() is True
        seen.append(resources.search.count())

    assert seen == [0, 1, 1]
