"""Sentences with the words of their source that say something else."""

import pytest

from support_copilot.ml.entailment import Contradiction, contradiction, numbers_in

SOURCE = (
    "Back up the data before you install the update. The shop calls the gateway, and the gateway answers within 30 "
    "seconds. Premium customers wait 4 hours, basic customers 2 days. Do not share the code. The lamp is off in June."
)


@pytest.mark.parametrize(("sentence", "found"), [
    ("Back up the data before you install the update.", None),
    ("Install the update after you back up the data.", None),
    ("Install the update before you back up the data.", "order"),
    ("Back up the data after you install the update.", "opposite"),
    ("The gateway answers within thirty seconds.", None),
    ("The gateway answers within 30 minutes.", "number"),
    ("The gateway answers within 40 seconds.", "number"),
    ("The gateway calls the shop.", "order"),
    ("The gateway is called by the shop.", None),
    ("Premium customers wait 2 days.", "number"),
    ("Share the code.", "negation"),
    ("Avoid sharing the code.", None),
    ("The lamp is on in June.", "opposite"),
    ("The lamp is off in July.", "number"),
    ("Cats like the moon.", None),
])  # fmt: skip
def test_what_a_sentence_makes_of_its_source(sentence: str, found: Contradiction | None) -> None:
    assert contradiction(sentence, SOURCE, "en") == found


def test_a_step_is_held_to_its_own_step() -> None:
    steps = "Open Settings and choose Accounts\nSign out\nSign in again"
    assert [contradiction(step, steps, "en") for step in steps.split("\n")] == [None, None, None]


def test_in_other_languages() -> None:
    assert contradiction("Der Code ist 5 Stunden gültig.", "Der Code ist 5 Minuten gültig.", "de") == "number"
    assert contradiction("Le retour n'est jamais gratuit.", "Le retour est toujours gratuit.", "fr") is not None
    assert contradiction("El pedido llega en 3 días.", "El pedido llega en 3 días.", "es") is None


def test_small_numbers_are_read_as_words() -> None:
    assert numbers_in("Hold it for ten seconds, zwei Mal.") == {"10", "2"}
