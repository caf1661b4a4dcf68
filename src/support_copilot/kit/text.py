"""Text made safe to store and to count."""

import re
import unicodedata
from typing import Final

#: Everything below space but tab and line ends, DEL, C1 controls, and lone halves of surrogate pairs.
_UNSTORABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_SPACES: Final = re.compile(r"\s+")


def storable(text: str) -> str:
    """The text without characters that no person typed (controls, broken halves), line ends as ``\\n``, in NFC."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _UNSTORABLE.sub("", text))


def one_line(text: str) -> str:
    """The storable text on one line: runs of white space become one space, none at the ends."""
    return _SPACES.sub(" ", storable(text)).strip()


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
