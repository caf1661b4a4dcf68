"""Services of others that never answer: some requests wait for them, all others are answered as ever."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import stamina
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client import CollectorRegistry

from support_copilot.backends.embedder.config import OpenAiEmbedderConfig
from support_copilot.backends.embedder.open import open_embedder
from support_copilot.backends.embedder.port import EmbedderUnavailableError
from support_copilot.backends.llm.config import LlmConfig
from support_copilot.backends.llm.open import open_llm
from support_copilot.backends.scanner.clamd import Clamd
from support_copilot.identity.config import IdentityConfig
from support_copilot.identity.oidc_config import OidcConfig
from support_copilot.resources import Resources
from support_copilot.serve import build_app
from tests.conftest import TEST_LIMITS, TEST_SERVER, authorization
from tests.flows.test_records_attachments import upload
from tests.flows.test_records_issues import stored
from tests.silent_service import SilentService, silent_service

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
THREADS, PLACES = 2, 3
SERVER = TEST_SERVER.model_copy(
    update={"threads": THREADS, "model_places": PLACES, "provider_places": 1, "upload_places": PLACES}
)
WAITING = {
    "rewrite": {"text": "Please restart the router.", "manner": "shorter"},
    "questions": {"question": "What was tried?"},
    "summary": {"kind": "handover"},
}


@pytest.fixture
def silent() -> Iterator[SilentService]:
    with silent_service() as service, stamina.set_testing(True, attempts=1):
        yield service


@contextmanager
def opened(app: FastAPI, resources: Resources) -> Iterator[TestClient]:
    headers = {"Authorization": authorization(resources, "admin")}
    with TestClient(app, raise_server_exceptions=False, headers=headers, follow_redirects=False) as client:
        yield client


@contextmanager
def with_silent_model(resources: Resources, silent: SilentService) -> Iterator[Resources]:
    main = {"kind": "openai", "base_url": silent.url, "model": "m", "attempts": 1, "concurrency": 50}
    config = LlmConfig.model_validate({"kind": "openai", "providers": {"main": main}})
    model = open_llm(config, CollectorRegistry(), resources.database, resources.clock)
    yield replace(resources, llm=model)
    model.close()


def others_are_answered(client: TestClient) -> None:
    """More at once than there are threads."""
    with ThreadPoolExecutor(3 * THREADS) as pool:
        answers = list(pool.map(lambda _: client.get("/v1/issues"), range(3 * THREADS)))
    assert [answer.status_code for answer in answers] == [200] * 3 * THREADS


def is_busy(answer: Any) -> None:
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "server_busy"


@pytest.mark.parametrize("route", WAITING)
def test_a_model_that_never_answers_keeps_nobody_else_waiting(
    resources: Resources, silent: SilentService, route: str
) -> None:
    issue_id = stored(resources)
    with (
        with_silent_model(resources, silent) as own,
        opened(build_app(own, SERVER, limits=TEST_LIMITS), own) as client,
        ThreadPoolExecutor(PLACES) as pool,
    ):

        def ask(_number: int = 0) -> Any:
            return client.post(f"/v1/issues/{issue_id}/{route}", json=WAITING[route])

        waiting: list[Future[Any]] = [pool.submit(ask) for _ in range(PLACES)]
        silent.wait_for(PLACES)

        others_are_answered(client)
        is_busy(ask())
        silent.let_go()

        assert [future.result().status_code // 100 for future in waiting] == [2] * PLACES, "the offline engine answered"
        assert ask().status_code // 100 == 2, "their places are free again"


def test_an_identity_provider_that_never_answers_keeps_nobody_else_waiting(
    resources: Resources, silent: SilentService
) -> None:
    oidc = OidcConfig(issuer=silent.url, client_id="copilot", role_of_group={"helpers": "agent"})
    identity = IdentityConfig(oidc=oidc, public_url="https://testserver")
    app = build_app(resources, SERVER, identity=identity, limits=TEST_LIMITS)
    with opened(app, resources) as client, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(client.get, "/v1/auth/oidc/start")
        silent.wait_for(1)

        others_are_answered(client)
        is_busy(client.get("/v1/auth/oidc/start"))
        back = client.get("/v1/auth/oidc/callback")
        assert back.headers["Location"] == "/sign-in?problem=server_busy"
        silent.let_go()

        assert waiting.result().json()["code"] == "identity_provider_unavailable"


def test_an_embedding_service_that_never_answers_holds_so_many_threads_and_no_more(
    resources: Resources, silent: SilentService
) -> None:
    config = OpenAiEmbedderConfig(base_url=silent.url, model="m", dimension=8, concurrency=2, attempts=1)
    embedder = open_embedder(config)
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(embedder.embed, ["x"]) for _ in range(2)]
        silent.wait_for(2)

        with pytest.raises(EmbedderUnavailableError):
            embedder.embed(["y"])

        silent.let_go()
        assert all(isinstance(future.exception(), EmbedderUnavailableError) for future in waiting)
    embedder.close()


def test_a_scanner_that_never_answers_keeps_nobody_else_waiting(resources: Resources, silent: SilentService) -> None:
    own = replace(resources, scanner=Clamd(silent.url.replace("http", "tcp"), timeout_s=60))
    issue_id = stored(resources)
    with (
        opened(build_app(own, SERVER, limits=TEST_LIMITS), own) as client,
        ThreadPoolExecutor(PLACES) as pool,
    ):

        def send(number: int) -> Any:
            return upload(client, f"{number}.txt", b"Good morning", issue_id=issue_id)

        waiting = [pool.submit(send, number) for number in range(PLACES)]
        silent.wait_for(PLACES)

        others_are_answered(client)
        is_busy(send(PLACES))
        silent.let_go()
        assert [each.result().json()["code"] for each in waiting] == ["scanner_unavailable"] * PLACES
