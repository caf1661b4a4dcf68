"""Documents in memory: one slot each, with its vector and what it can be narrowed by."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from support_copilot.backends.search.port import SearchQuery

_FIRST_CAPACITY: Final = 1024
#: Up to this many documents the exact likeness of all is as fast as looking at signs first.
_EXACT_UP_TO: Final = 4000
#: How many candidates by signs are then compared exactly (recall at 10 of 0.98 at a million documents).
_CANDIDATES: Final = 1000
#: From one in so many slots on, all are looked at.
_PICKED_SHARE: Final = 4

Mask = NDArray[np.bool_]
T = TypeVar("T", bound=np.generic)


class Slots:
    """Parallel arrays in order of ``seq``; a replaced or removed document leaves a dead slot behind.

    Vectors are kept as float16 for the exact comparison and as one bit a number (its sign) for a first look at
    all of them: exhaustive, without training, and exact to delete from.
    """

    def __init__(self, dimension: int) -> None:
        self._dimension = dimension
        self._size = 0
        self._by_id: dict[str, int] = {}
        self.ids: list[str] = []
        self.kinds: list[str] = []
        self._alive = np.zeros(_FIRST_CAPACITY, dtype=np.bool_)
        self._seqs = np.zeros(_FIRST_CAPACITY, dtype=np.int64)
        self._created = np.zeros(_FIRST_CAPACITY, dtype=np.float64)
        self._embedded = np.zeros(_FIRST_CAPACITY, dtype=np.bool_)
        self._vectors = np.zeros((_FIRST_CAPACITY, dimension), dtype=np.float16)
        #: One row for 64 numbers, so that a look at all documents runs through memory in order.
        self._signs = np.zeros(((dimension + 63) // 64, _FIRST_CAPACITY), dtype=np.uint64)
        self._codes: dict[str, NDArray[np.int32]] = {}
        self._values: dict[str, dict[str, int]] = {}

    def put(
        self,
        document_id: str,
        kind: str,
        seq: int,
        created_at: datetime,
        filters: Mapping[str, str],
        vector: NDArray[np.float32] | None,
    ) -> None:
        """Add a document, or replace the one with this id; ``seq`` must be above all before.

        Readers need no lock: what a slot holds is written before the slot is counted, and the slot that it
        replaces dies last.
        """
        replaced = self._by_id.get(document_id)
        slot = self._size
        if slot == len(self._alive):
            self._grow()
        self.ids.append(document_id)
        self.kinds.append(kind)
        self._by_id[document_id] = slot
        self._seqs[slot], self._created[slot] = seq, created_at.timestamp()
        for name, value in {**filters, "kind": kind}.items():
            column, known = self._column(name), self._values[name]
            column[slot] = known.setdefault(value, len(known) + 1)
        fits = vector is not None and vector.shape == (self._dimension,) and self._dimension > 0
        if fits:
            self._vectors[slot] = vector
            self._signs[:, slot] = _signs(np.asarray(vector, dtype=np.float32))
        self._embedded[slot], self._alive[slot] = fits, True
        self._size += 1
        if replaced is not None:
            self._kill(replaced)

    def remove(self, document_id: str) -> None:
        slot = self._by_id.pop(document_id, None)
        if slot is not None:
            self._kill(slot)

    def seq_of(self, document_id: str) -> int:
        """The change number applied for this document, 0 when it is not there."""
        slot = self._by_id.get(document_id)
        return 0 if slot is None else int(self._seqs[slot])

    def slot_of_seq(self, seq: int) -> int | None:
        """The slot that this change number filled, None when it is dead or unknown."""
        slot = int(np.searchsorted(self._seqs[: self._size], seq))
        return slot if slot < self._size and self._seqs[slot] == seq and self._alive[slot] else None

    def slots_of_seqs(self, seqs: Sequence[int]) -> NDArray[np.intp]:
        """intp (len(seqs),): ``slot_of_seq`` of each, -1 in place of None."""
        size = self._size
        wanted = np.asarray(seqs, dtype=np.int64)
        found = np.searchsorted(self._seqs[:size], wanted)
        there = np.minimum(found, size - 1)
        return np.where((found < size) & (self._seqs[there] == wanted) & self._alive[there], there, -1)

    def count(self) -> int:
        return len(self._by_id)

    def is_wasteful(self) -> bool:
        """Whether most slots are dead, so that a copy without them pays."""
        return self._size > _FIRST_CAPACITY and self._size > 2 * len(self._by_id)

    def compacted(self) -> "Slots":
        """A copy without dead slots."""
        kept = np.flatnonzero(self._alive[: self._size])
        copy = Slots(self._dimension)
        copy._size = len(kept)
        copy.ids = [self.ids[slot] for slot in kept]
        copy.kinds = [self.kinds[slot] for slot in kept]
        copy._by_id = {document_id: slot for slot, document_id in enumerate(copy.ids)}
        capacity = max(_FIRST_CAPACITY, 2 * len(kept))
        for name in ("_alive", "_seqs", "_created", "_embedded", "_vectors"):
            setattr(copy, name, _resized(getattr(self, name)[kept], capacity))
        copy._signs = _widened(self._signs[:, kept], capacity)
        copy._codes = {name: _resized(column[kept], capacity) for name, column in self._codes.items()}
        copy._values = {name: dict(values) for name, values in self._values.items()}
        return copy

    def mask(self, query: SearchQuery) -> Mask:
        """Which slots the query allows: bool (slots,)."""
        size = self._size
        allowed = self._alive[:size].copy()
        wanted = dict(query.filters) | ({"kind": query.kinds} if query.kinds else {})
        for name, values in wanted.items():
            allowed &= self._has_value(name, values, size)
        if query.created_after is not None:
            allowed &= self._created[:size] >= query.created_after.timestamp()
        if query.created_before is not None:
            allowed &= self._created[:size] < query.created_before.timestamp()
        for document_id in query.exclude_ids:
            if (slot := self._by_id.get(document_id)) is not None and slot < size:
                allowed[slot] = False
        return allowed

    def nearest(self, vector: NDArray[np.float32], allowed: Mask, limit: int) -> list[tuple[int, float]]:
        """Slots with the highest cosine to the vector, best first."""
        slots = np.flatnonzero(allowed & self._embedded[: len(allowed)])
        if len(slots) > _EXACT_UP_TO:
            slots = _least(slots, self._differing(vector, slots, len(allowed)), _CANDIDATES)
        cosines = self.cosines(vector, slots)
        best = np.argsort(-cosines, kind="stable")[:limit]
        return [(int(slots[place]), float(cosines[place])) for place in best]

    def cosines(self, vector: NDArray[np.float32], slots: NDArray[np.intp]) -> NDArray[np.float32]:
        """float32 (len(slots),): the cosine of each slot's vector with this one (0 where it has none)."""
        return np.asarray(_as_float32(self._vectors[slots]) @ vector, dtype=np.float32)

    def is_embedded(self, slot: int) -> bool:
        return bool(self._embedded[slot])

    def _differing(self, vector: NDArray[np.float32], slots: NDArray[np.intp], size: int) -> NDArray[np.uint16]:
        """uint16 (len(slots),): in how many signs each slot's vector differs from this one."""
        # Looking at a stretch of memory whole is faster than picking most of it.
        all_of_them = len(slots) > size // _PICKED_SHARE
        looked_at: slice | NDArray[np.intp] = slice(0, size) if all_of_them else slots
        differing = np.zeros(size if all_of_them else len(slots), dtype=np.uint16)
        # Room for what lies between, once for all rows: fetching fresh memory takes as long as the work in it.
        bits, counts = np.empty(len(differing), dtype=np.uint64), np.empty(len(differing), dtype=np.uint8)
        for signs, wanted in zip(self._signs, _signs(vector), strict=True):
            np.bitwise_xor(signs[looked_at], wanted, out=bits)
            differing += np.bitwise_count(bits, out=counts)
        return differing[slots] if all_of_them else differing

    def _kill(self, slot: int) -> None:
        self._alive[slot] = False
        self._vectors[slot], self._signs[:, slot] = 0, 0

    def _has_value(self, name: str, values: Sequence[str], size: int) -> Mask:
        column, known = self._codes.get(name), self._values.get(name, {})
        codes = [known[value] for value in values if value in known]
        if column is None or not codes:
            return np.zeros(size, dtype=np.bool_)
        # Comparing with few values one by one is faster than numpy's search in a set.
        has: Mask = column[:size] == codes[0]
        for code in codes[1:]:
            has |= column[:size] == code
        return has

    def _column(self, name: str) -> NDArray[np.int32]:
        if name not in self._codes:
            self._codes[name] = np.zeros(len(self._alive), dtype=np.int32)
            self._values[name] = {}
        return self._codes[name]

    def _grow(self) -> None:
        capacity = 2 * len(self._alive)
        self._alive = _resized(self._alive, capacity)
        self._seqs = _resized(self._seqs, capacity)
        self._created = _resized(self._created, capacity)
        self._embedded = _resized(self._embedded, capacity)
        self._vectors = _resized(self._vectors, capacity)
        self._signs = _widened(self._signs, capacity)
        self._codes = {name: _resized(column, capacity) for name, column in self._codes.items()}


def _resized(array: NDArray[T], capacity: int) -> NDArray[T]:
    larger = np.zeros((capacity, *array.shape[1:]), dtype=array.dtype)
    larger[: len(array)] = array
    return larger


def _widened(rows: NDArray[np.uint64], capacity: int) -> NDArray[np.uint64]:
    wider = np.zeros((len(rows), capacity), dtype=np.uint64)
    wider[:, : rows.shape[1]] = rows
    return wider


def _least(slots: NDArray[np.intp], numbers: NDArray[np.uint16], count: int) -> NDArray[np.intp]:
    """intp (count,): the slots with the smallest numbers, of equal ones the newest; there must be more than that.

    To count how often each of a few hundred numbers occurs takes half the time of a partition.
    """
    last = int(np.searchsorted(np.cumsum(np.bincount(numbers)), count))
    below, equal = slots[numbers < last], slots[numbers == last]
    return np.concatenate([below, equal[len(below) - count :]])


def _as_float32(halves: NDArray[np.float16]) -> NDArray[np.float32]:
    """The same numbers, finite ones; numpy's own conversion takes one number at a time and six times as long.

    Sign and digits move to their places, and a multiplication puts the exponent right, that of tiny numbers too.
    """
    bits = halves.view(np.int16).astype(np.int32)
    bits <<= 13
    bits &= np.int32(-0x70000001)  # without the copies of the sign between sign and exponent
    floats = bits.view(np.float32)
    floats *= np.float32(2.0**112)
    return floats


def _signs(vector: NDArray[np.float32]) -> NDArray[np.uint64]:
    """One bit a number, set where it is positive: uint64 (ceil(n / 64),)."""
    bits = np.packbits(vector > 0)
    return np.pad(bits, (0, -len(bits) % 8)).view(np.uint64)
