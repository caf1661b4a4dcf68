"""Embeddings of OpenAI, and of every server that speaks its API, by OpenAI's own SDK."""

from collections.abc import Sequence
from typing import Any, Final

import httpx2
import openai
from openai import Omit, OpenAI, omit

from support_copilot.backends.embedder.config import OpenAiEmbedderConfig
from support_copilot.backends.embedder.remote import AttemptFailedError, RemoteEmbedder, TextRefusedError

_REFUSED: Final = (400, 413, 422)
_RETRYABLE: Final = (408, 409, 429, 500, 502, 503, 504, 529)


def open_openai_embedder(config: OpenAiEmbedderConfig, transport: httpx2.BaseTransport) -> RemoteEmbedder:
    """Open the embedder; nothing is asked yet."""
    timeout = httpx2.Timeout(config.timeout_s)
    key = config.api_key.get_secret_value() if config.api_key else None
    # Only what a request itself leaves out lets the SDK do without a key.
    without_key: dict[str, Any] = {} if key else {"Authorization": Omit()}
    # Names of an organisation in the environment belong to OpenAI, not to whoever listens at this address.
    headers: dict[str, Any] = {"OpenAI-Organization": Omit(), "OpenAI-Project": Omit()}
    client = OpenAI(
        api_key=key or "none",
        base_url=config.base_url,
        max_retries=0,
        timeout=timeout,
        default_headers=headers,
        http_client=httpx2.Client(transport=transport, timeout=timeout, trust_env=False),
    )

    def ask(texts: Sequence[str]) -> Sequence[Sequence[float]]:
        try:
            answer = client.embeddings.create(
                model=config.model,
                input=list(texts),
                extra_headers=without_key,
                encoding_format="float",
                dimensions=config.dimension if config.shorten else omit,
            )
            ordered = sorted(answer.data, key=lambda item: item.index)
            return [item.embedding for item in ordered]
        except openai.APIStatusError as error:
            if error.status_code in _REFUSED:
                raise TextRefusedError from error
            raise AttemptFailedError(retryable=error.status_code in _RETRYABLE) from error
        except (openai.OpenAIError, httpx2.HTTPError, ValueError, TypeError, AttributeError) as error:
            raise AttemptFailedError(retryable=not isinstance(error, openai.APITimeoutError)) from error

    return RemoteEmbedder(config, ask, batch=config.batch, close=client.close)
