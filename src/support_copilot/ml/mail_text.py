"""What a person wrote, out of what a mail program sent.

Works line by line, in linear time: libraries for this job (email_reply_parser and those after it) use patterns whose
cost grows with the square of a line, and take bullet lists for signatures.
"""

import re
from dataclasses import dataclass
from typing import Final

from support_copilot.ml.mail_marks import (
    FROM_LABELS,
    HEADER_LABELS,
    SEPARATOR_LINES,
    SIGN_OFFS,
    TRAILER_STARTS,
    WROTE_WORDS,
)
from support_copilot.ml.plain_text import split_quoted_html, visible

_QUOTE_MARK: Final = re.compile(r"^(?:> ?)+|^\|(?: |$)")
_RULE: Final = re.compile(r"[_*=\-–—─\s]+")
_WORDS_ALTERNATIVES: Final = "|".join(re.escape(word) for word in WROTE_WORDS)
_WROTE: Final = re.compile(rf"(?:{_WORDS_ALTERNATIVES})\b.{{0,80}}[:：]$", re.IGNORECASE)
_LOOKS_DATED: Final = re.compile(r"[\d@<]")
_HEADER_LINE: Final = re.compile(r"[*_ ]{0,3}([^\W\d][^:：]{0,24}?)[*_ ]{0,3}[:：]")
_DELIMITER: Final = re.compile(r"--\s?|—|_{2,3}")

_FROM: Final = frozenset(map(str.casefold, FROM_LABELS))
_HEADERS: Final = frozenset(map(str.casefold, HEADER_LABELS)) | _FROM
_SEPARATORS: Final = frozenset(map(str.casefold, SEPARATOR_LINES))
_SIGN_OFF_WORDS: Final = frozenset(map(str.casefold, SIGN_OFFS))
_TRAILERS: Final = tuple(map(str.casefold, TRAILER_STARTS))
_MAX_MARK_LENGTH: Final = 400
#: A signature has at most so many lines, none of them longer than a line of an address.
_SIGNATURE_LINES: Final = 12
_SIGNATURE_WIDTH: Final = 120


@dataclass(frozen=True, slots=True)
class CleanedMessage:
    """The new words of a message, and what was set aside: quoted history and the signature."""

    text: str
    quoted: str
    signature: str


def clean_message(text: str, *, html: bool = False) -> CleanedMessage:
    """What is new in a message, in whatever language.

    Answers written between quoted lines are kept. A message that is nothing but a quotation (something forwarded)
    is its own text, so ``text`` is empty only when nothing visible was sent.
    """
    shown, history = split_quoted_html(text) if html else (visible(text), "")
    lines, quoted_lines = _without_quotes(shown.split("\n"))
    body, signature = _split_signature(lines)
    quoted = "\n".join(part for part in (visible("\n".join(quoted_lines)), history) if part)
    new = visible("\n".join(body))
    if not new and quoted:
        return CleanedMessage(quoted, "", visible(signature))
    return CleanedMessage(new or visible(signature), quoted, visible(signature) if new else "")


def _without_quotes(lines: list[str]) -> tuple[list[str], list[str]]:
    kept: list[str] = []
    quoted: list[str] = []
    position = 0
    while position < len(lines):
        line = lines[position]
        if mark := _QUOTE_MARK.match(line):
            quoted.append(line[mark.end() :])
            position += 1
            continue
        size = _history_mark(lines, position)
        if size:
            rest = next((later for later in lines[position + size :] if later), "")
            if not _QUOTE_MARK.match(rest):
                return kept, quoted + lines[position:]
        else:
            kept.append(line)
        position += size or 1
    return kept, quoted


def _history_mark(lines: list[str], position: int) -> int:
    """How many lines from here announce quoted history; 0 when none does."""
    line = lines[position]
    if not line or len(line) > _MAX_MARK_LENGTH:
        return 0
    if _RULE.sub(" ", line).strip(" :").casefold() in _SEPARATORS:
        return 1
    if _header_label(line) in _FROM and any(
        _header_label(later) in _HEADERS for later in lines[position + 1 : position + 4]
    ):
        return 1
    # Mail programs wrap the line that says who wrote when.
    joined = ""
    for size, part in enumerate(lines[position : position + 3], start=1):
        joined = f"{joined} {part}" if joined else part
        if not part or len(joined) > _MAX_MARK_LENGTH:
            return 0
        if part.endswith((":", "：")):
            return size if _WROTE.search(joined) and _LOOKS_DATED.search(joined) else 0
    return 0


def _header_label(line: str) -> str | None:
    found = _HEADER_LINE.match(line)
    return found[1].strip().casefold() if found else None


def _split_signature(lines: list[str]) -> tuple[list[str], str]:
    for position in range(len(lines) - 1, -1, -1):
        if _DELIMITER.fullmatch(lines[position]) and len(lines) - position <= 3 * _SIGNATURE_LINES:
            return lines[:position], "\n".join(lines[position + 1 :])
        if len(lines) - position > 3 * _SIGNATURE_LINES:
            break
    start = _trailer_start(lines)
    filled = [number for number in range(start) if lines[number]]
    for number in filled[-_SIGNATURE_LINES:]:
        if _is_sign_off(lines[number]) and all(len(line) <= _SIGNATURE_WIDTH for line in lines[number:start]):
            return lines[:number], "\n".join(lines[number:])
    return lines[:start], "\n".join(lines[start:])


def _trailer_start(lines: list[str]) -> int:
    """Where device notes and legal notices at the end begin."""
    filled = [number for number, line in enumerate(lines) if line]
    for number in filled[-_SIGNATURE_LINES:]:
        if lines[number].lstrip("*_ ").casefold().startswith(_TRAILERS):
            return number
    return len(lines)


def _is_sign_off(line: str) -> bool:
    if len(line) > 60:
        return False
    words = line.casefold().strip(" ,.!*_;:-–")
    if words in _SIGN_OFF_WORDS:
        return True
    # "Best regards, Anna": the closing, a comma, and a name of at most three words.
    head, _, name = line.partition(",")
    names = name.strip(" .!").split()
    return head.casefold().strip() in _SIGN_OFF_WORDS and 0 < len(names) <= 3 and all(map(_capitalised, names))


def _capitalised(word: str) -> bool:
    return word[:1].isupper()
