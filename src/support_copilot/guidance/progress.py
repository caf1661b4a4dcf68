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

#: More of a conversation is not read, the newest sentences first: whoever writes decides how long it gets.
_MOST_SENTENCES: Final = 600
_SENTENCE_WORDS: Final = 80
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
    r"\b(?:never|nie(?:mals)?|jamais|nunca|nooit|mai|not yet|yet to|will|would|going to|want to|should|shall|"
    r"before i|noch nicht|werde|sollte?n?|pas encore|vais|"
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
    r"\b(?:(?:did|tried|done) (?:that|this|it|so|all)|(?:did|does)(?: not|n['’]t) (?:help|work|change)|"
    r"still (?:not|no\b|does|doesn|do|don|is|isn|did|didn|fail\w*|the same|broken|empty|happens?|gets?|crash\w*)|"
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
    for message, sentences in _newest(said, language):
        for sentence in sentences:
            for place in _spoken_of(sentence, wanted):
                states[place] = _moved(states[place], _reading(sentence, message), message.id)
        if not message.ours and any(_AFTERWARDS.search(each) for each in sentences if not is_question(each)):
            # What was asked for before and is not spoken of by itself was done, or the answer would say otherwise.
            states = [_moved(each, "done", message.id) if each.state == "told" else each for each in states]
    return tuple(states)


def is_question(sentence: str) -> bool:
    """Whether a sentence asks, and so reports nothing."""
    return sentence.rstrip("\"'”» ").endswith(("?", "？", "؟"))


def _newest(said: Sequence[Said], language: str) -> list[tuple[Said, list[str]]]:
    """The newest sentences with their messages, oldest first."""
    kept: list[tuple[Said, list[str]]] = []
    room = _MOST_SENTENCES
    for message in reversed(said):
        sentences = split_sentences(message.text, language)[-room:] if room else []
        room -= len(sentences)
        kept.append((message, sentences))
    return kept[::-1]


def _moved(known: StepState, state: State | None, message_id: str) -> StepState:
    """A step that was done stays done when it is asked for again."""
    if state is None or (known.state == "done" and state == "told"):
        return known
    return StepState(known.text, state, None if state == "open" else message_id)


def _reading(sentence: str, message: Said) -> State | None:
    """What a sentence that speaks of a step says of it; None for nothing."""
    if message.ours and not message.internal:
        return "done" if _DONE.search(sentence) and not _NOT_YET.search(sentence) else "told"
    if is_question(sentence):
        return None
    if _STUCK.search(sentence):
        return "stuck"
    if _NOT_YET.search(sentence):
        return "open"
    reported = _DONE.search(sentence) or (message.internal and _NOTED.search(sentence))
    return "done" if reported else None


def _spoken_of(sentence: str, steps: Sequence[Sequence["_Word"]]) -> list[int]:
    """Places of the steps that a sentence speaks of: by number, all of them, or by their words."""
    if _ALL_STEPS.search(sentence):
        return list(range(len(steps)))
    numbered = {number - 1 for match in _NUMBERED.finditer(sentence) for number in _numbers(match)}
    said = _Words(words_of(sentence)[:_SENTENCE_WORDS])
    alike = {place for place, wanted in enumerate(steps) if said.share_of(wanted) >= _SPOKEN_OF}
    return sorted(place for place in numbered | alike if 0 <= place < len(steps))


def _numbers(match: re.Match[str]) -> list[int]:
    first = int(match[1])
    if match[3] is None:
        return [first]
    last = int(match[3])
    return list(range(first, last + 1)) if match[2].casefold() in _RANGES else [first, last]


@dataclass(frozen=True, slots=True)
class _Word:
    """A word, what its forms begin with, and all its own beginnings: sign, signed; restart, restarting."""

    text: str
    core: str
    beginnings: frozenset[str]


class _Words:
    """The words of a sentence, looked at once for all steps."""

    def __init__(self, words: Sequence[str]) -> None:
        read = [_word(word) for word in dict.fromkeys(words)]
        self._texts = frozenset(each.text for each in read)
        self._cores = frozenset(each.core for each in read if each.core)
        self._beginnings = frozenset(beginning for each in read for beginning in each.beginnings)

    def share_of(self, wanted: Sequence[_Word]) -> float:
        hits = sum(1 for word in wanted if self._has(word))
        return hits / len(wanted) if wanted else 0.0

    def _has(self, word: _Word) -> bool:
        return (
            word.text in self._texts
            or (bool(word.core) and word.core in self._beginnings)
            or not word.beginnings.isdisjoint(self._cores)
        )


def _word(text: str) -> _Word:
    if len(text) < _STEM:
        return _Word(text, "", frozenset())
    return _Word(
        text, text[: max(_STEM, len(text) - 2)], frozenset(text[:end] for end in range(_STEM, min(len(text), 40) + 1))
    )


def _telling(step: str) -> list[_Word]:
    words = list(dict.fromkeys(words_of(step)))[:_SENTENCE_WORDS]
    kept = [word for word in words if word not in FUNCTION_WORDS or word in _PARTICLES]
    return [_word(word) for word in kept or words]
