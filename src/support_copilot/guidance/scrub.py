"""Keeps what belongs to one customer out of a reply to another.

A fix is retold sentence by sentence. A sentence that carries anything personal of the issue it comes from is
withheld as a whole: cutting words out would leave sentences that say something else.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from support_copilot.ml.entities import extract_entities

#: Kinds of entities that describe products and problems, not people or their dealings.
_TECHNICAL: Final = frozenset({"version", "error_code", "http_status", "product_code", "file_path", "time"})
#: Kinds that belong to one issue wherever they stand.
_PERSONAL: Final = frozenset(
    {
        "email", "phone", "iban", "card_number", "ip_address", "identifier", "invoice_number", "order_number",
        "ticket_number", "tracking_number", "account_number", "reference_number", "registration_number",
        "amount", "date",
    }
)  # fmt: skip
_HANDLE: Final = re.compile(r"(?<!\w)@\w{2,}")
#: Numbers that no product has: seven digits and more, or behind a hash.
_LONG_NUMBER: Final = re.compile(r"(?<![\w.])[A-Z]{0,4}-?\d{7,}(?!\w)|#\s?\d{2,}")
_TITLED: Final = re.compile(
    r"\b(?:mr|mrs|ms|miss|dr|herrn?|frau|mme|mlle|sra?|sig|signora|senhora?|mevr|mevrouw|dhr)\b\.?\s+[A-ZÀ-Þ]",
    re.IGNORECASE,
)
_STREET: Final = re.compile(
    r"\b\d{1,5}[a-z]?,?\s+(?:\w+\s){0,3}(?:street|st|road|rd|avenue|ave|lane|drive|boulevard|blvd)\b|"
    r"\b\w+(?:straße|strasse|str\.|weg|platz|gasse|straat|laan)\s+\d|"
    r"\b(?:rue|avenue|boulevard|calle|avenida|rua|via|viale|piazza)\s+(?:\w+\s){1,4}\d|"
    r"\b\d{1,4},?\s+(?:rue|avenue|boulevard)\s",
    re.IGNORECASE,
)
_PATTERNS: Final = (_HANDLE, _LONG_NUMBER, _TITLED, _STREET)
#: Words of names that are also words of any sentence.
_ORDINARY_WORDS: Final = """
the and for von van der den das die und les des del los las all you our support service team customer help
desk company group shop store online user admin test gmbh ltd inc llc
"""
#: So many people share these domains that they name nobody.
_MAIL_PROVIDERS: Final = """
gmail.com googlemail.com outlook.com hotmail.com live.com yahoo.com icloud.com aol.com gmx.de gmx.net web.de
t-online.de orange.fr free.fr libero.it proton.me protonmail.com
"""
_LINK: Final = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_VERSION: Final = re.compile(r"v?\d+(?:\.\d+){1,3}\w{0,3}")
_WORD: Final = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_TOKEN: Final = re.compile(r"\w[\w./#-]*")


@dataclass(frozen=True, slots=True)
class Identity:
    """What would give other customers away: words of names, and marks such as numbers; in lower case."""

    names: frozenset[str]
    marks: frozenset[str]

    def joined(self, other: "Identity") -> "Identity":
        return Identity(self.names | other.names, self.marks | other.marks)


NOBODY: Final = Identity(frozenset(), frozenset())


def identity_of(names: Iterable[str | None], exact: Iterable[str | None], said: Sequence[str]) -> Identity:
    """What identifies the people of an issue.

    Args:
        names: full names of the customer and of whoever wrote.
        exact: e-mail, phone, ids, in the form they are stored in.
        said: what was written in the issue; numbers and codes in it count as belonging to it.
    """
    words = {word.casefold() for name in names if name for word in _WORD.findall(name) if len(word) >= 3}
    marks = {text.casefold() for text in exact if text}
    marks |= {mark.rpartition("@")[2] for mark in marks if "@" in mark} - set(_MAIL_PROVIDERS.split())
    for text in said:
        marks |= _marks_of(text)
    return Identity(
        frozenset(words - set(_ORDINARY_WORDS.split())), frozenset(mark for mark in marks if len(mark) >= 3)
    )


def numbered_words(text: str) -> list[str]:
    """Everything with a digit in it: numbers, dates, codes, versions."""
    return [token.rstrip("./#-") for token in _TOKEN.findall(text) if any(map(str.isdigit, token))]


def names_somebody(sentence: str, identity: Identity) -> bool:
    """Whether a sentence carries one of the names (as a word with a capital) or marks."""
    lowered = sentence.casefold()
    if any(mark in lowered for mark in identity.marks):
        return True
    return any(word.casefold() in identity.names and not word.islower() for word in _WORD.findall(sentence))


def is_personal(sentence: str, identity: Identity) -> bool:
    """Whether a sentence of another issue may not be retold: it names its people, their numbers, money or places."""
    if names_somebody(sentence, identity) or any(pattern.search(sentence) for pattern in _PATTERNS):
        return True
    if any(entity.type in _PERSONAL for entity in extract_entities(sentence)):
        return True
    # An address with parameters may open somebody's session.
    return any("?" in link or "#" in link or numbered_words(link) for link in _LINK.findall(sentence))


def _marks_of(text: str) -> set[str]:
    entities = extract_entities(text)
    technical = {entity.text.casefold() for entity in entities if entity.type in _TECHNICAL}
    marks = {entity.text.casefold() for entity in entities}
    marks |= {word.casefold() for word in numbered_words(text) if len(word) >= 4}
    return {mark for mark in marks - technical if not _VERSION.fullmatch(mark)}
