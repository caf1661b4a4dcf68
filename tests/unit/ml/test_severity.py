import numpy as np
import pytest

from support_copilot.ml.severity import (
    SEVERITIES,
    IssueText,
    SeveritySignals,
    classify_severity,
    incident_kinds,
    is_critical,
)
from support_copilot.ml.severity_cues import read_cues


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Site down", "Our whole shop is down, no customer can buy and we lose money every minute."),
        ("All records have disappeared", "After the update the data of all customers is gone, restore failed."),
        ("Ausfall", "Das System ist für alle Mitarbeiter nicht erreichbar, wir können nicht arbeiten."),
        ("Panne totale", "Tous les clients sont touchés, le service est inaccessible."),
        ("Sistema caído", "Ningún cliente puede comprar, todo está caído y perdemos dinero."),
    ],
)
def test_disasters_are_critical(subject: str, body: str) -> None:
    text = IssueText(subject, body)
    prediction = classify_severity(text)
    assert prediction.value == "critical"
    assert is_critical(prediction).value


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("How do I change my address?", "I would like to know where to find it."),
        ("Typo", "There is a typo on the start page, not urgent."),
        ("Danke", "Vielen Dank für Ihre Hilfe, es funktioniert wieder."),
        ("Suggestion", "Ce serait bien d'avoir un thème sombre."),
    ],
)
def test_small_things_are_low(subject: str, body: str) -> None:
    text = IssueText(subject, body)
    prediction = classify_severity(text)
    assert prediction.value == "low"
    assert not is_critical(prediction).value


@pytest.mark.parametrize(
    ("text", "language", "cue"),
    [
        ("Não conseguimos entrar e as encomendas têm de sair hoje.", "pt", "blocked"),
        ("A aplicação bloqueou e fecha sozinha.", "pt", "crash"),
        ("Descontaram o valor errado do meu cartão.", "pt", "payment"),
        ("Seria útil ter um modo escuro.", "pt", "feature"),
        ("Al onze winkels kunnen niet afrekenen.", "nl", "business"),
        ("Ik kom er niet in.", "nl", "blocked"),
        ("De kassa is uitgevallen.", "nl", "outage"),
        ("Het zou handig zijn als je filters kon bewaren.", "nl", "feature"),
    ],
)
def test_what_is_said_in_portuguese_and_dutch_is_heard(text: str, language: str, cue: str) -> None:
    assert cue in classify_severity(IssueText("", text, language)).cues


def test_a_broken_part_is_in_between() -> None:
    assert classify_severity(IssueText("Filter", "The filter is not working since the update.")).value == "medium"


def test_factors_are_signed_and_explain_the_move() -> None:
    factors = {f.label: f.effect for f in classify_severity(IssueText("Outage", "Is there a workaround?")).factors}
    assert factors["mentions an outage"] > 0
    assert factors["a workaround exists"] < 0


def test_a_denied_cue_does_not_count() -> None:
    labels = [f.label for f in classify_severity(IssueText("Report", "There was no data loss.")).factors]
    assert "mentions lost or corrupted data" not in labels


def test_probabilities_add_up_and_name_the_value() -> None:
    prediction = classify_severity(IssueText("Cannot log in", "My account is locked."))
    assert set(prediction.probabilities) == set(SEVERITIES)
    assert sum(prediction.probabilities.values()) == pytest.approx(1, abs=0.001)
    assert prediction.confidence == prediction.probabilities[prediction.value] == max(prediction.probabilities.values())


def test_signals_raise_the_score() -> None:
    text = IssueText("Export", "The export is not working.")
    known = SeveritySignals(plan="enterprise", repeat_contacts=3, sentiment=-0.9, similar_open=6)
    plain, raised = classify_severity(text), classify_severity(text, known)
    assert raised.probabilities["critical"] > plain.probabilities["critical"]
    assert "the customer wrote about this before" in [factor.label for factor in raised.factors]
    assert not is_critical(plain).value


def test_a_crowd_makes_a_serious_issue_critical() -> None:
    text = IssueText("Cannot log in", "I am locked out and cannot access my account, urgent.")
    signals = SeveritySignals(similar_open=8)
    decision = is_critical(classify_severity(text, signals), signals)
    assert decision.reasons == ("several customers report the same at this time",)


def test_a_question_about_a_danger_is_not_an_alarm() -> None:
    text = IssueText("Question about backups", "How can I protect us against ransomware and data loss?")
    assert not is_critical(classify_severity(text)).value


@pytest.mark.parametrize("text", ["", " ", "help", "\x00", "\ud800"])
def test_too_little_text_is_unsure(text: str) -> None:
    assert not classify_severity(IssueText("", text)).sure


def test_a_vector_of_another_length_is_not_used() -> None:
    text = IssueText("Export", "The export is not working.")
    assert classify_severity(text, None, np.ones(7, dtype=np.float32)) == classify_severity(text)


def test_a_vector_changes_model_and_score_of_english_text_only() -> None:
    vector = np.full(384, 384**-0.5, dtype=np.float32)
    english, german = IssueText("Export", "It stopped."), IssueText("Export", "Er steht.", "de")
    assert classify_severity(english, None, vector).model != classify_severity(english).model
    assert classify_severity(german, None, vector) == classify_severity(german)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", ["lost ", "a _ ", "!", "DOWN ", "\x00", "لا "])
def test_five_megabytes_take_moments(unit: str) -> None:
    text = unit * (5_000_000 // len(unit))
    prediction = classify_severity(IssueText(text, text))
    assert prediction.value in prediction.probabilities
    is_critical(prediction)


@pytest.mark.parametrize(
    ("subject", "body", "kinds"),
    [
        ("Checkout down", "The checkout is down for everyone, we are losing sales.", {"outage"}),
        ("Invoices", "I see someone else's invoices with their bank account.", {"privacy"}),
        ("Rechnungen", "Ich sehe Rechnungen einer anderen Firma.", {"privacy"}),
        ("Orders", "We see orders that are not ours, with names and addresses of strangers.", {"privacy"}),
        ("Bestellungen", "In meinem Konto stehen Namen von Fremden.", {"privacy"}),
        ("Calls", "I get calls from strangers since I signed up.", set()),
        ("My laptop", "My laptop is down since this morning.", set()),
        ("Question", "How do I set up alerts for when the server is down for all users?", set()),
        ("Late", "My parcel is late.", set()),
    ],
)
def test_an_incident_is_what_only_the_company_can_end(subject: str, body: str, kinds: set[str]) -> None:
    assert incident_kinds(IssueText(subject, body)) == kinds


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I see two payments of 349.90 EUR on my account that I did not make."),
        ("de", "Ich sehe zwei Abbuchungen über 349,90 EUR, die ich nicht gemacht habe."),
        ("fr", "Je vois deux paiements de 349,90 EUR que je n'ai pas effectués."),
        ("es", "Veo dos cargos de 349,90 EUR que yo no he hecho."),
        ("pt", "Vejo dois pagamentos de 349,90 EUR que não fiz."),
        ("nl", "Ik zie twee afschrijvingen van 349,90 EUR die ik niet heb gedaan."),
    ],
)
def test_payments_that_the_customer_did_not_make_are_grave_and_no_incident_of_the_company(
    language: str, text: str
) -> None:
    issue = IssueText("Payments", text, language)
    prediction = classify_severity(issue)

    assert "security" in prediction.cues
    assert is_critical(prediction).value
    assert "security" not in incident_kinds(issue)


def test_a_tax_is_not_called_minor() -> None:
    assert "minor" not in read_cues("", "Op de factuur staat 21% btw.")


@pytest.mark.parametrize(
    ("text", "back"),
    [
        ("Thank you, everything works again!", False),
        ("Please send it again.", False),
        ("Gracias de nuevo, todo funciona otra vez.", False),
        ("Alles werkt opnieuw, bedankt!", False),
        ("The printer stopped working again.", True),
        ("Otra vez falla la importación.", True),
        ("Der Export ist erneut fehlgeschlagen.", True),
    ],
)
def test_again_says_that_a_trouble_is_back_only_beside_a_trouble(text: str, back: bool) -> None:
    assert ("again" in read_cues("", text)) == back


@pytest.mark.parametrize(
    ("subject", "body", "language"),
    [
        ("Box", "Plus d'internet depuis 3 jours.", "fr"),
        ("Büro", "Seit drei Tagen kein Internet mehr.", "de"),
        ("Oficina", "Llevamos tres días sin internet.", "es"),
        ("Escritório", "Há dois dias sem telefone.", "pt"),
        ("Kantoor", "Al twee dagen geen stroom.", "nl"),
        ("Ufficio", "Da tre giorni senza acqua.", "it"),
        ("Packing", "The sealer is down for the second shift.", "en"),
        ("Abfüllung", "Die Anlage steht seit der Spätschicht.", "de"),
        ("Atelier", "Plus aucune électricité depuis hier.", "fr"),
    ],
)
def test_what_people_cannot_do_without_and_what_stands_for_long_is_high(subject: str, body: str, language: str) -> None:
    assert classify_severity(IssueText(subject, body, language)).value in {"high", "critical"}


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Question", "Does it work offline too, without internet? I have had it for three days."),
        ("Frage", "Ich habe das Gerät seit drei Tagen, wie kann ich es umbenennen?"),
        ("Labels", "The labels for the second shift have the wrong colour."),
        ("Question", "Depuis hier je cherche comment ajouter un collègue."),
    ],
)
def test_a_length_of_time_or_a_word_for_a_supply_alone_is_no_outage(subject: str, body: str) -> None:
    text = IssueText(subject, body)
    assert "outage" not in read_cues(subject, body)
    assert classify_severity(text).value in {"low", "medium"}


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Somebody else's letters", "When I open the portal I see the letters of another customer."),
        ("Ladegerät", "Das Ladegerät raucht und der Tisch ist verbrannt."),
        ("Archive", "The archive is empty now, all scans of June are gone."),
        ("Connexion", "Quelqu'un s'est connecté à notre compte, ce n'était pas nous, le RIB a changé."),
    ],
)
def test_what_must_be_seen_at_once_is_of_critical_severity(subject: str, body: str) -> None:
    prediction = classify_severity(IssueText(subject, body))
    assert is_critical(prediction).value
    assert (prediction.value, prediction.sure) == ("critical", True)
    assert max(prediction.probabilities.values()) == prediction.confidence


def test_many_reports_of_the_same_make_a_grave_issue_critical_in_one_voice() -> None:
    signals = SeveritySignals(similar_open=6)
    prediction = classify_severity(IssueText("Checkout", "We cannot log in and the till is stuck."), signals)
    assert is_critical(prediction, signals).value
    assert prediction.value == "critical"


def test_nobody_at_any_place_and_money_lost_by_the_hour_are_critical() -> None:
    body = "Nobody at any of our 12 stores can print labels, checkout hangs, we lose about 4k an hour"
    prediction = classify_severity(IssueText("Everything down", body))
    assert (prediction.value, is_critical(prediction).value) == ("critical", True)
