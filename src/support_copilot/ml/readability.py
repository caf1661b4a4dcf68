"""How hard a text is to read."""

import re
from dataclasses import dataclass
from typing import Final

from support_copilot.ml.phrases import folded_words
from support_copilot.ml.sentences import split_sentences

_READ_CHARS: Final = 50_000
_VOWELS: Final = re.compile(r"[aeiouyàáâãäåæèéêëìíîïòóôõöøœùúûüýÿ]+")
_SILENT_END: Final = re.compile(r"[^aeiouylrt]e$")
#: Base, weight of words per sentence, weight of syllables per word: Flesch for English (1948), Amstad for German,
#: Kandel and Moles for French, Fernández Huerta for Spanish, Martins for Portuguese, Franchina and Vacca for Italian,
#: Douma for Dutch.
_FORMULAS: Final = {
    "en": (206.835, 1.015, 84.6),
    "de": (180.0, 1.0, 58.5),
    "fr": (207.0, 1.015, 73.6),
    "es": (206.84, 1.02, 60.0),
    "pt": (248.835, 1.015, 84.6),
    "it": (217.0, 1.3, 60.0),
    "nl": (206.84, 0.93, 77.0),
}


@dataclass(frozen=True, slots=True)
class Readability:
    """``score``: 0 (very hard) to 100 (very easy), by the Flesch formula of the language; 100 for an empty text."""

    words: int
    sentences: int
    words_per_sentence: float
    score: float


def readability(text: str, language: str = "en") -> Readability:
    """Counts and ease of a text (its first 50,000 characters). Another language than those known is read as English."""
    text = text[:_READ_CHARS]
    words = [word for word in folded_words(text) if not word.isdecimal()]
    sentences = len(split_sentences(text, language))
    if not words:
        return Readability(0, sentences, 0.0, 100.0)
    per_sentence = len(words) / sentences
    per_word = sum(_syllables(word, language) for word in words) / len(words)
    base, length, syllables = _FORMULAS.get(language, _FORMULAS["en"])
    score = max(0.0, min(100.0, base - length * per_sentence - syllables * per_word))
    return Readability(len(words), sentences, round(per_sentence, 2), round(score, 1))


def _syllables(word: str, language: str) -> int:
    groups = len(_VOWELS.findall(word))
    if language == "en" and groups > 1 and _SILENT_END.search(word):
        groups -= 1
    return max(1, groups)
