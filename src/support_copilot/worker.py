"""The background worker: claims due jobs from the outbox, runs their handlers, and keeps the index in step."""

import os
import socket
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import structlog

from support_copilot.db.outbox import ClaimedJob, claim, extend_lease, fail, finish, forget_finished, hand_back
from support_copilot.http.context import working_on_job
from support_copilot.kit.errors import AppError, NotFoundError
from support_copilot.kit.waiting import GivenUpError, Wait, waited_for_by
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
#: While jobs are due: so that a row of them without an end does not keep new texts from being found.
_KEEP_UP_EVERY = timedelta(seconds=5)
_EMBEDDED_BETWEEN_JOBS = 64
_HOUSEKEEPING_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to be done again and again. Every worker does it by itself, so doing it twice must do no harm."""

    every: timedelta
    run: Callable[[], None]


class Worker:
    """Runs jobs until told to stop. Several may run at once, in one process or many.

    Args:
        waiting: names of jobs that may wait long for somebody else's service, such as a language model. They have
            threads of their own, so that a reply or an erasure never stands in line behind them.
        sending: names of jobs that wait for programs of others, webhooks; with threads of their own as well, so that
            one who does not answer keeps no model waiting.
    """

    def __init__(
        self,
        resources: Resources,
        config: WorkerConfig,
        handlers: Mapping[str, JobHandler],
        chores: Sequence[Chore] = (),
        waiting: Collection[str] = (),
        sending: Collection[str] = (),
    ) -> None:
        self._resources = resources
        self._config = config
        self._handlers = handlers
        self._name = f"{socket.gethostname()}:{os.getpid()}"[:80]
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._others: list[threading.Thread] = []
        self._in_hand: set[Wait] = set()
        self._elsewhere = (
            ("waiting", frozenset(waiting), config.waiting_jobs), ("sending", frozenset(sending), config.sending_jobs)
        )  # fmt: skip
        self._not_here = frozenset(waiting) | frozenset(sending)
        self._kept_up = resources.clock()
        self._due = [(resources.clock(), chore) for chore in (Chore(_HOUSEKEEPING_EVERY, self._keep_house), *chores)]

    def start(self) -> None:
        """Work in a thread of this process."""
        self._thread = threading.Thread(target=self.run, name="worker", daemon=True)
        self._thread.start()

    def stop(self, timeout_s: float = 20.0) -> None:
        """Finish the job in hand and end; what is not finished in time is taken over when its lease runs out.

        A language model is not waited for: a job that asks one is left to the next worker.
        """
        self._stop.set()
        for wait in tuple(self._in_hand):
            wait.give_up()
        until = time.monotonic() + timeout_s
        for thread in filter(None, (self._thread, *self._others)):
            thread.join(max(0.0, until - time.monotonic()))

    def run(self) -> None:
        """Work in this thread, and in those of waiting jobs, until ``stop`` is called."""
        self._others = [
            threading.Thread(
                target=self._repeat, args=(partial(self._run_due, only=names),), name=f"{kind} {number}", daemon=True
            )
            for kind, names, count in self._elsewhere
            for number in range(count if names else 0)
        ]
        for other in self._others:
            other.start()
        self._repeat(self.run_once)
        for other in self._others:
            other.join()

    def _repeat(self, round_of_work: Callable[[], bool]) -> None:
        """A failing database is waited for."""
        while not self._stop.is_set():
            try:
                busy = round_of_work()
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
        worked = self._run_due(but=self._not_here)
        now = self._resources.clock()
        if worked and now - self._kept_up < _KEEP_UP_EVERY:
            return True
        self._kept_up = now
        most = _EMBEDDED_BETWEEN_JOBS if worked else _EMBEDDED_A_ROUND
        with self._in_one_space():
            embedded = embed_waiting(self._resources, most=most)
            catch_up(self._resources)
        changing = advance_change(self._resources, most=most)
        self._do_chores()
        return worked or embedded > 0 or changing

    def _run_due(self, *, only: Collection[str] = (), but: Collection[str] = ()) -> bool:
        now, lease_s = self._resources.clock(), self._config.lease_s
        jobs = claim(self._resources.database, self._name, now=now, lease_s=lease_s, only=only, but=but)
        for job in jobs:
            self._run_job(job)
        return bool(jobs)

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
            with working_on_job(job.id), self._kept_lease(job), self._in_one_space(), self._given_up_at_end():
                handler(self._resources, job.payload)
        except GivenUpError:
            return hand_back(self._resources.database, job, now=self._resources.clock())
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
    def _given_up_at_end(self) -> Iterator[None]:
        wait = Wait()
        self._in_hand.add(wait)
        try:
            if self._stop.is_set():
                wait.give_up()
            with waited_for_by(wait):
                yield
        finally:
            self._in_hand.discard(wait)

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
