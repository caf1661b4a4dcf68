"""What a diagnosis needs to know and the customer has not said yet."""

import re
from collections.abc import Mapping
from typing import Final

from support_copilot.guidance.context import GuidanceContext

#: What is written about, in seven languages, and what is then needed; the first ones count most.
_TOPICS: Final[Mapping[str, re.Pattern[str]]] = {
    name: re.compile(rf"\b(?:{pattern})", re.IGNORECASE)
    for name, pattern in {
        "invoice_number": (
            r"invoice|charged|billing|bill\b|rechnung|abgebucht|factur|prélev|cobr|fatura|fattura|addebit|factuur|"
            r"afgeschreven"
        ),
        "order_number": (
            r"order(?:ed)?\b|deliver|parcel|package|shipp|refund|bestell|liefer|paket|erstattung|commande|"
            r"livraison|colis|rembours|pedido|entrega|paquete|reembols|encomend|ordine|consegna|pacco|rimbors|pakket|terugbetal"
        ),
        "error_message": (
            r"error|exception|fail(?:s|ed|ing)?\b|fehler|scheitert|erreur|échou|fallo|falla|erro\b|falha|errore|fallisce|"
            r"fout|mislukt"
        ),
        "version": (
            r"crash|freez|update|upgrade|install|app\b|software|plugin|abst[uü]rz|stürzt|aktualisier|plante|mise à jour|"
            r"cuelga|actualiz|atualiz|aggiorn|loopt vast|bijgewerkt"
        ),
        "account": (
            r"log ?in|log ?on|sign ?in|password|locked out|anmeld|einlogg|passwort|connexion|connecter|mot de passe|"
            r"iniciar sesión|contraseña|senha|entrar na|accedere|inloggen|wachtwoord"
        ),
        "device": (
            r"slow|screen|display|browser|bluetooth|wi-?fi|langsam|bildschirm|lent\b|écran|pantalla|lento|ecrã|tela\b|"
            r"schermo|traag|scherm"
        ),
    }.items()
}
#: Which entities in the customer's words answer a need.
_ANSWERED_BY: Final[Mapping[str, frozenset[str]]] = {
    "invoice_number": frozenset({"invoice_number", "reference_number", "identifier", "order_number"}),
    "order_number": frozenset({"order_number", "reference_number", "identifier", "tracking_number"}),
    "error_message": frozenset({"error_code", "http_status"}),
    "version": frozenset({"version"}),
    "account": frozenset({"email", "account_number"}),
}
_QUOTED: Final = re.compile(r"[\"“”„«»][^\"“”„«»]{8,}[\"“”„«»]|\w(?:Exception|Error)\b")
#: Shorter descriptions leave open what happens.
_SHORT_WORDS: Final = 12
_MOST: Final = 2


def missing_things(context: GuidanceContext) -> tuple[str, ...]:
    """What to ask the customer for, most important first, at most two; empty when enough was said."""
    text = f"{context.subject}\n{context.open_turn}"
    needed = [name for name, topic in _TOPICS.items() if topic.search(text) and not is_known(name, context)]
    if not needed and len(context.said().split()) < _SHORT_WORDS:
        needed = ["details"]
    return tuple(needed[:_MOST])


def is_known(name: str, context: GuidanceContext) -> bool:
    """Whether the customer, or the customer's record, told this already."""
    if name in context.known() or context.known() & _ANSWERED_BY.get(name, frozenset()):
        return True
    if name == "account":
        return "email" in context.values.get("customer", {})
    return name == "error_message" and bool(_QUOTED.search(context.said()))
