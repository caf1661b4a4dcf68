"""What stories about a language model share: the product with one set, and the server that stands in for it."""

from collections.abc import Iterator

import pytest

from support_copilot.resources import Resources
from tests.flows.modelled import with_model
from tests.model_server import ModelServer


@pytest.fixture
def modelled(resources: Resources) -> Iterator[tuple[ModelServer, Resources]]:
    with with_model(resources) as both:
        yield both


@pytest.fixture
def server(modelled: tuple[ModelServer, Resources]) -> ModelServer:
    return modelled[0]
