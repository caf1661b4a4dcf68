"""Finds where a newer fix speaks against an article: an opposite instruction, or another value for the same thing."""

import re
from collections.abc import Iterator
from typing import Final

from support_copilot.kit.text import one_line
from support_copilot.ml.content_words import content_words
from support_copilot.ml.opposites import INSTRUCTIONS

_VALUE: Final = re.compile(
    r"\b(?P<before>[^\W\d]{3,20})?\s*(?P<number>\d+(?:[.,]\d+)*)\s*(?P<unit>%|[^\W\d]{1,15})?", re.IGNORECASE
)
_UNITS: Final = frozenset(
    [
        "%",
        "s",
        "sec",
        "second",
        "seconds",
        "min",
        "minute",
        "minutes",
        "h",
        "hour",
        "hours",
        "day",
        "days",
        "week",
        "weeks",
        "month",
        "months",
        "year",
        "years",
        "kb",
        "mb",
        "gb",
        "px",
        "eur",
        "usd",
        "gbp",
        "tag",
        "tage",
        "tagen",
        "stunde",
        "stunden",
        "minuten",
        "woche",
        "wochen",
        "monat",
        "monate",
        "jour",
        "jours",
        "heure",
        "heures",
        "semaine",
        "semaines",
        "día",
        "días",
        "hora",
        "horas",
        "semana",
        "semanas",
        "dia",
        "dias",
        "dag",
        "dagen",
        "uur",
        "weken",
    ]
)
_NAMED: Final = frozenset(["port", "version", "release", "tls", "limit", "timeout", "maximum", "minimum", "max", "min"])
_WORD: Final = re.compile(r"[^\W_]+")
_FILLERS: Final = frozenset(
    [
        "the",
        "a",
        "an",
        "this",
        "that",
        "your",
        "our",
        "its",
        "of",
        "for",
        "to",
        "in",
        "on",
        "der",
        "die",
        "das",
        "den",
        "le",
        "la",
        "les",
        "el",
        "los",
        "las",
        "o",
        "a",
        "os",
        "as",
        "de",
        "het",
        "een",
    ]
)
_OBJECT_WORDS: Final = 3


#: Not to do it: at the head of a clause, or (German, Dutch) between the thing and the verb.
_DO_NOT: Final = re.compile(
    r"^\W*(?:please |bitte |veuillez |por favor |alstublieft )?(?:do not|don['’]t|never|must not|"
    r"ne (?:pas|jamais)|n['’]\w+ (?:pas|jamais)|ne (?:\w+ ){1,2}(?:pas|jamais|plus)|no(?! (?:se|hay|es|está|lo|le|me|nos|tiene|puede))|nunca|jamás|não(?! (?:se|há|é|está))|non(?! (?:si|è)))\b|"
    r"\b(?:nicht|keinesfalls|niemals|niet|nooit)\b[^,;:.]*\b\w+en\W*$|^\W*\w+en sie [^,;:.]*\b(?:nicht|niemals|niet|nooit)\W*$",
    re.IGNORECASE,
)
_TELLS: Final = re.compile(
    r"\b(?:i|we|ich|wir|es|war|ist|wird|wurden?|hat|haben|kann|können|het|is|was|werd|heeft|hebben|kan|problem\w*|longer|hay|es|"
    r"está|estaba|era|funciona\w*|puede|pode|è)\b",
    re.IGNORECASE,
)
_IN_VAIN: Final = re.compile(
    r"\b(?:did not|didn['’]t|does not|doesn['’]t) (?:cure|help|fix|solve|work|clear)|\bhat nicht (?:geholfen|gewirkt)|"
    r"\b(?:half|hilft|behob|löste?|behebt)\b[^.]*\bnicht|\bhat\b[^.]*\bnicht (?:behoben|gelöst|geholfen)|\bn['’]a (?:pas|rien) (?:aidé|résolu|suffi|réglé|changé|servi)|"
    r"\bno (?:ayudó|resolvió|sirvió|solucionó|funcionó|corrigió)|\bnão (?:ajudou|resolveu|adiantou|funcionou|corrigiu)|"
    r"\bhielp niet|\bheeft niet geholpen|\bloste?\b[^.]*\bniet op|\bnon ha (?:aiutato|risolto|funzionato)",
    re.IGNORECASE,
)
_DENIAL: Final = re.compile(
    r"n['’]t\b|\b(?:not|never|nicht|kein\w*|niemals|pas|jamais|no|nunca|não|non|niet|geen|nooit)\b", re.IGNORECASE
)
_CLAUSES: Final = re.compile(r"[:;,.!?\n]+|\s(?:and|but|und|aber|et|mais|y|pero|e|mas|en|maar)\s")
_SAME_DEED: Final = 0.75
_LEAST_WORDS: Final = 2


def find_contradiction(newer: str, older: str) -> str | None:
    """What the newer text says against the older one, in words; None when nothing was found.

    Finds only plain cases; two texts that merely differ are no contradiction.
    """
    return (
        next(_opposite_instructions(newer.lower(), older.lower()), None)
        or next(_called_off(newer, older), None)
        or next(_other_values(newer, older), None)
    )


def _called_off(newer: str, older: str) -> Iterator[str]:
    """What the article says to do, and the newer text not to do, or that it did not help."""
    told = [content_words(clause) for clause in _CLAUSES.split(older) if not _DENIAL.search(clause)]
    for clause in _CLAUSES.split(newer):
        vain = _IN_VAIN.search(clause)
        if not vain and (not _DO_NOT.search(clause) or _TELLS.search(_DENIAL.sub(" ", clause))):
            continue
        done = clause[: vain.start()] if vain else clause
        words = content_words(_DENIAL.sub(" ", done))
        if len(words) >= _LEAST_WORDS and any(_is_same(words, other) for other in told):
            verb = "that it did not help" if vain else "not to do it"
            yield f"it says of “{one_line(done)}” {verb}, the article says to do it"


def _is_same(words: frozenset[str], other: frozenset[str]) -> bool:
    """Whether one clause tells of what the other does: the same thing, and a verb of the same stem."""
    shared = sum(any(word[:5] == each[:5] for each in other) for word in words)
    return shared >= _LEAST_WORDS and shared >= _SAME_DEED * len(words)


def _opposite_instructions(newer: str, older: str) -> Iterator[str]:
    for first, second in INSTRUCTIONS:
        for said, undone in ((first, second), (second, first)):
            for thing in _objects(newer, said, undone) & _objects(older, undone, said):
                yield f"it says to {said} {thing}, the article says to {undone} it"


def _objects(text: str, verb: str, other: str) -> set[str]:
    """The things that the verb is said of: the first telling word after it."""
    found: set[str] = set()
    for match in re.finditer(rf"\b{re.escape(verb)}\b", text):
        # "must" is not "must not"; "use" is not "do not use".
        around = text[max(0, match.start() - 8) : match.end() + 5]
        if (other.startswith(verb) and other in around) or (other.endswith(verb) and other in around):
            continue
        words = [word for word in _WORD.findall(text[match.end() : match.end() + 60]) if word not in _FILLERS]
        found |= {word for word in words[:_OBJECT_WORDS] if len(word) > 3}
    return found


def _other_values(newer: str, older: str) -> Iterator[str]:
    values, known = _values(newer), _values(older)
    for thing in sorted(values.keys() & known.keys()):
        if values[thing].isdisjoint(known[thing]) and len(values[thing]) == len(known[thing]) == 1:
            yield f"it says {thing.format(*values[thing])}, the article says {thing.format(*known[thing])}"


def _values(text: str) -> dict[str, set[str]]:
    """Numbers by what they measure: ``{} days`` or ``port {}``."""
    found: dict[str, set[str]] = {}
    for match in _VALUE.finditer(text):
        number = match["number"].replace(",", ".")
        unit, before = (match["unit"] or "").lower(), (match["before"] or "").lower()
        if unit in _UNITS:
            found.setdefault(f"{{}} {unit}", set()).add(number)
        elif before in _NAMED:
            found.setdefault(f"{before} {{}}", set()).add(number)
    return found
