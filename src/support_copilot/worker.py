"""The background worker: claims due jobs from the outbox, runs their handlers, and keeps the index in step."""

import os
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from support_copilot.db.outbox import ClaimedJob, claim, extend_lease, fail, finish, forget_finished
from support_copilot.http.context import working_on_job
from support_copilot.kit.errors import AppError, NotFoundError
from support_copilot.resources import Resources
from support_copilot.retrieval.change import advance_change
from support_copilot.retrieval.embedding import embed_waiting
from support_copilot.retrieval.feed import catch_up
from support_copilot.settings import WorkerConfig

_log = structlog.get_logger("support_copilot.worker")

#: Loads what the ids in the payload name, does the work or finds it done already, and returns.
JobHandler = Callable[[Resources, Mapping[str, Any]], None]

#: So that a large import does not keep jobs waiting.
_EMBEDDED_A_ROUND = 512
_HOUSEKEEPING_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to be done again and again. Every worker does it by itself, so doing it twice must do no harm."""

    every: timedelta
    run: Callable[[], None]


class Worker:
    """Runs jobs until told to stop. Several may run at once, in one process or many."""

    def __init__(
        self,
        resources: Resources,
        config: WorkerConfig,
        handlers: Mapping[str, JobHandler],
        chores: Sequence[Chore] = (),
    ) -> None:
        self._resources = resources
        self._config = config
        self._handlers = handlers
        self._name = f"{socket.gethostname()}:{os.getpid()}"[:80]
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._due = [(resources.clock(), chore) for chore in (Chore(_HOUSEKEEPING_EVERY, self._keep_house), *chores)]

    def start(self) -> None:
        """Work in a thread of this process."""
        self._thread = threading.Thread(target=self.run, name="worker", daemon=True)
        self._thread.start()

    def stop(self, timeout_s: float = 20.0) -> None:
        """Finish the job in hand and end; what is not finished in time is taken over when its lease runs out."""
        self._stop.set()
        if self._thread:
            self._thread.join(timeout_s)

    def run(self) -> None:
        """Work in this thread until ``stop`` is called; a failing database is waited for."""
        while not self._stop.is_set():
            try:
                busy = self.run_once()
            except Exception as error:  # noqa: BLE001  # the loop must outlive whatever one round meets
                _log.error("worker.round.failed", exc_info=error)
                busy = False
            if not busy:
                self._stop.wait(self._config.poll_s)

    def run_once(self) -> bool:
        """One round: one job if any is due, else a batch of waiting embeddings, the index, and chores that are due.

        Returns:
            Whether there may be more to do at once.
        """
        now = self._resources.clock()
        jobs = claim(self._resources.database, self._name, now=now, lease_s=self._config.lease_s)
        for job in jobs:
            self._run_job(job)
        if jobs:
            return True
        with self._in_one_space():
            embedded = embed_waiting(self._resources, most=_EMBEDDED_A_ROUND)
            catch_up(self._resources)
        changing = advance_change(self._resources, most=_EMBEDDED_A_ROUND)
        self._do_chores()
        return embedded > 0 or changing

    def _in_one_space(self) -> AbstractContextManager[None]:
        spaces = self._resources.spaces
        return nullcontext() if spaces is None else spaces.pinned()

    def _run_job(self, job: ClaimedJob) -> None:
        started = self._resources.clock()
        structlog.contextvars.bind_contextvars(job_id=job.id, job=job.name)
        try:
            status = self._attempt(job)
            duration = self._resources.clock() - started
            _log.info("worker.job", status=status, attempt=job.attempts, duration_ms=duration.total_seconds() * 1000)
        finally:
            structlog.contextvars.unbind_contextvars("job_id", "job")

    def _attempt(self, job: ClaimedJob) -> str:
        handler = self._handlers.get(job.name)
        if handler is None:
            return self._failed(job, "UnknownJob", permanent=True)
        try:
            with working_on_job(job.id), self._kept_lease(job), self._in_one_space():
                handler(self._resources, job.payload)
        except NotFoundError as error:
            # What the job was about is gone: nothing is left to do, now or later.
            _log.info("worker.job.moot", code=error.code)
        except AppError as error:
            return self._failed(job, f"{type(error).__name__}: {error.code}", permanent=400 <= error.status < 500)
        except Exception as error:  # noqa: BLE001  # any failure of a handler is retried, then buried
            _log.error("worker.job.failed", exc_info=error)
            return self._failed(job, type(error).__name__)
        with self._resources.database.transaction() as session:
            kept = finish(session, job, now=self._resources.clock())
        return "done" if kept else "lost"

    @contextmanager
    def _kept_lease(self, job: ClaimedJob) -> Iterator[None]:
        """Renew the lease while the handler works, up to the deadline; past it another worker may take over."""
        over = threading.Event()
        deadline = self._resources.clock() + timedelta(seconds=self._config.deadline_s)

        def renew() -> None:
            while not over.wait(self._config.lease_s / 3) and (now := self._resources.clock()) < deadline:
                try:
                    extend_lease(self._resources.database, job, now=now, lease_s=self._config.lease_s)
                except AppError as error:
                    _log.warning("worker.lease.not_renewed", code=error.code)

        renewing = threading.Thread(target=renew, name="lease", daemon=True)
        renewing.start()
        try:
            yield
        finally:
            over.set()
            renewing.join()

    def _failed(self, job: ClaimedJob, error: str, *, permanent: bool = False) -> str:
        return fail(self._resources.database, job, error, now=self._resources.clock(), permanent=permanent)

    def _do_chores(self) -> None:
        now = self._resources.clock()
        for position, (due, chore) in enumerate(self._due):
            if due <= now:
                self._due[position] = (now + chore.every, chore)
                chore.run()

    def _keep_house(self) -> None:
        now = self._resources.clock()
        with self._resources.database.transaction() as session:
            forget_finished(session, before=now - timedelta(days=self._config.keep_finished_days))
