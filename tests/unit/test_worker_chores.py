"""Chores of the worker come when they are due."""

from datetime import timedelta

from support_copilot.resources import Resources
from support_copilot.settings import WorkerConfig
from support_copilot.worker import Chore, Worker
from tests.conftest import StepClock


def test_a_chore_is_done_at_once_and_again_when_its_time_has_come(resources: Resources, clock: StepClock) -> None:
    done: list[str] = []
    worker = Worker(resources, WorkerConfig(), {}, [Chore(timedelta(minutes=5), lambda: done.append("x"))])

    worker.run_once()
    worker.run_once()
    assert len(done) == 1

    clock.advance(minutes=5)
    worker.run_once()
    assert len(done) == 2
