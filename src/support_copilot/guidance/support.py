"""Whether a sentence of a model follows from a source, found by local means: its words, and what ``ml/entailment`` finds.

No second model judges: a judge that reads the same text can be talked into anything by it (the lesson of prompt
injection against LLM-as-a-judge). Words are compared by their stems, which favours sentences that stay close to
their source; that is what a support reply should do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from support_copilot.guidance.draft import Source
from support_copilot.guidance.phrasebook import LANGUAGES, phrase_words, phrases_of
from support_copilot.guidance.scrub import numbered_words
from support_copilot.ml.content_words import content_words, words_of
from support_copilot.ml.entailment import Contradiction, contradiction

#: Shares of content words found in a source. From the first on the sentence is taken, from the second on it is marked.
SUPPORTED: Final = 0.75
LOOSELY: Final = 0.6
#: A sentence of a long source may still bring a few words of its own, but not another message.
_OWN_WORDS: Final = 4
_STEM: Final = 4
_STEMMED: Final = 8
#: Words of politeness beside those of the phrasebook; they claim nothing. Stems as ``content_words`` cuts them.
_POLITE: Final = frozenset(
    word[:8]
    for word in [
        "thank",
        "thanks",
        "appreciate",
        "patience",
        "understanding",
        "sorry",
        "apologies",
        "apologise",
        "apologize",
        "inconvenience",
        "trouble",
        "frustrating",
        "frustration",
        "annoying",
        "understand",
        "concern",
        "happy",
        "glad",
        "help",
        "assist",
        "assistance",
        "further",
        "questions",
        "please",
        "feel",
        "hesitate",
        "reach",
        "know",
        "message",
        "writing",
        "contacting",
        "contact",
        "getting",
        "touch",
        "hear",
        "hearing",
        "kind",
        "kindly",
        "welcome",
        "hope",
        "hopefully",
        "helps",
        "good",
        "here",
        "additional",
        "anything",
        "else",
        "more",
        "information",
        "details",
        "could",
        "would",
        "might",
        "also",
        "back",
        "reply",
        "regarding",
        "about",
        "question",
        "team",
        "support",
        "danke",
        "dank",
        "vielen",
        "geduld",
        "verständnis",
        "leid",
        "entschuldigen",
        "entschuldigung",
        "unannehmlichkeiten",
        "gerne",
        "helfen",
        "fragen",
        "weitere",
        "melden",
        "bitte",
        "freuen",
        "hoffen",
        "nachricht",
        "anliegen",
        "merci",
        "patience",
        "compréhension",
        "désolé",
        "désolée",
        "désolés",
        "excuser",
        "gêne",
        "plaisir",
        "aider",
        "questions",
        "hésitez",
        "message",
        "gracias",
        "paciencia",
        "comprensión",
        "sentimos",
        "lamentamos",
        "molestias",
        "ayudar",
        "ayuda",
        "preguntas",
        "mensaje",
        "obrigado",
        "obrigada",
        "paciência",
        "compreensão",
        "lamentamos",
        "incómodo",
        "ajudar",
        "perguntas",
        "mensagem",
        "bedankt",
        "geduld",
        "begrip",
        "spijt",
        "ongemak",
        "helpen",
        "vragen",
        "bericht",
        "grazie",
        "pazienza",
        "comprensione",
        "spiace",
        "disagio",
        "aiutare",
        "domande",
        "messaggio",
    ]
)


@dataclass(frozen=True, slots=True)
class ModelSource:
    """A source as it was shown to the model; ``text`` is what may be told of it, ``id`` what the model cites."""

    id: str
    source: Source
    text: str
    words: frozenset[str]


def model_source(number: int, source: Source, text: str) -> ModelSource:
    """The source with the id that the model is to cite it by."""
    return ModelSource(f"S{number}", source, text, content_words(text))


@dataclass(frozen=True, slots=True)
class Support:
    """How well the best source carries a sentence: 0..1. ``contradicted``: how it says the like differently."""

    source: ModelSource | None
    share: float
    contradicted: Contradiction | None = None


def best_support(sentence: str, sources: Sequence[ModelSource], cited: Sequence[str], language: str) -> Support:
    """The source that carries the sentence best; of two alike the one that the model named.

    Args:
        cited: ids of the sources that the model wrote behind the sentence.
    """
    wanted = content_words(sentence) - _polite()
    if not wanted:
        return Support(None, 0.0)
    best = Support(None, 0.0)
    for source in sources:
        share = _share(wanted, source.words)
        if share + 0.05 * (source.id in cited) > best.share + 0.05 * (
            best.source is not None and best.source.id in cited
        ):
            best = Support(source, share)
    if best.source is None or round((1 - best.share) * len(wanted)) > _OWN_WORDS:
        return Support(None, 0.0)
    return Support(best.source, best.share, contradiction(sentence, best.source.text, language))


def is_polite(sentence: str) -> bool:
    """Whether a sentence only greets, thanks, regrets or offers help: it has no word of any matter."""
    return not numbered_words(sentence) and content_words(sentence) <= _polite()


def unfamiliar_words(sentence: str, familiar: frozenset[str]) -> int:
    """How many of its content words stand neither in ``familiar`` nor in our own phrases.

    Args:
        familiar: content words of what was said and shown.
    """
    wanted = content_words(sentence) - _polite() - frozenset(word[:_STEMMED] for word in phrase_words())
    return len(wanted) - round(_share(wanted, familiar) * len(wanted)) if wanted else 0


def _share(wanted: frozenset[str], known: frozenset[str]) -> float:
    beginnings = {word[:_STEM] for word in known if len(word) >= _STEM}
    hits = sum(1 for word in wanted if word in known or (len(word) > _STEM and word[:_STEM] in beginnings))
    return hits / len(wanted)


@cache
def _polite() -> frozenset[str]:
    """Words of what our own replies say out of courtesy, in all languages, and of ``_POLITE``."""
    said: list[str] = []
    for phrases in map(phrases_of, LANGUAGES):
        toned = (phrases.greeting, phrases.greeting_unnamed, phrases.closing, phrases.thanks, phrases.apology)
        said += [repr(each) for each in (*toned, phrases.glad, phrases.follow_up)]
        said += [phrases.check_back, phrases.anything_else]
    return _POLITE | frozenset(word[:8] for word in words_of(" ".join(said)))
