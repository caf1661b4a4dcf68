"""Numbers, codes and addresses that an agent would look up."""

import ipaddress
import re
from bisect import bisect_left, insort
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final

from support_copilot.ml.entity_patterns import ADDRESSES, CODE, FILLERS, KIND_OF_LABEL, PLAIN, Patterns

#: What is longer is a log file; its beginning says what it is about.
_READ_CHARS: Final = 200_000
_MAX_ENTITIES: Final = 500
#: A label ("purchase order number is …") stands at most so far before its number.
_LABEL_REACH: Final = 48
_DOMAIN: Final = re.compile(r"[\w-]{2,64}\.\Z")
_LABEL_WORD: Final = re.compile(r"[^\W\d_]+(?:[-/][^\W\d_]+)*|\d|[,;!?\n@%+*/\\]")
_STOPS: Final = frozenset(",;!?\n@%+*/\\")
#: The name of a month or a currency stands at most so far from its number.
_CLUSTER_REACH: Final = 20
#: Digits that are nearer to each other than twice that are looked at together.
_DIGITS: Final = re.compile(rf"\d(?:\D{{0,{2 * _CLUSTER_REACH}}}\d)*")
_TRAILING: Final = ".,;:!?)]}'\"…"
_HTTP_STATUSES: Final = frozenset(
    map(
        str,
        (*range(400, 419), *range(421, 427), 428, 429, 431, 451, *range(500, 509), 510, 511, *range(520, 528)),
    )
)
_VERSION: Final = re.compile(r"v?\d{1,6}(?:\.\d{1,6}){0,4}(?:[-+][\w.-]{1,30})?", re.IGNORECASE)
#: Before a line number in a trace: "Writer.java:214" names no release of Java.
_LINE_NUMBER: Final = re.compile(r"\.[A-Za-z]{1,10}:\Z")
#: Numbers of companies and for taxes come in groups ("912 345 678 MVA"); a date behind their label is none.
_REGISTRATION: Final = re.compile(r"(?:[A-Z]{2,3}[ -]?)?\d(?:[ ./-]?\d){6,17}(?!\w)")
_DATE: Final = re.compile(r"(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}\Z|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d\d\Z")
_COUNTED_DIGITS: Final = 3
_MIN_DIGITS: Final = 3


@dataclass(frozen=True, slots=True)
class Entity:
    """``text`` is exactly ``source[start:end]``."""

    type: str
    text: str
    start: int
    end: int


def extract_entities(text: str) -> list[Entity]:
    """What is found, in the order of the text, none overlapping another.

    Types: url, email, iban, card_number, file_path, ip_address, identifier, invoice_number, order_number,
    ticket_number, tracking_number, account_number, product_code, http_status, error_code, date, time, amount, version,
    phone, reference_number, registration_number (of a company, for taxes). Only the first 200,000 characters are read
    and at most 500 entities returned.
    """
    read = text[:_READ_CHARS]
    taken: list[tuple[int, int, str]] = []
    for kind, start, end in chain(_patterned(read, ADDRESSES), _labelled(read), _patterned(read, PLAIN)):
        if _fits(taken, start, end) and _CHECKS.get(kind, _anything)(read[start:end]):
            insort(taken, (start, end, kind))
            if len(taken) >= _MAX_ENTITIES:
                break
    return [Entity(kind, text[start:end], start, end) for start, end, kind in taken]


def _patterned(text: str, patterns: Patterns) -> Iterator[tuple[str, int, int]]:
    near_digits = _near_digits(text)
    for kind, marks, pattern in patterns:
        for match in _matches(text, marks, pattern, near_digits):
            yield (kind, *_span(kind, match))


def _labelled(text: str) -> Iterator[tuple[str, int, int]]:
    """Numbers and codes that the word before them names."""
    for match in CODE.finditer(text):
        kind = label_before(text, match.start())
        if kind is None or (kind == "version" and _LINE_NUMBER.search(text, max(0, match.start() - 12), match.start())):
            continue
        found = match[0]
        if kind == "registration_number":
            yield from _registration(text, match.start())
            continue
        if kind != "version":
            # A full stop ends a sentence here, or begins cents.
            found = found.partition(".")[0]
        if kind == "error_code" and found in _HTTP_STATUSES:
            kind = "http_status"
        yield kind, match.start(), match.start() + len(found)


def _registration(text: str, start: int) -> Iterator[tuple[str, int, int]]:
    grouped = _REGISTRATION.match(text, start)
    # A card number stays one whatever stands before it, as the end of an address ("kim@example.org 4111…").
    if grouped is not None and not _DATE.match(grouped[0]) and not _is_card(grouped[0]):
        yield "registration_number", *grouped.span()


def label_before(text: str, start: int) -> str | None:
    """What the words right before ``start`` call a number that begins there ("order no. …": order_number)."""
    for match in reversed(list(_LABEL_WORD.finditer(text, max(0, start - _LABEL_REACH), start))):
        word = match[0]
        if word in _STOPS or word[0].isdecimal():
            return None
        folded = word.casefold()
        if folded in KIND_OF_LABEL:
            kind = KIND_OF_LABEL[folded]
            # "kim@example.org 4111…": the end of an address names nothing.
            ends_address = kind == "registration_number" and _DOMAIN.search(
                text, max(0, match.start() - _LABEL_REACH), match.start()
            )
            return None if ends_address else kind
        if folded not in FILLERS:
            return None
    return None


def _near_digits(text: str) -> list[tuple[int, int]]:
    """The parts of a text that a pattern with digits in it can match: most texts have few, which saves the time."""
    return [
        (max(0, cluster.start() - _CLUSTER_REACH), min(len(text), cluster.end() + _CLUSTER_REACH))
        for cluster in _DIGITS.finditer(text)
    ]


def _matches(
    text: str, marks: tuple[str, ...], pattern: re.Pattern[str], near_digits: list[tuple[int, int]]
) -> Iterator[re.Match[str]]:
    if not marks:
        for start, end in near_digits:
            yield from pattern.finditer(text, start, end)
    elif any(mark in text for mark in marks):
        yield from pattern.finditer(text)


def _span(kind: str, match: re.Match[str]) -> tuple[int, int]:
    start, end = match.span("value" if "value" in match.re.groupindex else 0)
    if kind in {"url", "file_path", "email"}:
        found = match.string[start:end]
        # A closing bracket belongs to an address only when it was opened in it.
        while found and found[-1] in _TRAILING and not (found[-1] == ")" and "(" in found):
            found = found[:-1]
        end = start + len(found)
    return start, end


def _fits(taken: list[tuple[int, int, str]], start: int, end: int) -> bool:
    if end <= start:
        return False
    position = bisect_left(taken, (start, end, ""))
    free_before = position == 0 or taken[position - 1][1] <= start
    return free_before and (position == len(taken) or taken[position][0] >= end)


def _anything(_found: str) -> bool:
    return True


def _is_ip_address(found: str) -> bool:
    try:
        address = ipaddress.ip_address(found)
    except ValueError:
        return False
    # "::" alone is a scope mark of a programming language more often than an address.
    return address.version == 4 or len(found) > 4


def _is_iban(found: str) -> bool:
    compact = found.replace(" ", "")
    digits = "".join(str(int(letter, 36)) for letter in compact[4:] + compact[:4])
    return 15 <= len(compact) <= 34 and int(digits) % 97 == 1


def _is_card(found: str) -> bool:
    digits = [int(letter) for letter in found if letter.isdecimal()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return 13 <= len(digits) <= 19 and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_date(found: str) -> bool:
    numbers = [int(part) for part in re.findall(r"\d+", found)]
    if len(numbers) < 3:
        return True
    first, second = (numbers[0], numbers[1]) if numbers[0] < 100 else (numbers[2], numbers[1])
    return min(first, second) >= 1 and max(first, second) <= 31 and min(first, second) <= 12


def _is_phone(found: str) -> bool:
    digits = sum(map(str.isdecimal, found))
    return 8 <= digits <= 15 and (found[0] in "+(" or any(mark in found for mark in " -./"))


def _is_number(found: str) -> bool:
    return len(found) <= 32 and sum(map(str.isdecimal, found)) >= _MIN_DIGITS


def _is_code(found: str) -> bool:
    return 2 <= len(found) <= 32


def _is_product_code(found: str) -> bool:
    """No place in a law or a list: "Article 17", "item 3"."""
    return _is_code(found) and not (found.isdecimal() and len(found) <= _COUNTED_DIGITS)


def _is_http_status(found: str) -> bool:
    return found in _HTTP_STATUSES


def _is_version(found: str) -> bool:
    return _VERSION.fullmatch(found) is not None


_CHECKS: Final[Mapping[str, Callable[[str], bool]]] = {
    "ip_address": _is_ip_address,
    "iban": _is_iban,
    "card_number": _is_card,
    "date": _is_date,
    "phone": _is_phone,
    "http_status": _is_http_status,
    "order_number": _is_number,
    "invoice_number": _is_number,
    "account_number": _is_number,
    "tracking_number": _is_number,
    "ticket_number": _is_code,
    "product_code": _is_product_code,
    "error_code": _anything,
    "version": _is_version,
}
