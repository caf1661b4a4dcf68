"""Vectors of a model that does not serve yet, kept beside those that do until every document has one.

A document's vector of a model is the one in its row where that model made it, else the one kept here.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Select, delete, exists, func, select, union_all, update

from support_copilot.db.documents import Vector, next_seq, pack_vector, unpack_vector
from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import Article, Customer, Issue, NextVector, SearchDocument


def without_vector(model: str, *, remote: bool) -> ColumnElement[bool]:
    """Documents that have no vector of this model, neither in their row nor here, and are to have one.

    Args:
        remote: the model is somebody's service: what customers wrote who opted out is not for it, nor are articles
            that may hold their words.
    """
    kept = exists().where(NextVector.document_id == SearchDocument.id, NextVector.model == model)
    missing = ~SearchDocument.deleted & SearchDocument.id.in_(_of_no_or_another_model(model)) & ~kept
    return missing & ~_opted_out() if remote else missing


def _of_no_or_another_model(model: str) -> Select[str]:
    """Ids, by three short ways into the index. Asked in one condition, databases look at every document there is."""
    made_by, ids = SearchDocument.vector_model, select(SearchDocument.id)
    others = union_all(ids.where(made_by.is_(None)), ids.where(made_by < model), ids.where(made_by > model)).subquery()
    return select(others.c.id)


def _opted_out() -> ColumnElement[bool]:
    theirs = Customer.id == Issue.customer_id
    written = exists().where(Issue.id == SearchDocument.id, theirs, ~Customer.language_model_allowed)
    return written | exists().where(Article.id == SearchDocument.id, ~Article.language_model_allowed)


def customers_of(session: ReadSession, rows: Sequence[SearchDocument]) -> Mapping[str, Customer]:
    """By document, who wrote it: customers of issues, nobody for others."""
    ids = [row.id for row in rows if row.kind == "issue"]
    query = select(Issue.id, Customer).join(Customer, Customer.id == Issue.customer_id).where(Issue.id.in_(ids))
    return {row.id: row.Customer for row in session.execute(query)}


def documents_without(
    session: ReadSession, model: str, *, limit: int, after: str = "", remote: bool = False
) -> list[SearchDocument]:
    """Documents that this model has not embedded yet and is to embed, oldest first.

    Args:
        remote: see ``without_vector``.
        after: only those whose id comes after this one, for who goes through all of many and would otherwise read
            past all that are done each time.
    """
    query = select(SearchDocument).where(without_vector(model, remote=remote), SearchDocument.id > after)
    return list(session.scalars(query.order_by(SearchDocument.id).limit(limit)))


def count_without(session: ReadSession, model: str, *, remote: bool = False) -> int:
    """How many documents this model has not embedded yet and is to embed."""
    query = select(func.count()).select_from(SearchDocument).where(without_vector(model, remote=remote))
    return int(session.scalar(query))


def keep_vectors(
    session: WriteSession, rows: Sequence[SearchDocument], vectors: Vector, model: str, *, indexed_up_to: int
) -> None:
    """Keep the vectors made for these rows, skipping any whose text changed since they were read.

    Args:
        vectors: float32 (len(rows), n), each of unit length.
        indexed_up_to: the change number that the model's index has reached; a document below it counts as changed,
            so that the index takes its vector.
    """
    for row, vector in zip(rows, vectors, strict=True):
        seq = next_seq(session) if row.seq <= indexed_up_to else row.seq
        # Writing the row, even as it is, locks it: a text that changes at this moment comes before or after.
        unchanged = session.execute(
            update(SearchDocument).where(SearchDocument.id == row.id, SearchDocument.seq == row.seq).values(seq=seq)
        )
        if unchanged.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has it
            session.execute(delete(NextVector).where(NextVector.document_id == row.id, NextVector.model == model))
            session.add(NextVector(document_id=row.id, model=model, vector=pack_vector(vector)))
    session.flush()


def any_kept(session: ReadSession) -> bool:
    """Whether any vector is kept here."""
    return session.scalar(select(NextVector.document_id).limit(1)) is not None


def kept_vectors(session: ReadSession, ids: Sequence[str], model: str) -> Mapping[str, Vector]:
    """float32 (n,) by document, of those that are kept here."""
    rows = session.scalars(select(NextVector).where(NextVector.document_id.in_(ids), NextVector.model == model))
    return {row.document_id: vector for row in rows if (vector := unpack_vector(row.vector)) is not None}


def move_in(session: WriteSession, model: str, *, limit: int) -> int:
    """Put kept vectors of the model that serves into their documents' rows; returns how many were looked at."""
    kept = list(session.scalars(select(NextVector).where(NextVector.model == model).limit(limit)))
    for row in kept:
        session.execute(
            update(SearchDocument)
            .where(SearchDocument.id == row.document_id, ~SearchDocument.deleted)
            .values(vector=row.vector, vector_model=model)
        )
        session.delete(row)
    return len(kept)


def forget_vectors(session: WriteSession, *, but_of: Sequence[str]) -> None:
    """Remove what was kept for models that are wanted no more."""
    session.execute(delete(NextVector).where(NextVector.model.not_in(but_of)))


def forget_deleted(session: WriteSession) -> None:
    """Remove what was kept for documents that are gone."""
    gone = select(SearchDocument.id).where(SearchDocument.deleted)
    session.execute(delete(NextVector).where(NextVector.document_id.in_(gone)))
