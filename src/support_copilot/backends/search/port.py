"""The need: find stored texts by words and by meaning.

The index is a derivative of the database's ``search_documents`` table. It may be deleted at any time and is
caught up by ``seq``, the table's change counter: a higher number is a later change.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from support_copilot.kit.errors import UnavailableError


class SearchUnavailableError(UnavailableError):
    code, title = "search_unavailable", "The search index does not answer at the moment"


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """One row of ``search_documents``: what is to be found, and by what it can be narrowed.

    ``vector`` is float32 (dimension,) of unit length, or None where no model has embedded it yet.
    ``deleted`` marks a tombstone: the text must leave every file of the index.
    """

    id: str
    kind: str
    seq: int
    title: str
    body: str
    created_at: datetime
    vector: NDArray[np.float32] | None = None
    filters: Mapping[str, str] = field(default_factory=dict)
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What to look for.

    ``text`` is free text of a person, never query syntax. ``filters`` maps a filter name to the values
    allowed (a document without that filter does not match). ``candidates`` is how many hits each leg
    (keywords, vectors) brings to the fusion. Found is what was created from ``created_after`` on and before
    ``created_before``.
    """

    text: str
    vector: NDArray[np.float32] | None = None
    kinds: Sequence[str] = ()
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    exclude_ids: Sequence[str] = ()
    created_after: datetime | None = None
    created_before: datetime | None = None
    limit: int = 10
    candidates: int = 100


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One found document, best first.

    ``score`` is the fused rank score, comparable only within one answer. ``likeness`` is the cosine of the
    vectors (-1..1), None without vectors. ``keyword_score`` is BM25, None when no word matched.
    ``matched_words`` are words of the query that the document holds, the rarest first (at most 10). ``wording`` says
    the same of all words, where there is no cosine. ``word_likeness`` is set by ``retrieval/find.py``.
    """

    id: str
    kind: str
    score: float
    likeness: float | None
    keyword_score: float | None
    matched_words: tuple[str, ...] = ()
    wording: "SharedWords | None" = None
    #: 0..1, how much of what the query says the document says in the same words, None where a cosine tells it.
    word_likeness: float | None = None


@dataclass(frozen=True, slots=True)
class SharedWords:
    """``weights``: every word of the query with how much it tells, above 0, the rarer the more; ``held``: those of them
    that the document holds.
    """

    weights: Mapping[str, float]
    held: frozenset[str]


class SearchIndex(Protocol):
    """Hybrid keyword and vector search; all calls are safe from several threads."""

    def apply(self, documents: Iterable[IndexedDocument]) -> None:
        """Add, replace or remove documents in ascending ``seq`` order; findable when the call returns.

        A document whose ``seq`` is not above the one already applied for its id is ignored, so the same
        batch may come twice.
        """

    def position(self) -> int:
        """The highest ``seq`` applied, 0 when empty; catching up starts after it."""

    def search(self, query: SearchQuery) -> list[SearchHit]:
        """The best hits, at most ``query.limit``; empty when nothing matches.

        Raises:
            SearchUnavailableError: the index cannot answer.
        """

    def count(self) -> int:
        """How many documents can be found."""

    def held(self, document_ids: Sequence[str]) -> set[str]:
        """Which of these documents the index still has: after an erasure, none."""

    def flush(self) -> None:
        """Write what is only in memory to disk; on return a crash costs nothing but catch-up time."""

    def compact(self) -> None:
        """Rewrite files so that the bytes of removed and replaced documents are gone from all of them."""

    def clear(self) -> None:
        """Forget everything; ``position`` is 0 afterwards."""

    def ping(self) -> None:
        """Return when the index can answer.

        Raises:
            SearchUnavailableError: it cannot.
        """

    def close(self) -> None:
        """Flush and give back files and locks; a second call does nothing."""
