"""The few fixed words of a summary, in the language of the issue; everything else is quoted from it."""

from collections.abc import Mapping
from typing import Final, Literal

SectionName = Literal["problem", "tried", "resolution", "open_points", "mood", "customer", "status", "next_step"]
#: What stands before a sentence of the short text.
LabelName = Literal["customer", "agent", "resolution", "open_points"]

_HEADINGS: Final[Mapping[str, Mapping[SectionName, str]]] = {
    "en": {"problem": "Problem", "tried": "Tried", "resolution": "Resolution", "open_points": "Open", "mood": "Mood",
           "customer": "Customer", "status": "Status", "next_step": "Next step"},
    "de": {"problem": "Problem", "tried": "Versucht", "resolution": "Lösung", "open_points": "Offen",
           "mood": "Stimmung", "customer": "Kunde", "status": "Stand", "next_step": "Nächster Schritt"},
    "fr": {"problem": "Problème", "tried": "Essayé", "resolution": "Solution", "open_points": "En suspens",
           "mood": "Humeur", "customer": "Client", "status": "État", "next_step": "Prochaine étape"},
    "es": {"problem": "Problema", "tried": "Intentado", "resolution": "Solución", "open_points": "Pendiente",
           "mood": "Ánimo", "customer": "Cliente", "status": "Estado", "next_step": "Siguiente paso"},
    "pt": {"problem": "Problema", "tried": "Tentado", "resolution": "Solução", "open_points": "Em aberto",
           "mood": "Humor", "customer": "Cliente", "status": "Estado", "next_step": "Próximo passo"},
    "nl": {"problem": "Probleem", "tried": "Geprobeerd", "resolution": "Oplossing", "open_points": "Open",
           "mood": "Stemming", "customer": "Klant", "status": "Stand", "next_step": "Volgende stap"},
}  # fmt: skip
_AGENT: Final[Mapping[str, str]] = {
    "en": "Agent", "de": "Support", "fr": "Conseiller", "es": "Agente", "pt": "Atendente", "nl": "Medewerker",
    "it": "Operatore",
}  # fmt: skip
_MOODS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {"negative": "upset", "neutral": "matter-of-fact", "positive": "content", "from": "{0} at first, {1} at the end",
           "same": "{0} throughout"},
    "de": {"negative": "verärgert", "neutral": "sachlich", "positive": "zufrieden", "from": "erst {0}, am Ende {1}",
           "same": "durchweg {0}"},
    "fr": {"negative": "mécontent", "neutral": "neutre", "positive": "satisfait", "from": "d'abord {0}, à la fin {1}",
           "same": "{0} du début à la fin"},
    "es": {"negative": "molesto", "neutral": "neutral", "positive": "satisfecho", "from": "al principio {0}, al final {1}",
           "same": "{0} todo el tiempo"},
    "pt": {"negative": "aborrecido", "neutral": "neutro", "positive": "satisfeito", "from": "no início {0}, no fim {1}",
           "same": "{0} o tempo todo"},
    "nl": {"negative": "ontevreden", "neutral": "zakelijk", "positive": "tevreden", "from": "eerst {0}, aan het eind {1}",
           "same": "de hele tijd {0}"},
    "it": {"negative": "contrariato", "neutral": "neutro", "positive": "soddisfatto",
           "from": "prima {0}, alla fine {1}", "same": "sempre {0}"},
}  # fmt: skip


def heading(name: SectionName, language: str) -> str:
    """The heading of a section; English for languages without words of their own."""
    return _HEADINGS.get(language[:2], _HEADINGS["en"])[name]


def label(name: LabelName, language: str) -> str:
    """Who says it, or what it is; English for languages without words of their own."""
    if name == "agent":
        return _AGENT.get(language[:2], _AGENT["en"])
    return heading(name, language)


def mood(first: str, last: str, language: str) -> str:
    """The customer's mood from the first message to the last, each ``negative``, ``neutral`` or ``positive``."""
    words = _MOODS.get(language[:2], _MOODS["en"])
    if first == last:
        return words["same"].format(words[first])
    return words["from"].format(words[first], words[last])
