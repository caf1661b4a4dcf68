"""What the tagger said of sentences that it saw of late, so that a conversation is not read anew with each call.

Kept are figures under a keyed digest, and no word: whoever reads the memory of the process learns nothing from them.
"""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float32]


class RecentRows:
    """Rows of figures for each sentence, those used last; safe from several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._secret = secrets.token_bytes(32)
        self._rows: OrderedDict[bytes, Numbers] = OrderedDict()
        self._lock = threading.Lock()

    def rows_of(
        self, sentences: Sequence[Sequence[str]], compute: Callable[[list[int]], Sequence[Numbers]]
    ) -> list[Numbers]:
        """The rows of each sentence.

        Args:
            sentences: the words of each; the same words have the same rows.
            compute: makes the rows of the sentences at these places.
        """
        keys = [blake2b("\0".join(words).encode(), key=self._secret, digest_size=16).digest() for words in sentences]
        with self._lock:
            known = {key: self._rows[key] for key in keys if key in self._rows}
        places = list({key: place for place, key in enumerate(keys) if key not in known}.values())
        if places:
            known |= {keys[place]: rows for place, rows in zip(places, compute(places), strict=True)}
        with self._lock:
            for key in keys:
                self._rows[key] = known[key]
                self._rows.move_to_end(key)
            while len(self._rows) > self._most:
                self._rows.popitem(last=False)
        return [known[key] for key in keys]
