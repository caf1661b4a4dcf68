"""From one embedding model to another, in the background: embed all, build the new index, then switch.

Search goes on with the old model and its index until then. Every step is committed by itself, so whoever is killed or
stopped goes on where it was; several processes may work on it at once.
"""

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from support_copilot.backends.embedder.port import EmbedderUnavailableError
from support_copilot.db.documents import last_seq
from support_copilot.db.embedding_models import complete_change, model_in_state
from support_copilot.db.next_vectors import (
    any_kept,
    count_without,
    documents_without,
    forget_deleted,
    keep_vectors,
    move_in,
)
from support_copilot.resources import Resources
from support_copilot.retrieval.embedding import texts_of
from support_copilot.retrieval.feed import feed_index
from support_copilot.spaces import Space, Spaces

_log = structlog.get_logger("support_copilot.retrieval")
_BATCH = 128


@dataclass(frozen=True, slots=True)
class ChangeProgress:
    """How far a change of the embedding model is; ``waiting`` of ``documents`` have no vector of the new one yet."""

    old: str
    new: str
    waiting: int
    documents: int


def change_progress(resources: Resources) -> ChangeProgress | None:
    """The change that is going on, None where there is none."""
    spaces = resources.spaces
    if spaces is None or spaces.is_over:
        return None
    new = spaces.following.embedder
    with resources.database.read() as session:
        waiting = count_without(session, new.model, remote=new.is_remote)
    return ChangeProgress(resources.embedder.model, new.model, waiting, resources.search.count())


def advance_change(
    resources: Resources, most: int | None = None, report: Callable[[int], None] = lambda _count: None
) -> bool:
    """Do a part of what a change still needs.

    Args:
        most: how many documents to embed, or to move; all where it is None.
        report: called with the size of each batch that was embedded.

    Returns:
        Whether there may be more to do at once.
    """
    spaces = resources.spaces
    if spaces is None or spaces.is_over:
        return _move_in(resources, most)
    if _switched_elsewhere(resources, spaces):
        _switch(resources, spaces)
        return True
    embedded = _embed_next(resources, spaces.following, most, report)
    if embedded is None:
        return False
    if embedded == most:
        return True
    feed_index(resources.database, spaces.following.index, spaces.following.embedder.model)
    with resources.database.transaction() as session:
        forget_deleted(session)
        new = spaces.following.embedder
        complete = complete_change(session, new.model, resources.clock(), remote=new.is_remote)
    if complete:
        _switch(resources, spaces)
    return True


def finish_change(resources: Resources, report: Callable[[int], None] = lambda _count: None) -> bool:
    """Do the whole change now; False when the new model does not answer, or there is no change."""
    spaces = resources.spaces
    while spaces is not None and advance_change(resources, report=report):
        pass
    return spaces is not None and spaces.is_over


def _embed_next(resources: Resources, following: Space, most: int | None, report: Callable[[int], None]) -> int | None:
    """How many documents the new model embedded; None when it does not answer."""
    done, embedder, model = 0, following.embedder, following.embedder.model
    while most is None or done < most:
        limit = min(_BATCH, most - done) if most else _BATCH
        with resources.database.read() as session:
            rows = documents_without(session, model, limit=limit, remote=embedder.is_remote)
            texts = texts_of(session, rows, embedder)
        if not rows:
            break
        try:
            vectors = embedder.embed(texts)
        except EmbedderUnavailableError as error:
            _log.warning("retrieval.change.waits", code=error.code, model=model)
            return None
        position = following.index.position()
        with resources.database.transaction() as write:
            keep_vectors(write, rows, vectors, model, indexed_up_to=position)
        done += len(rows)
        report(len(rows))
    return done


def _switched_elsewhere(resources: Resources, spaces: Spaces) -> bool:
    """Whether another process completed the change; its work is in the database, so this one follows."""
    with resources.database.read() as session:
        serving = model_in_state(session, "serving")
        newest = last_seq(session)
    if serving is None or serving.name != spaces.following.embedder.model:
        return False
    index = spaces.following.index
    while index.position() < newest:
        feed_index(resources.database, index, spaces.following.embedder.model)
    return True


def _switch(resources: Resources, spaces: Spaces) -> None:
    spaces.switch()
    _log.info("retrieval.change.done", model=resources.embedder.model, documents=resources.search.count())


def _move_in(resources: Resources, most: int | None) -> bool:
    """After the switch: put vectors where those of the model that serves belong, and empty the index that served."""
    if resources.spaces is not None:
        resources.spaces.retire_first()
    with resources.database.read() as session:
        if not any_kept(session):
            return False
    limit = min(_BATCH, most) if most else _BATCH
    with resources.database.transaction() as write:
        forget_deleted(write)
        return move_in(write, resources.embedder.model, limit=limit) == limit
