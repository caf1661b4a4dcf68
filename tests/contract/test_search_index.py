"""What every search index promises. A new one is added to the ``index`` fixture."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from support_copilot.backends.search.config import EmbeddedSearchConfig
from support_copilot.backends.search.open import open_search
from support_copilot.backends.search.port import (
    IndexedDocument,
    SearchHit,
    SearchIndex,
    SearchQuery,
    SearchUnavailableError,
)
from tests.threads import meanwhile

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DIMENSION = 8
MODEL = "test/1"

Open = Callable[[], SearchIndex]


@pytest.fixture(params=["embedded"])
def open_index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens the same index again and again."""
    opened: list[SearchIndex] = []
    config = EmbeddedSearchConfig(kind=request.param, path=tmp_path / "index", flush_after_s=3600)

    def open_again() -> SearchIndex:
        opened.append(open_search(config, dimension=DIMENSION, embedder_model=MODEL))
        return opened[-1]

    yield open_again
    for index in opened:
        index.close()


@pytest.fixture
def index(open_index: Open) -> SearchIndex:
    return open_index()


@pytest.fixture(params=["just applied", "flushed", "opened again"])
def settled(request: pytest.FixtureRequest, index: SearchIndex, open_index: Open) -> Callable[[], SearchIndex]:
    """The index with what was applied in each of the places where it may lie."""

    def settle() -> SearchIndex:
        if request.param == "just applied":
            return index
        index.flush()
        if request.param == "flushed":
            return index
        index.close()
        return open_index()

    return settle


def towards(*numbers: float) -> NDArray[np.float32]:
    """A unit vector."""
    vector = np.zeros(DIMENSION, dtype=np.float32)
    vector[: len(numbers)] = numbers
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def document(name: str, seq: int, title: str, body: str = "", **given: object) -> IndexedDocument:
    made = IndexedDocument(id=name, kind="issue", seq=seq, title=title, body=body, created_at=NOW)
    return replace(made, **given)  # type: ignore[arg-type]


def ids(hits: list[SearchHit]) -> list[str]:
    return [hit.id for hit in hits]


PRINTER = document("a", 1, "Printer is blank", "The label printer prints nothing", vector=towards(1, 0.1))
LOGIN = document("b", 2, "Login fails", "Error ERR-4031 after the password", vector=towards(0, 1))
REFUND = document("c", 3, "Refund is late", "Order A-10442 was paid twice", vector=towards(0, 0, 1))


def test_an_empty_index_answers_with_nothing(index: SearchIndex) -> None:
    assert (index.position(), index.count()) == (0, 0)
    assert index.search(SearchQuery("anything", towards(1))) == []
    index.ping()


def test_words_find_documents_wherever_they_lie(index: SearchIndex, settled: Callable[[], SearchIndex]) -> None:
    index.apply([PRINTER, LOGIN, REFUND])
    found = settled()

    (hit,) = found.search(SearchQuery("my PRINTERS"))

    assert (hit.id, hit.kind, hit.likeness, hit.matched_words) == ("a", "issue", None, ("printer",))
    assert hit.keyword_score is not None
    assert hit.keyword_score > 0
    assert ids(found.search(SearchQuery("err 4031"))) == ["b"]
    assert (found.position(), found.count()) == (3, 3)


def test_meaning_finds_documents_that_share_no_word(index: SearchIndex, settled: Callable[[], SearchIndex]) -> None:
    index.apply([PRINTER, LOGIN, REFUND])

    best, *others = settled().search(SearchQuery("sign-in", towards(0.1, 1)))

    assert (best.id, best.keyword_score, best.matched_words) == ("b", None, ())
    assert best.likeness == pytest.approx(0.995, abs=0.01)
    assert all(hit.score <= best.score for hit in others)


def test_words_and_meaning_together_beat_either(index: SearchIndex, settled: Callable[[], SearchIndex]) -> None:
    both = document("both", 4, "Invoice missing", vector=towards(0, 0, 0, 1))
    words_only = document("words", 5, "Invoice missing", vector=towards(0, 0, 0, 0, 1))
    meaning_only = document("meaning", 6, "Bill absent", vector=towards(0, 0, 0, 1))
    index.apply([both, words_only, meaning_only])

    hits = settled().search(SearchQuery("invoice missing", towards(0, 0, 0, 1)))

    assert ids(hits)[0] == "both"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_document_without_vector_is_found_by_its_words_meanwhile(
    index: SearchIndex, settled: Callable[[], SearchIndex]
) -> None:
    index.apply([replace(PRINTER, vector=None), LOGIN])

    hit = settled().search(SearchQuery("printer", towards(0, 0, 0, 0, 0, 1)))[0]

    assert (hit.id, hit.likeness) == ("a", None)


def test_a_word_in_the_title_says_more_than_one_in_the_body(
    index: SearchIndex, settled: Callable[[], SearchIndex]
) -> None:
    index.apply([document("body", 1, "Question", "about the scanner"), document("title", 2, "Scanner", "a question")])

    assert ids(settled().search(SearchQuery("scanner"))) == ["title", "body"]


def test_what_is_applied_twice_or_late_changes_nothing(index: SearchIndex, settled: Callable[[], SearchIndex]) -> None:
    newer = document("a", 5, "Scanner is dark")
    index.apply([PRINTER, LOGIN])
    index.apply([newer])
    index.apply([PRINTER, LOGIN, newer])

    found = settled()

    assert (found.count(), found.position()) == (2, 5)
    assert ids(found.search(SearchQuery("scanner"))) == ["a"]
    assert found.search(SearchQuery("printer")) == []


def test_a_replaced_text_is_found_by_its_new_words_and_meaning_only(
    index: SearchIndex, settled: Callable[[], SearchIndex]
) -> None:
    index.apply([PRINTER])
    index.flush()
    index.apply([document("a", 2, "Scanner is dark", vector=towards(0, 0, 1))])

    found = settled()

    assert found.search(SearchQuery("printer")) == []
    assert ids(found.search(SearchQuery("scanner"))) == ["a"]
    (hit,) = found.search(SearchQuery("", towards(0, 0, 1)))
    assert hit.likeness == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("flushed_before", [True, False])
def test_a_removed_document_is_found_no_more(
    index: SearchIndex, settled: Callable[[], SearchIndex], flushed_before: bool
) -> None:
    index.apply([PRINTER, LOGIN])
    if flushed_before:
        index.flush()
    index.apply([document("a", 3, "", deleted=True)])

    found = settled()

    assert (found.count(), found.position()) == (1, 3)
    assert found.held(["a", "b", "never"]) == {"b"}
    assert ids(found.search(SearchQuery("printer", towards(1, 0.1)))) == ["b"]
    found.apply([replace(PRINTER, seq=4)])
    assert ids(found.search(SearchQuery("printer"))) == ["a"]


def test_a_question_can_be_narrowed(index: SearchIndex, settled: Callable[[], SearchIndex]) -> None:
    same = {"title": "Printer", "vector": towards(1)}
    index.apply(
        [
            document("open", 1, filters={"status": "open", "language": "de"}, **same),
            document("done", 2, filters={"status": "resolved", "language": "en"}, **same),
            document("article", 3, kind="article", filters={"status": "published"}, **same),
            document("bare", 4, created_at=NOW - timedelta(days=1), **same),
        ]
    )
    found = settled()

    def asked(**limits: object) -> set[str]:
        by_words = found.search(SearchQuery("printer", **limits))  # type: ignore[arg-type]
        by_both = found.search(SearchQuery("printer", towards(1), **limits))  # type: ignore[arg-type]
        assert set(ids(by_words)) == set(ids(by_both))
        return set(ids(by_both))

    assert asked() == {"open", "done", "article", "bare"}
    assert asked(kinds=["article"]) == {"article"}
    assert asked(kinds=["nothing"]) == set()
    assert asked(filters={"status": ["open", "published"]}) == {"open", "article"}
    assert asked(filters={"status": ["open"], "language": ["en"]}) == set()
    assert asked(filters={"colour": ["red"]}) == set()
    assert asked(exclude_ids=["open", "unknown"]) == {"done", "article", "bare"}
    assert asked(created_before=NOW) == {"bare"}
    assert asked(created_before=NOW + timedelta(milliseconds=1)) == {"open", "done", "article", "bare"}
    assert asked(created_after=NOW - timedelta(days=1)) == {"open", "done", "article", "bare"}
    assert asked(created_after=NOW - timedelta(hours=1)) == {"open", "done", "article"}
    assert asked(created_after=NOW - timedelta(days=1), created_before=NOW) == {"bare"}
    assert asked(created_after=NOW + timedelta(milliseconds=1)) == set()
    assert len(asked(limit=2)) == 2


def test_excluded_documents_do_not_crowd_out_the_others(index: SearchIndex, settled: Callable[[], SearchIndex]) -> None:
    index.apply([document(f"d{n}", n, "Printer", vector=towards(1)) for n in range(1, 31)])
    excluded = [f"d{n}" for n in range(1, 29)]

    for query in (SearchQuery("printer", exclude_ids=excluded, candidates=5),
                  SearchQuery("", towards(1), exclude_ids=excluded, candidates=5)):  # fmt: skip
        assert set(ids(settled().search(query))) == {"d29", "d30"}


@pytest.mark.parametrize(
    "text",
    ["", " ", "\x00", "🎉🎉", "AND OR NOT", 'title:printer"', "(((", "printer~ ^4 [a TO z]", "*:*", "\\",
     "\u202e\u202d", "\ud83c", "a" * 100_000, "printer " * 50_000],
    ids=range(14),
)  # fmt: skip
def test_a_question_is_words_and_never_syntax(
    index: SearchIndex, settled: Callable[[], SearchIndex], text: str
) -> None:
    index.apply([PRINTER, LOGIN])

    hits = settled().search(SearchQuery(text))

    assert ids(hits) == (["a"] if "printer" in text else [])


@pytest.mark.parametrize(
    ("title", "question"),
    [("Café fermé", "cafe"), ("STRASSE gesperrt", "strasse"), ("打印机无法工作", "打印机"), ("프린터 고장", "프린터"),
     ("принтер сломан", "Принтер"), ("الطابعة لا تعمل", "الطابعة"), ("Version 2.1.3 crashes", "2.1.3")],
)  # fmt: skip
def test_every_script_is_found(
    index: SearchIndex, settled: Callable[[], SearchIndex], title: str, question: str
) -> None:
    index.apply([document("x", 1, title), LOGIN])

    assert ids(settled().search(SearchQuery(question))) == ["x"]


def test_rewritten_files_answer_as_before(index: SearchIndex, settled: Callable[[], SearchIndex]) -> None:
    index.apply([PRINTER, LOGIN, REFUND])
    index.flush()
    index.apply([document("b", 4, "", deleted=True)])
    index.compact()

    found = settled()

    assert ids(found.search(SearchQuery("printer", towards(1, 0.1)))) == ["a", "c"]
    assert (found.count(), found.position()) == (2, 4)
    found.apply([document("d", 5, "Scanner is dark")])
    assert ids(found.search(SearchQuery("scanner"))) == ["d"]


def test_a_cleared_index_starts_from_nothing(index: SearchIndex, settled: Callable[[], SearchIndex]) -> None:
    index.apply([PRINTER])
    index.flush()
    index.apply([LOGIN])
    index.clear()

    found = settled()

    assert (found.position(), found.count()) == (0, 0)
    assert found.search(SearchQuery("printer login", towards(1))) == []
    found.apply([PRINTER])
    assert ids(found.search(SearchQuery("printer"))) == ["a"]


def test_a_closed_index_says_so(index: SearchIndex) -> None:
    index.apply([PRINTER])
    index.close()
    index.close()

    with pytest.raises(SearchUnavailableError):
        index.ping()
    with pytest.raises(SearchUnavailableError):
        index.search(SearchQuery("printer"))


def test_what_was_applied_before_a_question_is_in_its_answer_while_others_write(index: SearchIndex) -> None:
    """Two that ask, one that applies, one that flushes and compacts, all at once."""
    applied = [0]

    def ask() -> None:
        known = applied[0]
        hits = index.search(SearchQuery("printer", towards(1), limit=1000, candidates=1000))
        assert len({hit.id for hit in hits}) >= known

    def tidy() -> None:
        index.flush()
        index.compact()

    with meanwhile(ask, ask, tidy) as problems:
        for number in range(1, 201):
            index.apply([document(f"d{number}", number, f"Printer {number}", vector=towards(1, number / 1000))])
            applied[0] = number

    assert problems == []
    assert len(index.search(SearchQuery("printer", limit=1000, candidates=1000))) == 200


def test_without_vectors_a_hit_says_which_words_of_the_question_it_holds(
    index: SearchIndex, settled: Callable[[], SearchIndex]
) -> None:
    index.apply(
        [document("a", 1, "Scanner", "reads nothing"), document("b", 2, "Invoice", "scanner was charged twice")]
    )
    hits = settled().search(SearchQuery("scanner reads barcodes", kinds=["issue"]))
    told = {hit.id: hit.wording for hit in hits}
    assert {name: each and each.held for name, each in told.items()} == {"a": {"scanner", "read"}, "b": {"scanner"}}
    weights = told["a"].weights if told["a"] else {}
    assert weights["barcode"] > weights["read"] > weights["scanner"] > 0
