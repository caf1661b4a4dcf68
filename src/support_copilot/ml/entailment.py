"""Where a sentence says something else than a source with the same words: negation, opposites, numbers, order.

Words alone cannot tell "within 14 days" from "after 14 days". What is found here is found by rules in the sentence of
the source that is nearest to it; two sentences that share few words are not compared at all.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final, Literal

from support_copilot.ml.content_words import content_words, words_of
from support_copilot.ml.function_words import FUNCTION_WORDS
from support_copilot.ml.opposites import INSTRUCTIONS, STATEMENTS
from support_copilot.ml.sentences import split_sentences

#: ``negation``: only one of the two denies. ``opposite``: a word is turned around. ``number``: another number of the
#: same, or the same number of something else. ``order``: who and what, or first and then, have changed places.
Contradiction = Literal["negation", "opposite", "number", "order"]

#: Two sentences with fewer words in common speak of different things.
_COMPARABLE: Final = 0.5
#: From here on a clause is what the sentence repeats.
_ONE_CLAUSE: Final = 0.6
_STEM: Final = 4
#: At most so many letters make another form of a word: upload, uploaded.
_ENDING: Final = 3
#: Where a clause begins, beside punctuation.
_JOINTS: Final[Mapping[str, str]] = {
    "en": "and|but|or|if|when|unless|because", "de": "und|aber|oder|wenn|weil", "fr": "et|mais|ou|si|quand",
    "es": "y|pero|si|cuando", "pt": "mas|ou|se|quando", "nl": "en|maar|of|als", "it": "ma|se|quando",
}  # fmt: skip
#: Languages in which who acts stands before the verb and what is acted on behind it.
_SUBJECT_FIRST: Final = frozenset(["en", "fr", "es", "pt", "it"])
_NEGATIONS: Final = re.compile(
    r"\b(?:not|never|no|none|without|cannot|don|doesn|isn|aren|won|can['’]t|avoid|unable|impossible|neither|nor|refrain|"
    r"nicht|kein\w*|nie|niemals|ohne|vermeiden|unmöglich|pas|jamais|sans|aucun\w*|évite[rz]|nunca|sin|evit[ae]\w*|imposible|não|sem|"
    r"impossível|niet|geen|nooit|zonder|vermijd\w*|non|mai|senza)\b|n['’]t\b",
    re.IGNORECASE,
)
#: Denials that deny nothing.
_IDLE: Final = re.compile(
    r"\b(?:not only|no later than|no more than|do(?: not|n['’]t) (?:hesitate|worry)|no problem|nicht nur|kein problem|"
    r"spätestens|non seulement|no s[oó]lo|niet alleen|non solo|nicht (?:zögern|später als))\b",
    re.IGNORECASE,
)
_TOKEN: Final = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+|%|€|\$")
_NUMBER: Final = re.compile(r"\d+(?:[.,:]\d+)*")
_NUMBER_WORDS: Final[Mapping[str, str]] = {
    word: str(number)
    for number, words in {
        2: "two twice zwei zweimal deux dos dois twee", 3: "three drei trois tres três drie tre",
        4: "four vier quatre cuatro quatro quattro", 5: "five fünf cinq cinco vijf cinque",
        6: "six sechs seis zes", 7: "seven sieben sept siete sete zeven sette", 8: "eight acht huit ocho oito otto",
        9: "nine neun nueve nove negen", 10: "ten zehn dix diez dez tien dieci", 12: "twelve zwölf douze doce twaalf",
        14: "fourteen vierzehn quatorze catorce veertien", 30: "thirty dreißig trente treinta dertig trenta",
    }.items()
    for word in words.split()
}  # fmt: skip
#: What is counted, whatever the form of the word.
_UNITS: Final[Mapping[str, str]] = {
    word: kind
    for kind, words in {
        "second": "s sec second seconds sekunde sekunden seconde secondes segundo segundos secondi",
        "minute": "min minute minutes minuten minuto minutos minuti minuut",
        "hour": "h hour hours stunde stunden heure heures hora horas uur uren ora ore",
        "day": "day days tag tage tagen jour jours día días dia dias dag dagen giorno giorni",
        "week": "week weeks woche wochen semaine semaines semana semanas weken settimana settimane",
        "month": "month months monat monate monaten mois mes meses mês maand maanden mese mesi",
        "year": "year years jahr jahre jahren ans année années año años ano anos jaar anno anni",
        "percent": "% percent prozent", "money": "€ $ eur usd gbp euro euros dollar dollars", "kb": "kb", "mb": "mb",
        "gb": "gb", "time": "times mal fois veces vezes keer volte",
    }.items()
    for word in words.split()
}  # fmt: skip
#: Months and days of the week, which are numbers too.
_CALENDAR: Final = frozenset(
    ["january", "february", "march", "april", "june", "july", "august", "september", "october", "november",
     "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "januar", "februar",
     "märz", "juni", "juli", "oktober", "dezember", "montag", "dienstag", "mittwoch", "donnerstag", "freitag",
     "samstag", "sonntag", "janvier", "février", "mars", "avril", "juin", "juillet", "août", "septembre", "octobre",
     "novembre", "décembre", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "enero",
     "febrero", "marzo", "abril", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
     "lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"]
)  # fmt: skip
#: Words that give the thing behind them a place.
_PLACES: Final = frozenset(
    ["from", "to", "into", "before", "after", "until", "than", "instead", "by", "von", "nach", "vor", "zu", "in",
     "bevor", "nachdem", "statt", "als", "avant", "après", "vers", "antes", "después", "desde", "hacia", "hasta",
     "depois", "voor", "na", "naar", "prima", "dopo"]
)  # fmt: skip
_TEMPORAL: Final = frozenset([("before", "after"), ("vor", "nach"), ("avant", "après"), ("antes", "después")])
_PASSIVE: Final = re.compile(
    r"\b(?:by|was|were|been|being|is \w+ed|are \w+ed|wird|werden|wurde|von|par|por|door|da)\b", re.IGNORECASE
)
_REACH: Final = 4
_BEHIND: Final = 3
#: They begin what can stand anywhere in a sentence.
_BESIDE: Final = frozenset(["within", "during", "without", "instead", "since", "between", "pendant", "durante"])
#: What may stand between such a word and its thing.
_SMALL: Final = frozenset(
    ["the", "a", "an", "this", "that", "your", "our", "its", "you", "i", "we", "der", "die", "das", "den", "dem",
     "des", "ein", "eine", "einen", "einem", "einer", "sie", "ihr", "ihre", "ihren", "le", "la", "les", "l", "un",
     "une", "votre", "vos", "de", "du", "el", "los", "las", "una", "su", "sus", "o", "os", "as", "um", "uma", "seu",
     "sua", "het", "een", "uw", "il", "lo", "gli"]
)  # fmt: skip


def contradiction(sentence: str, source: str, language: str) -> Contradiction | None:
    """How the sentence disagrees with the nearest sentence of the source; None where nothing was found.

    Args:
        language: ISO 639-1, of both.
    """
    wanted = frozenset(word for word in content_words(sentence) if word.isalpha() and word not in _UNITS)
    parts = split_sentences(source, language)
    said = frozenset(words_of(sentence))
    # Small words tell "sign in" from "sign out".
    nearest = max(parts, key=lambda part: (_shared(wanted, part), len(said & set(words_of(part)))), default="")
    if _shared(wanted, nearest) < _COMPARABLE:
        return None
    clause = _clause_like(sentence, nearest, wanted, language)
    if _denies(sentence) != _denies(clause):
        return "negation"
    if _has_opposite(sentence, clause):
        return "opposite"
    if _other_number(sentence, [each for part in parts for each in _clauses(part, language)], wanted):
        return "number"
    swapped = language in _SUBJECT_FIRST and _agents_swapped(sentence, nearest)
    return "order" if swapped or _roles_turned(sentence, nearest) else None


def numbers_in(text: str) -> frozenset[str]:
    """Small numbers that a text writes as words, as digits."""
    return frozenset(_NUMBER_WORDS[word] for word in words_of(text) if word in _NUMBER_WORDS)


def _clause_like(sentence: str, nearest: str, wanted: frozenset[str], language: str) -> str:
    """The part of the nearest sentence that a sentence of one clause repeats, else the whole."""
    if len(_clauses(sentence, language)) > 1:
        return nearest
    best = max(_clauses(nearest, language), key=lambda clause: _shared(wanted, clause))
    return best if _shared(wanted, best) >= _ONE_CLAUSE else nearest


def _clauses(text: str, language: str) -> list[str]:
    joints = _JOINTS.get(language, _JOINTS["en"])
    parts = re.split(rf"[,;:–—]\s+|\s(?:{joints})\s", text, flags=re.IGNORECASE)
    return [part for part in parts if len(part.split()) > 1] or [text]


def _denies(text: str) -> bool:
    """An odd number of denials."""
    return len(_NEGATIONS.findall(_IDLE.sub(" ", text))) % 2 == 1


def _has_opposite(sentence: str, nearest: str) -> bool:
    told_back = _told_from_the_other_end(sentence, nearest)
    said, known = words_of(sentence), words_of(nearest)
    for one, other in _pairs():
        if told_back and (one, other) in _TEMPORAL:
            continue
        here, there = (_has(said, one), _has(said, other)), (_has(known, one), _has(known, other))
        if here != there and sum(here) == sum(there) == 1:
            return True
    return False


def _has(words: Sequence[str], phrase: str) -> bool:
    """Whether a word in one of its forms, or two words one after the other, are among the words."""
    if " " in phrase:
        return f" {phrase} " in f" {' '.join(words)} "
    short = len(phrase) < _STEM
    return any(
        word == phrase or (not short and word.startswith(phrase) and len(word) - len(phrase) <= _ENDING)
        for word in words
    )


def _other_number(sentence: str, parts: Sequence[str], wanted: frozenset[str]) -> bool:
    """A number of the sentence that the source says of something else, or in another unit."""
    best = max((_shared(wanted, part) for part in parts), default=0.0)
    near = [_counted(part) for part in parts if _shared(wanted, part) >= best / 2]
    for number, unit in _counted(sentence):
        units = {known for counted in near for value, known in counted if value == number}
        if not units or (unit is not None and unit not in units and None not in units):
            return True
    return False


def _counted(text: str) -> list[tuple[str, str | None]]:
    """Numbers with what they count, where that is a unit."""
    tokens = [token.casefold() for token in _TOKEN.findall(text)]
    found: list[tuple[str, str | None]] = []
    for place, token in enumerate(tokens):
        number = token if _NUMBER.fullmatch(token) or token in _CALENDAR else _NUMBER_WORDS.get(token)
        if number is not None:
            around = (*tokens[place + 1 : place + 3], *tokens[max(0, place - 1) : place])
            found.append((number.replace(",", "."), next((_UNITS[each] for each in around if each in _UNITS), None)))
    return found


def _roles_turned(sentence: str, nearest: str) -> bool:
    """Whether what stands behind a word such as "from" or "before" has changed places with something else."""
    said, known = _roles(sentence), _roles(nearest)
    here, there = (frozenset(word[:_STEM] for word in words_of(text)) for text in (sentence, nearest))
    for place in said.keys() & known.keys():
        mine, theirs = said[place], known[place]
        if not _same(mine, theirs) and mine in there and theirs in here:
            return True
    return False


def _told_from_the_other_end(sentence: str, nearest: str) -> bool:
    """Whether "before" became "after" together with what stands behind it, which says the same."""
    said, known = _roles(sentence), _roles(nearest)
    both_ways = (pair for one, other in _TEMPORAL for pair in ((one, other), (other, one)))
    return any(
        one in said and other in known and one not in known and not _same(said[one], known[other])
        for one, other in both_ways
    )


def _roles(text: str) -> dict[str, str]:
    words = words_of(text)
    found: dict[str, str] = {}
    for at, word in enumerate(words):
        if word in _PLACES:
            thing = next((each for each in words[at + 1 : at + 1 + _REACH] if each not in _SMALL), None)
            if thing is not None:
                found.setdefault(word, thing[:_STEM])
    return found


def _agents_swapped(sentence: str, nearest: str) -> bool:
    """Who does what to whom, turned around: "the gateway calls the shop" for "the shop calls the gateway"."""
    if _PASSIVE.search(sentence) or _PASSIVE.search(nearest):
        return False
    known = set(_runs(nearest))
    return any(run[0] != run[2] and (run[2], run[1], run[0]) in known for run in _runs(sentence))


def _runs(text: str) -> list[tuple[str, str, str]]:
    """Each telling word with one shortly before and one shortly behind it."""
    told = [word[:_STEM] for word in words_of(text) if _tells(word) and word not in _UNITS and word not in _BESIDE]
    return [
        (one, told[at], other)
        for at in range(len(told))
        for one in told[max(0, at - 2) : at]
        for other in told[at + 1 : at + 1 + _BEHIND]
    ]


def _tells(word: str) -> bool:
    return word not in FUNCTION_WORDS and len(word) >= _STEM and word.isalpha()


def _same(one: str, other: str) -> bool:
    return one[:_STEM] == other[:_STEM]


def _shared(wanted: frozenset[str], text: str) -> float:
    known = content_words(text)
    beginnings = {word[:_STEM] for word in known if len(word) >= _STEM}
    hits = sum(1 for word in wanted if word in known or (len(word) > _STEM and word[:_STEM] in beginnings))
    return hits / len(wanted) if wanted else 0.0


@cache
def _pairs() -> tuple[tuple[str, str], ...]:
    return tuple((one, other) for one, other in (*INSTRUCTIONS, *STATEMENTS) if f"{one} " not in f"{other} ")
