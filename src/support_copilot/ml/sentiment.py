"""How a customer sounds: a lexicon of support talk with negation, emphasis, courtesy and signs, in seven languages.

The rules follow VADER (Hutto and Gilbert, 2014); words and strengths are our own.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import sqrt
from typing import Final, Literal

from support_copilot.ml.phrases import Found, PhraseBook, Word, phrases_by_value, read_table, split_list, words_of

SentimentLabel = Literal["negative", "neutral", "positive"]
Trend = Literal["falling", "steady", "rising"]
SENTIMENT_MODEL: Final = "sentiment/1"

#: The mood is read from the beginning and the end of very long texts.
_READ_CHARS: Final = 10_000
_SENTENCE_END: Final = re.compile(r"[.!?…\n。！？]+")
_SHOUTING: Final = re.compile(r"[!?]{2,}")
_NEGATION_REACH: Final = 3
_EMPHASIS_REACH: Final = 2
#: Denied praise is blame, denied blame is hardly praise.
_DENIED_PRAISE: Final = -0.75
_DENIED_BLAME: Final = -0.3
_BEFORE_BUT: Final = 0.6
_AFTER_BUT: Final = 1.3
#: "Please … thanks" in a request is manners, not joy.
_COURTESY: Final = 0.25
#: Who asks for something, or says that it still is so, is not done with it: thanks beside that are manners too.
_GOES_ON: Final = frozenset(
    {
        "please", "pls", "bitte", "svp", "favor", "favore", "aub", "still", "noch", "weiterhin", "toujours", "encore",
        "todavía", "aún", "ainda", "ancora", "nog", "steeds",
    }
)  # fmt: skip
#: At this sum of strengths the value is 0.7.
_HALF_WAY: Final = 8.0
_POSITIVE_FROM: Final = 0.33
_NEGATIVE_FROM: Final = -0.22
_TREND_STEP: Final = 0.25


@dataclass(frozen=True, slots=True)
class SentimentScore:
    """-1 (furious) to 1 (delighted), with 0..1 confidence in the label."""

    label: SentimentLabel
    value: float
    confidence: float


@dataclass(frozen=True, slots=True)
class _Lexicon:
    #: Values are a strength ("2", "-3") or the name of a role ("negators").
    book: PhraseBook[str]
    courtesy: frozenset[str]


def score_sentiment(text: str, language: str = "en") -> SentimentScore:
    """The mood of one message.

    Args:
        text: the new words of the message; of more than 20,000 characters only both ends are read.
        language: ISO 639-1; another than en, de, fr, es, pt, it and nl is judged by English words and signs only,
            with low confidence.
    """
    if len(text) > 2 * _READ_CHARS:
        text = text[:_READ_CHARS] + "\n" + text[-_READ_CHARS:]
    strengths = [*_word_strengths(text, _lexicon(language)), *_sign_strengths(text)]
    total = sum(strengths)
    if _SHOUTING.search(text):
        total *= 1.2
        total -= 0.4
    value = total / sqrt(total * total + _HALF_WAY)
    known = language in _languages()
    return SentimentScore(_label(value), round(value, 3), round(_confidence(value, len(strengths), known), 3))


def sentiment_trend(values: Sequence[float]) -> Trend:
    """Where the mood goes over a conversation: the newest third against what was before, oldest first."""
    if len(values) < 2:
        return "steady"
    newest = max(1, len(values) // 3)
    change = sum(values[-newest:]) / newest - sum(values[:-newest]) / (len(values) - newest)
    if abs(change) < _TREND_STEP:
        return "steady"
    return "rising" if change > 0 else "falling"


def _label(value: float) -> SentimentLabel:
    if value >= _POSITIVE_FROM:
        return "positive"
    return "negative" if value <= _NEGATIVE_FROM else "neutral"


def _confidence(value: float, hits: int, known: bool) -> float:
    distance = min(abs(value - _POSITIVE_FROM), abs(value - _NEGATIVE_FROM))
    confidence = 0.45 + 0.5 * min(1.0, distance / 0.6)
    if not hits:
        confidence = 0.5
    return confidence if known else 0.6 * confidence


def _word_strengths(text: str, lexicon: _Lexicon) -> list[float]:
    words = words_of(text)
    found = lexicon.book.find([word.folded for word in words])
    ends = [match.start() for match in _SENTENCE_END.finditer(text)]
    sentence_of = [bisect_left(ends, word.start) for word in words]
    roles: dict[str, set[int]] = {
        "negators": set(),
        "boosters": set(),
        "dampers": set(),
        "contrast": set(),
        "irony": set(),
    }
    for hit in found:
        if hit.value in roles:
            roles[hit.value].add(hit.last - 1)
    turns: dict[int, int] = {}
    for position in sorted(roles["contrast"]):
        turns.setdefault(sentence_of[position], position)
    asks = "?" in text or any(word.folded in _GOES_ON for word in words)
    shouts = text.upper() == text
    strengths = []
    for hit in _side_by_side(found):
        strength = float(hit.value)
        reach = [
            position
            for position in range(max(0, hit.first - _NEGATION_REACH), hit.first)
            if sentence_of[position] == sentence_of[hit.first]
        ]
        strength *= _emphasis(words, hit, reach[-_EMPHASIS_REACH:], roles, text, shouts=shouts)
        if not roles["negators"].isdisjoint(reach):
            strength *= _DENIED_PRAISE if strength > 0 else _DENIED_BLAME
        if roles["irony"] and strength > 0:
            strength *= _DENIED_PRAISE
        if asks and strength > 0 and _phrase(words, hit) in lexicon.courtesy:
            strength *= _COURTESY
        strengths.append(strength * _turn(hit.first, turns.get(sentence_of[hit.first])))
    return strengths


def _side_by_side(found: Sequence[Found[str]]) -> Iterator[Found[str]]:
    """The hits that carry a strength, the first and longest where they overlap."""
    free = 0
    for hit in found:
        if hit.first >= free and hit.value.lstrip("-").isdigit():
            free = hit.last
            if hit.value != "0":
                yield hit


def _emphasis(
    words: Sequence[Word], hit: Found[str], reach: list[int], roles: dict[str, set[int]], text: str, *, shouts: bool
) -> float:
    factor = 1.0
    if not roles["boosters"].isdisjoint(reach):
        factor *= 1.3
    if not roles["dampers"].isdisjoint(reach):
        factor *= 0.7
    written = text[words[hit.first].start : words[hit.last - 1].end]
    if not shouts and len(written) > 2 and written.isupper():
        factor *= 1.3
    return factor


def _phrase(words: Sequence[Word], hit: Found[str]) -> str:
    return " ".join(word.folded for word in words[hit.first : hit.last])


def _turn(position: int, contrast: int | None) -> float:
    """What comes after a "but" weighs more than what comes before it."""
    if contrast is None:
        return 1.0
    return _AFTER_BUT if position > contrast else _BEFORE_BUT


def _sign_strengths(text: str) -> list[float]:
    strengths: list[float] = []
    # Half of a web address looks like a wry face.
    text = text.replace("://", " ")
    for sign, strength in _signs():
        count = text.count(sign)
        if count:
            strengths.append(strength * min(count, 3) ** 0.5)
    return strengths


@cache
def _signs() -> tuple[tuple[str, float], ...]:
    table: dict[str, str] = read_table("sentiment.toml")["signs"]
    return tuple((sign, float(strength)) for strength, line in table.items() for sign in line.split())


@cache
def _languages() -> frozenset[str]:
    return frozenset(read_table("sentiment.toml")) - {"signs"}


@cache
def _lexicon(language: str) -> _Lexicon:
    tables = read_table("sentiment.toml")
    table: dict[str, str] = dict(tables.get(language) or tables["en"])
    courtesy = frozenset(split_list(table.pop("courtesy")))
    return _Lexicon(PhraseBook(phrases_by_value(table)), courtesy)
