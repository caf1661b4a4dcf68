"""Whom a letter greets and how, and what it leaves out beside a wish, a routine request and a trouble that goes on."""

import pytest

from support_copilot.guidance.composer import compose_offline
from support_copilot.guidance.context import GuidanceContext
from support_copilot.guidance.draft import Draft
from support_copilot.guidance.schemas import GuidanceRequest
from support_copilot.guidance.wording import apologises
from tests.unit.guidance.samples import context, fix, option

RENEW = fix("The sync token had expired.", steps=("Sign out", "Sign in again"))


def compose(given: GuidanceContext) -> Draft:
    return compose_offline(given, GuidanceRequest())


@pytest.mark.parametrize(
    ("text", "language", "thanks"),
    [
        ("It would be great if the calendar could be printed.", "en", "Thank you for the suggestion."),
        ("Es wäre praktisch, wenn man den Kalender drucken könnte.", "de", "ielen Dank für Ihren Vorschlag."),
        ("Il serait utile de pouvoir imprimer le calendrier.", "fr", "Merci pour votre suggestion."),
        ("Nos gustaría poder imprimir el calendario, sería útil.", "es", "Gracias por la sugerencia."),
    ],
)
def test_to_a_wish_nobody_tells_what_solved_another_issue(text: str, language: str, thanks: str) -> None:
    solved = fix("Switching calendar sync off and on again solved it.", language=language)
    said = compose_offline(context(text, language=language, fixes=(solved,)), GuidanceRequest())
    assert thanks in said.text()
    assert "calendar sync" not in said.text()


@pytest.mark.parametrize(
    ("body", "language"),
    [
        ("The sync service is down at the moment; we are on it.", "en"),
        ("Der Kalenderdienst ist derzeit gestört; wir arbeiten daran.", "de"),
        ("Le service est actuellement interrompu; nous y travaillons.", "fr"),
    ],
)
def test_beside_a_template_on_a_trouble_that_goes_on_no_end_of_an_earlier_one_is_told(body: str, language: str) -> None:
    other = fix("The certificate had expired.", steps=("Press send again",), score=0.8, language=language)
    text = compose(context(language=language, fixes=(other,), templates=(option(body),))).text()
    assert "certificate" not in text
    assert "Press send" not in text


@pytest.mark.parametrize(
    ("name", "greeting"),
    [("Accounting", "Dear customer"), ("Dr. Weber", "Dear Dr. Weber"), ("Ana Example", "Dear Ana Example")],
)
def test_a_formal_letter_names_persons_only(name: str, greeting: str) -> None:
    values = {"customer": {"name": name}, "issue": {}, "agent": {}, "ask": {}}
    made = compose_offline(context(values=values, fixes=(RENEW,)), GuidanceRequest(tone="formal"))
    assert made.text().startswith(greeting)


def test_to_a_routine_request_nobody_apologises_however_it_sounds() -> None:
    text = "Hiermit kündige ich mein Abo zum nächstmöglichen Termin. Kündigung bitte bestätigen."
    made = compose(context(text, subject="Kündigung", language="de", sentiment="negative"))
    assert not apologises(made.text())
