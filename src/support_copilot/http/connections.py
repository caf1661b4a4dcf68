"""Connections that send or read too slowly, or send a head too large, are ended before they cost anything."""

import asyncio
from typing import Any, Final, cast

import structlog
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from support_copilot.http.config import ServerConfig

_log = structlog.get_logger("support_copilot.http")
#: So that the answer 408 can still be sent before the connection is dropped.
_GRACE_S: Final = 5.0
_HEAD_TOO_LARGE: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
)


class GuardedConfig(Config):
    """uvicorn's configuration with our limits on connections beside it."""

    def __init__(self, app: Any, limits: ServerConfig, **options: Any) -> None:
        super().__init__(app, http=GuardedProtocol, ws="none", **options)
        self.limits = limits


class GuardedProtocol(HttpToolsProtocol):
    """Ends what is too slow or too large; counts connections.

    One timer is enough: it waits for the head, then for the body, then for the client to read on. uvicorn itself
    has a limit only for the pause between two requests.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._limits = cast("GuardedConfig", config).limits
        self._timer: asyncio.TimerHandle | None = None
        self._stall: asyncio.TimerHandle | None = None
        self._in_head = False
        self._head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self._limits.max_connections:
            _log.warning("http.connections.full", held=self._limits.max_connections)
            transport.abort()
            return
        self._expect_within(self._limits.header_timeout_s)

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect_nothing()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > self._limits.max_header_bytes:
                self._refuse_head()
        elif self._timer is None and (self.cycle is None or self.cycle.response_complete):
            # Bytes between two requests that begin none.
            self._expect_within(self._limits.header_timeout_s)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head, self._head_bytes = True, 0
        self._expect_within(self._limits.header_timeout_s)

    def on_headers_complete(self) -> None:
        self._in_head = False
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > self._limits.max_header_bytes:
            self._refuse_head()
            return
        self._expect_within(self._limits.body_timeout_s + _GRACE_S)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        if not self.transport.is_closing():
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._expect_nothing()
        if not self.transport.is_closing():
            super().on_message_complete()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stall = self.loop.call_later(self._limits.send_timeout_s, self._drop, "http.client.reads_too_slowly")

    def resume_writing(self) -> None:
        if self._stall is not None:
            self._stall.cancel()
            self._stall = None
        super().resume_writing()

    def _expect_within(self, seconds: float) -> None:
        self._expect_nothing()
        self._timer = self.loop.call_later(seconds, self._drop, "http.client.sends_too_slowly")

    def _expect_nothing(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _drop(self, event: str) -> None:
        _log.info(event)
        self.transport.abort()

    def _refuse_head(self) -> None:
        if not self.transport.is_closing():
            self.transport.write(_HEAD_TOO_LARGE)
            self.transport.close()
