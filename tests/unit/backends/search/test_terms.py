"""Texts to search terms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_copilot.backends.search.terms import MAX_TERMS, terms_of


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("The Printers", ["the", "printer"]),
        ("status bus glass this", ["status", "bus", "glass", "this"]),
        ("ERR-4031", ["err-4031", "err", "4031"]),
        ("v2.1.3", ["v2.1.3", "v2", "1", "3"]),
        ("Café ÜBER", ["cafe", "uber"]),
        ("打印机", ["打印", "印机"]),
        ("打", ["打"]),
        ("don't", ["don't", "don", "t"]),
        ("_under_score_", ["under_score", "under", "score"]),
        ("?! 🎉", []),
        ("", []),
    ],
)
def test_words_become_terms(text: str, terms: list[str]) -> None:
    assert terms_of(text) == terms


@given(st.text(max_size=300))
def test_terms_never_hold_spaces_so_that_they_can_be_stored_in_a_line(text: str) -> None:
    for term in terms_of(text):
        assert term
        assert term.split() == [term]


@given(st.text(max_size=100))
def test_accents_and_case_change_nothing(text: str) -> None:
    assert terms_of(text.lower()) == terms_of(text)


def test_a_huge_text_is_cut() -> None:
    assert len(terms_of("some-thing " * 200_000)) == MAX_TERMS
    assert len(terms_of("x" * 1_000_000)[0]) <= 40
