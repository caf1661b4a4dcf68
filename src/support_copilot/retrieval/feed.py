"""Keeps a search index in step with ``search_documents``, the truth it is derived from."""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog
from sqlalchemy import Row

from support_copilot.backends.search.port import IndexedDocument, SearchIndex
from support_copilot.db.documents import Vector, changed_documents, last_seq, unpack_vector
from support_copilot.db.engine import Database
from support_copilot.db.next_vectors import kept_vectors
from support_copilot.resources import Resources

_log = structlog.get_logger("support_copilot.retrieval")
# One catch-up at a time in a process: two would read the same rows twice.
_catching_up = threading.Lock()


def catch_up(resources: Resources, report: Callable[[int], None] = lambda _count: None) -> int:
    """Apply every committed change that the index does not know yet; returns how many.

    Cheap when there is none (one read of a counter), so readers call it before a search and writers
    (by ``tell_index``) after their commit; a change made by another process is found the same way.

    Args:
        report: called with the size of each batch applied, for progress bars.
    """
    for index, model in _beside(resources):
        feed_index(resources.database, index, model)
    return feed_index(resources.database, resources.search, resources.embedder.model, report)


def _beside(resources: Resources) -> list[tuple[SearchIndex, str]]:
    """Indexes of other embedding models that are fed already, each with its model."""
    spaces = resources.spaces.in_use() if resources.spaces is not None else []
    return [(space.index, space.embedder.model) for space in spaces if space.index.position() > 0]


def feed_index(
    database: Database, index: SearchIndex, model: str, report: Callable[[int], None] = lambda _count: None
) -> int:
    """Apply every committed change to an index of this model's vectors; returns how many."""
    with database.read() as session:
        newest = last_seq(session)
    return 0 if newest <= index.position() else _apply_changes(database, index, model, report)


def _apply_changes(
    database: Database, index: SearchIndex, model: str, report: Callable[[int], None] = lambda _count: None
) -> int:
    applied = 0
    with _catching_up:
        for rows in changed_documents(database, index.position()):
            index.apply(_indexed(database, rows, model))
            applied += len(rows)
            report(len(rows))
    return applied


def tell_index(resources: Resources) -> None:
    """Catch up after a commit. What is committed stays so: an index that fails now is caught up by the next search."""
    try:
        # Something is new for certain: whether there is need not be asked.
        for index, model in [*_beside(resources), (resources.search, resources.embedder.model)]:
            _apply_changes(resources.database, index, model)
    except Exception as error:  # noqa: BLE001  # the change is made; refusing it now would be untrue
        _log.warning("retrieval.index.behind", exc_info=error, effect="found as soon as the index answers again")


def rebuild(resources: Resources, report: Callable[[int], None] = lambda _count: None) -> int:
    """Forget the index and build it anew from the database; returns how many documents were read."""
    resources.search.clear()
    count = catch_up(resources, report)
    resources.search.flush()
    resources.search.compact()
    _log.info("retrieval.index.rebuilt", documents=count)
    return count


def _indexed(database: Database, rows: Sequence[Row[Any]], model: str) -> list[IndexedDocument]:
    """The rows with their vectors of this model, wherever those are kept."""
    elsewhere = [row.id for row in rows if row.vector_model != model]
    kept: Mapping[str, Vector] = {}
    if elsewhere:
        with database.read() as session:
            kept = kept_vectors(session, elsewhere, model)
    return [
        IndexedDocument(
            id=row.id,
            kind=row.kind,
            seq=row.seq,
            title=row.title,
            body=row.body,
            created_at=row.created_at,
            vector=unpack_vector(row.vector) if row.vector_model == model else kept.get(row.id),
            filters=row.filters,
            deleted=row.deleted,
        )
        for row in rows
    ]
