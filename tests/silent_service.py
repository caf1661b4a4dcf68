"""A service of somebody else that takes every connection and says nothing, until a test lets it go."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

_LONG_S = 30


@dataclass
class SilentService:
    """``url`` has no path. Whoever asks waits, until ``let_go`` closes every connection, present and to come."""

    listener: socket.socket
    url: str
    _arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    _held: list[socket.socket] = field(default_factory=list)
    _over: bool = False

    def wait_for(self, askers: int) -> None:
        """Return when so many more have connected."""
        for _ in range(askers):
            assert self._arrived.acquire(timeout=_LONG_S), "nobody came"

    def let_go(self) -> None:
        self._over = True
        for connection in self._held:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def take(self) -> None:
        """Take connections until the listener is closed."""
        with suppress(OSError):
            while True:
                connection, _address = self.listener.accept()
                self._held.append(connection)
                if self._over:
                    connection.close()
                self._arrived.release()


@contextmanager
def silent_service() -> Iterator[SilentService]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        service = SilentService(listener, f"http://127.0.0.1:{listener.getsockname()[1]}")
        thread = threading.Thread(target=service.take, name="silent-service", daemon=True)
        thread.start()
        try:
            yield service
        finally:
            service.let_go()
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
    thread.join(_LONG_S)
    for connection in service._held:
        connection.close()
