"""What embedders over a network promise beside what all do: batches, tries, checks, and patience that ends."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import numpy as np
import pytest

from support_copilot.backends.embedder.open import open_embedder
from support_copilot.backends.embedder.port import Embedder, EmbedderUnavailableError
from support_copilot.backends.embedder.remote import model_name
from tests.contract.embedder_cases import remote_config
from tests.model_server import Manner, ModelServer

pytestmark = pytest.mark.usefixtures("polite_server")


@pytest.fixture(params=["openai", "titan", "cohere"])
def service(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def opened(service: str, server: ModelServer, embedder: Embedder) -> Iterator[Callable[..., Embedder]]:
    server.embed, server.longest_text = embedder.embed, 1_000_000
    with ExitStack() as stack:

        def open_one(dimension: int = embedder.dimension, **refined: Any) -> Embedder:
            remote = open_embedder(remote_config(service, server, dimension, **refined))
            stack.callback(remote.close)
            return remote

        yield open_one


def test_many_texts_go_in_batches_and_come_back_in_order(
    opened: Callable[..., Embedder], server: ModelServer, embedder: Embedder
) -> None:
    texts = [f"Order {number} has not arrived" for number in range(150)]

    vectors = opened().embed(texts)

    assert 2 <= len(server.requests) <= 150
    expected = embedder.embed(texts)
    assert (vectors * expected).sum(axis=1) == pytest.approx(np.ones(150), abs=0.05)
    assert not np.allclose(vectors[0], vectors[149], atol=1e-3)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_may_pass_is_tried_again(opened: Callable[..., Embedder], server: ModelServer, status: int) -> None:
    server.script(Manner(status=status), Manner(status=status), Manner())

    assert opened().embed(["x"]).shape == (1, 384)
    assert len(server.requests) == 3


def test_a_refused_key_is_not_tried_again(opened: Callable[..., Embedder], server: ModelServer) -> None:
    server.script(Manner(status=403))

    with pytest.raises(EmbedderUnavailableError):
        opened().embed(["x"])

    assert len(server.requests) == 1


def test_an_answer_that_takes_too_long_is_given_up(opened: Callable[..., Embedder], server: ModelServer) -> None:
    server.script(Manner(stall="silent"))

    with pytest.raises(EmbedderUnavailableError):
        opened(timeout_s=0.3).embed(["x"])


def test_vectors_of_another_length_are_refused(opened: Callable[..., Embedder]) -> None:
    with pytest.raises(EmbedderUnavailableError, match=r"384 numbers where the settings say 512"):
        opened(dimension=512).embed(["x"])


def test_vectors_without_direction_are_refused(opened: Callable[..., Embedder], server: ModelServer) -> None:
    server.embed = lambda texts: np.zeros((len(texts), 384))

    with pytest.raises(EmbedderUnavailableError, match="direction"):
        opened().embed(["x"])


def test_a_text_that_is_too_long_does_not_keep_the_others_out(
    opened: Callable[..., Embedder], server: ModelServer, embedder: Embedder
) -> None:
    server.longest_text = 100
    texts = ["The printer is blank", "word " * 300, "Duplicate payment"]

    vectors = opened().embed(texts)

    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(3), abs=1e-3)
    assert vectors[2] @ embedder.embed(texts)[2] == pytest.approx(1, abs=0.05)


def test_a_service_that_keeps_failing_is_left_alone(opened: Callable[..., Embedder], server: ModelServer) -> None:
    server.script(Manner(status=500))
    remote = opened(attempts=1, circuit_failures=2, circuit_pause_s=3600)
    remote.ping()
    for _ in range(3):
        with pytest.raises(EmbedderUnavailableError):
            remote.embed(["x"])

    assert len(server.requests) == 2
    with pytest.raises(EmbedderUnavailableError):
        remote.ping()


def test_keys_are_shown_nowhere(service: str, server: ModelServer) -> None:
    shown = repr(remote_config(service, server, 384)) + remote_config(service, server, 384).model_dump_json()

    assert "stand-in" not in shown.replace("stand-in-1", "")


def test_names_of_models_fit_their_column_and_stay_apart() -> None:
    arn = "arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/" + "a" * 60
    names = {model_name("bedrock", arn + end, dimension) for end in ("1", "2") for dimension in (256, 1024)}

    assert len(names) == 4
    assert all(len(name) <= 80 for name in names)


def test_a_server_that_wants_no_key_is_sent_none(server: ModelServer, embedder: Embedder) -> None:
    server.embed = embedder.embed
    with closing(open_embedder(remote_config("openai", server, 384, api_key=None))) as keyless:
        assert keyless.embed(["x"]).shape == (1, 384)

    assert "authorization" not in server.requests[-1].headers
