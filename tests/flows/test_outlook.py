"""What a page asks for whenever an issue is opened is worked out once: counted in texts embedded, not in time."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from threading import Barrier

import numpy as np
import pytest
from fastapi.testclient import TestClient
from numpy.typing import NDArray

from support_copilot.backends.embedder.port import Embedder, EmbeddingService
from support_copilot.db.models import Customer
from support_copilot.guidance.outlook import FRESH
from support_copilot.http.rate_limits import RateLimitsConfig
from support_copilot.resources import Resources
from support_copilot.serve import build_app
from tests.conftest import TEST_SERVER, StepClock, authorization
from tests.flows.test_guidance import ask
from tests.flows.test_model_reply import WORDS, ana
from tests.flows.test_next_action import add, procedure


@dataclass
class Counting:
    """An embedder that counts how often it was asked, as a service would bill it."""

    inner: Embedder
    calls: list[int] = field(default_factory=list)

    @property
    def model(self) -> str:
        return self.inner.model

    @property
    def dimension(self) -> int:
        return self.inner.dimension

    @property
    def is_remote(self) -> bool:
        return True

    @property
    def service(self) -> EmbeddingService:
        return EmbeddingService("stand-in", self.model, "https://embeddings.example.com/v1", None, 6000)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.calls.append(len(texts))
        return self.inner.embed(texts)

    def ping(self) -> None:
        self.inner.ping()

    def close(self) -> None:
        self.inner.close()


@pytest.fixture
def embedder_calls(embedder: Embedder) -> Counting:
    return Counting(embedder)


@pytest.fixture
def counted(resources: Resources, embedder_calls: Counting) -> Resources:
    return replace(resources, embedder=embedder_calls)


@pytest.fixture
def desk(counted: Resources) -> Iterator[TestClient]:
    headers = {"Authorization": authorization(counted, "agent", name="local")}
    with TestClient(build_app(counted, TEST_SERVER), raise_server_exceptions=False, headers=headers) as opened:
        yield opened


def look(desk: TestClient, issue_id: str) -> tuple[dict[str, object], dict[str, object]]:
    answers = [desk.get(f"/v1/issues/{issue_id}/{what}") for what in ("next-action", "missing")]
    assert [answer.status_code for answer in answers] == [200, 200], [answer.text for answer in answers]
    return answers[0].json(), answers[1].json()


def test_both_answers_cost_one_gathering_until_something_is_said(
    desk: TestClient, resources: Resources, embedder_calls: Counting
) -> None:
    procedure(resources)
    issue_id = ask(resources, WORDS, "Calendar")
    embedder_calls.calls.clear()
    first = look(desk, issue_id)
    once = list(embedder_calls.calls)
    assert once, "without a question embedded nothing was searched for"
    assert [look(desk, issue_id) for _ in range(3)] == [first] * 3
    assert embedder_calls.calls == once
    add(resources, issue_id, "agent", "Please open Settings and choose Accounts.")
    again = look(desk, issue_id)
    assert (again[0]["kind"], again[0]["message_count"]) == ("wait", 2)
    assert len(embedder_calls.calls) == 2 * len(once)


def test_pages_that_ask_at_the_same_moment_share_the_work(
    desk: TestClient, resources: Resources, embedder_calls: Counting
) -> None:
    procedure(resources)
    issue_id = ask(resources, WORDS, "Calendar")
    look(desk, ask(resources, WORDS, "Calendar"))
    once = len(embedder_calls.calls)
    embedder_calls.calls.clear()
    start = Barrier(4)

    def one(what: str) -> int:
        start.wait(timeout=30)
        return desk.get(f"/v1/issues/{issue_id}/{what}").status_code

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(one, ["missing", "next-action"] * 2)) == [200] * 4
    assert len(embedder_calls.calls) == once


def test_new_articles_and_new_consent_are_seen(desk: TestClient, resources: Resources, clock: StepClock) -> None:
    customer_id = ana(resources)
    issue_id = ask(resources, WORDS, "Calendar", customer_id=customer_id)
    assert look(desk, issue_id)[0]["procedure"] is None
    procedure(resources)
    clock.now += FRESH + timedelta(seconds=1)
    assert look(desk, issue_id)[0]["procedure"] is not None
    with resources.database.transaction() as session:
        customer = session.get(Customer, customer_id)
        assert customer is not None
        customer.language_model_allowed = False
        customer.version += 1
    assert look(desk, issue_id)[0]["may_ask_model"] is False


def test_only_who_makes_the_server_work_pays_for_it(resources: Resources) -> None:
    issues = [ask(resources, WORDS, "Calendar") for _ in range(2)]
    limits = RateLimitsConfig(generate=1)
    headers = {"Authorization": authorization(resources, "agent", name="local")}
    with TestClient(build_app(resources, TEST_SERVER, limits=limits), headers=headers) as opened:
        answers = [opened.get(f"/v1/issues/{issue}/missing") for issue in (issues[0], issues[0], issues[1], issues[0])]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 200]
    assert '"generate";q=1' in answers[0].headers["RateLimit-Policy"]
    assert '"generate"' not in answers[1].headers["RateLimit-Policy"]
