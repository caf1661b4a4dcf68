"""Vectors of the next model beside those that serve, on each database."""

from datetime import UTC, datetime

import numpy as np
import pytest

from support_copilot.db.documents import DocumentText, add_documents, last_seq, put_document
from support_copilot.db.embedding_models import (
    begin_change,
    complete_change,
    give_up_change,
    model_in_state,
    serve_at_once,
)
from support_copilot.db.engine import Database
from support_copilot.db.models import NextVector, SearchDocument
from support_copilot.db.next_vectors import (
    any_kept,
    count_without,
    documents_without,
    keep_vectors,
    kept_vectors,
    move_in,
)

NOW = datetime(2026, 3, 2, tzinfo=UTC)
VECTORS = np.eye(3, 4, dtype=np.float32)


@pytest.fixture
def filled(database: Database) -> Database:
    """Three documents, and a change from the model ``old`` to ``new``."""
    with database.transaction() as session:
        add_documents(session, [DocumentText(f"iss_{n}", "issue", "title", "body", NOW) for n in range(3)])
        serve_at_once(session, "old", {}, NOW, place="")
        assert begin_change(session, "new", {}, NOW, place="-1")
    return database


def keep_all(database: Database, *, indexed_up_to: int = 0) -> None:
    with database.read() as session:
        rows = documents_without(session, "new", limit=10)
    with database.transaction() as session:
        keep_vectors(session, rows, VECTORS[: len(rows)], "new", indexed_up_to=indexed_up_to)


def test_what_is_kept_counts_as_embedded(filled: Database) -> None:
    keep_all(filled)

    with filled.read() as session:
        assert count_without(session, "new") == 0
        assert count_without(session, "old") == 3
        kept = kept_vectors(session, ["iss_1", "iss_9"], "new")
    assert list(kept) == ["iss_1"]
    assert kept["iss_1"].tolist() == [0, 1, 0, 0]


def test_a_document_that_the_index_has_counts_as_changed(filled: Database) -> None:
    with filled.read() as session:
        before = last_seq(session)
    keep_all(filled, indexed_up_to=1)

    with filled.read() as session:
        assert last_seq(session) == before + 1


def test_a_text_that_changed_since_it_was_read_keeps_nothing(filled: Database) -> None:
    with filled.read() as session:
        rows = documents_without(session, "new", limit=10)
    with filled.transaction() as session:
        put_document(session, DocumentText("iss_0", "issue", "other", "other", NOW), None, None)
    with filled.transaction() as session:
        keep_vectors(session, rows, VECTORS, "new", indexed_up_to=0)

    with filled.read() as session:
        assert [row.id for row in documents_without(session, "new", limit=10)] == ["iss_0"]


def test_a_text_that_changes_later_loses_what_was_kept(filled: Database) -> None:
    keep_all(filled)
    with filled.transaction() as session:
        put_document(session, DocumentText("iss_0", "issue", "other", "other", NOW), None, None)

    with filled.read() as session:
        assert session.get(NextVector, ("iss_0", "new")) is None
        assert count_without(session, "new") == 1


def test_a_change_is_complete_when_every_document_is(filled: Database) -> None:
    with filled.transaction() as session:
        assert not complete_change(session, "new", NOW)
    keep_all(filled)
    with filled.transaction() as session:
        assert complete_change(session, "new", NOW)
        assert complete_change(session, "new", NOW), "a second process finds it done"
    with filled.read() as session:
        serving = model_in_state(session, "serving")
        assert serving is not None
        assert (serving.name, serving.place) == ("new", "-1")
        assert model_in_state(session, "preparing") is None


def test_kept_vectors_move_in_a_batch_at_a_time(filled: Database) -> None:
    keep_all(filled)
    with filled.transaction() as session:
        assert move_in(session, "new", limit=2) == 2
    with filled.transaction() as session:
        assert move_in(session, "new", limit=2) == 1

    with filled.read() as session:
        assert not any_kept(session)
        row = session.get(SearchDocument, "iss_2")
        assert row is not None
        assert row.vector_model == "new"


def test_a_change_that_goes_on_keeps_what_was_made_and_another_one_does_not(filled: Database) -> None:
    keep_all(filled)
    with filled.transaction() as session:
        assert not begin_change(session, "new", {}, NOW, place="-1")
        assert any_kept(session)
        assert begin_change(session, "newer", {}, NOW, place="-2")
        assert not any_kept(session)


def test_a_change_given_up_leaves_nothing(filled: Database) -> None:
    keep_all(filled)
    with filled.transaction() as session:
        give_up_change(session, "old")

    with filled.read() as session:
        assert not any_kept(session)
        assert model_in_state(session, "preparing") is None
