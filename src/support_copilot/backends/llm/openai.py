"""OpenAI, and every server that speaks its Chat Completions, by OpenAI's own SDK."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any, Final

import httpx2
import openai
from openai import AsyncOpenAI, Omit
from openai.types import CompletionUsage
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from support_copilot.backends.llm.config import OpenAiConfig
from support_copilot.backends.llm.dialect import Dialect
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
from support_copilot.backends.llm.port import Finish, Usage
from support_copilot.backends.llm.provider import End, Piece, Request

_OPENAI_HOSTS: Final = (".openai.com", ".openai.azure.com")
#: Refusals that a plainer request may get around.
_ABOUT_PARAMETERS: Final = (400, 422, 501)
#: Too many requests, by the standard and as some gateways number it.
_BUSY: Final = (429, 529)
_NAMES_OF_ENDS: Final[dict[str, Finish]] = {"length": "length", "content_filter": "filtered"}


class OpenAiModel:
    """One model at one address; belongs to one event loop."""

    def __init__(self, config: OpenAiConfig, transport: httpx2.AsyncBaseTransport) -> None:
        self._config = config
        self._dialect = _first_dialect(config)
        timeout = httpx2.Timeout(None, connect=config.connect_s, pool=config.queue_s)
        key = config.api_key.get_secret_value() if config.api_key else None
        # Only what a request itself leaves out lets the SDK do without a key.
        self._headers: dict[str, Any] = {} if key else {"Authorization": Omit()}
        # Names of an organisation in the environment belong to OpenAI, not to whoever listens at this address.
        headers: dict[str, Any] = {"OpenAI-Organization": Omit(), "OpenAI-Project": Omit()}
        self._client = AsyncOpenAI(
            api_key=key or "none",
            base_url=config.base_url,
            max_retries=0,
            timeout=timeout,
            default_headers=headers,
            http_client=httpx2.AsyncClient(transport=transport, timeout=timeout, trust_env=False),
        )

        # The SDK loads this part when it is first named, which takes as long as all the rest.
        self._completions = self._client.chat.completions

    def answer(self, request: Request) -> AsyncGenerator[Piece, None]:
        return ask_as_understood(
            self._dialect,
            lambda dialect: self._ask(request, dialect),
            refusal=openai.APIStatusError,
            plainer=lambda dialect, error: self._plainer(request, dialect, error),
            translated=_translated,
            remember=self._remember,
        )

    async def aclose(self) -> None:
        await self._client.close()

    def _plainer(self, request: Request, dialect: Dialect, error: openai.APIStatusError) -> Dialect | None:
        if error.status_code not in _ABOUT_PARAMETERS:
            return None
        may_learn_shape = self._config.structured_output == "auto"
        return dialect.plainer(request, _complaint(error), may_learn_shape=may_learn_shape)

    def _remember(self, dialect: Dialect) -> None:
        self._dialect = dialect

    async def _ask(self, request: Request, dialect: Dialect) -> AsyncGenerator[Piece, None]:
        parameters = dialect.parameters(request)
        async with _translated_errors(ModelError):
            answer = await self._completions.create(model=self._config.model, extra_headers=self._headers, **parameters)
        async with _translated_errors(ModelStreamError):
            if isinstance(answer, ChatCompletion):
                for piece in _whole(answer):
                    yield piece
                return
            async with answer, aclosing(_pieces(answer)) as pieces:
                async for piece in pieces:
                    yield piece


def _first_dialect(config: OpenAiConfig) -> Dialect:
    host = "." + (httpx2.URL(config.base_url).host or "")
    shape_by = "schema" if config.structured_output == "auto" else config.structured_output
    return Dialect(
        limit_name="max_completion_tokens" if host.endswith(_OPENAI_HOSTS) else "max_tokens", shape_by=shape_by
    )


def _whole(answer: ChatCompletion) -> list[Piece]:
    # Servers in the wild leave out what the SDK's types promise, so nothing is taken for granted.
    choices = getattr(answer, "choices", None)
    if not choices or getattr(choices[0], "message", None) is None:
        raise ModelStreamError
    choice = choices[0]
    text = choice.message.content or ""
    return [
        *([text] if text else []),
        End(_finish(choice.finish_reason), answer.model or "", _usage(getattr(answer, "usage", None))),
    ]


async def _pieces(chunks: AsyncIterator[ChatCompletionChunk]) -> AsyncGenerator[Piece, None]:
    """Words as they come; the end is told apart from a connection that merely closed by its reason."""
    reason: str | None = None
    model, usage = "", None
    async for chunk in chunks:
        model = getattr(chunk, "model", None) or model
        usage = _usage(getattr(chunk, "usage", None)) or usage
        for choice in getattr(chunk, "choices", None) or ():
            reason = choice.finish_reason or reason
            delta = getattr(choice, "delta", None)
            if delta is not None and delta.content:
                yield delta.content
    if reason is None:
        raise ModelStreamError
    yield End(_finish(reason), model, usage)


def _finish(reason: str | None) -> Finish:
    return _NAMES_OF_ENDS.get(reason or "stop", "stop")


def _usage(counted: CompletionUsage | None) -> Usage | None:
    if counted is None or not isinstance(counted.prompt_tokens, int) or not isinstance(counted.completion_tokens, int):
        return None
    details = getattr(counted, "prompt_tokens_details", None)
    cached = getattr(details, "cached_tokens", None) or 0
    return Usage(max(0, counted.prompt_tokens), max(0, counted.completion_tokens), min(cached, counted.prompt_tokens))


@asynccontextmanager
async def _translated_errors(without_connection: type[ModelError]) -> AsyncIterator[None]:
    """The SDK's errors as ours, but for answers with a status, which the caller looks at first."""
    try:
        yield
    except openai.APIStatusError:
        raise
    except (openai.APITimeoutError, httpx2.TimeoutException) as error:
        unconnected = isinstance(error.__cause__, httpx2.ConnectTimeout | httpx2.PoolTimeout)
        raise (ModelUnreachableError if unconnected else ModelTimeoutError) from error
    except openai.APIConnectionError as error:
        raise without_connection from error
    except (openai.OpenAIError, httpx2.HTTPError, httpx2.StreamError, ValueError, TypeError, AttributeError) as error:
        # Garbage where JSON should be, an error event within the stream, a connection cut in the middle.
        raise ModelStreamError from error


def _complaint(error: openai.APIStatusError) -> str:
    body = error.body if isinstance(error.body, dict) else {}
    return f"{body.get('param') or ''} {error.message}"


def _translated(error: openai.APIStatusError) -> ModelError:
    if error.status_code in (401, 403, 404) or error.code == "insufficient_quota":
        return ModelSetupError()
    if error.status_code in _BUSY:
        return ModelBusyError(retry_after_s=_retry_after_s(error.response))
    if error.status_code == 408:
        return ModelTimeoutError()
    if error.status_code >= 500 or error.status_code == 409:
        return ModelError(retry_after_s=_retry_after_s(error.response))
    return ModelRefusedError()


def _retry_after_s(response: httpx2.Response) -> int | None:
    given = response.headers.get("retry-after", "")
    return int(given) if given.isdecimal() and len(given) < 7 else None
