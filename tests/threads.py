"""Work that goes on in other threads while a test does something."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def meanwhile(*works: Callable[[], object]) -> Iterator[list[str]]:
    """Repeat each work in a thread of its own until the block ends; yields what they raised, in words."""
    over = threading.Event()
    problems: list[str] = []

    def repeat(work: Callable[[], object]) -> None:
        while not over.is_set():
            try:
                work()
            except Exception as error:  # noqa: BLE001  # told to the test
                problems.append(repr(error))

    threads = [threading.Thread(target=repeat, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield problems
    finally:
        over.set()
        for thread in threads:
            thread.join()
