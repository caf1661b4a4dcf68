"""The index is derived from rows: caught up, rebuilt, and never ahead of the database."""

import numpy as np
import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from support_copilot.backends.search.port import SearchQuery
from support_copilot.db.documents import DocumentText, add_documents, change_filters, next_seq, put_document
from support_copilot.db.models import SearchDocument
from support_copilot.resources import Resources
from support_copilot.retrieval.feed import catch_up, rebuild, tell_index
from support_copilot.retrieval.find import find_documents
from tests.conftest import StepClock
from tests.threads import meanwhile


def text(name: str, title: str, **filters: str) -> DocumentText:
    return DocumentText(name, "issue", title, "", StepClock().now, filters)


def put(resources: Resources, name: str, title: str, model: str | None = None, **filters: str) -> None:
    vector = None if model is None else np.eye(1, 384, dtype=np.float32)[0]
    with resources.database.transaction() as session:
        put_document(session, text(name, title, **filters), vector, model)


def found(resources: Resources, words: str) -> list[str]:
    return [hit.id for hit in resources.search.search(SearchQuery(words))]


def test_committed_changes_are_applied_once(resources: Resources) -> None:
    put(resources, "iss_1", "Printer")
    put(resources, "iss_2", "Printer")
    reported: list[int] = []

    assert catch_up(resources, reported.append) == 2
    assert catch_up(resources) == 0
    assert reported == [2]
    assert sorted(found(resources, "printer")) == ["iss_1", "iss_2"]


def test_what_is_rolled_back_is_never_found(resources: Resources) -> None:
    def fail_half_way() -> None:
        with resources.database.transaction() as session:
            put_document(session, text("iss_1", "Printer"), None, None)
            raise RuntimeError("the change fails")

    with pytest.raises(RuntimeError):
        fail_half_way()

    assert catch_up(resources) == 0
    assert found(resources, "printer") == []


def test_a_search_includes_what_was_committed_by_anyone_before_it(resources: Resources) -> None:
    put(resources, "iss_1", "Printer")

    assert [hit.id for hit in find_documents(resources, "printer", None, kinds=["issue"])] == ["iss_1"]
    assert find_documents(resources, "printer", None, kinds=["article"]) == []


def test_changed_texts_and_filters_follow(resources: Resources) -> None:
    put(resources, "iss_1", "Printer", status="open")
    catch_up(resources)
    put(resources, "iss_1", "Scanner", status="open")
    with resources.database.transaction() as session:
        change_filters(session, "iss_1", {"status": "closed", "language": None})

    hits = find_documents(resources, "scanner", None, kinds=["issue"], filters={"status": ["closed"]})

    assert [hit.id for hit in hits] == ["iss_1"]
    assert found(resources, "printer") == []


def test_a_tombstone_takes_the_document_out(resources: Resources) -> None:
    put(resources, "iss_1", "Printer")
    catch_up(resources)
    with resources.database.transaction() as session:
        seq = next_seq(session)
        session.execute(update(SearchDocument).values(deleted=True, title="", body="", vector=None, seq=seq))

    assert find_documents(resources, "printer", None, kinds=["issue"]) == []
    assert resources.search.count() == 0


def test_numbers_that_nobody_used_hold_nothing_up(resources: Resources) -> None:
    with resources.database.transaction() as session:
        next_seq(session, 50)
    put(resources, "iss_1", "Printer")

    assert catch_up(resources) == 1
    assert catch_up(resources) == 0


def test_a_vector_of_another_model_is_not_compared(resources: Resources) -> None:
    put(resources, "iss_1", "Printer", model="older-model/1")
    put(resources, "iss_2", "Printer", model=resources.embedder.model)
    asked = np.eye(1, 384, dtype=np.float32)[0]

    likeness = {hit.id: hit.likeness for hit in find_documents(resources, "printer", asked, kinds=["issue"])}

    assert likeness == {"iss_1": None, "iss_2": pytest.approx(1.0, abs=0.01)}


def test_an_index_built_anew_knows_what_the_database_knows(resources: Resources) -> None:
    with resources.database.transaction() as session:
        add_documents(session, [text(f"iss_{n}", f"Printer {n}") for n in range(2100)])
    put(resources, "iss_7", "Scanner")
    catch_up(resources)
    before = resources.search.position()
    reported: list[int] = []

    assert rebuild(resources, reported.append) == 2100
    assert sum(reported) == 2100
    assert len(reported) > 1
    assert (resources.search.position(), resources.search.count()) == (before, 2100)
    assert found(resources, "scanner") == ["iss_7"]


def test_an_index_that_fails_after_a_commit_is_caught_up_by_the_next_search(
    resources: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(resources, "iss_1", "Printer")
    with monkeypatch.context() as broken, capture_logs() as logs:
        broken.setattr(resources.search, "apply", None)
        tell_index(resources)

    assert [event["event"] for event in logs] == ["retrieval.index.behind"]
    assert [hit.id for hit in find_documents(resources, "printer", None, kinds=["issue"])] == ["iss_1"]


def test_writers_and_readers_at_once_miss_nothing(resources: Resources) -> None:
    def ask() -> None:
        find_documents(resources, "printer", None, kinds=["issue"], limit=100)

    with meanwhile(ask, ask) as problems:
        for number in range(40):
            put(resources, f"iss_{number}", "Printer")
            hits = find_documents(resources, "printer", None, kinds=["issue"], limit=100)
            assert len(hits) == number + 1

    assert problems == []
