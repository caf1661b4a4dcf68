"""Text made safe to store and to count."""

import html
import re
import unicodedata
from typing import Final

#: Everything below space but tab and line ends, DEL, C1 controls, and lone halves of surrogate pairs.
_UNSTORABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
#: Fillers of Hangul, and the pattern of Braille without a dot, which count as letters and as a symbol.
_DRAWN_AS_NOTHING: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800")
#: Marks that turn the direction of a text around, and of what stands beside it. Marks of one letter (LRM, RLM) do not.
_TURNS: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_SPACES: Final = re.compile(r"\s+")
_REFERENCE: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_MARKUP: Final = re.compile(rf"[<>]|&(?!{_REFERENCE.pattern[1:]})")


def storable(text: str) -> str:
    """The text without characters that no person typed (controls, broken halves), line ends as ``\\n``, in NFC."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _UNSTORABLE.sub("", text))


def unescaped(text: str) -> str:
    """A plain text whose sender escaped it for HTML (``it&#39;s 5 &gt; 4``) as it was written, decoded once.

    Where a bare ``<``, ``>`` or ``&`` shows that it was not escaped as a whole, references to these three stay: there
    somebody writes about HTML. What was escaped twice is decoded once and stays text.
    """
    if "&" not in text:
        return text
    whole = _MARKUP.search(text) is None

    def character(reference: re.Match[str]) -> str:
        decoded = html.unescape(reference[0])
        return decoded if whole or decoded not in "<>&" else reference[0]

    return _REFERENCE.sub(character, text)


def one_line(text: str) -> str:
    """The storable text on one line: runs of white space become one space, none at the ends."""
    return _SPACES.sub(" ", storable(text)).strip()


def heading(text: str) -> str:
    """One line that stands beside words of ours, such as a name or a subject: it cannot turn those around."""
    return one_line(_TURNS.sub("", text))


def is_blank(text: str) -> bool:
    """Whether nothing of it can be seen: spaces, marks of direction and joining, letters that are drawn as nothing."""
    return not any(letter not in _DRAWN_AS_NOTHING and unicodedata.category(letter)[0] not in "ZC" for letter in text)


def shorten(text: str, limit: int) -> str:
    """At most ``limit`` characters, cut between words where there is one, with an ellipsis when cut."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > limit // 2 else cut).rstrip() + "…"


def count_tokens(text: str) -> int:
    """An estimate of model tokens without a tokenizer: about four characters or three quarters of a word each."""
    return max(len(text) // 4, round(text.count(" ") / 0.75)) + 1 if text else 0
