"""What embedders over a network share: batches, tries, a pause after failures, and checks of what comes back."""

import threading
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import stamina
from numpy.typing import NDArray

from support_copilot.backends.embedder.config import (
    BedrockEmbedderConfig,
    OpenAiEmbedderConfig,
    RemoteEmbedderConfig,
)
from support_copilot.backends.embedder.port import EmbedderUnavailableError, EmbeddingService
from support_copilot.kit.circuit import Circuit

#: A text that a model does not take is halved so often before it is given up.
_HALVINGS: Final = 6
#: Services refuse empty texts; all blank ones get the same vector.
_BLANK: Final = "-"
_MODEL_NAME_CHARS: Final = 80


class TextRefusedError(Exception):
    """The service does not take one of these texts, for its length or for what is in it."""


class AttemptFailedError(Exception):
    """The service did not answer, or throttles; ``retryable`` says whether it is worth another try."""

    def __init__(self, *, retryable: bool) -> None:
        super().__init__()
        self.retryable = retryable


#: Texts, none of them blank, to one list of numbers for each; raises the two errors above.
EmbedBatch = Callable[[Sequence[str]], Sequence[Sequence[float]]]


class RemoteEmbedder:
    """An embedder over a function that asks a service for one batch."""

    def __init__(self, config: RemoteEmbedderConfig, ask: EmbedBatch, *, batch: int, close: Callable[[], None]) -> None:
        self._config = config
        self._ask = ask
        self._batch = batch
        self._close = close
        #: So that a slow service holds some of the threads of requests, and not all.
        self._places = threading.BoundedSemaphore(config.concurrency)
        self._circuit = Circuit(failures=config.circuit_failures, pause_s=config.circuit_pause_s)

    @property
    def model(self) -> str:
        return model_name(self._config.kind, self._config.model, self._config.dimension)

    @property
    def dimension(self) -> int:
        return self._config.dimension

    @property
    def is_remote(self) -> bool:
        return True

    @property
    def service(self) -> EmbeddingService:
        named = self._config
        region = named.region if isinstance(named, BedrockEmbedderConfig) else None
        address = named.base_url if isinstance(named, OpenAiEmbedderConfig | BedrockEmbedderConfig) else None
        return EmbeddingService(named.kind, named.model, address, region, named.max_chars)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), self._batch):
            part = [self._sendable(text) for text in texts[start : start + self._batch]]
            vectors[start : start + len(part)] = self._embedded(part)
        return vectors

    def ping(self) -> None:
        """Known failures count; asking would cost money each time that somebody looks."""
        if self._circuit.is_open():
            raise EmbedderUnavailableError

    def close(self) -> None:
        self._close()

    def _sendable(self, text: str) -> str:
        cut = text[: self._config.max_chars].encode("utf-8", "replace").decode("utf-8").replace("\x00", " ")
        return cut if cut.strip() else _BLANK

    def _embedded(self, texts: Sequence[str]) -> NDArray[np.float32]:
        try:
            return self._checked(self._tried(texts), len(texts))
        except TextRefusedError:
            # One text must not keep the others of its batch from being found.
            blank = self._blank()
            return np.concatenate([self._shortened(text, blank) for text in texts])

    def _blank(self) -> NDArray[np.float32]:
        """float32 (1, dimension) of nothing; a service that refuses even this is set up wrongly."""
        try:
            return self._checked(self._tried([_BLANK]), 1)
        except TextRefusedError as error:
            raise EmbedderUnavailableError("The embedding model refuses every text; is its name right?") from error

    def _shortened(self, text: str, blank: NDArray[np.float32]) -> NDArray[np.float32]:
        """float32 (1, dimension) of the text, or of as much of it as the service takes."""
        for halving in range(_HALVINGS):
            try:
                return self._checked(self._tried([text[: max(1, len(text) >> halving)]]), 1)
            except TextRefusedError:
                continue
        return blank

    def _tried(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        if not self._places.acquire(blocking=False):
            raise EmbedderUnavailableError
        try:
            return self._asked(texts)
        finally:
            self._places.release()

    def _asked(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        if not self._circuit.lets_through():
            raise EmbedderUnavailableError
        try:
            for attempt in stamina.retry_context(
                on=lambda error: isinstance(error, AttemptFailedError) and error.retryable,
                attempts=self._config.attempts,
                timeout=None,
                wait_initial=0.2,
                wait_max=2.0,
            ):
                with attempt:
                    answer = self._ask(texts)
        except AttemptFailedError as error:
            self._circuit.failed()
            raise EmbedderUnavailableError from error
        except TextRefusedError:
            self._circuit.succeeded()
            raise
        except BaseException:
            self._circuit.left()
            raise
        self._circuit.succeeded()
        return answer

    def _checked(self, answer: Sequence[Sequence[float]], count: int) -> NDArray[np.float32]:
        """float32 (count, dimension) of unit length.

        Raises:
            EmbedderUnavailableError: another number of vectors, another length, or numbers that are none.
        """
        if len(answer) != count or any(len(vector) != self.dimension for vector in answer):
            found = len(answer[0]) if answer else 0
            raise EmbedderUnavailableError(
                f"The embedding model answers vectors of {found} numbers where the settings say {self.dimension}."
            )
        vectors = np.asarray(answer, dtype=np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not np.isfinite(lengths).all() or not (lengths > 0).all():
            raise EmbedderUnavailableError("The embedding model answers vectors without a direction.")
        return np.asarray(vectors / lengths, dtype=np.float32)


def model_name(kind: str, model: str, dimension: int) -> str:
    """The name stored beside each vector; of a long one, such as an ARN, the end, which tells it from others."""
    ending = f"/{dimension}"
    return f"{kind}:{model[-(_MODEL_NAME_CHARS - len(kind) - len(ending) - 1) :]}{ending}"
