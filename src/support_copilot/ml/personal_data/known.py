"""The people of an issue, in every form in which their names and numbers are written."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from support_copilot.ml.personal_data import words
from support_copilot.ml.personal_data.spans import (
    RANK_KNOWN,
    RANK_SECRET,
    RANK_SPARED,
    Finding,
    KnownPerson,
    PersonalDataType,
)

#: Letters, each with at most two accents of its own behind it.
_WORD: Final = re.compile(r"(?:[^\W\d_][\u0300-\u036f]{0,2})+")
_ACCENTS: Final = re.compile(r"[\u0300-\u036f]")
_MIN_PART: Final = 2
_ENDINGS: Final = frozenset(words.ENDINGS.split())
_VOWELS: Final = "aeiouyąęéáíóúäöüı"
_APOSTROPHES: Final = "'’ʼ´`"
_PARTICLES: Final = frozenset(words.PARTICLES.split())
_SPACELESS: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_MIN_PHONE_DIGITS: Final = 7
_MIN_LOCAL: Final = 5


@dataclass(frozen=True, slots=True)
class _Forms:
    """``parts`` are folded words of the name; ``exact`` are texts that are found as they are, folded."""

    parts: frozenset[str]
    initials: frozenset[str]
    exact: tuple[tuple[str, PersonalDataType], ...]
    digits: tuple[str, ...]
    spared: bool


def find_known(text: str, known: Sequence[KnownPerson]) -> Iterator[Finding]:
    """Names by each of their words, with initials and endings, e-mails, phones in any spacing, account names."""
    if not known:
        return
    people = [_forms(person) for person in known]
    folded = _fold_in_place(text)
    for person in people:
        yield from _exact(folded, person)
        yield from _phones(text, person)
    yield from _names(text, folded, people)


def _forms(person: KnownPerson) -> _Forms:
    words = _WORD.findall(_fold_in_place(unicodedata.normalize("NFC", person.name or "")))
    parts = {word for word in words if len(word) >= _MIN_PART and word not in _PARTICLES}
    spelled = {
        _ascii_spelling(word) for word in _WORD.findall(unicodedata.normalize("NFC", person.name or "").casefold())
    } - _PARTICLES
    initials = {word[0] for word in words if word not in _PARTICLES}
    exact: list[tuple[str, PersonalDataType]] = [(_fold_in_place(email.strip()), "email") for email in person.emails]
    # "jsmith82" of jsmith82@example.org is how the person signs in elsewhere.
    locals_ = (email.partition("@")[0] for email in person.emails)
    names = [*person.usernames, *(local for local in locals_ if len(local) >= _MIN_LOCAL)]
    exact += [(_fold_in_place(name.strip()), "username") for name in names]
    if person.name and _SPACELESS.search(person.name):
        exact += [(part, "person") for part in {*person.name.split(), person.name} if _SPACELESS.search(part)]
    digits = ("".join(filter(str.isdecimal, phone)) for phone in person.phones)
    return _Forms(
        frozenset(parts | {word for word in spelled if len(word) >= _MIN_PART}),
        frozenset(initials),
        tuple((word, kind) for word, kind in exact if len(word) >= _MIN_PART),
        tuple(number for number in digits if len(number) >= _MIN_PHONE_DIGITS),
        person.spared,
    )


def _exact(folded: str, person: _Forms) -> Iterator[Finding]:
    rank = RANK_SPARED if person.spared else RANK_KNOWN
    for word, kind in person.exact:
        at = folded.find(word)
        while at != -1:
            end = at + len(word)
            whole = kind == "person" or not (_is_word(folded, at - 1) or _is_word(folded, end))
            if whole:
                yield Finding(at, end, None if person.spared else kind, 0.99, RANK_SECRET if kind == "email" else rank)
            at = folded.find(word, end)


def _is_word(text: str, position: int) -> bool:
    return 0 <= position < len(text) and (text[position].isalnum() or text[position] == "_")


def _phones(text: str, person: _Forms) -> Iterator[Finding]:
    for number in person.digits:
        # The last seven to nine digits are the same with and without the country and the leading zero.
        tail = r"[\s().\-/\u2010-\u2013]{0,3}".join(number[-min(9, max(_MIN_PHONE_DIGITS, len(number) - 2)) :])
        for match in re.finditer(rf"(?<![\w.])(?:[+(]?[\d() .\-/]{{0,9}}?)?{tail}(?!\d)", text):
            start = match.start() + len(match[0]) - len(match[0].lstrip(" .-/)"))
            yield Finding(
                start, match.end(), None if person.spared else "phone", 0.99, RANK_SPARED + (not person.spared) * 2
            )


def _names(text: str, folded: str, people: Sequence[_Forms]) -> Iterator[Finding]:
    """Runs of words that belong to a name: "Anna", "A. Schmidt", "Schmidts", "Frau Dr. Schmidt-Berger"."""
    owners: dict[str, list[_Forms]] = {}
    for person in people:
        for each in person.parts:
            owners.setdefault(each, []).append(person)
    if not owners:
        return
    stems = {_stem(each): each for each in owners if len(each) >= 4}
    for match in _WORD.finditer(folded):
        part = _part_of(_ACCENTS.sub("", match[0]), owners, stems)
        if part is None or not _may_be_name(text, match.start(), match.end(), len(part)):
            continue
        holders = owners[part]
        hidden = [person for person in holders if not person.spared]
        start = _with_initials(text, folded, match.start(), hidden or holders)
        confidence = 0.97 if text[match.start()].isupper() else 0.8
        if hidden:
            yield Finding(start, match.end(), "person", confidence, RANK_KNOWN)
        else:
            yield Finding(start, match.end(), None, confidence, RANK_SPARED)


def _part_of(word: str, owners: dict[str, list[_Forms]], stems: dict[str, str]) -> str | None:
    if word in owners:
        return word
    for cut in range(1, min(4, len(word) - 2)):
        if word[-cut:] in _ENDINGS:
            stem = word[:-cut]
            if stem in owners and len(stem) >= 3:
                return stem
            if stem in stems:
                return stems[stem]
    return None


def _stem(part: str) -> str:
    """Without the vowel that cases replace: Anna, Anny, Annie."""
    return part[:-1] if part[-1] in _VOWELS else part


def _may_be_name(text: str, start: int, end: int, part_length: int) -> bool:
    """Short words in small letters are words of the sentence ("an", "do", "will")."""
    word = text[start:end]
    return word[0].isupper() or not word.islower() or part_length >= 5


def _with_initials(text: str, folded: str, start: int, holders: Sequence[_Forms]) -> int:
    """Moves the start before "J." or "J. P." where these are initials of the same person."""
    allowed = {initial for person in holders for initial in person.initials}
    while start >= 3 and text[start - 1] == " " and text[start - 2] == "." and folded[start - 3] in allowed:
        if start > 3 and _is_word(text, start - 4):
            break
        start -= 3
    return start


@lru_cache(maxsize=4096)
def _fold_letter(letter: str) -> str:
    plain = unicodedata.normalize("NFD", letter.casefold())[:1]
    return {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "a", "œ": "o", "ð": "d", "þ": "t"}.get(plain, plain or letter)


def _fold_in_place(text: str) -> str:
    """Lower case without accents, letter for letter, so that offsets stay what they are."""
    if text.isascii():
        return text.lower()
    return "".join(letter.lower() if letter.isascii() else _fold_letter(letter) for letter in text)


def _ascii_spelling(word: str) -> str:
    """Müller as Mueller."""
    for letter, spelling in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("ø", "oe"), ("å", "aa"), ("æ", "ae")):
        word = word.replace(letter, spelling)
    return _fold_in_place(word)
