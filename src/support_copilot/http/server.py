"""Listens: TLS 1.3 where there is a certificate, guarded connections, and an orderly end."""

import asyncio
import errno
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

import structlog
import uvicorn
from fastapi import FastAPI

from support_copilot.http.config import ServerConfig
from support_copilot.http.connections import GuardedConfig
from support_copilot.kit.errors import AppError

_log = structlog.get_logger("support_copilot.http")
_END_WITHIN_S: Final = 15
_IDLE_S: Final = 30


class AddressUnavailableError(AppError):
    code, title = "address_unavailable", "The address to listen on cannot be had"


class CertificateError(AppError):
    code, title = "certificate_invalid", "The TLS certificate or its key cannot be used"


class Server(uvicorn.Server):
    """Runs the application until interrupted.

    At the first signal it is not ready any more for ``drain_s`` (so that a load balancer looks elsewhere), then event
    streams end, requests in progress are finished, and the process ends. A second signal skips the waiting.

    Args:
        announce: called once with the address, as soon as it answers.

    Raises:
        CertificateError: certificate or key cannot be read, or do not belong together.
    """

    def __init__(self, app: FastAPI, config: ServerConfig, announce: Callable[[str], None]) -> None:
        context = tls_context(config)
        super().__init__(
            GuardedConfig(
                app, config, host=config.host, port=config.port, log_config=None, access_log=False,
                server_header=False, proxy_headers=False, timeout_graceful_shutdown=_END_WITHIN_S,
                timeout_keep_alive=_IDLE_S, ssl_context_factory=(lambda *_: context) if context else None,
            )
        )  # fmt: skip
        self._app = app
        self._drain_s = config.drain_s
        self._scheme = "https" if context else "http"
        self._announce = announce

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets)  # type: ignore[arg-type]
        if self.started:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            self._announce(f"{self._scheme}://[{host}]:{port}" if ":" in host else f"{self._scheme}://{host}:{port}")

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        load = self._app.state.load
        if load.draining or not self._drain_s:
            super().handle_exit(sig, frame)
            return
        load.draining = True
        _log.info("http.draining", seconds=self._drain_s)
        loop = asyncio.get_running_loop()
        loop.call_later(self._drain_s, super().handle_exit, sig, frame)

    async def shutdown(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        self._app.state.load.end_streams()
        await super().shutdown(sockets)  # type: ignore[arg-type]


@contextmanager
def listening(config: ServerConfig) -> Iterator[socket.socket]:
    """Take the address before anything else is opened, so that one in use costs no start.

    Raises:
        AddressUnavailableError: another program listens there, or this machine has no such address.
    """
    try:
        family, *_, address = socket.getaddrinfo(config.host, config.port, type=socket.SOCK_STREAM)[0]
        listener = socket.create_server(address[:2], family=family, backlog=2048)
    except OSError as error:
        reason = "another program listens there" if error.errno == errno.EADDRINUSE else "it cannot be listened on"
        detail = (
            f"{config.host}, port {config.port}: {reason}; choose another with --port or SUPPORT_COPILOT_SERVER__PORT."
        )
        raise AddressUnavailableError(detail) from error
    with listener:
        yield listener


def tls_context(config: ServerConfig) -> ssl.SSLContext | None:
    """TLS 1.3 and nothing older, with the configured certificate; None where none is configured.

    Raises:
        CertificateError: certificate or key cannot be read, or do not belong together.
    """
    if config.tls_certificate is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    try:
        # A key under a passphrase is refused instead of asked for on a terminal that nobody watches.
        context.load_cert_chain(config.tls_certificate, config.tls_key, password=lambda: "")
    except (OSError, ssl.SSLError) as error:
        raise CertificateError(
            "server.tls_certificate and server.tls_key: cannot be read, or do not belong together"
        ) from error
    return context
