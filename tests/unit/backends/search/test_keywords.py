"""The keyword index on disk."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from support_copilot.backends.search.keywords import KeywordIndex, rarest
from support_copilot.backends.search.port import SearchQuery
from tests.unit.backends.search.samples import NOW, stored

ANYTHING = SearchQuery("")


@pytest.fixture
def keywords(tmp_path: Path) -> Iterator[KeywordIndex]:
    opened = KeywordIndex(tmp_path / "keywords")
    yield opened
    opened.close()


def seqs(keywords: KeywordIndex, *terms: str, query: SearchQuery = ANYTHING) -> set[int]:
    return {seq for seq, _ in keywords.search(dict.fromkeys(terms, 1.0), query, 10)}


def test_written_documents_are_found_by_change_number(keywords: KeywordIndex) -> None:
    keywords.write([stored("a", 1, "Printer"), stored("b", 2, "Login", "printer")])

    assert seqs(keywords, "printer") == {1, 2}
    assert (keywords.size(), keywords.document_frequency("login")) == (2, 1)
    assert keywords.search({}, SearchQuery(""), 10) == []
    assert seqs(keywords, "nothing") == set()


def test_replaced_and_removed_documents_are_found_no_more(keywords: KeywordIndex) -> None:
    keywords.write([stored("a", 1, "Printer"), stored("b", 2, "Printer")])
    keywords.write([stored("a", 3, "Scanner"), stored("b", 4, deleted=True)])

    assert seqs(keywords, "printer") == set()
    assert seqs(keywords, "scanner") == {3}


def test_narrowing_changes_which_are_found_but_not_their_scores(keywords: KeywordIndex) -> None:
    keywords.write([stored("a", 1, "Printer", status="open"), stored("b", 2, "Printer", status="closed")])
    narrowed = SearchQuery("", kinds=["issue"], filters={"status": ["open"]}, created_before=NOW + timedelta(days=1))

    ((seq, score),) = keywords.search({"printer": 1.0}, narrowed, 10)

    assert seq == 1
    assert score == pytest.approx(dict(keywords.search({"printer": 1.0}, SearchQuery(""), 10))[1])
    assert seqs(keywords, "printer", query=SearchQuery("", created_before=NOW - timedelta(days=1))) == set()
    assert seqs(keywords, "printer", query=SearchQuery("", filters={"status": []})) == set()


def test_a_second_reader_sees_it_after_a_reload(keywords: KeywordIndex, tmp_path: Path) -> None:
    reader = KeywordIndex(tmp_path / "keywords")
    keywords.write([stored("a", 1, "Printer")])
    assert seqs(reader, "printer") == set()

    reader.reload()

    assert seqs(reader, "printer") == {1}
    reader.close()


def test_the_rarest_terms_are_asked_for() -> None:
    frequency = {"the": 900, "printer": 4, "err-4031": 1, "also": 4}

    assert rarest(["the", "printer", "the", "err-4031", "also"], frequency, most=3) == ["err-4031", "also", "printer"]


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """As on a full disk: writing fails, reading goes on."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_after_a_full_disk_writing_goes_on(keywords: KeywordIndex) -> None:
    keywords.write([stored("a", 1, "Printer")])
    many = [stored(f"n{n}", n, f"Scanner {n}", f"word{n} other{n}") for n in range(2, 2000)]

    with no_file_longer_than(512), pytest.raises(ValueError, match="rror"):
        keywords.write(many)

    assert seqs(keywords, "printer") == {1}
    keywords.write(many)
    assert keywords.size() == 1999


def test_closing_on_a_full_disk_is_no_failure(tmp_path: Path) -> None:
    keywords = KeywordIndex(tmp_path / "keywords")
    keywords.write([stored("a", 1, "Printer")])
    with no_file_longer_than(512):
        with pytest.raises(ValueError, match="rror"):
            keywords.write([stored(f"n{n}", n, f"Scanner {n}", f"word{n}") for n in range(2, 2000)])
        keywords.close()

    assert KeywordIndex(tmp_path / "keywords").size() == 1


def test_of_many_terms_those_of_the_subject_are_asked_for_first() -> None:
    frequency = {"the": 90, "printer": 40, "err-4031": 2, "also": 12}

    assert rarest(list(frequency), frequency, most=2, first=frozenset({"printer"})) == ["err-4031", "printer"]
