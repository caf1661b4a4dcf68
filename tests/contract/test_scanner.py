"""What a malware scanner promises, asked of a real clamd; and that whoever speaks otherwise never makes a file pass."""

import io
import socket
import threading
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import pytest
from pydantic import TypeAdapter, ValidationError

from support_copilot.backends.scanner.clamd import Clamd
from support_copilot.backends.scanner.config import ClamdConfig, NoScannerConfig, ScannerConfig
from support_copilot.backends.scanner.open import open_scanner
from support_copilot.backends.scanner.port import Malware, MalwareScanner, ScannerUnavailableError, TooLargeToScanError
from tests.servers import MALWARE, MALWARE_PART, SCANNED_BYTES, free_port, running_clamd

LONG_S = 20
ENOUGH = b"x" * 600_000


@pytest.fixture(params=["unix", "tcp"])
def scanner(request: pytest.FixtureRequest, clamd: dict[str, str]) -> MalwareScanner:
    opened = open_scanner(ClamdConfig(address=clamd[request.param]))
    assert opened is not None
    return opened


def packed(content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.txt", content)
    return target.getvalue()


def test_a_file_with_nothing_against_it_passes(scanner: MalwareScanner) -> None:
    assert scanner.scan(io.BytesIO(b"Good morning")) is None
    assert scanner.scan(io.BytesIO(ENOUGH)) is None


@pytest.mark.parametrize(
    ("content", "signature"),
    [
        (MALWARE, "Test.Whole.UNOFFICIAL"),
        (ENOUGH + MALWARE_PART, "Test.Part.UNOFFICIAL"),
        (packed(b"Hello. " + MALWARE_PART), "Test.Part.UNOFFICIAL"),
    ],
    ids=["whole", "at the end", "in an archive"],
)
def test_malware_is_told_by_its_name(scanner: MalwareScanner, content: bytes, signature: str) -> None:
    assert scanner.scan(io.BytesIO(content)) == Malware(signature)


def test_a_stream_is_read_from_its_start(scanner: MalwareScanner) -> None:
    stream = io.BytesIO(MALWARE)
    stream.read()
    assert scanner.scan(stream) is not None


def test_what_is_too_large_to_be_scanned_is_never_clean(scanner: MalwareScanner) -> None:
    for size in (SCANNED_BYTES + 1, 8 * SCANNED_BYTES):
        # While a file is still coming in when the scanner hangs up, its word may be lost on the way.
        with pytest.raises((TooLargeToScanError, ScannerUnavailableError)):
            scanner.scan(io.BytesIO(bytes(size)))
    assert scanner.scan(io.BytesIO(b"Good morning")) is None


def test_many_at_once_get_their_own_answers(scanner: MalwareScanner) -> None:
    files = [MALWARE if number % 3 else b"Good morning" for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda content: scanner.scan(io.BytesIO(content)), files))
    assert [answer is not None for answer in answers] == [content == MALWARE for content in files]


def test_it_answers_for_its_health_and_says_what_it_is(scanner: MalwareScanner) -> None:
    scanner.ping()
    assert scanner.version().text.startswith("ClamAV ")


def test_while_it_is_away_nothing_passes_and_afterwards_it_is_asked_again(tmp_path, clamd: dict[str, str]) -> None:  # type: ignore[no-untyped-def]
    port = free_port()
    scanner = Clamd(f"tcp://127.0.0.1:{port}", timeout_s=LONG_S)
    for ask in (scanner.ping, lambda: scanner.scan(io.BytesIO(b"Good morning"))):
        with pytest.raises(ScannerUnavailableError):
            ask()
    with running_clamd(tmp_path, port):
        assert scanner.scan(io.BytesIO(b"Good morning")) is None
        assert scanner.scan(io.BytesIO(MALWARE)) == Malware("Test.Whole.UNOFFICIAL")


@contextmanager
def speaking(behave: Callable[[socket.socket], None]) -> Iterator[Clamd]:
    """A scanner that does as it is told with each connection, one after the other."""

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _address = listener.accept()
                with connection, suppress(OSError):
                    behave(connection)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, name="scanner", daemon=True)
        thread.start()
        yield Clamd(f"tcp://127.0.0.1:{listener.getsockname()[1]}", timeout_s=LONG_S)
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(LONG_S)


def read_all(connection: socket.socket) -> None:
    """To the part of length zero that ends a file."""
    said = b""
    while not said.endswith(bytes(4)):
        part = connection.recv(1 << 16)
        if not part:
            return
        said += part


def answering(answer: bytes) -> Callable[[socket.socket], None]:
    def behave(connection: socket.socket) -> None:
        read_all(connection)
        connection.sendall(answer)

    return behave


def endless(connection: socket.socket) -> None:
    read_all(connection)
    while True:
        connection.sendall(b"stream: OK " * 1000)


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"\0", b"stream: OK", b"stream: OK\n", b"stream: OK\0\0", b"stream: OK\0stream: Evil FOUND\0", b"OK\0",
        b"stream: ok\0", b"stream: OK \0", b" stream: OK\0", b"stream: Evil FOUND\nstream: OK\0", b"stream:  FOUND\0",
        b"UNKNOWN COMMAND\0", b"stream: Can't allocate memory ERROR\0", b"HTTP/1.1 200 OK\r\n\r\nstream: OK\0",
        b"\xff\xfe\x00\x01", b"stream: Ev\x1bil FOUND\0", b"stream: OK" * 500 + b"\0",
    ],
)  # fmt: skip
def test_words_that_are_not_understood_let_nothing_pass(answer: bytes) -> None:
    with speaking(answering(answer)) as scanner, pytest.raises(ScannerUnavailableError):
        scanner.scan(io.BytesIO(b"Good morning"))


def test_an_answer_without_end_is_not_read_to_it() -> None:
    with speaking(endless) as scanner, pytest.raises(ScannerUnavailableError):
        scanner.scan(io.BytesIO(b"Good morning"))


def test_who_says_ok_before_the_file_was_read_is_not_believed() -> None:
    def hasty(connection: socket.socket) -> None:
        connection.recv(10)
        connection.sendall(b"stream: OK\0")

    with speaking(hasty) as scanner, pytest.raises(ScannerUnavailableError):
        scanner.scan(io.BytesIO(bytes(20_000_000)))


def test_who_hangs_up_lets_nothing_pass() -> None:
    with speaking(lambda _connection: None) as scanner:
        for content in (b"Good morning", bytes(20_000_000)):
            with pytest.raises(ScannerUnavailableError):
                scanner.scan(io.BytesIO(content))


@pytest.mark.parametrize("content", [b"Good morning", bytes(20_000_000)], ids=["not answering", "not reading"])
def test_who_takes_too_long_is_not_waited_for(content: bytes) -> None:
    over = threading.Event()
    with speaking(lambda _connection: over.wait(LONG_S) and None) as listening:
        scanner = Clamd(f"tcp://127.0.0.1:{listening._port}", timeout_s=0.2)
        with pytest.raises(ScannerUnavailableError):
            scanner.scan(io.BytesIO(content))
        over.set()


def test_an_answer_that_trickles_in_is_not_waited_for() -> None:
    over = threading.Event()

    def trickle(connection: socket.socket) -> None:
        read_all(connection)
        while not over.wait(0.05):
            connection.sendall(b"s")

    with speaking(trickle) as listening:
        scanner = Clamd(f"tcp://127.0.0.1:{listening._port}", timeout_s=0.5)
        with pytest.raises(ScannerUnavailableError):
            scanner.scan(io.BytesIO(b"Good morning"))
        over.set()


def test_one_that_fails_again_and_again_is_left_alone_for_a_while() -> None:
    asked = []
    with speaking(lambda _connection: asked.append(1)) as scanner:
        for _ in range(6):
            with pytest.raises(ScannerUnavailableError):
                scanner.ping()
    assert len(asked) == 3


@pytest.mark.parametrize(
    "address",
    ["", "clamd", "unix://", "unix:///", "unix://host/run/s", "tcp://", "tcp://:3310", "tcp://127.0.0.1:0",
     "tcp://127.0.0.1:99999", "tcp://127.0.0.1:3310/x", "http://127.0.0.1:3310"],
)  # fmt: skip
def test_an_address_that_is_none_stops_the_start(address: str) -> None:
    with pytest.raises(ValidationError, match="must be unix"):
        ClamdConfig(address=address)


def test_files_go_to_another_machine_only_when_that_is_said_to_be_safe() -> None:
    with pytest.raises(ValidationError, match="speaks no TLS"):
        ClamdConfig(address="tcp://scanner.example:3310")
    assert ClamdConfig(address="tcp://scanner.example:3310", across_network=True).across_network
    for here in ("tcp://127.0.0.1", "tcp://[::1]:3310", "tcp://localhost:3310"):
        assert not ClamdConfig(address=here).across_network


@pytest.mark.parametrize("half", [{}, {"kind": "clamd"}, {"address": "tcp://127.0.0.1"}, {"kind": "none"}])
def test_half_a_setting_is_not_taken_for_off(half: dict[str, str]) -> None:
    config = TypeAdapter(ScannerConfig)
    with pytest.raises(ValidationError):
        config.validate_python(half)
    assert open_scanner(NoScannerConfig()) is None
