import pytest

from support_copilot.ml.language import detect_language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("My order has not arrived yet", "en"),
        ("Meine Bestellung ist nicht angekommen", "de"),
        ("Ma commande n'est pas arrivée", "fr"),
        ("Mi pedido no ha llegado todavía", "es"),
        ("Il mio ordine non è arrivato", "it"),
        ("O meu pedido ainda não chegou", "pt"),
        ("Mijn bestelling is niet aangekomen", "nl"),
        ("テストが動きません", "ja"),
        ("MY ORDER HAS NOT ARRIVED", "en"),
        ("Die Seite https://example.com/a/b meldet FEHLER_17 beim Speichern der Rechnung", "de"),
    ],
)
def test_plain_sentences_are_recognised(text: str, code: str) -> None:
    guess = detect_language(text)
    assert guess.code == code
    assert guess.sure


@pytest.mark.parametrize(
    "text", ["", " ", "ok", "Hi", "12345", "INV-2024-001 https://example.com", "🙂🙂", "\x00", "\ud800"]
)
def test_too_little_is_honestly_unsure(text: str) -> None:
    guess = detect_language(text)
    assert not guess.sure
    assert 0 <= guess.confidence < 0.6


@pytest.mark.parametrize("unit", ["a", "1/", "word ", "\n"])
def test_five_megabytes_are_no_problem(unit: str) -> None:
    assert 0 <= detect_language(unit * (5_000_000 // len(unit))).confidence <= 1
