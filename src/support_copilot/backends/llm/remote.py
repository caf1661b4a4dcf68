"""The models that the settings name, as one ``LanguageModel``: runs each call on the providers' loop."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace

import structlog

from support_copilot.backends.llm.config import LlmConfig, ProviderConfig, TaskConfig
from support_copilot.backends.llm.errors import CircuitOpenError, ModelError, NoModelError
from support_copilot.backends.llm.loop import LoopClosedError, LoopThread
from support_copilot.backends.llm.metrics import ModelMetrics
from support_copilot.backends.llm.port import (
    Answer,
    Completion,
    Limits,
    Message,
    ModelCall,
    ModelInfo,
    ProviderInfo,
    ProviderState,
    Structured,
    Task,
)
from support_copilot.backends.llm.provider import Ask, End, Request
from support_copilot.backends.llm.stream import CLOSED, PieceStream
from support_copilot.backends.llm.structured import ask_for_shape
from support_copilot.backends.llm.switch import PauseSwitch
from support_copilot.kit.circuit import Circuit
from support_copilot.kit.waiting import stopped_when_given_up

_log = structlog.get_logger("support_copilot.llm")
_PROBE = ModelCall("probe", (Message("user", "Answer with one word: ready", trusted=True),), max_tokens=64)


@dataclass(frozen=True, slots=True)
class Connections:
    """What was opened on the loop: a chain of providers for each task that has one, and each provider by itself."""

    chains: Mapping[Task, Ask]
    providers: Mapping[str, Ask]
    aclose: Callable[[], Awaitable[None]]


class RemoteModel:
    """Opens its providers when it is told to, or with the first call, on the loop that they will live on."""

    def __init__(
        self,
        config: LlmConfig,
        connect: Callable[[], Awaitable[Connections]],
        circuits: Mapping[str, Circuit],
        metrics: ModelMetrics,
        switch: PauseSwitch,
    ) -> None:
        self._config = config
        self._connect = connect
        self._circuits = circuits
        self._metrics = metrics
        self._switch = switch
        self._connections: asyncio.Task[Connections] | None = None
        self._loop = LoopThread("llm", self._disconnect)

    def complete(self, call: ModelCall) -> Completion:
        return self._answered(self._request(call))

    def structured(self, call: ModelCall, answer: type[Answer]) -> Structured[Answer]:
        return ask_for_shape(self._answered, self._request(call), answer)

    def stream(self, call: ModelCall) -> PieceStream:
        return self._started(PieceStream(), self._request(call, streamed=True))

    def describe(self, task: Task) -> ModelInfo | None:
        chain = self._config.chain_of(task)
        if not chain:
            return None
        first = self._config.providers[chain[0]]
        return ModelInfo(chain[0], first.model, first.context_tokens, self._max_tokens(task))

    def chain_of(self, task: Task) -> tuple[str, ...]:
        return self._config.chain_of(task)

    def providers(self) -> list[ProviderInfo]:
        return [_described(name, self._config.providers[name], circuit) for name, circuit in self._circuits.items()]

    def is_paused(self) -> bool:
        return self._switch.is_on()

    def limits(self) -> Limits:
        budget, tasks = self._config.budget, self._config.tasks
        by_task = {task: own.daily_usd for task, own in tasks.items() if own.daily_usd is not None}
        return Limits(budget.daily_usd, budget.daily_usd_per_user, by_task)

    def prepare(self) -> None:
        # What goes wrong is told to the first call, which tries again.
        with contextlib.suppress(LoopClosedError):
            self._loop.start(self._connected)

    def examine(self, provider: str, user: str | None = None) -> ProviderState:
        model = self._config.providers[provider].model
        try:
            completion = self._answered(self._request(replace(_PROBE, user=user), streamed=True), provider)
        except ModelError as error:
            return ProviderState(provider, model, 0.0, error.detail, error.code)
        return ProviderState(provider, completion.model, completion.first_token_ms)

    def ping(self) -> None:
        if self._circuits and all(circuit.is_open() for circuit in self._circuits.values()):
            raise CircuitOpenError

    def close(self) -> None:
        self._loop.close()

    def _answered(self, request: Request, provider: str | None = None) -> Completion:
        stream = PieceStream()
        # Before it starts: what nobody waits for is not paid for.
        with stopped_when_given_up(stream.close), self._started(stream, request, provider):
            for _piece in stream:
                pass
            return stream.completion

    def _started(self, stream: PieceStream, request: Request, provider: str | None = None) -> PieceStream:
        started = time.perf_counter()
        try:
            running = self._loop.start(lambda: self._run(request, provider, stream, started))
        except LoopClosedError:
            stream.finish(CLOSED)
        else:
            stream.stop_with(running.cancel)
            # Cancelled before its first step, the work never gets to say so.
            running.add_done_callback(lambda _future: stream.finish(CLOSED))
        return stream

    async def _run(self, request: Request, provider: str | None, stream: PieceStream, started: float) -> None:
        measured = self._metrics.call(request.task)
        try:
            ask = await self._ask(request.task, provider)
            completion = await self._write(ask, request, stream, started, measured.first_token)
        except ModelError as error:
            measured.failed(error.code)
            stream.finish(error)
        except asyncio.CancelledError:
            measured.failed("cancelled")
            stream.finish(CLOSED)
            raise
        except Exception as error:  # noqa: BLE001  # whatever an SDK raises must reach the reader as an answer
            _log.error("llm.failed", exc_info=error, task=request.task)
            measured.failed("internal_error")
            stream.finish(ModelError())
        else:
            measured.done(completion)
            stream.finish(completion)

    async def _ask(self, task: Task, provider: str | None) -> Ask:
        connections = await self._connected()
        ask = connections.chains.get(task) if provider is None else connections.providers[provider]
        if ask is None:
            raise NoModelError
        return ask

    @staticmethod
    async def _write(
        ask: Ask, request: Request, stream: PieceStream, started: float, first_token: Callable[[float], None]
    ) -> Completion:
        first_ms, texts, end = 0.0, [], None
        async with aclosing(ask(request)) as pieces:
            async for piece in pieces:
                if not first_ms:
                    first_ms = (time.perf_counter() - started) * 1000
                    first_token(first_ms / 1000)
                if isinstance(piece, End):
                    end = piece
                else:
                    texts.append(piece)
                    stream.put(piece)
        assert end is not None  # noqa: S101  # every provider ends with one or raises
        assert end.usage is not None  # noqa: S101  # filled in by the wrapper that counts
        return Completion(
            "".join(texts), end.finish, end.usage, end.provider, end.model,
            round(first_ms, 2), round((time.perf_counter() - started) * 1000, 2),
        )  # fmt: skip

    async def _connected(self) -> Connections:
        failed = self._connections is not None and self._connections.done() and self._connections.exception()
        if self._connections is None or failed:
            self._connections = asyncio.ensure_future(self._connect())
        # Shielded: a caller that gives up must not take the connections from the others.
        return await asyncio.shield(self._connections)

    async def _disconnect(self) -> None:
        connections = self._connections
        opened = connections is not None and connections.done() and not connections.cancelled()
        if connections is not None and opened and connections.exception() is None:
            await connections.result().aclose()

    def _request(self, call: ModelCall, *, streamed: bool = False) -> Request:
        own = self._config.tasks.get(call.task, TaskConfig())
        wished = [call.temperature, own.temperature, self._config.temperature]
        return Request(
            task=call.task,
            user=call.user,
            messages=call.messages,
            max_tokens=min(call.max_tokens or self._max_tokens(call.task), self._max_tokens(call.task)),
            temperature=next(value for value in wished if value is not None),
            stop=call.stop,
            streamed=streamed,
        )

    def _max_tokens(self, task: Task) -> int:
        return self._config.tasks.get(task, TaskConfig()).max_tokens or self._config.max_tokens


def _described(name: str, config: ProviderConfig, circuit: Circuit) -> ProviderInfo:
    return ProviderInfo(
        name, config.kind, config.model, failing=circuit.is_open(), retry_in_s=round(circuit.pauses_for_s(), 1),
        address=config.base_url, region=config.region if config.kind == "bedrock" else None,
    )  # fmt: skip
