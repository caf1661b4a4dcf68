"""What may be told of one customer's issue to another."""

import pytest

from support_copilot.guidance.scrub import NOBODY, identity_of, is_personal, names_somebody

BOB = identity_of(
    ["Bob Canary"], ["bob@canaryworks.com", "+49 170 5550199"], ["Order CAN-99812 from 12 Birch Street, paid 49.90 EUR"]
)


@pytest.mark.parametrize(
    "sentence",
    [
        "Bob confirmed it.",
        "We asked Canary to sign in.",
        "The domain canaryworks.com was blocked.",
        "Order CAN-99812 was sent again.",
        "The reference is can-99812.",
    ],
)
def test_names_and_numbers_of_the_issue_are_personal(sentence: str) -> None:
    assert names_somebody(sentence, BOB)


@pytest.mark.parametrize(
    "sentence",
    [
        "Write to someone@example.org.",
        "Call +44 20 7946 0000 for this.",
        "We refunded 49.90 EUR.",
        "The IBAN DE89 3704 0044 0532 0130 00 was wrong.",
        "Mr. Fischer has the key.",
        "Frau Weber hat den Schlüssel.",
        "Send it to 12 Birch Street.",
        "Geschickt an Lindenstraße 5.",
        "Invoice INV-20817 was cancelled.",
        "Ask @canary about it.",
        "Open https://app.example/reset?token=abc to go on.",
        "Ticket #4711 has the answer.",
    ],
)
def test_data_of_people_is_personal_whoever_they_are(sentence: str) -> None:
    assert is_personal(sentence, NOBODY)


@pytest.mark.parametrize(
    "sentence",
    [
        "Sign out and in again.",
        "Version 4.2.1 repairs the crash.",
        "Open Settings > Accounts and choose Sync.",
        "Wait for two minutes, then press Start.",
        "Error E1234 means that the disk is full.",
        "The second charge disappeared after three working days.",
        "See https://help.example/sync for pictures.",
    ],
)
def test_technical_advice_is_not_personal(sentence: str) -> None:
    assert not is_personal(sentence, BOB)


def test_words_of_company_names_that_are_words_of_any_sentence_name_nobody() -> None:
    identity = identity_of(["The Support Company"], ["x@gmail.com"], [])
    assert not names_somebody("The support of gmail.com accounts ended.", identity)


def test_a_name_in_small_letters_is_a_word() -> None:
    identity = identity_of(["Mark Bright"], [], [])
    assert names_somebody("Mark has it.", identity)
    assert not names_somebody("Please mark the bright box.", identity)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "text", ["", "\x00", "\ud800" * 10, "1" * 50_000, "a@" * 20_000, "+1 " * 20_000, "rue " * 10_000]
)
def test_hostile_text_is_read_in_no_time(text: str) -> None:
    assert is_personal(text, identity_of([text], [text], [text[:20_000]])) in (True, False)
