"""How far a procedure has come: which of its steps the conversation says were asked for, done, or could not be done.

Sentences are compared with steps by their words, so only plain cases are seen; a step that nobody speaks of is open.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from support_copilot.ml.content_words import words_of
from support_copilot.ml.function_words import FUNCTION_WORDS
from support_copilot.ml.sentences import split_sentences

#: ``told``: the customer was asked for it. ``stuck``: somebody tried and could not.
State = Literal["open", "told", "done", "stuck"]

#: So many of the words of a step stand in a sentence that speaks of it.
_SPOKEN_OF: Final = 0.6
_STEM: Final = 4
#: Small words that make another step of a verb: sign in, sign out.
_PARTICLES: Final = frozenset(
    [
        "in",
        "out",
        "on",
        "off",
        "up",
        "down",
        "again",
        "back",
        "ab",
        "an",
        "aus",
        "ein",
        "neu",
        "zurück",
        "wieder",
        "uit",
    ]
)
_DONE: Final = re.compile(
    r"\b(?:(?:i|we)(?:['’](?:ve|d)| have| had)?\s+(?:\w+\s+){0,2}?(?:did|done|tried|went|chose|chosen|took|made|got|"
    r"put|set|ran|run|turned|\w{2,}ed)|already|"
    r"tried|(?:was|were|has been|have been) (?:\w+ )?(?:\w+ed|done|reset|set|run)|"
    r"habe[n]?|hab|wurde[n]?|bereits|schon|versucht|probiert|j['’]ai|nous avons|déjà|essayé|he|hemos|ya|intenté|probé|"
    r"já|tentei|fiz|fizemos|heb|hebben|geprobeerd|ho|abbiamo|già|provato)\b",
    re.IGNORECASE,
)
#: Notes of colleagues are short: "Restarted the router, no change."
_NOTED: Final = re.compile(
    r"^\W*\w{2,}(?:ed|iert|t)\b|\b(?:done|erledigt|fait|hecho|feito|gedaan|fatto)\b", re.IGNORECASE
)
_NOT_YET: Final = re.compile(
    r"\b(?:not yet|yet to|will|would|going to|want to|should|shall|before i|noch nicht|werde|sollte?n?|pas encore|vais|"
    r"todavía no|aún no|voy a|ainda não|vou|nog niet|zal|non ancora)\b|\b(?:have|has|did|do)(?: not|n['’]t)\b",
    re.IGNORECASE,
)
_STUCK: Final = re.compile(
    r"\b(?:can(?:not|['’]?t| not)|could(?: not|n['’]?t)|unable|not able|don['’]?t (?:see|find|know|have)|there is no|"
    r"(?:kann|konnte|finde|sehe|gibt)\b.{0,40}\b(?:nicht|kein\w*)|(?:peux|trouve|vois) pas|n['’]arrive pas|"
    r"no (?:puedo|pude|encuentro|veo)|não (?:consigo|consegui|encontro|vejo)|"
    r"(?:kan|kon|vind|zie)\b.{0,40}\b(?:niet|geen)|non (?:posso|riesco|trovo|vedo))\b",
    re.IGNORECASE,
)
#: An answer that speaks of what was asked for, whatever came of it.
_AFTERWARDS: Final = re.compile(
    r"\b(?:(?:did|tried|done) (?:that|this|it|so|all)|(?:did|does)(?: not|n['’]t) (?:help|work|change)|still|"
    r"no (?:change|luck)|same (?:problem|error|issue|result|thing)|works? now|worked|"
    r"hat (?:nicht|nichts) \w+|immer noch|hilft nicht|"
    r"(?:habe|hab) (?:ich )?(?:das|alles)|toujours|ça ne marche pas|rien changé|sigue|no (?:funcion\w+|ayud\w+)|"
    r"continua|não (?:funcion\w+|ajud\w+)|nog steeds|hielp niet|ancora|non (?:funziona|ha aiutato))\b",
    re.IGNORECASE,
)
_ALL_STEPS: Final = re.compile(
    r"\b(?:all (?:of )?(?:the |your |these |those )?steps|every step|alle (?:\w+ )?schritte|toutes les étapes|"
    r"todos los pasos|todos os passos|alle stappen|tutti i passaggi)\b",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(
    r"\b(?:steps?|schritte?|étapes?|pasos?|passos?|stap(?:pen)?|passagg(?:io|i))\s+(\d{1,2})"
    r"(?:\s*(-|–|to|through|bis|à|a|tot|and|und|et|y|e|en|,|&)\s*(\d{1,2}))?",
    re.IGNORECASE,
)
_RANGES: Final = frozenset(["-", "–", "to", "through", "bis", "à", "a", "tot"])


@dataclass(frozen=True, slots=True)
class Said:
    """A message as it is read here. ``ours``: the support team wrote it; ``internal``: for colleagues only."""

    id: str
    text: str
    ours: bool
    internal: bool = False


@dataclass(frozen=True, slots=True)
class StepState:
    """A step and what the conversation says of it; ``message_id`` names the message that says it."""

    text: str
    state: State = "open"
    message_id: str | None = None


def read_progress(steps: Sequence[str], said: Sequence[Said], language: str) -> tuple[StepState, ...]:
    """The state of each step after the conversation.

    Args:
        said: oldest first.
    """
    wanted = [_telling(step) for step in steps]
    states: list[StepState] = [StepState(step) for step in steps]
    for message in said:
        for sentence in split_sentences(message.text, language):
            for place in _spoken_of(sentence, wanted):
                states[place] = _moved(states[place], _reading(sentence, message), message.id)
        if not message.ours and _AFTERWARDS.search(message.text):
            # What was asked for before and is not spoken of by itself was done, or the answer would say otherwise.
            states = [_moved(each, "done", message.id) if each.state == "told" else each for each in states]
    return tuple(states)


def _moved(known: StepState, state: State | None, message_id: str) -> StepState:
    """A step that was done stays done when it is asked for again."""
    if state is None or (known.state == "done" and state == "told"):
        return known
    return StepState(known.text, state, None if state == "open" else message_id)


def _reading(sentence: str, message: Said) -> State | None:
    """What a sentence that speaks of a step says of it; None for nothing."""
    if message.ours and not message.internal:
        return "done" if _DONE.search(sentence) and not _NOT_YET.search(sentence) else "told"
    if sentence.rstrip().endswith("?"):
        return None
    if _STUCK.search(sentence):
        return "stuck"
    if _NOT_YET.search(sentence):
        return "open"
    reported = _DONE.search(sentence) or (message.internal and _NOTED.search(sentence))
    return "done" if reported else None


def _spoken_of(sentence: str, steps: Sequence[frozenset[str]]) -> list[int]:
    """Places of the steps that a sentence speaks of: by number, all of them, or by their words."""
    if _ALL_STEPS.search(sentence):
        return list(range(len(steps)))
    numbered = {number - 1 for match in _NUMBERED.finditer(sentence) for number in _numbers(match)}
    words = words_of(sentence)
    alike = {place for place, wanted in enumerate(steps) if _share(wanted, words) >= _SPOKEN_OF}
    return sorted(place for place in numbered | alike if 0 <= place < len(steps))


def _numbers(match: re.Match[str]) -> list[int]:
    first = int(match[1])
    if match[3] is None:
        return [first]
    last = int(match[3])
    return list(range(first, last + 1)) if match[2].casefold() in _RANGES else [first, last]


def _telling(step: str) -> frozenset[str]:
    words = words_of(step)
    kept = frozenset(word for word in words if word not in FUNCTION_WORDS or word in _PARTICLES)
    return kept or frozenset(words)


def _share(wanted: frozenset[str], words: Sequence[str]) -> float:
    hits = sum(1 for one in wanted if any(_alike(one, other) for other in words))
    return hits / len(wanted) if wanted else 0.0


def _alike(one: str, other: str) -> bool:
    """Forms of one word: sign, signed; restart, restarting."""
    short, long = sorted((one, other), key=len)
    return one == other or (len(short) >= _STEM and long.startswith(short[: max(_STEM, len(short) - 2)]))
