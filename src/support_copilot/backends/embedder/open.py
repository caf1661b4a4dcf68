"""Loads the chosen embedder; each technology is imported only when it is chosen."""

from collections.abc import Callable
from pathlib import Path
from typing import assert_never

from support_copilot.backends.embedder.config import EmbedderConfig, MiniLmConfig, NoEmbedderConfig
from support_copilot.backends.embedder.port import Embedder


def open_embedder(config: EmbedderConfig) -> Embedder:
    """Open the embedder.

    Raises:
        EmbedderUnavailableError: its model is not prepared, or was changed since.
    """
    match config:
        case MiniLmConfig():
            from support_copilot.backends.embedder.minilm import MiniLmEmbedder

            return MiniLmEmbedder(config.model_dir, threads=config.threads)
        case NoEmbedderConfig():
            from support_copilot.backends.embedder.none import NoEmbedder

            return NoEmbedder()
        case _:
            assert_never(config)


def prepare_model(config: MiniLmConfig, *, report: Callable[[str], None]) -> Path:
    """Build the local model unless it is there; see ``build_minilm.prepare_minilm``."""
    from support_copilot.backends.embedder.build_minilm import prepare_minilm

    return prepare_minilm(config.model_dir, report=report)
