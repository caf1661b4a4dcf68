"""What was worked out of late: each answer once for all who ask at the same time, kept for a while, and then let go."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


@dataclass(slots=True)
class _Entry(Generic[Value]):
    at: datetime
    found: "Future[Value]"


class Kept(Generic[Key, Value]):
    """Answers by what they were asked for. Safe from any thread.

    Args:
        keep: how long an answer is told again, and held in memory; what is older goes at the next look of anybody, or
            with ``forget``.
        most: how many answers are held; the oldest goes first.
        while_used: count from when it was asked for last, for answers that never change; else from when it was found.
    """

    def __init__(self, keep: timedelta, most: int, *, while_used: bool = False) -> None:
        self._keep = keep
        self._most = most
        self._while_used = while_used
        self._lock = Lock()
        self._entries: OrderedDict[Key, _Entry[Value]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Key, now: datetime, find: Callable[[], Value]) -> Value:
        """What is known, what another thread is finding just now, or what ``find`` does; its errors are not kept."""
        mine: Future[Value] = Future()
        with self._lock:
            self._let_go(now)
            entry = self._entries.get(key)
            known = entry.found if entry is not None else None
            if known is None or self._while_used:
                self._entries[key] = _Entry(now, known or mine)
                self._entries.move_to_end(key)
            if len(self._entries) > self._most:
                self._entries.popitem(last=False)
        if known is None:
            return self._found(key, mine, find)
        try:
            return known.result()
        except Exception:  # noqa: BLE001  # it was refused to somebody else, or failed them
            return find()

    def forget(self, now: datetime) -> None:
        """Let go of what is too old, though nobody looks."""
        with self._lock:
            self._let_go(now)

    def _let_go(self, now: datetime) -> None:
        while self._entries and next(iter(self._entries.values())).at <= now - self._keep:
            self._entries.popitem(last=False)

    def _found(self, key: Key, mine: "Future[Value]", find: Callable[[], Value]) -> Value:
        try:
            value = find()
        except BaseException as error:
            with self._lock:
                entry = self._entries.get(key)
                if entry is not None and entry.found is mine:
                    del self._entries[key]
            mine.set_exception(error)
            raise
        mine.set_result(value)
        return value
