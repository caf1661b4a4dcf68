"""What comes to a desk and is no request for help, and requests that only look like it."""

import pytest

from support_copilot.ml.mail_kind import mail_kind
from support_copilot.ml.severity import IssueText, classify_severity

ADVERTISING = [
    ("Backlinks", "We offer backlinks and guest posts for your site. Would you be interested in a quick call?"),
    ("Neue Kunden", "Wir bieten aktuelle Firmenadressen zu attraktiven Konditionen. Hier abmelden."),
    ("Webinaire", "Nous proposons un webinaire sur le référencement. Inscrivez-vous ! Ne plus recevoir : cliquez."),
    ("Aanbod", "Wij bieden een adressenbestand voor een speciale prijs. Uitschrijven kan hier."),
    ("Oferta", "Oferecemos listas de contactos a preço especial. Se não deseja receber mais mensagens, responda."),
]  # fmt: skip
NOTICES = [
    (
        "Letter before action",
        "We act for Mr Lee. Pay damages within 14 days, failing which we shall issue proceedings.",
    ),
    ("Ihr Schreiben", "Unsere Mandantschaft macht Schadensersatz geltend. Frist: innerhalb von zehn Tagen."),
    ("Sommatie", "Namens cliënt stel ik u aansprakelijk. Betaling dient binnen 14 dagen plaats te vinden."),
    ("Pedido", "Nos termos do artigo 15 do RGPD solicito acesso aos meus dados no prazo de 30 dias."),
    ("Complaint", "The Information Commissioner's office has opened an investigation. Respond within 28 days."),
]
REQUESTS = [
    ("Newsletter", "The unsubscribe link in our newsletter is broken: customers register now and get an error."),
    ("Unsubscribe", "Please unsubscribe me from your newsletter."),
    ("SEO", "Do you offer SEO settings for our shop? We cannot find where to set the title of a page."),
    ("Webinar", "I missed the webinar. Is there a recording?"),
    ("Angry", "If this is not solved by Friday I will talk to my lawyer."),
    ("GDPR", "Where can I see in which country our data is stored? Our data protection officer asks."),
    ("Solicitors", "We are solicitors and our client list does not import any more. Can you help within two days?"),
    ("Away", "I am out of the office from Friday, so please tell me before then whether the refund went out."),
    ("Undelivered mail", "Our customers get no order mails, they come back as undelivered. What can we do?"),
    (
        "Undelivered Mail Returned to Sender",
        "Since Monday all mails that your system sends come back with 'Undelivered Mail, 550 5.7.1'. Can you check?",
    ),
    ("Automatic reply does not work", "Our automatic reply 'I am out of office until' is not sent. Please fix this."),
    ("Abwesenheitsnotiz", "Ich bin bis 5. Dezember nicht im Büro. Kann mein Kollege so lange meine Tickets sehen?"),
    ("Security", "How do I turn on two-factor authentication for the security team?"),
]


@pytest.mark.parametrize(("subject", "body"), ADVERTISING)
def test_advertising_is_known_in_any_language(subject: str, body: str) -> None:
    kind = mail_kind(subject, body)

    assert kind is not None
    assert kind.name == "spam"


@pytest.mark.parametrize(("subject", "body"), NOTICES)
def test_a_formal_notice_is_known_in_any_language(subject: str, body: str) -> None:
    kind = mail_kind(subject, body)

    assert kind is not None
    assert kind.name == "legal_notice"


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Automatic reply: Your order", "Thank you for your mail. I'm away until Monday."),
        ("Abwesend", "Ich bin nicht im Büro. In dringenden Fällen wenden Sie sich bitte an den Empfang."),
        ("Undeliverable: Hello", "This is the mail system. Your message could not be delivered: user unknown."),
    ],
)
def test_what_a_program_wrote_is_known(subject: str, body: str) -> None:
    kind = mail_kind(subject, body)

    assert kind is not None
    assert kind.name == "automatic"


def test_a_reported_flaw_is_known() -> None:
    kind = mail_kind(
        "XSS", "As an independent researcher I found a vulnerability in your form. Do you have a bug bounty?"
    )

    assert kind is not None
    assert kind.name == "security_report"


@pytest.mark.parametrize(("subject", "body"), REQUESTS)
def test_a_request_that_shares_words_with_them_stays_one(subject: str, body: str) -> None:
    assert mail_kind(subject, body) is None


@pytest.mark.parametrize(("subject", "body"), ADVERTISING)
def test_advertising_is_of_low_severity_and_says_why(subject: str, body: str) -> None:
    prediction = classify_severity(IssueText(subject, body))

    assert (prediction.value, prediction.sure) == ("low", True)
    assert any("advertising" in factor.label for factor in prediction.factors)


@pytest.mark.parametrize(("subject", "body"), NOTICES)
def test_a_formal_notice_is_of_high_severity_at_least_and_says_why(subject: str, body: str) -> None:
    prediction = classify_severity(IssueText(subject, body))

    assert prediction.value in ("high", "critical")
    assert prediction.sure
    assert any("formal notice" in factor.label or "legal" in factor.label for factor in prediction.factors)


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Automatic reply: Label printer", "I am out of the office until Monday. Urgent? Please call my colleague."),
        ("Abwesenheitsnotiz", "Ich bin bis 5. Dezember nicht im Büro. Ist es dringend? Dann hilft Ihnen mein Kollege."),
        ("Réponse automatique", "Je suis absent jusqu'à lundi. Une urgence ? Veuillez contacter l'accueil."),
        ("Respuesta automática", "Estoy fuera de la oficina. ¿Es urgente? Llame a la centralita."),
        ("Automatisch antwoord", "Ik ben afwezig tot maandag. Dringend? Neem contact op met mijn collega."),
    ],
)
def test_who_is_away_asks_nothing_by_a_question_that_leads_to_a_colleague(subject: str, body: str) -> None:
    found = mail_kind(subject, body)
    assert found is not None
    assert found.name == "automatic"
