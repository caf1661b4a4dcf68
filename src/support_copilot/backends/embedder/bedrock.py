"""Embeddings of AWS Bedrock: Amazon Titan Text Embeddings V2 and Cohere Embed, by botocore.

Sources: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html
https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed.html
"""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ReadTimeoutError
from botocore.session import get_session

from support_copilot.backends.embedder.config import BedrockEmbedderConfig
from support_copilot.backends.embedder.remote import AttemptFailedError, RemoteEmbedder, TextRefusedError

_RETRYABLE: Final = frozenset(
    {
        "ThrottlingException", "TooManyRequestsException", "ServiceUnavailableException", "InternalServerException",
        "ModelNotReadyException", "ModelErrorException", "ModelTimeoutException",
    }
)  # fmt: skip
#: Cohere's own limit; Titan takes one text a request, so several requests are made at once.
_COHERE_BATCH: Final = 96
_TITAN_AT_ONCE: Final = 8


def open_bedrock_embedder(config: BedrockEmbedderConfig) -> RemoteEmbedder:
    """Open the embedder; nothing is asked yet."""
    key, secret = config.access_key_id, config.secret_access_key
    client = get_session().create_client(
        "bedrock-runtime",
        region_name=config.region,
        endpoint_url=config.base_url,
        aws_access_key_id=key.get_secret_value() if key else None,
        aws_secret_access_key=secret.get_secret_value() if secret else None,
        config=Config(
            connect_timeout=config.timeout_s,
            read_timeout=config.timeout_s,
            retries={"total_max_attempts": 1},
            max_pool_connections=_TITAN_AT_ONCE * 2,
        ),
    )

    def invoke(body: dict[str, Any]) -> dict[str, Any]:
        try:
            answer = client.invoke_model(
                modelId=config.model, body=json.dumps(body), contentType="application/json", accept="application/json"
            )
            read: dict[str, Any] = json.loads(answer["body"].read())
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            if code == "ValidationException":
                raise TextRefusedError from error
            raise AttemptFailedError(retryable=code in _RETRYABLE) from error
        except (BotoCoreError, ValueError) as error:
            raise AttemptFailedError(retryable=not isinstance(error, ReadTimeoutError)) from error
        return read

    if config.family == "cohere":
        return RemoteEmbedder(config, lambda texts: _cohere(invoke(_cohere_body(texts))), batch=_COHERE_BATCH,
                              close=client.close)  # fmt: skip
    threads = ThreadPoolExecutor(_TITAN_AT_ONCE, thread_name_prefix="embed")

    def titan(text: str) -> list[float]:
        body = {"inputText": text, "dimensions": config.dimension, "normalize": True}
        embedding = invoke(body).get("embedding")
        return embedding if isinstance(embedding, list) else []

    def close() -> None:
        threads.shutdown()
        client.close()

    return RemoteEmbedder(config, lambda texts: list(threads.map(titan, texts)), batch=_TITAN_AT_ONCE, close=close)


def _cohere_body(texts: Sequence[str]) -> dict[str, Any]:
    # The same kind for stored texts and for questions: both are issues, compared with each other.
    return {"texts": list(texts), "input_type": "search_document", "truncate": "END", "embedding_types": ["float"]}


def _cohere(answer: dict[str, Any]) -> Sequence[Sequence[float]]:
    found = answer.get("embeddings")
    found = found.get("float") if isinstance(found, dict) else found
    return found if isinstance(found, list) else []
