import pytest

from support_copilot.ml.likeness import edit_distance, word_likeness
from support_copilot.ml.readability import readability
from support_copilot.ml.tone import read_tone


def test_short_words_are_easier_to_read() -> None:
    easy = readability("The cat sat. It was big. We like it.")
    hard = readability(
        "Notwithstanding aforementioned considerations, organisational interdependencies necessitate reconsideration."
    )
    assert easy.score > 80
    assert hard.score < 20
    assert (easy.words, easy.sentences) == (9, 3)


@pytest.mark.parametrize("text", ["", "\x00", "12345", "🙂"])
def test_texts_without_words_are_easy(text: str) -> None:
    assert readability(text).score == 100


@pytest.mark.parametrize(
    ("text", "tone"),
    [
        ("Dear Sir or Madam, we regret the delay. Yours sincerely", "formal"),
        ("Hi Kim! I completely understand, happy to help!", "warm"),
        ("The invoice is attached.", "neutral"),
        ("Sehr geehrte Frau Doe, wir bedauern dies. Mit freundlichen Grüßen", "formal"),
        ("", "neutral"),
    ],
)
def test_the_tone_is_read_from_courtesies(text: str, tone: str) -> None:
    assert read_tone(text).tone == tone


def test_impolite_and_blaming_words_are_quoted_as_written() -> None:
    reading = read_tone("Calm down. You should have read it, that is Not Our Problem.")
    assert reading.impolite == ("Calm down", "Not Our Problem")
    assert reading.blaming == ("You should have",)


def test_edit_distance_runs_from_nothing_to_all() -> None:
    assert edit_distance("same  text", "same text\n") == 0
    assert edit_distance("", "") == 0
    assert edit_distance("abc", "xyz") == 1
    assert 0 < edit_distance("Please restart the router.", "Please restart your router.") < 0.3


def test_edit_distance_of_huge_texts_has_a_limit() -> None:
    assert edit_distance("a b " * 100_000, "a b " * 100_000) == 0
    assert edit_distance("a" * 100_000, "b" * 100_000) == 1


def test_likeness_ignores_order_and_case() -> None:
    assert word_likeness("Reset the Password", "password, the RESET") == 1
    assert word_likeness("reset password", "printer jam") == 0
    assert word_likeness("", "") == 1
    assert word_likeness("x " * 200_000, "x") == 1
