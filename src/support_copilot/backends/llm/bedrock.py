"""AWS Bedrock by its Converse operations, on aiobotocore: cancelling a call closes its connection."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing, asynccontextmanager
from typing import Any, Final, Self

import aiohttp
from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from botocore.eventstream import ParserError
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EventStreamError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
    ReadTimeoutError,
    ResponseStreamingError,
)

from support_copilot.backends.llm.config import BedrockConfig
from support_copilot.backends.llm.converse import Abilities, converse_parameters, finish_of, text_of, usage_of
from support_copilot.backends.llm.errors import (
    ModelBusyError,
    ModelError,
    ModelRefusedError,
    ModelSetupError,
    ModelStreamError,
    ModelTimeoutError,
    ModelUnreachableError,
)
from support_copilot.backends.llm.learning import ask_as_understood
from support_copilot.backends.llm.port import Usage
from support_copilot.backends.llm.provider import End, Piece, Request

_BUSY: Final = frozenset({"throttlingException", "ThrottlingException", "TooManyRequestsException"})
_SETUP: Final = frozenset(
    {
        "AccessDeniedException", "ResourceNotFoundException", "UnrecognizedClientException", "ExpiredTokenException",
        "InvalidSignatureException", "IncompleteSignature", "MissingAuthenticationToken",
        "ServiceQuotaExceededException",
    }
)  # fmt: skip
_REFUSED: Final = frozenset({"ValidationException", "validationException"})
_TIMEOUT: Final = frozenset({"ModelTimeoutException"})


class BedrockModel:
    """One model in one region; belongs to one event loop."""

    def __init__(self, config: BedrockConfig, client: Any, close: AsyncExitStack) -> None:
        self._config = config
        self._client = client
        self._close = close
        self._abilities = Abilities(
            shape_by_schema=config.structured_output in ("auto", "schema"), cache_points=config.prompt_caching
        )

    @classmethod
    async def open(cls, config: BedrockConfig) -> Self:
        """Load the service's description and find credentials, which takes about half a second."""
        close = AsyncExitStack()
        return cls(config, await close.enter_async_context(_client(config)), close)

    def answer(self, request: Request) -> AsyncGenerator[Piece, None]:
        return ask_as_understood(
            self._abilities,
            lambda abilities: self._ask(request, abilities),
            refusal=ClientError,
            plainer=lambda abilities, error: (
                abilities.less(request, str(error).lower()) if _code(error) in _REFUSED else None
            ),
            translated=_translated,
            remember=self._remember,
        )

    async def aclose(self) -> None:
        await self._close.aclose()

    def _remember(self, abilities: Abilities) -> None:
        self._abilities = abilities

    async def _ask(self, request: Request, abilities: Abilities) -> AsyncGenerator[Piece, None]:
        parameters = converse_parameters(request, self._config.model, abilities)
        async with _translated_errors():
            if not request.streamed:
                answer = await self._client.converse(**parameters)
                if text := text_of(answer):
                    yield text
                yield End(finish_of(answer["stopReason"]), self._config.model, usage_of(answer.get("usage")))
                return
            answer = await self._client.converse_stream(**parameters)
            stream = answer["stream"]
            try:
                async with aclosing(_pieces(stream, self._config.model)) as pieces:
                    async for piece in pieces:
                        yield piece
            finally:
                # Not read to its end, the connection is closed, not given back: the service stops writing.
                stream.close()


def _client(config: BedrockConfig) -> AbstractAsyncContextManager[Any]:
    key, secret = config.access_key_id, config.secret_access_key
    context: AbstractAsyncContextManager[Any] = get_session().create_client(
        "bedrock-runtime",
        region_name=config.region,
        endpoint_url=config.base_url,
        aws_access_key_id=key.get_secret_value() if key else None,
        aws_secret_access_key=secret.get_secret_value() if secret else None,
        config=AioConfig(
            connect_timeout=config.connect_s,
            read_timeout=None,
            retries={"total_max_attempts": 1},
            max_pool_connections=config.concurrency,
        ),
    )
    return context


async def _pieces(events: Any, model: str) -> AsyncGenerator[Piece, None]:
    reason: str | None = None
    usage: Usage | None = None
    async for event in events:
        if "contentBlockDelta" in event:
            if text := event["contentBlockDelta"]["delta"].get("text"):
                yield text
        elif "messageStop" in event:
            reason = event["messageStop"]["stopReason"]
        elif "metadata" in event:
            usage = usage_of(event["metadata"].get("usage"))
    if reason is None:
        raise ModelStreamError
    yield End(finish_of(reason), model, usage)


@asynccontextmanager
async def _translated_errors() -> AsyncIterator[None]:
    """The SDK's errors as ours, but for refusals before the answer, which the caller looks at first."""
    try:
        yield
    except EventStreamError as error:
        raise _translated(error) from error
    except ClientError:
        raise
    except ConnectTimeoutError as error:
        raise ModelUnreachableError from error
    except (ReadTimeoutError, TimeoutError) as error:
        raise ModelTimeoutError from error
    except (NoCredentialsError, PartialCredentialsError) as error:
        raise ModelSetupError from error
    except (ParserError, ResponseStreamingError, aiohttp.ClientPayloadError, KeyError, TypeError, ValueError) as error:
        # Frames with wrong checksums, JSON that is none, a connection cut in the middle.
        raise ModelStreamError from error
    except (HTTPClientError, BotoCoreError, aiohttp.ClientError, OSError) as error:
        raise ModelError from error


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _translated(error: ClientError) -> ModelError:
    code = _code(error)
    if code in _BUSY:
        return ModelBusyError()
    if code in _SETUP:
        return ModelSetupError()
    if code in _REFUSED:
        return ModelRefusedError()
    if code in _TIMEOUT:
        return ModelTimeoutError()
    if isinstance(error, EventStreamError):
        return ModelStreamError()
    return ModelError()
