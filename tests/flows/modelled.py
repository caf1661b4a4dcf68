"""The product with a language model set: the stand-in server behind the real SDK, over a real socket."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import stamina
from fastapi.testclient import TestClient
from prometheus_client import CollectorRegistry

from support_copilot.backends.llm.config import LlmConfig
from support_copilot.backends.llm.open import open_llm
from support_copilot.identity.permissions import Role
from support_copilot.resources import Resources
from support_copilot.serve import build_app
from tests.conftest import TEST_SERVER, authorization
from tests.model_server import KEY, Manner, ModelServer, running_model_server


@contextmanager
def with_model(
    resources: Resources, provider: Mapping[str, object] | None = None, **settings: object
) -> Iterator[tuple[ModelServer, Resources]]:
    """A running stand-in, and the resources with it as the model of every task; ``provider`` refines its settings."""
    with running_model_server() as server, stamina.set_testing(True, attempts=10, cap=True):
        main = {"kind": "openai", "base_url": server.url, "api_key": KEY, "model": "stand-in-1", **(provider or {})}
        config = LlmConfig.model_validate(
            {"kind": "openai", "providers": {"main": {**main, "attempts": 1, "between_tokens_s": 5}}, **settings}
        )
        model = open_llm(config, CollectorRegistry(), resources.database, resources.clock)
        try:
            yield server, replace(resources, llm=model)
        finally:
            model.close()


@contextmanager
def client_of(resources: Resources, role: Role = "agent") -> Iterator[TestClient]:
    """The whole application with the key of one role."""
    headers = {"Authorization": authorization(resources, role, name="local")}
    with TestClient(build_app(resources, TEST_SERVER), raise_server_exceptions=False, headers=headers) as opened:
        yield opened


def says(*texts: str) -> Manner:
    """The model answers with this, cut into pieces at the worst places."""
    whole = "".join(texts)
    return Manner(texts=tuple(whole[place : place + 7] for place in range(0, len(whole), 7)))
