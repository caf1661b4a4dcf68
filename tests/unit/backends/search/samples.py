"""Documents for the tests of the index's parts."""

from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from support_copilot.backends.search.stored import StoredDocument
from support_copilot.backends.search.terms import terms_of

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def stored(
    name: str,
    seq: int,
    title: str = "",
    body: str = "",
    *,
    vector: NDArray[np.float32] | None = None,
    deleted: bool = False,
    **filters: str,
) -> StoredDocument:
    return StoredDocument(
        name, seq, "issue", NOW, filters, vector, tuple(terms_of(title)), tuple(terms_of(body)), deleted
    )


def random_vectors(count: int, dimension: int, seed: int = 1) -> NDArray[np.float32]:
    vectors = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)
