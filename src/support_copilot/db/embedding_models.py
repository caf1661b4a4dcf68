"""Remembers which embedding model serves and which one is being prepared."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import delete, select

from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import EmbeddingModel, SearchDocument
from support_copilot.db.next_vectors import forget_vectors, without_vector

State = Literal["serving", "preparing"]


def model_in_state(session: ReadSession, state: State) -> EmbeddingModel | None:
    """The model that serves, or the one that is being prepared."""
    row: EmbeddingModel | None = session.scalar(select(EmbeddingModel).where(EmbeddingModel.state == state))
    return row


def serve_at_once(session: WriteSession, name: str, settings: Mapping[str, Any], now: datetime, *, place: str) -> None:
    """Let a model serve without a change from another: the first one, or one whose predecessor is out of reach."""
    session.execute(delete(EmbeddingModel))
    session.flush()
    session.add(EmbeddingModel(name=name, state="serving", settings=dict(settings), place=place, since=now))
    forget_vectors(session, but_of=[name])


def begin_change(session: WriteSession, name: str, settings: Mapping[str, Any], now: datetime, *, place: str) -> bool:
    """Prepare a model beside the one that serves; what another preparation left is removed.

    Returns:
        True when it begins now, False when it was begun before and goes on.
    """
    before = model_in_state(session, "preparing")
    if before is not None and before.name == name:
        return False
    session.execute(delete(EmbeddingModel).where(EmbeddingModel.state == "preparing"))
    session.flush()
    session.add(EmbeddingModel(name=name, state="preparing", settings=dict(settings), place=place, since=now))
    forget_vectors(session, but_of=[name])
    return True


def give_up_change(session: WriteSession, serving: str) -> None:
    """Forget a preparation: the settings name the model that serves again."""
    session.execute(delete(EmbeddingModel).where(EmbeddingModel.state == "preparing"))
    forget_vectors(session, but_of=[serving])


def complete_change(session: WriteSession, name: str, now: datetime, *, remote: bool = False) -> bool:
    """Let the prepared model serve, if every document that is to have a vector of it has one at this moment.

    Args:
        remote: see ``without_vector``.

    Returns:
        Whether it serves now.
    """
    prepared = session.lock(EmbeddingModel, name)
    if prepared is None:
        return False
    if prepared.state == "serving":
        return True
    if session.scalar(select(SearchDocument.id).where(without_vector(name, remote=remote)).limit(1)) is not None:
        return False
    session.execute(delete(EmbeddingModel).where(EmbeddingModel.state == "serving"))
    prepared.state, prepared.since = "serving", now
    return True
