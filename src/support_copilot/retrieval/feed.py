"""Keeps a search index in step with ``search_documents``, the truth it is derived from."""

import threading
from collections.abc import Callable

import structlog

from support_copilot.backends.search.port import IndexedDocument
from support_copilot.db.documents import changed_documents, last_seq, unpack_vector
from support_copilot.db.models import SearchDocument
from support_copilot.resources import Resources

_log = structlog.get_logger("support_copilot.retrieval")
# One catch-up at a time in a process: two would read the same rows twice.
_catching_up = threading.Lock()


def catch_up(resources: Resources, report: Callable[[int], None] = lambda _count: None) -> int:
    """Apply every committed change that the index does not know yet; returns how many.

    Cheap when there is none (one read of a counter), so writers call it after their commit and readers
    before a search; a change made by another process is found the same way.

    Args:
        report: called with the size of each batch applied, for progress bars.
    """
    with resources.database.read() as session:
        newest = last_seq(session)
    if newest <= resources.search.position():
        return 0
    applied = 0
    with _catching_up:
        for rows in changed_documents(resources.database, resources.search.position()):
            resources.search.apply([_indexed(row, resources) for row in rows])
            applied += len(rows)
            report(len(rows))
    return applied


def rebuild(resources: Resources, report: Callable[[int], None] = lambda _count: None) -> int:
    """Forget the index and build it anew from the database; returns how many documents were read."""
    resources.search.clear()
    count = catch_up(resources, report)
    resources.search.flush()
    resources.search.compact()
    _log.info("retrieval.index.rebuilt", documents=count)
    return count


def _indexed(row: SearchDocument, resources: Resources) -> IndexedDocument:
    fits = row.vector_model == resources.embedder.model
    return IndexedDocument(
        id=row.id,
        kind=row.kind,
        seq=row.seq,
        title=row.title,
        body=row.body,
        created_at=row.created_at,
        vector=unpack_vector(row.vector) if fits else None,
        filters=row.filters,
        deleted=row.deleted,
    )
