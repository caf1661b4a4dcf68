"""What two texts share that says something."""

from support_copilot.ml.content_words import content_words
from support_copilot.ml.function_words import read_wording, telling_words


def test_words_are_shown_as_they_were_written() -> None:
    text = "Refunds for the Müller order: oops, nothing arrived at PayPal"
    assert telling_words(["refund", "oop", "muller", "arrived", "paypal"], read_wording(text)) == [
        "refunds", "oops", "müller", "arrived", "PayPal",
    ]  # fmt: skip


def test_words_without_meaning_are_left_out() -> None:
    assert telling_words(
        ["on", "my", "thank", "uber", "die", "3", "parcel"], read_wording("Thanks on my parcel 3 über die")
    ) == ["parcel"]


def test_a_compound_stands_for_its_parts() -> None:
    assert telling_words(["4031", "err", "err-4031", "sync"], read_wording("ERR-4031 in the sync")) == [
        "ERR-4031",
        "sync",
    ]


def test_pieces_of_web_addresses_and_of_contractions_say_nothing() -> None:
    text = "I've a paper jam, see https://t.co/Ab12 and www.help.example/jam-help. The jam is back, it won't print."
    assert telling_words(["ve", "t.co", "https", "jam", "paper", "www"], read_wording(text)) == ["jam", "paper"]


def test_greetings_and_small_words_of_other_scripts_tell_nothing() -> None:
    text = "مرحبا، هل يمكنكم إرسال الفاتورة؟ شكرا"

    assert telling_words(["مرحبا", "هل", "الفاتورة", "شكرا"], read_wording(text)) == ["الفاتورة"]


def test_numbers_and_the_word_question_say_nothing_about_the_matter() -> None:
    for text in ("Deux questions", "Zwei Fragen", "Dos preguntas", "Duas perguntas", "Twee vragen", "Due domande"):
        assert content_words(text) == frozenset()
    assert content_words("Double débit") != frozenset()
