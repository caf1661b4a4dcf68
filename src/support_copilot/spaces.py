"""Two embedding spaces while one model follows another: questions and index of the old one until the new one is whole.

A vector means something only beside vectors of the same model. So the model that embeds a question and the index that
is asked change together, at one moment; whatever began before it (a request, a job) goes on with what it began with.
Outside of a change there is one model and one index, and nothing of this is used.
"""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from support_copilot.backends.embedder.port import Embedder, EmbeddingService
from support_copilot.backends.search.port import IndexedDocument, SearchHit, SearchIndex, SearchQuery


@dataclass(frozen=True, slots=True)
class Space:
    """An embedding model and the index of its vectors."""

    embedder: Embedder
    index: SearchIndex

    def close(self) -> None:
        self.index.close()
        self.embedder.close()


_pinned: ContextVar[Space | None] = ContextVar("space", default=None)


class Spaces:
    """The space that serves, and the one that follows it; the first stays until nothing uses it any more."""

    def __init__(self, serving: Space, following: Space) -> None:
        self._first = self._serving = serving
        self.following = following
        self._lock = threading.Lock()
        self._pins = 0
        self._retired = False

    @property
    def is_over(self) -> bool:
        """Whether the change has happened."""
        return self._serving is self.following

    def in_use(self) -> list[Space]:
        """The spaces that hold documents, or will."""
        return [self.following] if self._retired else [self._first, self.following]

    def current(self) -> Space:
        """The space of the work in hand, else the one that serves."""
        pinned = _pinned.get()
        return self._serving if pinned is None else pinned

    @contextmanager
    def pinned(self) -> Iterator[None]:
        """Keep to one space for a piece of work."""
        with self._lock:
            space = self._serving
            self._pins += space is self._first
        token = _pinned.set(space)
        try:
            yield
        finally:
            _pinned.reset(token)
            with self._lock:
                self._pins -= space is self._first

    def switch(self) -> None:
        """Let the following space serve, for whatever begins from now on."""
        with self._lock:
            self._serving = self.following

    def retire_first(self) -> bool:
        """Empty the first index once it serves nobody; returns whether it is empty."""
        with self._lock:
            if self._retired or not self.is_over or self._pins:
                return self._retired
            self._retired = True
        self._first.index.clear()
        return True


class CurrentEmbedder:
    """The embedder of the current space."""

    def __init__(self, spaces: Spaces) -> None:
        self._spaces = spaces

    @property
    def model(self) -> str:
        return self._spaces.current().embedder.model

    @property
    def dimension(self) -> int:
        return self._spaces.current().embedder.dimension

    @property
    def is_remote(self) -> bool:
        return self._spaces.current().embedder.is_remote

    @property
    def service(self) -> EmbeddingService | None:
        return self._spaces.current().embedder.service

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._spaces.current().embedder.embed(texts)

    def ping(self) -> None:
        self._spaces.current().embedder.ping()

    def close(self) -> None:
        """Each space is closed by whoever opened it."""


class CurrentIndex:
    """The index of the current space."""

    def __init__(self, spaces: Spaces) -> None:
        self._spaces = spaces

    def apply(self, documents: Iterable[IndexedDocument]) -> None:
        self._index.apply(documents)

    def position(self) -> int:
        return self._index.position()

    def search(self, query: SearchQuery) -> list[SearchHit]:
        return self._index.search(query)

    def count(self) -> int:
        return self._index.count()

    def held(self, document_ids: Sequence[str]) -> set[str]:
        """In any index: after an erasure, none may have any."""
        return {found for space in self._spaces.in_use() for found in space.index.held(document_ids)}

    def flush(self) -> None:
        self._index.flush()

    def compact(self) -> None:
        """Every index: what was removed must be gone from all files."""
        for space in self._spaces.in_use():
            space.index.compact()

    def clear(self) -> None:
        self._index.clear()

    def ping(self) -> None:
        self._index.ping()

    def close(self) -> None:
        """Each space is closed by whoever opened it."""

    @property
    def _index(self) -> SearchIndex:
        return self._spaces.current().index
