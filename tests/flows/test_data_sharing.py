"""Whom texts may reach for a model, as whoever answers for privacy reads it."""

from dataclasses import replace

from fastapi.testclient import TestClient

from support_copilot.backends.llm.config import LlmConfig
from support_copilot.backends.llm.open import open_llm
from support_copilot.prompts.catalog import PROMPTS
from support_copilot.resources import Resources
from tests.conftest import AsRole
from tests.flows.modelled import client_of, with_model
from tests.flows.test_outlook import Counting


def test_without_a_model_nothing_leaves(resources: Resources, client: TestClient) -> None:
    kept = client.get("/v1/privacy/data-sharing").json()["calls_kept_days"]
    customer = client.post("/v1/customers", json={"name": "Ana Example"}).json()
    changed = {"language_model_allowed": False}
    assert client.patch(f"/v1/customers/{customer['id']}", json=changed).status_code == 200

    found = client.get("/v1/privacy/data-sharing").json()

    assert (found["leaves"], found["paused"], found["providers"]) == (False, False, [])
    assert found["offline_tasks"] == [prompt.task for prompt in PROMPTS]
    assert found["embeddings"] == [{"model": resources.embedder.model, "kind": None, "where": None, "max_chars": None}]
    assert {"person", "email", "card", "secret"} <= set(found["masked"])
    assert (kept, found["customers_opted_out"]) == (30, 1)


def test_each_provider_says_where_it_is_and_what_it_is_given(resources: Resources) -> None:
    tasks = {"summary": {"chain": []}}
    with with_model(resources, tasks=tasks) as (server, own), client_of(own, "admin") as client:
        client.put("/v1/models/pause", json={"paused": True})
        found = client.get("/v1/privacy/data-sharing").json()
        assert server.requests == []
    (provider,) = found["providers"]
    assert found["leaves"] is True
    assert found["paused"] is True
    assert (provider["name"], provider["model"]) == ("main", "stand-in-1")
    assert provider["where"] == {"host": "127.0.0.1", "region": None, "on_this_machine": True}
    assert "summary" in found["offline_tasks"]
    assert "summary" not in provider["tasks"]
    assert "messages" in provider["carries"]


def test_a_provider_is_given_no_more_than_its_tasks_carry(resources: Resources) -> None:
    main = {"kind": "bedrock", "region": "eu-central-1", "model": "eu.example.model"}
    away = {"kind": "openai", "base_url": "https://models.example.com", "model": "large"}
    config = LlmConfig.model_validate(
        {
            "providers": {"near": main, "away": away},
            "tasks": {"sentiment": {"chain": ["near"]}, "rewrite": {"chain": ["away"]}},
        }
    )
    model = open_llm(config, resources.metrics, resources.database, resources.clock)
    try:
        with client_of(replace(resources, llm=model), "admin") as client:
            found = client.get("/v1/privacy/data-sharing").json()
            prompts = {each["name"]: each for each in client.get("/v1/prompts").json()["data"]}
    finally:
        model.close()
    by_name = {each["name"]: each for each in found["providers"]}
    assert by_name["near"]["where"] == {"host": None, "region": "eu-central-1", "on_this_machine": False}
    assert by_name["near"]["carries"] == ["customer_messages"]
    assert by_name["away"]["where"] == {"host": "models.example.com", "region": None, "on_this_machine": False}
    assert by_name["away"]["carries"] == ["text"]
    assert (prompts["sentiment"]["chain"], prompts["reply"]["chain"]) == (["near"], [])


def test_an_embedding_service_is_named(resources: Resources) -> None:
    remote = replace(resources, embedder=Counting(resources.embedder))
    with client_of(remote, "admin") as client:
        found = client.get("/v1/privacy/data-sharing").json()
    assert found["leaves"] is True
    (embeddings,) = found["embeddings"]
    assert (embeddings["where"]["host"], embeddings["max_chars"]) == ("embeddings.example.com", 6000)


def test_who_may_read_prompts_may_read_where_they_go(client: TestClient, as_role: AsRole) -> None:
    assert client.get("/v1/privacy/data-sharing", headers=as_role("agent")).status_code == 403
    for role in ("lead", "auditor"):
        assert client.get("/v1/privacy/data-sharing", headers=as_role(role)).status_code == 200
