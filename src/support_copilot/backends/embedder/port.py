"""The need: texts in, unit vectors out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from support_copilot.kit.errors import UnavailableError


class EmbedderUnavailableError(UnavailableError):
    code, title = "embedder_unavailable", "There is no embedding model at the moment"


@dataclass(frozen=True, slots=True)
class EmbeddingService:
    """Who is sent texts, and how much of each; ``address`` is None where its SDK knows it by ``region``."""

    kind: str
    model: str
    address: str | None
    region: str | None
    max_chars: int


class Embedder(Protocol):
    """Turns texts into vectors whose dot product is their likeness."""

    @property
    def model(self) -> str:
        """Name and version of the model, stored beside each vector, such as ``minilm-l6-v2-int8/1``."""

    @property
    def dimension(self) -> int:
        """Length of each vector; 0 when there is no model (keyword-only operation)."""

    @property
    def is_remote(self) -> bool:
        """Whether texts leave this process for somebody's service."""

    @property
    def service(self) -> EmbeddingService | None:
        """Whose service that is, None where texts stay."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts, in the order given; safe to call from several threads at once.

        Args:
            texts: any number of texts of any length; each is cut at the model's limit.

        Returns:
            float32 (len(texts), dimension), each row of unit length (an empty text gives a valid row too).

        Raises:
            EmbedderUnavailableError: there is no model, or it does not answer.
        """

    def ping(self) -> None:
        """Return when the model answers.

        Raises:
            EmbedderUnavailableError: it does not.
        """

    def close(self) -> None:
        """Give back what the model holds; a second call does nothing."""
