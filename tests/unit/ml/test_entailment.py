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


@pytest.mark.parametrize(("language", "source", "changed", "true"), [
    ("en", "Keep the freezer below 8 degrees.", "Keep the freezer above 8 degrees.",
     "The freezer must be kept below 8 degrees."),
    ("en", "The alarm goes off when nobody is in the room.", "The alarm goes off only when somebody is in the room.",
     "When nobody is in the room, the alarm goes off."),
    ("en", "Orders under 50 euros pay for shipping.", "Orders over 50 euros pay for shipping.",
     "Shipping is paid for with orders under 50 euros."),
    ("de", "Das Lager bleibt unter 8 Grad.", "Das Lager bleibt über 8 Grad.", "Unter 8 Grad bleibt das Lager."),
    ("de", "Der Alarm geht an, wenn niemand im Raum ist.", "Der Alarm geht an, wenn jemand im Raum ist.",
     "Wenn niemand im Raum ist, geht der Alarm an."),
    ("fr", "Le câble passe au-dessous du boîtier.", "Le câble passe au-dessus du boîtier.",
     "Le câble du boîtier passe au-dessous."),
    ("es", "El cable pasa por debajo de la caja.", "El cable pasa por encima de la caja.",
     "Por debajo de la caja pasa el cable."),
    ("es", "La alarma suena cuando no hay nadie en la sala.", "La alarma suena cuando hay alguien en la sala.",
     "La alarma suena si no hay nadie en la sala."),
])  # fmt: skip
def test_above_is_not_below_and_somebody_is_not_nobody(language: str, source: str, changed: str, true: str) -> None:
    assert contradiction(changed, source, language) is not None
    assert contradiction(true, source, language) is None


def test_small_numbers_are_read_as_words() -> None:
    assert numbers_in("Hold it for ten seconds, zwei Mal.") == {"10", "2"}
