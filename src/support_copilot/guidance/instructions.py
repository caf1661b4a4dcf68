"""Reads what the agent asked for in words, as far as it can be done without a language model."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from support_copilot.ml.tone import Tone


@dataclass(frozen=True, slots=True)
class Wishes:
    """``apology`` None leaves it to the customer's mood; ``unmet`` holds the parts that nothing here understands."""

    tone: Tone | None = None
    short: bool = False
    ask: tuple[str, ...] = ()
    apology: bool | None = None
    greeting: bool = True
    closing: bool = True
    unmet: tuple[str, ...] = ()


_CLAUSE: Final = re.compile(r"[.;,\n!?]+|\s(?:and|then|but|und|aber|et|mais|y|pero|e|mas|en|maar|ma)\s", re.IGNORECASE)
_NOT: Final = re.compile(
    r"\b(?:no|not|don'?t|do not|without|skip|omit|leave out|drop|remove|kein\w*|ohne|nicht|sans|pas|sin|sem|não|"
    r"senza|non|geen|zonder|niet)\b",
    re.IGNORECASE,
)
_ASKING: Final = re.compile(
    r"\b(?:ask|request|need|frag\w*|erfrag\w*|bitte\w*|demand\w*|pregunt\w*|pide|pergunt\w*|peça|pedir|chied\w*|vraag)\b",
    re.IGNORECASE,
)
_SHORT: Final = re.compile(
    r"\b(?:short\w*|brief\w*|concise|crisp|less text|kurz|kürz\w*|knapp\w*|court\w*|bref|brève|cort[aeo]|"
    r"breve\w*|curt[oa]|kort\w*|bondig|conciso)\b",
    re.IGNORECASE,
)
_APOLOGY: Final = re.compile(
    r"\b(?:apolog\w*|sorry|entschuldig\w*|excus\w*|disculp\w*|desculp\w*|scus\w*)", re.IGNORECASE
)
_GREETING: Final = re.compile(
    r"\b(?:greeting|salutation|anrede|begrüßung|salut\w*|saludo|saudação|saluto|aanhef|begroeting)\b", re.IGNORECASE
)
_CLOSING: Final = re.compile(
    r"\b(?:closing|signature|sign-?off|signoff|grußformel|signatur|despedida|firma|assinatura|afsluiting|handtekening)\b",
    re.IGNORECASE,
)
_TONES: Final[Mapping[Tone, re.Pattern[str]]] = {
    "formal": re.compile(r"\b(?:formal\w*|förmlich\w*|formell\w*|formel\w*|formeel|formele)\b", re.IGNORECASE),
    "warm": re.compile(
        r"\b(?:warm\w*|friendl\w*|kind\w*|empath\w*|personal|herzlich\w*|freundlich\w*|empathisch|chaleureu\w*|amical\w*|"
        r"cálid\w*|cercan\w*|amable|calor\w*|amichevol\w*|vriendelijk\w*|hartelijk\w*)\b",
        re.IGNORECASE,
    ),
    "neutral": re.compile(r"\b(?:neutral\w*|neutr[eoa]|sachlich\w*|neutraal)\b", re.IGNORECASE),
}
_THINGS: Final[Mapping[str, re.Pattern[str]]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "invoice_number": r"invoice|rechnung|facture|factura|fatura|fattura|factuur",
        "tracking_number": r"tracking|sendungs|suivi|seguimiento|seguimento|tracciamento",
        "order_number": r"\border|bestell|auftrag|commande|pedido|encomenda|ordine|bestel",
        "version": r"version|versión|versão|versione|versie|build number",
        "error_message": r"error|fehler|erreur|erro\b|errore|fout",
        "account": r"account|e-?mail|login|konto|compte|cuenta|conta\b",
        "device": r"device|operating system|browser|phone model|gerät|betriebssystem|appareil|dispositivo|apparaat",
        "details": r"detail|what (?:exactly|happens)|since when|more information|einzelheit|détail|detalle|dettagli",
    }.items()
}


def read_instruction(instruction: str | None) -> Wishes:
    """The wishes in an instruction, in seven languages; what is not understood is kept word for word in ``unmet``."""
    clauses = [clause.strip() for clause in _CLAUSE.split(instruction or "") if clause and clause.strip()]
    tone: Tone | None = None
    short, greeting, closing = False, True, True
    apology: bool | None = None
    ask: list[str] = []
    unmet: list[str] = []
    asking = False
    for clause in clauses:
        negated = bool(_NOT.search(clause))
        asking = asking or bool(_ASKING.search(clause))
        things = [name for name, pattern in _THINGS.items() if pattern.search(clause)] if asking else []
        named_tone = next((name for name, pattern in _TONES.items() if pattern.search(clause)), None)
        if things and not negated:
            ask += things[:1]
        elif _APOLOGY.search(clause):
            apology = not negated
        elif _GREETING.search(clause):
            greeting = not negated
        elif _CLOSING.search(clause):
            closing = not negated
        elif _SHORT.search(clause) and not negated:
            short = True
        elif named_tone and not negated:
            tone = named_tone
        else:
            unmet.append(clause)
    return Wishes(tone, short, tuple(dict.fromkeys(ask)), apology, greeting, closing, tuple(unmet))
