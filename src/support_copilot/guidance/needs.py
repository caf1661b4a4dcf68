"""Where an issue stands: settled, or in need of what the customer has not said yet."""

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
            r"crash|freez|update|upgrade|install|app\b|software|plugin|abst[uü]rz|stürzt|aktualisier|plante|"
            r"mise à jour|cuelga|actualiz|atualiz|aggiorn|loopt vast|bijgewerkt"
        ),
        "account": (
            r"log ?in|log ?on|sign ?in|password|locked out|two.factor|2fa|authenticator|zugang|anmeld|einlogg|passwort|"
            r"zwei.faktor|connexion|connecter|mot de passe|"
            r"iniciar sesión|contraseña|senha|entrar na|accedere|inloggen|wachtwoord"
        ),
        "device": (
            r"slow|screen|display|browser|bluetooth|wi-?fi|langsam|bildschirm|lent\b|écran|pantalla|lento|ecrã|tela\b|"
            r"schermo|traag|scherm"
        ),
    }.items()
}
_ANY_NUMBER: Final = frozenset({"reference_number", "identifier", "ticket_number", "product_code"})
#: Which entities in the customer's words answer a need.
_ANSWERED_BY: Final[Mapping[str, frozenset[str]]] = {
    "invoice_number": _ANY_NUMBER | {"invoice_number", "order_number"},
    "order_number": _ANY_NUMBER | {"order_number", "tracking_number"},
    "error_message": frozenset({"error_code", "http_status"}),
    "version": frozenset({"version"}),
    "account": frozenset({"email", "account_number"}),
}
_PAPERS: Final = frozenset({"order_number", "invoice_number"})
_QUOTED: Final = re.compile(r"[\"“”„«»][^\"“”„«»]{8,}[\"“”„«»]|\w(?:Exception|Error)\b")
#: Shorter descriptions leave open what happens.
_SHORT_WORDS: Final = 40
_MOST: Final = 2
_THANKS_WORDS: Final = 25
_SOLVED: Final = re.compile(
    r"\b(?:thank|thanks|thx|cheers|works (?:now|again)|solved|fixed|danke|funktioniert (?:jetzt|wieder)|gelöst|"
    r"erledigt|merci|résolu|gracias|resuelto|obrigad[oa]|resolvido|bedankt|dank|opgelost|grazie|risolto)\b",
    re.IGNORECASE,
)
_UNSOLVED: Final = re.compile(
    r"\?|\b(?:but|still|not|however|aber|noch|nicht|mais|encore|pas|pero|todavía|no|mas|ainda|não|maar|nog|niet|ma|"
    r"ancora|non|please|bitte|in advance|im voraus|d'avance|de antemano)\b|n['’]t\b",
    re.IGNORECASE,
)


def missing_things(context: GuidanceContext) -> tuple[str, ...]:
    """What to ask the customer for, most important first, at most two; empty when enough was said."""
    text = f"{context.subject}\n{context.open_turn}"
    places = {name: found.start() for name, topic in _TOPICS.items() if (found := topic.search(text))}
    # What is named first is what it is about; orders and invoices named later often just suffer from it.
    topics = sorted(places, key=lambda name: places[name])
    topics = [name for name in topics if name == topics[0] or name not in _PAPERS][:_MOST]
    if topics[:1] == ["account"]:
        # Who cannot get in uses no version.
        topics = [name for name in topics if name != "version"]
    needed = [name for name in topics if not is_known(name, context)]
    if not topics and "?" not in text and len(text.split()) < _SHORT_WORDS:
        needed = ["details"]
    return tuple(needed)


def is_known(name: str, context: GuidanceContext) -> bool:
    """Whether the customer, or the customer's record, told this already."""
    if name in context.known() or context.known() & _ANSWERED_BY.get(name, frozenset()):
        return True
    if name == "account":
        return "email" in context.values.get("customer", {})
    return name == "error_message" and bool(_QUOTED.search(context.said()))


def is_settled(context: GuidanceContext) -> bool:
    """Whether there is nothing to answer: the customer praises, or says after an answer that it works."""
    text = context.open_turn
    if context.sentiment == "positive" and not _UNSOLVED.search(text) and missing_things(context) in ((), ("details",)):
        return True
    answered = any(turn.author == "agent" for turn in context.turns)
    short = 0 < len(text.split()) <= _THANKS_WORDS
    return answered and short and bool(_SOLVED.search(text)) and not _UNSOLVED.search(text)
