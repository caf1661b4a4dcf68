"""How much of a text another one says in the same words, where no vectors tell."""

import pytest

from support_copilot.backends.search.port import SearchHit, SharedWords
from support_copilot.retrieval.word_likeness import likeness_of, with_word_likeness


def shared(text: str, held: set[str], weights: dict[str, float], likeness: float | None = None) -> SearchHit:
    words = SharedWords(weights, frozenset(held))
    hit = SearchHit("iss_1", "issue", 1.0, likeness, 5.0, tuple(held), words)
    return with_word_likeness([hit], text)[0]


def of(text: str, held: set[str], weights: dict[str, float]) -> float:
    found = shared(text, held, weights).word_likeness
    assert found is not None
    return found


SCANNER = {"the": 0.1, "scanner": 2.0, "reads": 3.0, "nothing": 3.0, "since": 0.5, "monday": 4.0}
TEXT = "The scanner reads nothing since Monday"


def test_rare_words_count_more() -> None:
    assert of(TEXT, {"scanner", "monday"}, SCANNER) > of(TEXT, {"scanner", "reads"}, SCANNER) > 0


def test_all_words_are_all_of_it() -> None:
    assert of(TEXT, set(SCANNER), SCANNER) == pytest.approx(1.0)


def test_one_word_is_nothing_and_neither_are_words_of_any_sentence() -> None:
    assert of(TEXT, {"monday"}, SCANNER) == 0.0
    assert of(TEXT, {"scanner", "the", "since"}, SCANNER) == 0.0


@pytest.mark.parametrize(
    ("text", "term"),
    [("Export fails with ERR-4031", "err-4031"), ("Wir sehen NullPointerException", "nullpointerexception")],
)
def test_an_error_code_alone_is_enough(text: str, term: str) -> None:
    weights = {term: 6.0, "export": 2.0, "sehen": 2.0}
    assert of(text, {term}, weights) > 0.5


def test_a_day_or_an_amount_alone_is_no_identifier() -> None:
    assert of("It happened on 3 March", {"3"}, {"happened": 2.0, "3": 2.0, "march": 2.0}) == 0.0
    assert of("40 boxes lost", {"40", "boxe"}, {"40": 2.0, "boxe": 2.0, "lost": 2.0}) == 0.0


def test_a_compound_is_one_word_however_it_is_written() -> None:
    weights = {"sign-in": 4.0, "sign": 2.0, "in": 0.1, "page": 2.0, "blank": 2.0}
    together = of("Sign-in page blank", {"sign-in", "sign", "in", "page"}, weights)
    assert together == of("Sign-in page blank", {"sign", "in", "page"}, weights)
    assert together == pytest.approx(6 / 8)


def test_where_there_is_a_cosine_it_stands() -> None:
    hit = shared(TEXT, {"scanner"}, SCANNER, likeness=0.7)
    assert hit.word_likeness is None
    assert likeness_of(hit) == 0.7


def test_few_words_are_never_as_sure_as_a_high_cosine() -> None:
    hit = shared(TEXT, {"scanner", "reads"}, SCANNER)
    assert 0.4 < likeness_of(hit) < 0.6
    assert likeness_of(shared(TEXT, {"scanner"}, SCANNER)) == 0.0
