from support_copilot.ml.phrases import PhraseBook, folded_words, words_of

BOOK = PhraseBook([("lost _ data", "loss"), ("lost", "lost"), ("crash*", "crash"), ("can't log in", "login")])


def found(text: str) -> list[str]:
    return [hit.value for hit in BOOK.find(folded_words(text))]


def test_the_longest_phrase_wins() -> None:
    assert found("I lost all my data") == ["loss"]
    assert found("I lost my way to the data") == ["lost"]


def test_stems_match_every_ending_and_case() -> None:
    assert found("CRASHES, crashed") == ["crash", "crash"]


def test_curly_apostrophes_are_apostrophes() -> None:
    assert found("I can’t log in") == ["login"]


def test_words_know_where_they_stand() -> None:
    assert [(word.folded, word.start, word.end) for word in words_of("É ok!")] == [("é", 0, 1), ("ok", 2, 4)]


def test_a_word_that_grows_when_folded_keeps_its_place() -> None:
    assert [(word.folded, word.start, word.end) for word in words_of("Straße ﬁx")] == [
        ("strasse", 0, 6),
        ("fix", 7, 9),
    ]
