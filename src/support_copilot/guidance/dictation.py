"""Words that somebody wrote in order to have them said: what stands in quotes, what follows "write" or "tell them".

A customer may quote an error message, so such words are no offence; but a reply that has them without a source says
what somebody else wanted it to say.
"""

import base64
import codecs
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from support_copilot.kit.text import storable
from support_copilot.ml.content_words import content_words, words_of
from support_copilot.ml.plain_text import visible

#: So many words in a row from anywhere in the conversation. Who takes up what a customer said turns "my" into "your".
_ANYWHERE: Final = 6
#: So many words in a row of what was to be said.
_DICTATED: Final = 3
_SEGMENT_CHARS: Final = 400
_MOST_SEGMENTS: Final = 400
_QUOTED: Final = re.compile(
    rf"[\"“”„]([^\"“”„\n]{{2,{_SEGMENT_CHARS}}})[\"“”]|«([^»\n]{{2,{_SEGMENT_CHARS}}})»|`([^`\n]{{2,{_SEGMENT_CHARS}}})`|"
    rf"(?<!\w)['‘]([^'’\n]{{2,{_SEGMENT_CHARS}}})['’](?!\w)|\*\*([^*\n]{{2,{_SEGMENT_CHARS}}})\*\*"
)
_TO_BE_SAID: Final = re.compile(
    r"\b(?:say|says|saying|write|writes|writing|reply|replying|answer|answering|respond|responding|add|append|prepend|include|"
    r"insert|output|print|state|mention|promise|confirm|announce|declare|repeat|sign|tell|inform|assure|admit|offer|put|"
    r"schreib\w*|antwort\w*|sag|sage|sagen|füge|bestätig\w*|versprich|teile|écri\w+|répond\w+|dis|dites|ajoute\w*|confirme\w*|"
    r"escrib\w+|respond\w+|di|diga|añad\w+|confirm\w+|escrev\w+|diz|adicion\w+|schrijf|zeg|antwoord\w*|voeg|bevestig|"
    r"scriv\w+|rispond\w+|dì|aggiung\w+|conferm\w+)\b"
    rf"([^\n]{{2,{_SEGMENT_CHARS}}})",
    re.IGNORECASE,
)
_ENCODED: Final = re.compile(r"[A-Za-z0-9+/]{16,4000}={0,2}")
_MOST_ENCODED: Final = 20
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s")


class Dictation:
    """What was dictated in some texts of others."""

    def __init__(self, texts: Sequence[str]) -> None:
        plain = [form for text in texts for form in _forms(visible(storable(text)))]
        self._anywhere = frozenset(run for text in plain for run in _runs(text, _ANYWHERE))
        segments = [words_of(segment) for text in plain for segment in _segments(text)][:_MOST_SEGMENTS]
        self._short = frozenset(tuple(words) for words in segments if 0 < len(words) < _DICTATED)
        self._dictated = frozenset(
            tuple(words[at : at + _DICTATED]) for words in segments for at in range(len(words) - _DICTATED + 1)
        )

    def is_in(self, sentence: str, *, unless: str = "") -> bool:
        """Whether a sentence says what was dictated.

        Args:
            unless: the source of the sentence; what stands there may be said, whoever else wants it said too.
        """
        allowed = " ".join(words_of(unless))
        found = [run for run in _runs(sentence, _ANYWHERE) if run in self._anywhere]
        found += [run for run in _runs(sentence, _DICTATED) if run in self._dictated]
        for length in range(1, _DICTATED):
            found += [run for run in _runs(sentence, length) if run in self._short]
        return any(content_words(" ".join(run)) and f" {' '.join(run)} " not in f" {allowed} " for run in found)


def _forms(text: str) -> Iterable[str]:
    """The text, and what a model could read in it: other letters, backwards, rot13, base64."""
    yield text
    normal = unicodedata.normalize("NFKC", text)
    if normal != text:
        yield normal
    yield text[::-1]
    yield codecs.encode(text, "rot13")
    for run in _ENCODED.findall(text)[:_MOST_ENCODED]:
        try:
            yield base64.b64decode(run + "=" * (-len(run) % 4)).decode()
        except ValueError:
            continue


def _segments(text: str) -> Iterable[str]:
    for match in _QUOTED.finditer(text):
        yield next(filter(None, match.groups()))
    for match in _TO_BE_SAID.finditer(text):
        yield _SENTENCE_END.split(match[1], maxsplit=1)[0]


def _runs(text: str, length: int) -> set[tuple[str, ...]]:
    words = words_of(text)
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}
