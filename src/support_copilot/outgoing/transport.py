"""Transports for httpx2 (and so for SDKs built on it) that connect only where the policy permits.

The host is resolved here, every address it has is checked, and the connection goes to an address that was checked:
a name that resolves to something else a moment later is asked only once. TLS still verifies the name.
"""

import asyncio
import ipaddress
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, cast
from urllib.parse import urljoin, urlsplit

import httpcore2
import httpx2
import structlog

from support_copilot.outgoing.policy import Address, OutgoingPolicy

Resolver = Callable[[str, int], list[str]]
_log = structlog.get_logger("support_copilot.outgoing")
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_LIMITS: Final = httpx2.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=30.0)


class AddressRefusedError(httpcore2.ConnectError):
    """Behind the ``httpx2.ConnectError`` of a request that the policy did not let out."""


class RedirectRefusedError(httpx2.RemoteProtocolError):
    """The answer leads to another server."""


class GuardedTransport(httpx2.BaseTransport):
    """For ``httpx2.Client``. Proxies of the environment are not used: what they reach cannot be checked here."""

    def __init__(self, policy: OutgoingPolicy, *, resolve: Resolver | None = None) -> None:
        self._policy = policy
        self._inner = httpx2.HTTPTransport(trust_env=False, limits=_LIMITS)
        # httpx2 has no argument for the part that connects; its pool has.
        self._inner._pool._network_backend = _Backend(policy, resolve or resolve_host)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        response = self._inner.handle_request(request)
        try:
            _check(request, response, self._policy)
        except httpx2.HTTPError:
            response.close()
            raise
        stream = cast("httpx2.SyncByteStream", response.stream)
        response.stream = _LimitedStream(stream, request, self._policy.max_response_bytes)
        return response

    def close(self) -> None:
        self._inner.close()


class GuardedAsyncTransport(httpx2.AsyncBaseTransport):
    """For ``httpx2.AsyncClient``."""

    def __init__(self, policy: OutgoingPolicy, *, resolve: Resolver | None = None) -> None:
        self._policy = policy
        self._inner = httpx2.AsyncHTTPTransport(trust_env=False, limits=_LIMITS)
        self._inner._pool._network_backend = _AsyncBackend(policy, resolve or resolve_host)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await self._inner.handle_async_request(request)
        try:
            _check(request, response, self._policy)
        except httpx2.HTTPError:
            await response.aclose()
            raise
        stream = cast("httpx2.AsyncByteStream", response.stream)
        response.stream = _LimitedAsyncStream(stream, request, self._policy.max_response_bytes)
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()


def resolve_host(host: str, port: int) -> list[str]:
    """All addresses of a host, as text, in the order of preference.

    Raises:
        OSError: it has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class _Backend(httpcore2.NetworkBackend):
    def __init__(self, policy: OutgoingPolicy, resolve: Resolver) -> None:
        self._policy, self._resolve = policy, resolve
        self._sockets = httpcore2.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore2.NetworkStream:  # fmt: skip
        until = _deadline(timeout)
        with _connect_errors():
            addresses = _permitted(self._policy, host, self._resolve(host, port))
        failure: Exception = httpcore2.ConnectError("no address")
        for address in addresses:
            try:
                return self._sockets.connect_tcp(str(address), port, _left(until), local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure


class _AsyncBackend(httpcore2.AsyncNetworkBackend):
    def __init__(self, policy: OutgoingPolicy, resolve: Resolver) -> None:
        self._policy, self._resolve = policy, resolve
        self._sockets = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self, host: str, port: int, timeout: float | None = None,  # noqa: ASYNC109  # the library's signature
        local_address: str | None = None, socket_options: Any = None,
    ) -> httpcore2.AsyncNetworkStream:  # fmt: skip
        until = _deadline(timeout)
        with _connect_errors():
            found = await asyncio.wait_for(asyncio.to_thread(self._resolve, host, port), _left(until))
            addresses = _permitted(self._policy, host, found)
        failure: Exception = httpcore2.ConnectError("no address")
        for address in addresses:
            try:
                return await self._sockets.connect_tcp(str(address), port, _left(until), local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure


class _LimitedStream(httpx2.SyncByteStream):
    def __init__(self, stream: httpx2.SyncByteStream, request: httpx2.Request, limit: int) -> None:
        self._stream, self._request, self._limit = stream, request, limit

    def __iter__(self) -> Iterator[bytes]:
        received = 0
        for part in self._stream:
            received += len(part)
            _check_size(received, self._limit, self._request)
            yield part

    def close(self) -> None:
        self._stream.close()


class _LimitedAsyncStream(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream, request: httpx2.Request, limit: int) -> None:
        self._stream, self._request, self._limit = stream, request, limit

    async def __aiter__(self) -> AsyncIterator[bytes]:
        received = 0
        async for part in self._stream:
            received += len(part)
            _check_size(received, self._limit, self._request)
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()


def _permitted(policy: OutgoingPolicy, host: str, found: list[str]) -> list[Address]:
    """All addresses of the host, if all are permitted: a mixture is how a name is made to point inwards."""
    addresses = [ipaddress.ip_address(address.partition("%")[0]) for address in found]
    if not addresses or not all(policy.permits(host, address) for address in addresses):
        _log.warning("outgoing.refused", host=host, effect="see the setting outgoing.allow")
        raise AddressRefusedError("The address is not one that requests may go to; see the setting outgoing.allow.")
    return addresses


def _check(request: httpx2.Request, response: httpx2.Response, policy: OutgoingPolicy) -> None:
    target = response.headers.get("Location")
    if response.status_code in _REDIRECTS and target:
        url = str(request.url)
        if _origin(urljoin(url, target)) != _origin(url):
            _log.warning("outgoing.redirect.refused", host=request.url.host)
            raise RedirectRefusedError("The answer leads to another server, which is not followed.", request=request)
    announced = response.headers.get("Content-Length", "0")
    _check_size(int(announced) if announced.isdigit() else 0, policy.max_response_bytes, request)


def _check_size(size: int, limit: int, request: httpx2.Request) -> None:
    if size > limit:
        raise httpx2.ReadError(f"The answer is larger than {limit} bytes.", request=request)


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    return parts.scheme.lower(), (parts.hostname or "").lower(), parts.port


@contextmanager
def _connect_errors() -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise httpcore2.ConnectTimeout from error
    except (OSError, UnicodeError, ValueError) as error:
        raise httpcore2.ConnectError("The host has no address.") from error


def _deadline(timeout: float | None) -> float | None:
    return None if timeout is None else time.monotonic() + timeout


def _left(until: float | None) -> float | None:
    return None if until is None else max(0.001, until - time.monotonic())
