import pytest

from support_copilot.ml.sentiment import score_sentiment, sentiment_trend


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("This is unacceptable, it is the third time I write!", "en"),
        ("Still not working. Very disappointed.", "en"),
        ("Thanks for nothing.", "en"),
        ("I am not happy with this", "en"),
        ("Isto é uma falta de respeito, ninguém atende.", "pt"),
        ("Ik ben hier helemaal klaar mee.", "nl"),
        ("Das ist eine Frechheit, es funktioniert immer noch nicht.", "de"),
        ("C'est inadmissible, ça ne marche toujours pas.", "fr"),
        ("Es inaceptable, sigue sin funcionar.", "es"),
        ("É inaceitável, ainda não funciona.", "pt"),
        ("È inaccettabile, non funziona ancora.", "it"),
        ("Dit is onacceptabel, het werkt nog steeds niet.", "nl"),
        ("😡😡", "en"),
    ],
)
def test_anger_is_negative(text: str, language: str) -> None:
    score = score_sentiment(text, language)
    assert score.label == "negative"
    assert score.value < 0


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Thanks, that fixed it!", "en"),
        ("Great support, I love it", "en"),
        ("Resolveram tudo em dez minutos, recomendo.", "pt"),
        ("Binnen een kwartier geholpen, petje af", "nl"),
        ("Vielen Dank, es funktioniert wieder!", "de"),
        ("Merci beaucoup, c'est parfait", "fr"),
        ("Muchas gracias, problema resuelto", "es"),
        ("Muito obrigado, problema resolvido", "pt"),
        ("Grazie mille, ora funziona", "it"),
        ("Hartelijk dank, het werkt weer", "nl"),
        ("👍🎉", "en"),
    ],
)
def test_joy_is_positive(text: str, language: str) -> None:
    score = score_sentiment(text, language)
    assert score.label == "positive"
    assert score.value > 0


@pytest.mark.parametrize(
    "text", ["Where can I find the invoice of March?", "Please send the form, thanks.", "No problem", "", "4711"]
)
def test_plain_requests_are_neutral(text: str) -> None:
    assert score_sentiment(text).label == "neutral"


def test_emphasis_makes_it_stronger() -> None:
    assert score_sentiment("This is VERY BAD!!!").value < score_sentiment("This is bad").value
    assert score_sentiment("very good").value > score_sentiment("good").value > score_sentiment("somewhat good").value


def test_what_follows_a_but_weighs_more() -> None:
    assert score_sentiment("The phone is great but the battery is terrible").value < 0


def test_an_unknown_language_lowers_the_confidence() -> None:
    assert score_sentiment("great, thank you", "fi").confidence < score_sentiment("great, thank you", "en").confidence


@pytest.mark.parametrize("unit", ["bad ", "but good ", "!", "😡", "\x00", "\ud800", "not ", "لا "])
def test_hostile_input_stays_in_range(unit: str) -> None:
    score = score_sentiment(unit * (1_000_000 // len(unit)))
    assert -1 <= score.value <= 1
    assert 0 <= score.confidence <= 1


@pytest.mark.parametrize(
    ("values", "trend"),
    [
        ([], "steady"),
        ([-0.9], "steady"),
        ([0.5, 0.4, -0.6], "falling"),
        ([-0.8, -0.5, 0.6], "rising"),
        ([0.1, 0.2, 0.1], "steady"),
    ],
)
def test_the_trend_compares_the_newest_with_before(values: list[float], trend: str) -> None:
    assert sentiment_trend(values) == trend


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Oh fantastic, another update that logs everybody out. Brilliant work, can't wait for the next one.", "en"),
        ("Na toll, wieder ein Update, das alle abmeldet. Super Arbeit!", "de"),
        ("Ah bravo, encore une panne. Excellent service, vraiment.", "fr"),
        ("Gracias por nada, excelente servicio.", "es"),
    ],
)
def test_praise_behind_mockery_is_none(text: str, language: str) -> None:
    assert score_sentiment(text, language).label == "negative"


def test_thanks_stay_thanks() -> None:
    assert score_sentiment("Thank you so much for the great help!").label == "positive"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Danke. Wir sehen noch zwei fremde Bestellungen.", "de"),
        ("Thank you. We still see two orders of somebody else.", "en"),
        ("Merci. Nous voyons toujours deux commandes.", "fr"),
        ("Gracias. Todavía vemos dos pedidos.", "es"),
    ],
)
def test_thanks_of_who_still_has_the_trouble_are_manners(text: str, language: str) -> None:
    assert score_sentiment(text, language).label != "positive"
