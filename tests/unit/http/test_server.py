"""The server over real sockets: TLS, slow and greedy clients, too much at once, and an orderly end."""

import asyncio
import http.client
import socket
import ssl
import threading
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Self

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse
from pydantic import ValidationError

from support_copilot.backends.cache.memory import MemoryCache
from support_copilot.http.config import ServerConfig
from support_copilot.http.errors import install_error_handlers
from support_copilot.http.layers import add_layers
from support_copilot.http.load import Load
from support_copilot.http.metrics import HttpMetrics
from support_copilot.http.rate_limits import RateLimitsConfig
from support_copilot.http.server import CertificateError, Server
from tests.servers import make_certificate

LONG_S = 30


class Running:
    """A server in a thread of its own."""

    def __init__(self, **config: Any) -> None:
        self.config = ServerConfig.model_validate({"port": 0, **config})
        self.release = threading.Event()
        self._clients: list[http.client.HTTPConnection] = []
        self._answers_taken: list[http.client.HTTPResponse] = []
        self.streaming = threading.Event()
        self.app = FastAPI()
        self.app.state.load = Load()
        self.app.state.metrics = HttpMetrics(None)
        install_error_handlers(self.app)
        self._routes()
        add_layers(self.app, self.config, RateLimitsConfig(), MemoryCache())
        self._answers = threading.Event()
        self.address = ""
        self.server = Server(self.app, self.config, self._announce)
        self.thread = threading.Thread(target=self.server.run)

    def __enter__(self) -> Self:
        self.thread.start()
        assert self._answers.wait(LONG_S)
        return self

    def __exit__(self, *_error: object) -> None:
        self.release.set()
        self.server.should_exit = True
        self.thread.join(LONG_S)
        for answer in self._answers_taken:
            answer.close()
        for client in self._clients:
            client.close()
        assert not self.thread.is_alive()

    @property
    def port(self) -> int:
        return int(self.address.rsplit(":", 1)[1])

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), LONG_S)

    def client(self) -> http.client.HTTPConnection:
        opened = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONG_S)
        self._clients.append(opened)
        return opened

    def ask(self, path: str) -> http.client.HTTPResponse:
        connection = self.client()
        connection.request("GET", path)
        self._answers_taken.append(connection.getresponse())
        return self._answers_taken[-1]

    def _announce(self, address: str) -> None:
        self.address = address
        self._answers.set()

    def _routes(self) -> None:
        app = self.app

        @app.get("/livez")
        def livez() -> str:
            return "ok"

        @app.get("/held")
        def held() -> str:
            self.release.wait(LONG_S)
            return "done"

        @app.post("/echo")
        async def echo(request: Request) -> int:
            return len(await request.body())

        @app.get("/large")
        def large() -> bytes:
            return b"x" * 50_000_000

        @app.get("/stream")
        async def stream() -> StreamingResponse:
            return StreamingResponse(self._events(), media_type="text/event-stream")

        @app.get("/v1/events")
        async def listen() -> StreamingResponse:
            return StreamingResponse(self._events(), media_type="text/event-stream")

    async def _events(self) -> AsyncIterator[str]:
        yield "data: first\n\n"
        self.streaming.set()
        await asyncio.get_running_loop().run_in_executor(None, self.release.wait, LONG_S)
        yield "data: last\n\n"


def read_all(peer: socket.socket) -> bytes:
    parts = []
    try:
        while part := peer.recv(65536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


def still_takes(peer: socket.socket, more: bytes) -> bool:
    try:
        peer.sendall(more)
    except OSError:
        return False
    return True


def eventually(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + LONG_S
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.005)
    return holds()


@pytest.mark.parametrize(
    "sent",
    [b"", b"G", b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", b"\r\n\r\n"],
    ids=["none", "one", "head", "lines"],
)
def test_a_head_that_never_ends_is_not_waited_for(sent: bytes) -> None:
    with Running(header_timeout_s=0.2) as running, running.connect() as peer:
        peer.sendall(sent)

        assert read_all(peer) == b""


def test_a_head_that_trickles_in_is_not_waited_for() -> None:
    with Running(header_timeout_s=0.3) as running, running.connect() as peer:
        peer.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n")

        assert eventually(lambda: not still_takes(peer, b"X: y\r\n"))


def test_a_body_that_never_comes_is_answered_408_and_the_connection_ends() -> None:
    with Running(body_timeout_s=0.2) as running, running.connect() as peer:
        peer.sendall(b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc")

        answer = read_all(peer)

    assert answer.startswith(b"HTTP/1.1 408")
    assert b'"code":"body_timeout"' in answer


@pytest.mark.parametrize("padding", ["in one line", "in many lines", "in the path"])
def test_a_head_that_is_too_large_is_refused(padding: str) -> None:
    many = b"".join(b"X-%d: %s\r\n" % (number, b"y" * 100) for number in range(60))
    head = {
        "in one line": b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX: " + b"y" * 5000,
        "in many lines": b"GET /livez HTTP/1.1\r\nHost: localhost\r\n" + many + b"\r\n",
        "in the path": b"GET /" + b"y" * 5000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    }[padding]
    with Running(max_header_bytes=2048) as running, running.connect() as peer:
        peer.sendall(head)

        assert read_all(peer).startswith(b"HTTP/1.1 431")


def test_a_client_that_does_not_read_is_dropped() -> None:
    with Running(send_timeout_s=0.2) as running, running.connect() as peer:
        peer.sendall(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")

        assert eventually(lambda: len(running.server.server_state.connections) == 1)
        assert eventually(lambda: not running.server.server_state.connections)


def test_connections_beyond_the_limit_are_closed() -> None:
    with Running(max_connections=10) as running:
        held = [running.connect() for _ in range(10)]
        assert eventually(lambda: len(running.server.server_state.connections) == 10)

        with running.connect() as peer:
            assert read_all(peer) == b""
        for peer in held:
            peer.close()


def test_work_that_takes_too_long_is_answered_503_and_counted_until_it_ends() -> None:
    with Running(request_timeout_s=0.2) as running:
        answer = running.ask("/held")

        assert (answer.status, b"request_timeout" in answer.read()) == (503, True)
        assert answer.headers["Retry-After"] == "1"
        assert running.app.state.load.requests == 1
        running.release.set()
        assert eventually(lambda: running.app.state.load.requests == 0)


def test_more_requests_than_the_limit_are_answered_503_and_health_still_answers() -> None:
    with Running(max_requests=2) as running:
        waiting = [running.client() for _ in range(2)]
        for connection in waiting:
            connection.request("GET", "/held")
        assert eventually(lambda: running.app.state.load.requests == 2)

        refused, alive = running.ask("/echo"), running.ask("/livez")
        running.release.set()
        answers = [connection.getresponse().status for connection in waiting]

    assert (refused.status, refused.headers["Retry-After"], alive.status, answers) == (503, "1", 200, [200, 200])


@pytest.mark.parametrize("limit", ["max_streams", "max_streams_per_address"])
def test_more_streams_than_the_limit_are_answered_503(limit: str) -> None:
    with Running(**{limit: 1}) as running:
        first = running.ask("/stream")
        refused = running.ask("/stream")
        running.release.set()
        assert first.read().endswith(b"data: last\n\n")
        assert eventually(lambda: not running.app.state.load.streams)
        again = running.ask("/stream").status

    assert (refused.status, refused.headers["Content-Type"], again) == (503, "application/problem+json", 200)


def test_who_listens_takes_no_place_of_a_request_nor_of_an_answer() -> None:
    with Running(max_requests=2, max_streams_per_address=1, max_listeners_per_address=3) as running:
        listening = [running.ask("/v1/events").status for _ in range(3)]
        refused, written = running.ask("/v1/events"), running.ask("/stream").status
        asked = running.client()
        asked.request("POST", "/echo", body=b"four")
        answered = asked.getresponse().status
        load = running.app.state.load
        assert eventually(lambda: load.requests == 0)
        assert (load.listeners.total(), load.streams.total()) == (3, 1)
        running.release.set()
        assert eventually(lambda: not load.listeners and not load.streams)
        assert load.requests == 0

    assert (listening, refused.status, written, answered) == ([200, 200, 200], 503, 200, 200)


def test_a_stream_ends_whole_when_its_time_is_over() -> None:
    with Running(stream_timeout_s=0.2) as running:
        answer = running.ask("/stream")

        assert answer.read() == b"data: first\n\n"
        assert eventually(lambda: running.app.state.load.requests == 0)


def test_a_server_that_is_told_to_stop_ends_streams_and_finishes_requests() -> None:
    with Running() as running:
        held = running.client()
        held.request("GET", "/held")
        streamed = running.ask("/stream")
        assert running.streaming.wait(LONG_S)
        assert eventually(lambda: running.app.state.load.requests == 1)

        running.server.should_exit = True
        assert streamed.read() == b"data: first\n\n"
        running.release.set()

        assert held.getresponse().status == 200


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Settings that name a fresh certificate for this machine."""
    made = make_certificate(tmp_path_factory.mktemp("tls"))
    return {"tls_certificate": str(made / "cert.pem"), "tls_key": str(made / "key.pem")}


def handshake(running: Running, certificate: dict[str, str], **versions: ssl.TLSVersion) -> ssl.SSLSocket:
    context = ssl.create_default_context(cafile=certificate["tls_certificate"])
    for bound, version in versions.items():
        setattr(context, bound, version)
    return context.wrap_socket(running.connect(), server_hostname="localhost")


def test_tls_is_1_3_and_says_so_to_browsers(certificate: dict[str, str]) -> None:
    with Running(**certificate) as running, handshake(running, certificate) as peer:
        peer.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answer = read_all(peer)

        assert peer.version() == "TLSv1.3"
        assert running.address.startswith("https://")
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"strict-transport-security: max-age=63072000" in answer.lower()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2])
def test_older_tls_is_refused(certificate: dict[str, str], version: ssl.TLSVersion) -> None:
    with Running(**certificate) as running, pytest.raises((ssl.SSLError, OSError)):
        handshake(running, certificate, minimum_version=version, maximum_version=version)


def test_words_without_tls_are_not_answered(certificate: dict[str, str]) -> None:
    with Running(**certificate) as running, running.connect() as peer:
        peer.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")

        assert b"HTTP" not in read_all(peer)


def test_a_certificate_that_cannot_be_used_stops_the_start(certificate: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("nonsense")

    with pytest.raises(CertificateError):
        Running(**{**certificate, "tls_key": str(tmp_path / "key.pem")})


def test_half_of_a_certificate_is_refused(certificate: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="belong together"):
        ServerConfig.model_validate({"tls_certificate": certificate["tls_certificate"]})


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.7", "desk.example"])
def test_beyond_this_machine_it_needs_tls(certificate: dict[str, str], host: str) -> None:
    with pytest.raises(ValidationError, match="tls_at_proxy"):
        ServerConfig.model_validate({"host": host})

    assert ServerConfig.model_validate({"host": host, **certificate}).host == host
    assert ServerConfig.model_validate({"host": host, "tls_at_proxy": True}).host == host
