"""A client that goes away before its answer is there ends what the answer would cost: over real sockets all the way."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any, Self

import pytest
from sqlalchemy import select

from support_copilot.backends.llm.port import Task
from support_copilot.db.models import Job, ModelCallRecord, ModelUsage, Suggestion, Summary
from support_copilot.http.config import ServerConfig
from support_copilot.http.server import Server
from support_copilot.resources import Resources
from support_copilot.serve import JOB_HANDLERS, WAITING_JOBS, build_app
from support_copilot.settings import WorkerConfig
from support_copilot.worker import Worker
from tests.conftest import TEST_LIMITS, authorization
from tests.flows.modelled import client_of, with_model
from tests.flows.test_every_action import ACTIONS
from tests.flows.test_guidance import STEPS, SYNC, ask, solved
from tests.flows.test_model_reply import WORDS
from tests.model_server import Manner, ModelServer

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
PATIENT_S = 30.0
PRICES = {"input_usd_per_million": 3, "output_usd_per_million": 15}


class Desk:
    """The product behind a real socket; clients of it may leave."""

    def __init__(self, resources: Resources, **config: Any) -> None:
        self._authorization = authorization(resources, "agent")
        settings = ServerConfig.model_validate({"port": 0, **config})
        self._answers = threading.Event()
        self._server = Server(build_app(resources, settings, limits=TEST_LIMITS), settings, self._announce)
        self._thread = threading.Thread(target=self._server.run)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._answers.wait(PATIENT_S)
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.should_exit = True
        self._thread.join(PATIENT_S)
        assert not self._thread.is_alive()

    def post(self, path: str, body: dict[str, Any], accept: str = "application/json") -> socket.socket:
        """Send a request and wait for nothing."""
        content = json.dumps(body).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {self._authorization}\r\nAccept: {accept}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        peer = socket.create_connection(("127.0.0.1", self._port), PATIENT_S)
        peer.sendall(head.encode() + content)
        return peer

    def _announce(self, address: str) -> None:
        self._port = int(address.rsplit(":", 1)[1])
        self._answers.set()


@contextmanager
def stalling(resources: Resources) -> Iterator[tuple[ModelServer, Resources]]:
    """A model that takes requests and says nothing."""
    with with_model(resources, PRICES, budget={"daily_usd": 100}) as (server, own):
        server.script(Manner(stall="silent"))
        yield server, own


def eventually(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENT_S
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.01)
    return holds()


def outcomes(resources: Resources) -> list[str]:
    with resources.database.read() as session:
        return list(session.scalars(select(ModelCallRecord.outcome)))


@pytest.mark.parametrize(
    ("action", "task", "body", "accept"),
    [*((*action, "application/json") for action in ACTIONS), (*ACTIONS[0], "text/event-stream")],
)
def test_a_client_that_leaves_ends_the_call_which_is_counted_and_nothing_is_kept(
    resources: Resources, action: str, task: Task, body: dict[str, Any], accept: str
) -> None:
    solved(resources, *SYNC, STEPS)
    issue_id = ask(resources, WORDS, "Calendar")
    with stalling(resources) as (server, own), Desk(own) as desk:
        with closing(desk.post(f"/v1/issues/{issue_id}/{action}", body, accept)):
            assert server.arrived.acquire(timeout=PATIENT_S)

        assert server.gone.acquire(timeout=PATIENT_S), "the provider was told"
        assert eventually(lambda: outcomes(own) == ["cancelled"])
        assert eventually(lambda: counted(own) != [])
        with own.database.read() as session:
            assert session.scalars(select(Suggestion.id)).all() == session.scalars(select(Summary.id)).all() == []
    [usage] = counted(resources)
    assert (usage.task, usage.calls, usage.failed_calls) == (task, 1, 1)
    assert usage.cost_micros > 0, "what was read is paid for"
    assert len(server.requests) == 1


def counted(resources: Resources) -> list[ModelUsage]:
    with resources.database.read() as session:
        return list(session.scalars(select(ModelUsage)))


def test_who_is_told_that_it_takes_too_long_does_not_pay_on(resources: Resources) -> None:
    issue_id = ask(resources, WORDS, "Calendar")
    with (
        stalling(resources) as (server, own),
        Desk(own, request_timeout_s=3) as desk,
        closing(desk.post(f"/v1/issues/{issue_id}/rewrite", ACTIONS[1][2])) as peer,
    ):
        assert peer.recv(12) == b"HTTP/1.1 503"
        # On a machine that does other work the time may be over before the model was asked: then it never is.
        assert eventually(lambda: outcomes(own) == ["cancelled"]), "though the connection stays open"
        assert not server.requests or server.gone.acquire(timeout=PATIENT_S)


def test_a_worker_that_stops_waits_for_no_model_and_leaves_the_job_to_the_next(resources: Resources) -> None:
    with stalling(resources) as (server, own), client_of(own, "lead") as client:
        issue_id = client.post("/v1/issues", json={"subject": "Calendar", "body": WORDS}).json()["issue"]["id"]
        client.post(f"/v1/issues/{issue_id}/resolve", json={"resolution": {"text": "The sync token had expired."}})
        jobs = {name: JOB_HANDLERS[name] for name in ("summarization.summarize_issue", "analysis.ask_models")}
        worker = Worker(own, WorkerConfig(poll_s=0.05, waiting_jobs=1), jobs, waiting=WAITING_JOBS)
        worker.start()
        assert server.arrived.acquire(timeout=PATIENT_S)

        began = time.monotonic()
        worker.stop(timeout_s=PATIENT_S)

        assert time.monotonic() - began < PATIENT_S
        assert server.gone.acquire(timeout=PATIENT_S)
        assert set(outcomes(own)) == {"cancelled"}
        with own.database.read() as session:
            left = session.execute(select(Job.status, Job.attempts).where(Job.name.in_(WAITING_JOBS))).all()
            assert {tuple(row) for row in left} == {("queued", 0)}
            assert session.scalars(select(Summary.id)).all() == []
