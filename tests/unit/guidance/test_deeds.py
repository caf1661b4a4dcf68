"""What a letter says to have been done."""

import pytest

from support_copilot.guidance.checks import check_actions
from support_copilot.guidance.deeds import deed_in
from support_copilot.guidance.draft import Block, Draft, Source, piece_of
from tests.unit.guidance.samples import PLAIN


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "We have asked for the refund of the second payment."),
        ("en", "We opened a search request with the carrier."),
        ("en", "I've unlocked your account."),
        ("en", "Our security team has been called in."),
        ("de", "Die Erstattung der zweiten Zahlung ist veranlasst und kommt in zehn Tagen an."),
        ("de", "Wir haben beim Versanddienst einen Nachforschungsauftrag gestellt."),
        ("de", "Ihr Zugang wurde zurückgesetzt."),
        ("fr", "Le remboursement du second paiement est demandé."),
        ("fr", "Nous vous avons remboursé hier."),
        ("es", "Hemos abierto una búsqueda con el transportista."),
        ("es", "Su cuenta ha sido bloqueada."),
        ("pt", "Já pedimos o reembolso."),
        ("pt", "O cartão foi bloqueado."),
        ("nl", "Wij hebben de terugbetaling aangevraagd."),
        ("nl", "Uw kaart is geblokkeerd."),
        ("it", "Abbiamo richiesto il rimborso."),
    ],
)
def test_a_deed_is_seen_in_any_language(language: str, sentence: str) -> None:
    assert deed_in(sentence, language)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "We send it as soon as we have looked it up."),
        ("en", "We have received your message."),
        ("en", "We have not opened a request yet."),
        ("en", "If the parcel has been found, you get a note."),
        ("de", "Sobald wir das Geld erstattet haben, melden wir uns."),
        ("de", "Wir haben Ihre Nachricht erhalten."),
        ("de", "Wir haben noch nichts veranlasst."),
        ("fr", "Nous avons bien reçu votre message."),
        ("es", "Hemos recibido su mensaje."),
        ("pt", "Enviamos esse número assim que o tivermos."),
        ("pt", "Pedimos desculpa pelo incómodo."),
        ("nl", "We hebben uw bericht ontvangen."),
    ],
)
def test_no_deed_is_what_is_received_denied_or_still_to_come(language: str, sentence: str) -> None:
    assert deed_in(sentence, language) is None


def test_a_deed_of_a_template_is_flagged_and_stays() -> None:
    template = Source("template", "tpl_1", "Double charge")
    told = "We have asked for the refund."
    draft = Draft((Block("paragraph", (piece_of(told, template, told),)),), "en", "offline/1")

    kept, result = check_actions(draft, PLAIN)

    assert kept == draft
    assert result.verdict == "flagged"
    assert "“We have asked for”" in result.detail


def test_courtesy_is_no_deed() -> None:
    draft = Draft((Block("paragraph", (piece_of("We have asked for it."),)),), "en", "offline/1")

    assert check_actions(draft, PLAIN)[1].verdict == "pass"
