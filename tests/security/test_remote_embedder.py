"""An embedding service sees no word of customers who opted out, and of the others nobody's name, address or number."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import stamina
from fastapi.testclient import TestClient
from sqlalchemy import select

from support_copilot.backends.embedder.open import open_embedder
from support_copilot.backends.embedder.port import Embedder
from support_copilot.backends.search.config import EmbeddedSearchConfig
from support_copilot.backends.search.open import open_search
from support_copilot.db.models import SearchDocument
from support_copilot.resources import Resources
from support_copilot.retrieval.change import finish_change
from support_copilot.retrieval.embedding import count_waiting, embed_waiting
from support_copilot.serve import JOB_HANDLERS, build_app
from support_copilot.settings import WorkerConfig, load_settings
from support_copilot.wiring import open_resources
from support_copilot.worker import Worker
from tests.conftest import TEST_SERVER, StepClock, authorization
from tests.contract.embedder_cases import remote_config
from tests.model_server import Manner, ModelServer, running_model_server

NAME, EMAIL, PHONE, NUMBER = "Zerlinda Quaxby", "zerlinda.quaxby@example.org", "+49 30 901820", "4111 1111 1111 1111"
REFUSED = "kanariewort"


@pytest.fixture
def server(embedder: Embedder) -> Iterator[ModelServer]:
    with running_model_server() as running, stamina.set_testing(True, attempts=1):
        running.script(Manner())
        running.embed = embedder.embed
        yield running


@pytest.fixture
def remote(resources: Resources, server: ModelServer, tmp_path: Path) -> Iterator[Resources]:
    """The product with an embedding service."""
    service = open_embedder(remote_config("openai", server, 384))
    index = open_search(EmbeddedSearchConfig(kind="embedded", path=tmp_path / "remote"), dimension=384,
                        embedder_model=service.model)  # fmt: skip
    yield replace(resources, embedder=service, search=index)
    index.close()
    service.close()


@pytest.fixture
def desk(remote: Resources) -> Iterator[TestClient]:
    headers = {"Authorization": authorization(remote, "admin")}
    with TestClient(build_app(remote, TEST_SERVER), raise_server_exceptions=False, headers=headers) as opened:
        yield opened


def sent(server: ModelServer) -> str:
    return json.dumps(server.bodies(), ensure_ascii=False)


def post(desk: TestClient, path: str, body: dict[str, Any], status: int = 201) -> Any:
    answer = desk.post(path, json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def issue_of(desk: TestClient, words: str, **customer: Any) -> str:
    body = {"subject": f"Printer {words}", "body": f"The printer jams, {words}.", "customer": customer}
    return str(post(desk, "/v1/issues", body)["issue"]["id"])


def work(remote: Resources) -> None:
    worker = Worker(remote, WorkerConfig(), JOB_HANDLERS)
    while worker.run_once():
        pass


def has_vector(remote: Resources, issue_id: str) -> bool:
    with remote.database.read() as session:
        return session.scalar(select(SearchDocument.vector).where(SearchDocument.id == issue_id)) is not None


@pytest.mark.parametrize("known_before", [True, False])
def test_no_word_of_who_opted_out_is_sent_in_the_whole_life_of_an_issue(
    desk: TestClient, remote: Resources, server: ModelServer, *, known_before: bool
) -> None:
    who = {"email": EMAIL, "language_model_allowed": False}
    if known_before:
        who = {"id": post(desk, "/v1/customers", who)["id"]}
    issue_id = issue_of(desk, REFUSED, **who)
    post(desk, f"/v1/issues/{issue_id}/messages", {"author": "customer", "body": f"Still {REFUSED}"})
    post(desk, "/v1/analyze", {"body": f"The {REFUSED} again", "customer": who}, 200)
    assert desk.patch(f"/v1/issues/{issue_id}", json={"subject": f"New {REFUSED}"}).status_code == 200
    post(desk, f"/v1/issues/{issue_id}/corrections", {"part": "category", "value": "billing"})
    assert desk.post(f"/v1/issues/{issue_id}/guidance", headers={"Accept": "application/json"}).status_code == 200
    post(desk, f"/v1/issues/{issue_id}/questions", {"question": "What was tried?"}, 200)
    fix = f"Clean the rollers of the {REFUSED} with a dry cloth and print a test page twice"
    post(desk, f"/v1/issues/{issue_id}/resolve", {"resolution": {"text": fix}}, 200)
    work(remote)

    assert REFUSED not in sent(server)
    assert not has_vector(remote, issue_id)
    assert count_waiting(remote) == 0, "waiting for ever, it would keep the worker busy"
    found = desk.get("/v1/search", params={"q": "printer jams"}).json()["data"]
    assert issue_id in [each["id"] for each in found], "words still find it"


def test_an_opt_out_that_comes_with_an_issue_counts_at_once(
    desk: TestClient, remote: Resources, server: ModelServer
) -> None:
    issue_of(desk, "first", email=EMAIL)
    assert "first" in sent(server)

    second = issue_of(desk, REFUSED, email=EMAIL, language_model_allowed=False)
    third = issue_of(desk, REFUSED, email=EMAIL)
    work(remote)

    assert REFUSED not in sent(server)
    customer_id = desk.get(f"/v1/issues/{second}").json()["customer"]["id"]
    assert desk.get(f"/v1/customers/{customer_id}").json()["language_model_allowed"] is False
    assert desk.get(f"/v1/issues/{third}").json()["customer"]["id"] == customer_id


def test_who_changes_their_mind_is_embedded_from_then_on(
    desk: TestClient, remote: Resources, server: ModelServer
) -> None:
    issue_id = issue_of(desk, REFUSED, email=EMAIL, language_model_allowed=False)
    customer_id = desk.get(f"/v1/issues/{issue_id}").json()["customer"]["id"]
    assert desk.patch(f"/v1/customers/{customer_id}", json={"language_model_allowed": True}).status_code == 200

    assert embed_waiting(remote) == 1

    assert REFUSED in sent(server)
    assert has_vector(remote, issue_id)


def test_nothing_that_names_a_person_is_sent(desk: TestClient, remote: Resources, server: ModelServer) -> None:
    words = f"says {NAME} ({EMAIL}, {PHONE}), card {NUMBER}"
    issue_id = issue_of(desk, words, name=NAME, email=EMAIL, phone=PHONE)
    post(desk, "/v1/analyze", {"body": f"The printer, {words}", "customer": {"name": NAME}}, 200)
    assert desk.patch(f"/v1/issues/{issue_id}", json={"subject": f"Paper, {words}"}).status_code == 200
    assert desk.post(f"/v1/issues/{issue_id}/guidance", headers={"Accept": "application/json"}).status_code == 200
    assert desk.get("/v1/search", params={"q": f"printer of {NAME} {EMAIL}"}).status_code == 200
    body = f"Ask {NAME}, {EMAIL}, {PHONE}, about jams of the printer"
    post(desk, "/v1/knowledge/articles", {"title": "Printer jams", "body": body})
    with remote.database.transaction() as session:
        # As an import leaves them: for the worker to embed.
        for row in session.scalars(select(SearchDocument)):
            row.vector = row.vector_model = None
    work(remote)

    assert has_vector(remote, issue_id)
    assert "The printer jams" in sent(server)
    for personal in (NAME, "Zerlinda", "Quaxby", EMAIL, PHONE, "901820", NUMBER):
        assert personal not in sent(server), personal


def test_a_change_to_a_service_leaves_out_who_opted_out_and_ends(
    server: ModelServer, embedder: Embedder, tmp_path: Path, clock: StepClock
) -> None:
    server.embeds = {"embed-new": lambda texts: embedder.embed(texts)[:, ::-1]}

    def opened(model: str) -> Any:
        config = remote_config("openai", server, 384, model=model)
        return open_resources(load_settings(data_dir=tmp_path, embedder=config.model_dump()), clock=clock)

    with opened("embed-old") as first:
        headers = {"Authorization": authorization(first, "admin")}
        with TestClient(build_app(first, TEST_SERVER), headers=headers) as desk:
            issue_of(desk, f"says {NAME}", name=NAME)
            issue_of(desk, REFUSED, email=EMAIL, language_model_allowed=False)
    server.script(Manner())
    with opened("embed-new") as second:
        assert finish_change(second)

    assert "The printer jams" in sent(server)
    assert REFUSED not in sent(server)
    assert NAME not in sent(server)
