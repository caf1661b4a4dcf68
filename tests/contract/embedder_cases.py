"""Settings of embedders over the stand-in server."""

from typing import Any

from support_copilot.backends.embedder.config import BedrockEmbedderConfig, OpenAiEmbedderConfig
from tests.model_server import ACCESS_KEY, KEY, SECRET_KEY, ModelServer

_MODELS = {"titan": "amazon.titan-embed-text-v2:0", "cohere": "cohere.embed-v4:0"}


def remote_config(
    service: str, server: ModelServer, dimension: int, **refined: Any
) -> OpenAiEmbedderConfig | BedrockEmbedderConfig:
    """Settings for ``openai``, ``titan`` or ``cohere``."""
    common: dict[str, Any] = {"base_url": server.url, "dimension": dimension} | refined
    if service == "openai":
        return OpenAiEmbedderConfig.model_validate({"model": "embed-1", "api_key": KEY} | common)
    keys = {"access_key_id": ACCESS_KEY, "secret_access_key": SECRET_KEY, "region": "eu-central-1"}
    return BedrockEmbedderConfig.model_validate({"model": _MODELS[service]} | keys | common)
