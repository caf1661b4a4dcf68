"""Language models over the stand-in server, of each kind."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import stamina
from prometheus_client import CollectorRegistry

from support_copilot.backends.llm.open import open_llm
from support_copilot.backends.llm.port import LanguageModel
from support_copilot.db.engine import Database
from support_copilot.kit.clock import utc_now
from tests.contract.llm_cases import Kind, config_of
from tests.model_server import Manner, ModelServer, running_model_server


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with running_model_server() as running:
        yield running


@pytest.fixture
def polite_server(server: ModelServer) -> Iterator[None]:
    """The server answers politely until told otherwise, and nobody pauses between tries."""
    server.script(Manner())
    with stamina.set_testing(True, attempts=10, cap=True):
        yield


@pytest.fixture(params=["openai", "bedrock"])
def kind(request: pytest.FixtureRequest) -> Kind:
    return request.param


@pytest.fixture
def opened(kind: Kind, server: ModelServer, sqlite: Database) -> Iterator[Callable[..., LanguageModel]]:
    """Opens models of this kind; keyword arguments are settings of the provider."""
    with ExitStack() as stack:

        def open_one(**refined: Any) -> LanguageModel:
            model = open_llm(config_of(kind, server, **refined), CollectorRegistry(), sqlite, utc_now)
            stack.callback(model.close)
            return model

        yield open_one
