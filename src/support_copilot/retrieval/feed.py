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

    Cheap when there is none (one read of a counter), so readers call it before a search and writers
    (by ``tell_index``) after their commit; a change made by another process is found the same way.

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


def tell_index(resources: Resources) -> None:
    """Catch up after a commit. What is committed stays so: an index that fails now is caught up by the next search."""
    try:
        catch_up(resources)
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
