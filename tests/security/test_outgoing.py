"""Requests of the product reach no address inside, by no form, no name, no redirect, and take no more than agreed."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import anyio
import httpx2
import pytest

from support_copilot.outgoing.config import OutgoingConfig
from support_copilot.outgoing.policy import OutgoingPolicy, policy_of
from support_copilot.outgoing.transport import GuardedAsyncTransport, GuardedTransport, Resolver
from tests.http_service import Handler, running_service

STRICT = policy_of(OutgoingConfig())
Ask = Callable[..., tuple[int, bytes]]


class Target(Handler):
    """A server of this machine: what must not be reached, and what may be when it is allowed."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        kind, _, rest = self.path.lstrip("/").partition("/")
        self.send_response(302 if kind == "to" else 200)
        if kind == "to":
            self.send_header("Location", rest)
        if kind != "endless":
            self.send_header("Content-Length", "5" if kind != "announced" else "99999")
        self.end_headers()
        self.wfile.write(b"x" * 9000 if kind == "endless" else b"hello")


@pytest.fixture
def target() -> Iterator[tuple[int, list[str]]]:
    """Port of the server, and the paths that it was asked for."""
    asked: list[str] = []
    with running_service(type("One", (Target,), {"asked": asked})) as address:
        yield int(address.rpartition(":")[2]), asked


@pytest.fixture(params=["waiting", "async"])
def ask(request: pytest.FixtureRequest) -> Ask:
    """Asks for an address, as a client that waits and as one that does not."""

    def waiting(url: str, policy: OutgoingPolicy, resolve: Resolver | None = None, **options: Any) -> tuple[int, bytes]:
        with httpx2.Client(transport=GuardedTransport(policy, resolve=resolve), timeout=10, **options) as client:
            answer = client.get(url)
        return answer.status_code, answer.content

    def not_waiting(
        url: str, policy: OutgoingPolicy, resolve: Resolver | None = None, **options: Any
    ) -> tuple[int, bytes]:
        async def run() -> tuple[int, bytes]:
            transport = GuardedAsyncTransport(policy, resolve=resolve)
            async with httpx2.AsyncClient(transport=transport, timeout=10, **options) as client:
                answer = await client.get(url)
            return answer.status_code, answer.content

        runner: Callable[[], Awaitable[tuple[int, bytes]]] = run
        return anyio.run(runner)

    return waiting if request.param == "waiting" else not_waiting


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "[::ffff:127.0.0.1]", "[::1]",
     "[::ffff:7f00:1]"],
)  # fmt: skip
def test_this_machine_is_not_reached_in_any_form(ask: Ask, target: tuple[int, list[str]], host: str) -> None:
    port, asked = target

    with pytest.raises((httpx2.ConnectError, httpx2.InvalidURL)):
        ask(f"http://{host}:{port}/", STRICT)

    assert asked == []


def test_this_machine_is_reached_when_the_settings_say_so(ask: Ask, target: tuple[int, list[str]]) -> None:
    port, asked = target

    assert ask(f"http://localhost:{port}/a", policy_of(OutgoingConfig(), f"http://localhost:{port}")) == (200, b"hello")
    assert ask(f"http://127.0.0.1:{port}/b", policy_of(OutgoingConfig(allow=("127.0.0.0/8",)))) == (200, b"hello")
    assert asked == ["/a", "/b"]


def test_a_name_that_changes_its_mind_is_asked_once(ask: Ask, target: tuple[int, list[str]]) -> None:
    port, asked = target
    answers = [["127.0.0.1"], ["127.0.0.2"]]

    answer = ask(
        f"http://rebinding.example:{port}/", policy_of(OutgoingConfig(allow=("127.0.0.1",))),
        lambda _host, _port: answers.pop(0),
    )  # fmt: skip

    assert answer == (200, b"hello")
    assert (asked, answers) == (["/"], [["127.0.0.2"]])


def test_the_connection_goes_to_the_address_that_was_checked(ask: Ask, target: tuple[int, list[str]]) -> None:
    port, asked = target
    policy = policy_of(OutgoingConfig(allow=("127.0.0.0/8",)))

    answer = ask(f"http://name-that-nobody-has.invalid:{port}/", policy, lambda _host, _port: ["127.0.0.1"])

    assert (answer, asked) == ((200, b"hello"), ["/"])


def test_a_name_with_one_address_inside_is_refused_as_a_whole(ask: Ask, target: tuple[int, list[str]]) -> None:
    port, asked = target

    with pytest.raises(httpx2.ConnectError):
        ask(f"http://mixed.example:{port}/", STRICT, lambda _host, _port: ["1.1.1.1", "127.0.0.1"])

    assert asked == []


@pytest.mark.parametrize(
    "elsewhere",
    ["http://localhost:{port}/in", "http://127.0.0.1:1/in", "https://127.0.0.1:{port}/in", "//evil.example/in"],
)
def test_a_redirect_to_another_server_is_not_followed(ask: Ask, target: tuple[int, list[str]], elsewhere: str) -> None:
    port, asked = target
    policy = policy_of(OutgoingConfig(allow=("127.0.0.0/8", "::1/128")))

    with pytest.raises(httpx2.RemoteProtocolError):
        ask(f"http://127.0.0.1:{port}/to/{elsewhere.format(port=port)}", policy, follow_redirects=True)

    assert len(asked) == 1


def test_a_redirect_within_the_server_is_followed_where_the_client_wants_it(
    ask: Ask, target: tuple[int, list[str]]
) -> None:
    port, asked = target
    policy = policy_of(OutgoingConfig(allow=("127.0.0.0/8",)))

    assert ask(f"http://127.0.0.1:{port}/to//here", policy, follow_redirects=True) == (200, b"hello")
    assert len(asked) == 2


@pytest.mark.parametrize("path", ["announced", "endless"])
def test_an_answer_that_is_too_large_is_not_read(ask: Ask, target: tuple[int, list[str]], path: str) -> None:
    port, _asked = target
    policy = policy_of(OutgoingConfig(allow=("127.0.0.0/8",), max_response_bytes=2000))

    with pytest.raises(httpx2.ReadError, match="larger than 2000"):
        ask(f"http://127.0.0.1:{port}/{path}", policy)


def test_proxies_of_the_environment_are_not_used(
    ask: Ask, target: tuple[int, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    port, asked = target
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{port}")

    with pytest.raises(httpx2.ConnectError):
        ask("http://outside.invalid/", STRICT)

    assert asked == []
