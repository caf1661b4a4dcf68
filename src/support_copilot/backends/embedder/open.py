"""Loads the chosen embedder; each technology is imported only when it is chosen."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import assert_never

from support_copilot.backends.embedder.config import (
    BedrockEmbedderConfig,
    EmbedderConfig,
    MiniLmConfig,
    NoEmbedderConfig,
    OpenAiEmbedderConfig,
)
from support_copilot.backends.embedder.port import Embedder, EmbedderUnavailableError
from support_copilot.outgoing.config import OutgoingConfig
from support_copilot.outgoing.policy import policy_of


def open_embedder(
    config: EmbedderConfig,
    outgoing: OutgoingConfig = OutgoingConfig(),  # noqa: B008  # frozen
) -> Embedder:
    """Open the embedder.

    Args:
        outgoing: where requests may go besides the public network.

    Raises:
        EmbedderUnavailableError: its model is not prepared or was changed since, or its library is not installed.
    """
    match config:
        case MiniLmConfig():
            from support_copilot.backends.embedder.minilm import MiniLmEmbedder

            return MiniLmEmbedder(config.model_dir, threads=config.threads)
        case OpenAiEmbedderConfig():
            _demand("openai", config.kind)
            from support_copilot.backends.embedder.openai import open_openai_embedder
            from support_copilot.outgoing.transport import GuardedTransport

            return open_openai_embedder(config, GuardedTransport(policy_of(outgoing, config.base_url)))
        case BedrockEmbedderConfig():
            _demand("botocore", config.kind)
            from support_copilot.backends.embedder.bedrock import open_bedrock_embedder

            return open_bedrock_embedder(config)
        case NoEmbedderConfig():
            from support_copilot.backends.embedder.none import NoEmbedder

            return NoEmbedder()
        case _:
            assert_never(config)


def prepare_model(config: MiniLmConfig, *, report: Callable[[str], None]) -> Path:
    """Build the local model unless it is there; see ``build_minilm.prepare_minilm``."""
    from support_copilot.backends.embedder.build_minilm import prepare_minilm

    return prepare_minilm(config.model_dir, report=report)


def why_unprepared(config: MiniLmConfig) -> str | None:
    """What is wrong with the files of the local model, None when they are as they were prepared."""
    from support_copilot.backends.embedder.model_files import ModelNotAvailableError, check_manifest

    try:
        check_manifest(config.model_dir)
    except ModelNotAvailableError as error:
        return error.detail
    return None


def _demand(library: str, extra: str) -> None:
    if find_spec(library) is None:
        raise EmbedderUnavailableError(f"This embedder needs a library: install support-copilot[{extra}].")
