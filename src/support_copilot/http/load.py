"""How many requests and streams at once, and how long each may take."""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

import structlog
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from support_copilot.http.config import ServerConfig
from support_copilot.http.errors import problem_response
from support_copilot.http.rate_limits import address_block
from support_copilot.kit.errors import AppError, UnavailableError

_log = structlog.get_logger("support_copilot.http")
#: Answered whatever the load is, so that nobody restarts a server because it is busy.
_ALWAYS_ANSWERED: Final = frozenset({"/livez", "/readyz", "/metrics"})
#: Held open by every console, and quiet nearly always: counted apart from answers that are being written.
_LISTENING: Final = "/v1/events"


class ServerBusyError(UnavailableError):
    code, title = "server_busy", "The server has as much to do as it can; the same request may succeed in a moment"


class TooSlowError(UnavailableError):
    code, title = "request_timeout", "The answer took too long; the same request may succeed later"


class BodyTooSlowError(AppError):
    status, code, title = 408, "body_timeout", "The body of the request did not arrive in time"


class Load:
    """What is being worked on at the moment by one application."""

    def __init__(self) -> None:
        #: Worked on or waiting, without those that became a stream.
        self.requests = 0
        #: Set when the server was told to stop: it answers on, and is not ready for more.
        self.draining = False
        self.streams: Counter[str] = Counter()
        self.listeners: Counter[str] = Counter()
        self._open_streams: dict[int, Callable[[], None]] = {}

    def open_stream(self, held: Counter[str], address: str, end: Callable[[], None]) -> None:
        """Count one more of ``streams`` or ``listeners``."""
        held[address] += 1
        self._open_streams[id(end)] = end

    def close_stream(self, held: Counter[str], address: str, end: Callable[[], None]) -> None:
        held[address] -= 1
        held += Counter()  # in place: forgets addresses that have none
        del self._open_streams[id(end)]

    def end_streams(self) -> None:
        """End all event streams, so that a server which stops need not wait for them; clients ask again elsewhere."""
        for end in tuple(self._open_streams.values()):
            end()


class LoadLimitMiddleware:
    """Refuses what is too much, and ends what takes too long."""

    def __init__(self, app: ASGIApp, *, config: ServerConfig, load: Load) -> None:
        self._app = app
        self._config = config
        self._load = load

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._load.requests >= self._config.max_requests and scope["path"] not in _ALWAYS_ANSWERED:
            await problem_response(ServerBusyError())(scope, receive, send)
            return
        exchange = _Exchange(self._config, self._load, scope, receive, send)
        work = asyncio.ensure_future(self._app(scope, exchange.receive, exchange.send))
        # Counted until the work itself ends: a thread goes on after its client was told that it took too long.
        work.add_done_callback(exchange.ended)
        await exchange.watch(work)


class _Exchange:
    """One request and its answer under the clock; counted among the requests from when it is made."""

    def __init__(self, config: ServerConfig, load: Load, scope: Scope, receive: Receive, send: Send) -> None:
        self._config = config
        self._load = load
        self._scope, self._receive, self._send = scope, receive, send
        client = scope.get("client")
        self._address = address_block(client[0] if client else None)
        self._loop = asyncio.get_running_loop()
        self._must_begin_at = self._loop.time() + config.request_timeout_s
        self._body_until = self._loop.time() + config.body_timeout_s
        self._body_read = False
        self._begun = False
        self._is_request = True
        load.requests += 1
        #: Among which the stream is counted, once it is one.
        self._held: Counter[str] | None = None
        self._end = self._end_stream  # one object, to be found again
        #: Done when a limit is reached before the work is: with the refusal to answer, or None to end a stream.
        self._over: asyncio.Future[AppError | None] = self._loop.create_future()

    async def watch(self, work: "asyncio.Future[None]") -> None:
        """Wait for the work, or until one of its limits is reached."""
        timer = self._loop.call_at(self._must_begin_at, self._check_begun)
        try:
            either: set[asyncio.Future[Any]] = {work, self._over}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if not self._over.done():
                await work
            elif refusal := self._over.result():
                await problem_response(refusal)(self._scope, self._receive, self._send)
            else:
                await self._send({"type": "http.response.body", "body": b"", "more_body": False})
            if self._begun:
                # Nobody reads this stream any more. Other work is let to its end, since a thread cannot be stopped.
                work.cancel()
        except asyncio.CancelledError:
            work.cancel()
            raise
        finally:
            timer.cancel()
            if self._held is not None:
                self._load.close_stream(self._held, self._address, self._end)

    def ended(self, work: "asyncio.Future[None]") -> None:
        """Called when the work itself is over."""
        self._leave_requests()
        if not work.cancelled() and (error := work.exception()):
            _log.debug("http.work.failed", error=type(error).__name__)

    def _leave_requests(self) -> None:
        if self._is_request:
            self._is_request = False
            self._load.requests -= 1

    async def receive(self) -> Message:
        """The next part of the body, if it comes in time."""
        if self._body_read:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._body_until):
                message = await self._receive()
        except TimeoutError as error:
            # Of all that is raised while a body is read, FastAPI lets only this class through.
            raise HTTPException(BodyTooSlowError.status, BodyTooSlowError.title, {"Connection": "close"}) from error
        self._body_read = not message.get("more_body", False)
        self._must_begin_at = self._loop.time() + self._config.request_timeout_s
        return message

    async def send(self, message: Message) -> None:
        """Pass on a part of the answer, unless another one was given already."""
        if message["type"] == "http.response.start" and not self._over.done():
            self._begun = True
            if Headers(raw=message["headers"]).get("content-type", "").startswith("text/event-stream"):
                self._admit_stream()
        if not self._over.done():
            await self._send(message)

    def _admit_stream(self) -> None:
        config, load = self._config, self._load
        if self._scope["path"] == _LISTENING:
            held, most, most_of_one = load.listeners, config.max_listeners, config.max_listeners_per_address
        else:
            held, most, most_of_one = load.streams, config.max_streams, config.max_streams_per_address
        if held.total() >= most or held[self._address] >= most_of_one:
            self._over.set_result(ServerBusyError(retry_after_s=5))
            return
        self._leave_requests()
        self._held = held
        load.open_stream(held, self._address, self._end)
        self._loop.call_later(config.stream_timeout_s, self._end)

    def _end_stream(self) -> None:
        if not self._over.done():
            self._over.set_result(None)

    def _check_begun(self) -> None:
        if self._begun or self._over.done():
            return
        # The time that the body took was the client's; while it is still coming, its own limit holds.
        if self._loop.time() < self._must_begin_at:
            self._loop.call_at(self._must_begin_at, self._check_begun)
        else:
            self._over.set_result(TooSlowError())
