"""What every embedder promises. A new one is added to the ``opened`` fixture."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from support_copilot.backends.embedder.config import NoEmbedderConfig
from support_copilot.backends.embedder.open import open_embedder
from support_copilot.backends.embedder.port import Embedder, EmbedderUnavailableError
from tests.contract.embedder_cases import remote_config
from tests.model_server import ModelServer


@pytest.fixture(params=["minilm", "openai", "titan", "cohere"])
def opened(request: pytest.FixtureRequest, embedder: Embedder, server: ModelServer) -> Iterator[Embedder]:
    """The local model, or the same model behind a service's wire format."""
    if request.param == "minilm":
        yield embedder
        return
    server.embed = embedder.embed
    remote = open_embedder(remote_config(request.param, server, embedder.dimension))
    yield remote
    remote.close()


@pytest.fixture
def absent() -> Iterator[Embedder]:
    embedder = open_embedder(NoEmbedderConfig(kind="none"))
    yield embedder
    embedder.close()


def test_it_names_its_model_and_answers(opened: Embedder) -> None:
    assert opened.model
    assert opened.dimension > 0
    opened.ping()


def test_texts_give_unit_vectors_in_their_order(opened: Embedder) -> None:
    texts = ["The printer is blank", "x", "word " * 500, "Die Rechnung fehlt", "The printer is blank"]

    vectors = opened.embed(texts)

    assert vectors.shape == (5, opened.dimension)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(5), abs=1e-3)
    # Eight-bit models scale by what a batch holds, so that a text alone differs a little.
    alone = np.stack([opened.embed([text])[0] for text in texts])
    assert (vectors * alone).sum(axis=1) == pytest.approx(np.ones(5), abs=0.05)


def test_no_texts_give_no_vectors(opened: Embedder) -> None:
    assert opened.embed([]).shape == (0, opened.dimension)


def test_what_means_the_same_lies_closer(opened: Embedder) -> None:
    asked, same, other = opened.embed(
        ["I was charged twice for one order", "Duplicate payment on my card", "The app crashes when I open the camera"]
    )

    assert asked @ same > asked @ other + 0.2


@pytest.mark.parametrize(
    "text",
    ["", " ", "\x00", "🎉" * 50, "\ud83c", "\u202eabc", "a" * 1_000_000, "ا" * 3000, "打印机无法工作"],
    ids=["empty", "blank", "null", "emoji", "half", "direction", "endless", "arabic", "chinese"],
)
def test_every_text_gives_a_valid_vector(opened: Embedder, text: str) -> None:
    vector = opened.embed([text])[0]

    assert np.isfinite(vector).all()
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-3)


def test_several_threads_get_what_one_gets(opened: Embedder) -> None:
    texts = [f"Order {number} has not arrived" for number in range(24)]
    expected = opened.embed(texts)

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda text: opened.embed([text])[0], texts))

    assert (np.stack(answers) * expected).sum(axis=1) == pytest.approx(np.ones(24), abs=0.05)


def test_where_no_model_is_that_is_said(absent: Embedder) -> None:
    assert (absent.model, absent.dimension) == ("none", 0)
    with pytest.raises(EmbedderUnavailableError, match="no embedding model"):
        absent.embed(["x"])
    with pytest.raises(EmbedderUnavailableError):
        absent.ping()
