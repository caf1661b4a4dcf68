"""What a customer wrote who opted out reaches no model by way of the knowledge base until a person says so."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import stamina
from fastapi.testclient import TestClient

from support_copilot.backends.embedder.open import open_embedder
from support_copilot.backends.embedder.port import Embedder
from support_copilot.backends.search.config import EmbeddedSearchConfig
from support_copilot.backends.search.open import open_search
from support_copilot.resources import Resources
from support_copilot.retrieval.embedding import count_waiting
from support_copilot.serve import JOB_HANDLERS
from support_copilot.settings import WorkerConfig
from support_copilot.worker import Worker
from tests.conftest import authorization
from tests.contract.embedder_cases import remote_config
from tests.flows.modelled import client_of, says, with_model
from tests.model_server import Manner, ModelServer, running_model_server

WORD = "kanariewort"
FIX = f"Open the print helper, set the paper size to 100 x 150 mm and restart the {WORD} twice."
JSON = {"Accept": "application/json"}


@contextmanager
def desk_with_services(resources: Resources, embedder: Embedder, folder: Path) -> Iterator[tuple[Any, ...]]:
    """The product with a language model and an embedding service, and what both were sent."""
    with running_model_server() as embeds, stamina.set_testing(True, attempts=1), with_model(resources) as (llm, there):
        embeds.script(Manner())
        embeds.embed = embedder.embed
        llm.script(says("Please restart it."))
        service = open_embedder(remote_config("openai", embeds, 384))
        config = EmbeddedSearchConfig(kind="embedded", path=folder / "remote")
        index = open_search(config, dimension=384, embedder_model=service.model)
        both = replace(there, embedder=service, search=index)
        with client_of(both, "admin") as desk:
            yield desk, both, embeds, llm
        index.close()
        service.close()


@pytest.fixture
def services(resources: Resources, embedder: Embedder, tmp_path: Path) -> Iterator[tuple[Any, ...]]:
    with desk_with_services(resources, embedder, tmp_path) as opened:
        yield opened


def post(desk: TestClient, path: str, body: dict[str, Any], status: int) -> Any:
    answer = desk.post(path, json=body, headers=JSON)
    assert answer.status_code == status, answer.text
    return answer.json()


def arrived(desk: TestClient, subject: str, **customer: Any) -> str:
    words = "Since the update the label printer prints blank labels."
    body = {"subject": subject, "messages": [{"body": words}], "customer": customer}
    return str(post(desk, "/v1/issues", body, 201)["issue"]["id"])


def proposed(desk: TestClient, there: Resources, **customer: Any) -> dict[str, Any]:
    """The proposal that comes of an issue of this customer."""
    issue_id = arrived(desk, "Label printer prints blank labels", **customer)
    resolution = {"text": FIX, "steps": [f"Open the {WORD} helper", "Load the preset named Labels"]}
    post(desk, f"/v1/issues/{issue_id}/resolve", {"resolution": resolution}, 200)
    work(there)
    (proposal,) = desk.get("/v1/knowledge/proposals?status=pending").json()["data"]
    assert WORD in proposal["body"]
    found: dict[str, Any] = proposal
    return found


def approve(desk: TestClient, proposal: dict[str, Any], **edits: Any) -> dict[str, Any]:
    article: dict[str, Any] = post(desk, f"/v1/knowledge/proposals/{proposal['id']}/approve", edits, 200)["article"]
    return article


def work(there: Resources) -> None:
    worker = Worker(there, WorkerConfig(), JOB_HANDLERS)
    while worker.run_once():
        pass


def ask_everything(desk: TestClient, there: Resources) -> None:
    """All that may draw on articles, for an issue of somebody else."""
    issue_id = arrived(desk, "Our label printer prints blank labels", email="bo@example.org")
    post(desk, f"/v1/issues/{issue_id}/guidance", {}, 200)
    post(desk, f"/v1/issues/{issue_id}/questions", {"question": "How is the paper size set?"}, 200)
    post(desk, f"/v1/issues/{issue_id}/next-action", {}, 200)
    post(desk, f"/v1/issues/{issue_id}/guidance/preview", {}, 200)
    work(there)


def sent(*servers: ModelServer) -> str:
    return json.dumps([server.bodies() for server in servers], ensure_ascii=False)


def test_an_article_from_who_opted_out_is_given_to_no_model(services: tuple[Any, ...]) -> None:
    desk, there, embeds, llm = services
    proposal = proposed(desk, there, email="kim@example.org", language_model_allowed=False)
    article = approve(desk, proposal, category="printing")

    ask_everything(desk, there)

    assert (proposal["language_model_allowed"], article["language_model_allowed"]) == (False, False)
    assert llm.requests, "a model was asked about the other customer's words"
    assert embeds.requests
    assert WORD not in sent(embeds, llm)
    assert count_waiting(there) == 0, "waiting for ever, it would keep the worker busy"
    assert article["id"] in [hit["id"] for hit in desk.get("/v1/search?q=paper size&kind=article").json()["data"]]


def test_every_edit_keeps_it_from_models_until_one_says_otherwise(services: tuple[Any, ...]) -> None:
    desk, there, embeds, llm = services
    article = approve(desk, proposed(desk, there, email="kim@example.org", language_model_allowed=False))
    path = f"/v1/knowledge/articles/{article['id']}"

    assert desk.patch(path, json={"title": f"Labels and {WORD}"}).json()["language_model_allowed"] is False
    assert desk.patch(path, json={"status": "archived"}).status_code == 200
    assert desk.patch(path, json={"status": "published"}).status_code == 200
    work(there)
    assert WORD not in sent(embeds, llm)

    assert desk.patch(path, json={"language_model_allowed": True}).json()["language_model_allowed"] is True
    ask_everything(desk, there)

    assert WORD in sent(embeds)
    assert WORD in sent(llm)


def test_a_reviewer_who_has_read_it_lets_it_be_used(services: tuple[Any, ...]) -> None:
    desk, there, embeds, llm = services
    proposal = proposed(desk, there, email="kim@example.org", language_model_allowed=False)
    assert WORD not in sent(embeds, llm)

    article = approve(desk, proposal, language_model_allowed=True)
    ask_everything(desk, there)

    assert article["language_model_allowed"] is True
    assert WORD in sent(embeds)
    assert WORD in sent(llm)
    seen = desk.get("/v1/audit?action=article.created").json()["data"]
    assert [event["after"]["language_model_allowed"] for event in seen] == [True], "it is written down who did"


def test_a_program_that_edits_articles_does_not_decide_it(services: tuple[Any, ...]) -> None:
    desk, there, embeds, llm = services
    article = approve(desk, proposed(desk, there, email="kim@example.org", language_model_allowed=False))
    machine = {"Authorization": authorization(there, "machine")}
    path = f"/v1/knowledge/articles/{article['id']}"

    refused = desk.patch(path, json={"language_model_allowed": True}, headers=machine)
    edited = desk.patch(path, json={"tags": ["labels"]}, headers=machine)

    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    assert (edited.status_code, edited.json()["language_model_allowed"]) == (200, False)
    assert WORD not in sent(embeds, llm)


def test_who_opts_out_while_a_proposal_waits_is_heard(services: tuple[Any, ...]) -> None:
    desk, there, embeds, llm = services
    customer = post(desk, "/v1/customers", {"email": "kim@example.org"}, 201)
    proposal = proposed(desk, there, id=customer["id"])
    assert proposal["language_model_allowed"] is True
    before = sent(embeds, llm)
    assert desk.patch(f"/v1/customers/{customer['id']}", json={"language_model_allowed": False}).status_code == 200

    shown = desk.get(f"/v1/knowledge/proposals/{proposal['id']}").json()
    article = approve(desk, proposal, title=f"The {WORD} by itself")
    ask_everything(desk, there)

    assert (shown["language_model_allowed"], article["language_model_allowed"]) == (False, False)
    assert sent(embeds, llm).count(WORD) == before.count(WORD)


def test_a_change_by_who_opted_out_takes_the_whole_article_from_models(services: tuple[Any, ...]) -> None:
    desk, there, _embeds, _llm = services
    text = "Since an update the label printer may print blank labels. Set the paper size of the print helper."
    body = {"title": "Label printer prints blank labels", "body": text, "status": "published"}
    article = post(desk, "/v1/knowledge/articles", body, 201)
    proposal = proposed(desk, there, email="kim@example.org", language_model_allowed=False)
    assert proposal["article_id"] == article["id"]

    changed = approve(desk, proposal)

    assert (article["language_model_allowed"], changed["language_model_allowed"]) == (True, False)
