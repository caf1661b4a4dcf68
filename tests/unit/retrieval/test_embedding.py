"""Vectors for texts, at once and in the background."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from support_copilot.backends.embedder.none import NoEmbedder
from support_copilot.backends.embedder.port import EmbedderUnavailableError
from support_copilot.db.documents import DocumentText, add_documents, put_document
from support_copilot.db.models import SearchDocument
from support_copilot.resources import Resources
from support_copilot.retrieval.embedding import count_waiting, embed_text, embed_waiting, embedded_text
from support_copilot.retrieval.find import find_documents
from tests.conftest import StepClock


class Scripted(NoEmbedder):
    """Has a model, and does what a test says when it is asked."""

    def __init__(self, answer: object) -> None:
        self.answer = answer
        self.asked: list[str] = []

    @property
    def model(self) -> str:
        return "scripted/1"

    @property
    def dimension(self) -> int:
        return 384

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        assert callable(self.answer)
        self.answer()
        self.asked += texts
        return np.tile(np.eye(1, 384, dtype=np.float32), (len(texts), 1))


def away() -> None:
    raise EmbedderUnavailableError


def add(resources: Resources, count: int) -> None:
    with resources.database.transaction() as session:
        texts = [DocumentText(f"iss_{n:03}", "issue", f"Printer {n}", "", StepClock().now) for n in range(count)]
        add_documents(session, texts)


def test_waiting_documents_get_their_vectors_and_are_found_by_meaning(resources: Resources) -> None:
    add(resources, 3)
    assert count_waiting(resources) == 3

    assert embed_waiting(resources) == 3
    assert (count_waiting(resources), embed_waiting(resources)) == (0, 0)
    vector = embed_text(resources, "Printer 1")
    best = find_documents(resources, "", vector, kinds=["issue"])[0]
    assert best.likeness is not None
    assert best.likeness > 0.8


def test_a_round_stops_at_its_limit_and_the_next_goes_on(resources: Resources) -> None:
    add(resources, 130)
    scripted = replace(resources, embedder=Scripted(lambda: None))
    reported: list[int] = []

    assert embed_waiting(scripted, reported.append, most=1) == 128
    assert embed_waiting(scripted, reported.append) == 2
    assert reported == [128, 2]


def test_several_threads_give_each_document_its_own_vector(resources: Resources) -> None:
    titles = [
        "Printer is blank",
        "Where is my parcel, it was due on Monday and nobody answers?",
        "Refund",
        "Login fails",
    ]
    with resources.database.transaction() as session:
        add_documents(
            session, [DocumentText(f"iss_{n}", "issue", t, "", StepClock().now) for n, t in enumerate(titles)]
        )

    assert embed_waiting(resources, threads=3) == 4
    for number, title in enumerate(titles):
        best = find_documents(resources, "", embed_text(resources, title), kinds=["issue"])[0]
        assert best.id == f"iss_{number}"


def test_equal_texts_are_embedded_once(resources: Resources) -> None:
    titles = ["Shop is down", "Refund", "Shop is down", "Shop is down"]
    with resources.database.transaction() as session:
        texts = [DocumentText(f"iss_{n}", "issue", title, "", StepClock().now) for n, title in enumerate(titles)]
        add_documents(session, texts)
    scripted = Scripted(lambda: None)

    assert embed_waiting(replace(resources, embedder=scripted)) == 4
    assert sorted(scripted.asked) == ["Refund", "Shop is down"]


def test_texts_embedded_by_another_model_wait_again(resources: Resources) -> None:
    add(resources, 2)
    embed_waiting(resources)

    assert count_waiting(replace(resources, embedder=Scripted(lambda: None))) == 2


def test_a_text_changed_meanwhile_waits_for_its_own_vector(resources: Resources) -> None:
    add(resources, 2)
    changed: list[bool] = []

    def change_one() -> None:
        if not changed:
            changed.append(True)
            with resources.database.transaction() as session:
                text = DocumentText("iss_001", "issue", "Scanner", "", StepClock().now)
                put_document(session, text, None, None)

    scripted = replace(resources, embedder=Scripted(change_one))
    embed_waiting(scripted, most=1)

    with resources.database.read() as session:
        row = session.get(SearchDocument, "iss_001")
    assert row is not None
    assert (row.title, row.vector_model) == ("Scanner", None)
    assert embed_waiting(scripted) == 1


def test_a_model_that_fails_stops_the_round_without_an_error(resources: Resources) -> None:
    add(resources, 2)
    failing = replace(resources, embedder=Scripted(away))

    assert embed_waiting(failing) == 0
    assert count_waiting(failing) == 2
    assert embed_text(failing, "x") is None


def test_without_a_model_nothing_waits(resources: Resources) -> None:
    add(resources, 2)
    without = replace(resources, embedder=NoEmbedder())

    assert (count_waiting(without), embed_waiting(without), embed_text(without, "x")) == (0, 0, None)


def test_title_and_beginning_of_the_body_stand_for_a_document() -> None:
    assert embedded_text("Printer", "It is blank") == "Printer\nIt is blank"
    assert embedded_text("Printer", "") == "Printer"
    assert embedded_text("Printer", "Printer") == "Printer"
    assert len(embedded_text("Printer", "x" * 100_000)) <= 4000
