"""Stands where no model is: says so, and lets search go on by keywords."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from support_copilot.backends.embedder.port import EmbedderUnavailableError

_SENTENCE = "There is no embedding model; search uses keywords only. `support-copilot model` prepares one."


class NoEmbedder:
    @property
    def model(self) -> str:
        return "none"

    @property
    def dimension(self) -> int:
        return 0

    @property
    def is_remote(self) -> bool:
        return False

    @property
    def service(self) -> None:
        return None

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise EmbedderUnavailableError(_SENTENCE)

    def ping(self) -> None:
        raise EmbedderUnavailableError(_SENTENCE)

    def close(self) -> None:
        """Nothing is held."""
