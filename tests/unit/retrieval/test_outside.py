"""What an embedding service is sent of a text that was too long: no half of what would have been masked whole."""

import pytest

from support_copilot.ml.personal_data import KnownPerson
from support_copilot.retrieval.embedding import embedded_text
from support_copilot.retrieval.outside import NOBODY, Speaker, without_persons

FILLER = "The printer stops and the paper jams again. "
VALUES = {
    "card": "4111 1111 1111 1111",
    "iban": "DE89 3704 0044 0532 0130 00",
    "email": "zerlinda.quaxby@example.org",
    "phone": "+49 30 901820",
    "token": "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8",
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
def test_a_value_that_the_end_cuts_is_not_sent_in_part(value: str) -> None:
    limit = len(embedded_text("", "x" * 9000))
    for offset in range(limit - len(value) - 4, limit + 2):
        before = (FILLER * 200)[: offset - 1] + " "
        sent = without_persons(embedded_text("", f"{before}{value} {FILLER * 10}"), NOBODY)

        assert sent.lstrip().startswith("The printer stops")
        assert value[:6] not in sent, offset
        assert len(sent) > limit - 400


def test_a_name_that_the_end_cuts_is_not_sent_in_part() -> None:
    speaker = Speaker(known=(KnownPerson("Zerlinda Quaxby"),))
    for offset in range(3970, 4002):
        before = (FILLER * 200)[: offset - 1] + " "

        sent = without_persons(embedded_text("", f"{before}Zerlinda Quaxby {FILLER * 10}"), speaker)

        assert "Zerl" not in sent


def test_a_short_text_is_sent_to_its_end() -> None:
    assert without_persons("Write to ana@example.com, please", NOBODY) == "Write to [EMAIL], please"
