"""Personal data kept from a model and put back into what it answers.

One ``PlaceholderMasker`` serves all texts of one issue: the same value has the same placeholder in each of them,
numbered in the order in which the texts are masked. What looks like a placeholder in a text is itself replaced by one
(``[TEXT_1]``), so a customer cannot name a placeholder and have it filled with somebody's data.
"""

import re
from collections.abc import Sequence
from typing import Final

from support_copilot.ml.personal_data.find import find_personal_data
from support_copilot.ml.personal_data.masking import LABELS
from support_copilot.ml.personal_data.spans import KnownPerson, PersonalData

#: As issued, and as models rewrite it: [email 1], [ EMAIL-1 ], \[EMAIL\_1\], 【EMAIL_1】.
_PLACEHOLDER: Final = re.compile(
    r"\\\[\s{0,3}(?P<a>[A-Za-z]{2,12})\s{0,3}\\?[_-]?\s{0,3}(?P<b>\d{1,6})\s{0,3}\\\]"
    r"|[\[【［]\s{0,3}(?P<c>[A-Za-z]{2,12})\s{0,3}\\?[_-]?\s{0,3}(?P<d>\d{1,6})\s{0,3}[\]】］]"
)
#: A text that ends like this may go on to be a placeholder. The longest is 40 characters.
_BEGUN: Final = re.compile(
    r"(?:\\|\\?[\[【［])\Z|\\?[\[【［]\s{0,3}(?:[A-Za-z]{1,12}(?:(?<=[A-Za-z]{2})\s{0,3}\\?[_-]?\s{0,3}(?:\d{1,6}\s{0,3}\\?)?)?)?\Z"
)
_LONGEST: Final = 48
_LITERAL: Final = "TEXT"


class PlaceholderMasker:
    """Not shared between issues, nor between threads; it holds personal data, so it lives no longer than the call."""

    def __init__(self, *, known: Sequence[KnownPerson] = (), language: str | None = None) -> None:
        """
        Args:
            known: the people of the issue.
            language: ISO 639-1 code of the texts, where it is known.
        """
        self._known = tuple(known)
        self._language = language
        self._by_value: dict[tuple[str, str], str] = {}
        self._values: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def mask(self, text: str) -> str:
        """The text with placeholders; ``restore`` gives back exactly what was masked."""
        found = find_personal_data(text, known=self._known, language=self._language)
        pieces: list[str] = []
        position = 0
        for start, end, label in _with_lookalikes(text, found):
            pieces += (text[position:start], self._placeholder(label, text[start:end]))
            position = end
        pieces.append(text[position:])
        return "".join(pieces)

    def restore(self, text: str) -> str:
        """The text with each issued placeholder replaced by its value; others stay as they are."""
        return _PLACEHOLDER.sub(self._value_of, text)

    def restoring(self) -> "StreamRestorer":
        """For an answer that comes in pieces; one for each stream."""
        return StreamRestorer(self)

    def unissued(self, text: str) -> list[str]:
        """What looks like a placeholder in a model's text and was never issued, in its order."""
        return [match[0] for match in _PLACEHOLDER.finditer(text) if _key(match) not in self._values]

    def issued(self) -> dict[str, str]:
        """Placeholder to value, in the order of issue: what a preview shows beside the masked text."""
        return {f"[{key}]": value for key, value in self._values.items()}

    def _placeholder(self, label: str, value: str) -> str:
        key = self._by_value.get((label, value))
        if key is None:
            self._counts[label] = self._counts.get(label, 0) + 1
            key = f"{label}_{self._counts[label]}"
            self._by_value[label, value] = key
            self._values[key] = value
        return f"[{key}]"

    def _value_of(self, match: re.Match[str]) -> str:
        return self._values.get(_key(match), match[0])


class StreamRestorer:
    """Puts values back into an answer that arrives in pieces, wherever they are cut.

    The pieces that come out, joined, are what ``PlaceholderMasker.restore`` makes of the whole answer. At most 48
    characters are held back, and only while they may be the beginning of a placeholder.
    """

    def __init__(self, masker: PlaceholderMasker) -> None:
        self._masker = masker
        self._held = ""

    def feed(self, piece: str) -> str:
        """What can be shown after this piece; may be empty."""
        text = self._held + piece
        cut = _begun_at(text)
        self._held = text[cut:]
        return self._masker.restore(text[:cut])

    def finish(self) -> str:
        """What was held back at the end of the stream."""
        rest, self._held = self._held, ""
        return self._masker.restore(rest)


def _begun_at(text: str) -> int:
    """Where a placeholder may have begun that the text does not end."""
    for position in range(max(0, len(text) - _LONGEST), len(text)):
        if text[position] in "\\[【［" and _BEGUN.match(text, position):
            return position
    return len(text)


def _key(match: re.Match[str]) -> str:
    label, number = match["a"] or match["c"], match["b"] or match["d"]
    return f"{label.upper()}_{int(number)}"


def _with_lookalikes(text: str, found: Sequence[PersonalData]) -> list[tuple[int, int, str]]:
    """What is to be replaced, in order; a lookalike takes in what was found inside it."""
    spans = [(match.start(), match.end(), _LITERAL) for match in _PLACEHOLDER.finditer(text)]
    spans += [(each.start, each.end, LABELS[each.type]) for each in found]
    merged: list[tuple[int, int, str]] = []
    for start, end, label in sorted(spans, key=lambda span: (span[0], -span[1])):
        if merged and start < merged[-1][1]:
            last = merged.pop()
            # Two that overlap become one text that is nobody's to rewrite.
            merged.append((last[0], max(last[1], end), last[2] if end <= last[1] else _LITERAL))
        else:
            merged.append((start, end, label))
    return merged
