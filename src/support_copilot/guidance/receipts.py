"""What is said where there is nothing to answer yet but something to confirm, in seven languages (data)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from support_copilot.kit.reasons import Reason
from support_copilot.ml.content_words import words_of
from support_copilot.ml.mail_kind import MailKindName


@dataclass(frozen=True, slots=True)
class Receipts:
    """Sentences that only confirm: no apology, no promise, no word on the matter."""

    #: To who sends a formal notice.
    notice: tuple[str, ...]
    #: To who reports a weakness in the security of the product.
    flaw: tuple[str, ...]
    #: To who wants something that is not there.
    wish: tuple[str, ...]
    #: To who wants something done that is nothing unusual.
    request: str


RECEIPTS: Final[Mapping[str, Receipts]] = {
    "en": Receipts(
        notice=(
            "We confirm that we have received your message and are passing it on to the people in charge.",
            "This confirmation is no statement on the matter itself.",
        ),
        flaw=(
            "Thank you for reporting this to us.",
            "We are passing it on to the people here who look after security, and they decide on the next steps.",
        ),
        wish=(
            "Thank you for the suggestion.",
            "We have no date for it to tell you, so we note your wish for the people who plan the product.",
        ),
        request="We have noted your request and are seeing to it.",
    ),
    "de": Receipts(
        notice=(
            "Wir bestätigen den Eingang Ihrer Nachricht und leiten sie an die bei uns zuständige Stelle weiter.",
            "Diese Bestätigung ist keine Stellungnahme zur Sache.",
        ),
        flaw=(
            "Vielen Dank, dass Sie uns das melden.",
            "Wir leiten Ihre Meldung an die für Sicherheit Zuständigen weiter, die über das Weitere entscheiden.",
        ),
        wish=(
            "Vielen Dank für Ihren Vorschlag.",
            "Einen Termin dafür können wir Ihnen nicht nennen; wir halten Ihren Wunsch für die Produktplanung fest.",
        ),
        request="Wir haben Ihre Bitte notiert und kümmern uns darum.",
    ),
    "fr": Receipts(
        notice=(
            "Nous accusons réception de votre message et le transmettons au service compétent.",
            "Cet accusé de réception ne constitue pas une prise de position sur le fond.",
        ),
        flaw=(
            "Merci de nous avoir signalé cela.",
            "Nous transmettons votre signalement aux personnes chargées de la sécurité, qui décident de la suite.",
        ),
        wish=(
            "Merci pour votre suggestion.",
            "Nous ne pouvons pas vous donner de date, mais nous notons votre souhait pour l'équipe produit.",
        ),
        request="Nous avons bien noté votre demande et nous en occupons.",
    ),
    "es": Receipts(
        notice=(
            "Acusamos recibo de su mensaje y lo trasladamos a las personas competentes.",
            "Este acuse de recibo no supone ningún pronunciamiento sobre el fondo del asunto.",
        ),
        flaw=(
            "Gracias por informarnos de ello.",
            "Trasladamos su aviso a las personas encargadas de la seguridad, que deciden los siguientes pasos.",
        ),
        wish=(
            "Gracias por la sugerencia.",
            "No podemos darle una fecha, pero tomamos nota de su deseo para el equipo de producto.",
        ),
        request="Hemos tomado nota de su petición y nos ocupamos de ella.",
    ),
    "pt": Receipts(
        notice=(
            "Confirmamos a receção da sua mensagem e encaminhamo-la para as pessoas competentes.",
            "Esta confirmação não constitui uma tomada de posição sobre o assunto.",
        ),
        flaw=(
            "Obrigado por nos ter comunicado isto.",
            "Encaminhamos o seu aviso para as pessoas responsáveis pela segurança, que decidem os próximos passos.",
        ),
        wish=(
            "Obrigado pela sugestão.",
            "Não podemos indicar uma data, mas registamos o seu pedido para a equipa de produto.",
        ),
        request="Registámos o seu pedido e estamos a tratar dele.",
    ),
    "nl": Receipts(
        notice=(
            "Wij bevestigen de ontvangst van uw bericht en geven het door aan de collega's die hierover gaan.",
            "Deze bevestiging is geen standpunt over de zaak zelf.",
        ),
        flaw=(
            "Dank u dat u dit bij ons meldt.",
            "Wij geven uw melding door aan de collega's die over de beveiliging gaan en over het vervolg beslissen.",
        ),
        wish=(
            "Bedankt voor uw suggestie.",
            "Een datum kunnen wij u niet noemen, maar wij geven uw wens door aan het productteam.",
        ),
        request="Wij hebben uw verzoek genoteerd en gaan ermee aan de slag.",
    ),
    "it": Receipts(
        notice=(
            "Confermiamo di aver ricevuto il suo messaggio e lo inoltriamo alle persone competenti.",
            "Questa conferma non costituisce una presa di posizione sul merito.",
        ),
        flaw=(
            "Grazie per avercelo segnalato.",
            "Inoltriamo la sua segnalazione a chi si occupa della sicurezza, che deciderà i passi successivi.",
        ),
        wish=(
            "Grazie per il suggerimento.",
            "Non possiamo indicarle una data, ma segnaliamo la sua richiesta a chi si occupa del prodotto.",
        ),
        request="Abbiamo preso nota della sua richiesta e ce ne occupiamo.",
    ),
}

_CLOSE: Final = "Close it, or say what to answer."
_HAND_OVER: Final = "Hand it over before anything is sent: this"
#: What the agent is told of a draft that says no more than this, or nothing.
SET_ASIDE: Final[Mapping[MailKindName, Reason]] = {
    "spam": Reason("check.no_reply_spam", f"No reply: this reads like advertising from no customer. {_CLOSE}"),
    "automatic": Reason("check.no_reply_automatic", f"No reply: this is a message that nobody wrote. {_CLOSE}"),
    "legal_notice": Reason(
        "check.hand_over_legal_notice",
        f"{_HAND_OVER} is a formal notice with legal consequences. The draft only confirms receipt.",
    ),
    "security_report": Reason(
        "check.hand_over_security_report",
        f"{_HAND_OVER} reports a weakness in the security of the product. The draft only confirms receipt.",
    ),
}


@cache
def receipt_words() -> frozenset[str]:
    """Every word of them, in lower case: one of these tells nothing that an internal note says."""
    return frozenset(words_of(repr(RECEIPTS)))
