"""The newest documents, in memory, scored like those on disk."""

from pathlib import Path

from support_copilot.backends.search.keywords import KeywordIndex
from support_copilot.backends.search.port import SearchQuery
from support_copilot.backends.search.tail import Tail
from tests.unit.backends.search.samples import stored

SAMPLES = [
    stored("a", 1, "Printer is blank", "the label printer prints nothing since the update"),
    stored("b", 2, "Login fails", "after the update the password is refused"),
    stored("c", 3, "Invoice question", "where do I find the invoice of the printer"),
    stored("d", 4, "Slow pages", "everything takes long"),
]


def filled() -> Tail:
    tail = Tail()
    for document in SAMPLES:
        tail.put(document)
    return tail


def scores(tail: Tail, *terms: str) -> dict[int, float]:
    frequency = {term: tail.document_frequency(term) for term in terms}
    return tail.scores(dict.fromkeys(terms, 1.0), frequency, len(tail.waiting))


def test_rare_words_weigh_more_than_common_ones() -> None:
    found = scores(filled(), "password", "the")

    assert found[2] > found[1] > 0
    assert 4 not in found


def test_a_word_in_the_title_weighs_more() -> None:
    found = scores(filled(), "printer")

    assert found[1] > found[3]


def test_dropped_and_replaced_documents_leave_no_words_behind() -> None:
    tail = filled()
    tail.drop("a")
    tail.drop("a")
    tail.put(stored("b", 5, "Scanner"))

    assert [tail.document_frequency(term) for term in ("label", "password", "scanner")] == [0, 0, 1]
    assert scores(tail, "update", "scanner").keys() == {5}


def test_a_tombstone_holds_no_words() -> None:
    tail = filled()
    tail.put(stored("a", 5, deleted=True))

    assert tail.document_frequency("label") == 0
    assert tail.waiting["a"].deleted


def test_a_word_in_nearly_all_documents_never_counts_against_one() -> None:
    assert all(score >= 0 for score in filled().scores({"the": 1.0}, {"the": 9}, 4).values())
    assert filled().scores({"the": 1.0}, {"the": 3}, 0) == {1: 0.0, 2: 0.0, 3: 0.0}


def test_memory_and_disk_put_documents_in_the_same_order(tmp_path: Path) -> None:
    disk = KeywordIndex(tmp_path / "keywords")
    disk.write(SAMPLES)
    for terms in (["printer"], ["update", "password"], ["invoice", "printer", "the"], ["label", "long"]):
        on_disk = [seq for seq, _ in disk.search(dict.fromkeys(terms, 1.0), SearchQuery(""), 10)]
        in_memory = sorted(found := scores(filled(), *terms), key=lambda seq: -found[seq])
        assert in_memory == on_disk, terms
    disk.close()
