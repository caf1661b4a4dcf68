"""Writes and reads ``search_documents``, the truth that every search index is derived from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Integer, Row, bindparam, delete, select, update

from support_copilot.db.engine import Database, ReadSession, WriteSession
from support_copilot.db.models import Counter, NextVector, SearchDocument

_COUNTER = "search_documents"
_BATCH = 500
_COUNTERS = Counter.__table__.c
# Built once: making and hashing these anew took longer than running them, and every intake runs them.
_RAISE_COUNTER = (
    update(Counter.__table__)  # type: ignore[arg-type]  # a Table, though declared as any FROM clause
    .where(_COUNTERS.name == _COUNTER)
    .values(value=_COUNTERS.value + bindparam("count"))
)
_READ_COUNTER = select(_COUNTERS.value).where(_COUNTERS.name == _COUNTER)
_DOCUMENTS = SearchDocument.__table__
_READ_CHANGED = (
    select(_DOCUMENTS)
    .where(_DOCUMENTS.c.seq > bindparam("after_seq"))
    .order_by(_DOCUMENTS.c.seq)
    .limit(bindparam("batch", type_=Integer))
)
Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class DocumentText:
    """What is to be found, and by what it can be narrowed."""

    id: str
    kind: str
    title: str
    body: str
    created_at: datetime
    filters: Mapping[str, str] = field(default_factory=dict)


def next_seq(session: WriteSession, count: int = 1) -> int:
    """Reserve ``count`` change numbers and return the first; other writers wait until this transaction ends."""
    session.execute(_RAISE_COUNTER, {"count": count})
    return int(session.scalar(_READ_COUNTER)) - count + 1


def put_document(
    session: WriteSession, document: DocumentText, vector: Vector | None, model: str | None, *, is_new: bool = False
) -> SearchDocument:
    """Write or replace one document; it is found as soon as the transaction has been committed and applied.

    Args:
        vector: float32 (n,) of unit length made by ``model``, or None to have it embedded in the background.
        is_new: whether the caller knows that there is none of this id.
    """
    seq = next_seq(session)  # first, since it sends pending rows, which must be complete
    row = None if is_new else session.get(SearchDocument, document.id)
    if row is None:
        row = SearchDocument(id=document.id)
        session.add(row)
    else:
        # Made of the text as it was.
        session.execute(delete(NextVector).where(NextVector.document_id == document.id))
    row.kind, row.title, row.body = document.kind, document.title[:500], document.body
    row.created_at, row.filters, row.deleted = document.created_at, dict(document.filters), False
    row.vector, row.vector_model = pack_vector(vector), model if vector is not None else None
    row.seq = seq
    return row


def add_documents(session: WriteSession, documents: Sequence[DocumentText]) -> None:
    """Write documents that are known to be new, many at once, to be embedded in the background."""
    first = next_seq(session, len(documents))
    session.add_all(
        [
            SearchDocument(
                id=document.id, kind=document.kind, seq=first + offset, title=document.title[:500], body=document.body,
                filters=dict(document.filters), created_at=document.created_at, deleted=False,
            )
            for offset, document in enumerate(documents)
        ]
    )  # fmt: skip


def change_filters(session: WriteSession, document_id: str, changes: Mapping[str, str | None]) -> None:
    """Change filter values without touching text or vector; None removes a filter."""
    row = session.get(SearchDocument, document_id)
    if row is None or row.deleted:
        return
    merged = {**row.filters, **changes}
    row.filters = {name: value for name, value in merged.items() if value is not None}
    row.seq = next_seq(session)


def change_filters_of(session: WriteSession, document_ids: Sequence[str], changes: Mapping[str, str]) -> None:
    """Change filter values of many documents, as far as they are there, without touching text or vector."""
    for start in range(0, len(document_ids), _BATCH):
        some = SearchDocument.id.in_(document_ids[start : start + _BATCH])
        rows = list(session.scalars(select(SearchDocument).where(some, ~SearchDocument.deleted)))
        first = next_seq(session, len(rows)) if rows else 0
        for offset, row in enumerate(rows):
            row.filters, row.seq = {**row.filters, **changes}, first + offset
        session.flush()


def remove_documents(session: WriteSession, document_ids: Sequence[str]) -> int:
    """Leave an empty tombstone of each, so that every index learns of it; returns how many there were."""
    rows = list(
        session.scalars(select(SearchDocument).where(SearchDocument.id.in_(document_ids), ~SearchDocument.deleted))
    )
    first = next_seq(session, len(rows)) if rows else 0
    for offset, row in enumerate(rows):
        row.title, row.body, row.filters, row.deleted = "", "", {}, True
        row.vector, row.vector_model, row.seq = None, None, first + offset
    session.execute(delete(NextVector).where(NextVector.document_id.in_(document_ids)))
    return len(rows)


def last_seq(session: ReadSession) -> int:
    """The change number of the newest committed document."""
    return int(session.scalar(_READ_COUNTER) or 0)


def changed_documents(database: Database, after_seq: int, *, batch: int = 1000) -> Iterator[list[Row[Any]]]:
    """All documents changed after ``after_seq`` in order of change, read in batches with short transactions.

    Each row has the columns of ``SearchDocument``.
    """
    while True:
        with database.read() as session:
            rows = list(session.execute(_READ_CHANGED, {"after_seq": after_seq, "batch": batch}))
        if rows:
            yield rows
        if len(rows) < batch:
            return
        after_seq = rows[-1].seq


def store_vectors(session: WriteSession, rows: list[SearchDocument], vectors: Vector, model: str) -> None:
    """Keep the vectors made for these rows, skipping any whose text changed since they were read.

    Args:
        vectors: float32 (len(rows), n), each of unit length.
    """
    first = next_seq(session, len(rows))
    for offset, (row, vector) in enumerate(zip(rows, vectors, strict=True)):
        session.execute(
            update(SearchDocument)
            .where(SearchDocument.id == row.id, SearchDocument.seq == row.seq)
            .values(vector=pack_vector(vector), vector_model=model, seq=first + offset)
        )


def pack_vector(vector: Vector | None) -> bytes | None:
    """float32 (n,) to the stored form: float16, little-endian."""
    return None if vector is None else vector.astype("<f2").tobytes()


def unpack_vector(stored: bytes | None) -> Vector | None:
    """The stored form back to float32 (n,)."""
    return None if stored is None else np.frombuffer(stored, dtype="<f2").astype(np.float32)
