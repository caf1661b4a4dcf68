"""Numbers, codes and addresses that an agent would look up."""

import ipaddress
import re
from bisect import bisect_left, insort
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from support_copilot.ml.entity_patterns import PATTERNS

#: What is longer is a log file; its beginning says what it is about.
_READ_CHARS: Final = 200_000
_MAX_ENTITIES: Final = 500
#: A label ("purchase order number is …") stands at most so far before its number.
_LABEL_REACH: Final = 48
_CLUSTER_REACH: Final = 48
#: Digits that are nearer to each other than twice that are looked at together.
_DIGITS: Final = re.compile(rf"\d(?:\D{{0,{2 * _CLUSTER_REACH}}}\d)*")
_TRAILING: Final = ".,;:!?)]}'\"…"
_HTTP_STATUSES: Final = frozenset(
    (*range(400, 419), 421, 422, 423, 424, 425, 426, 428, 429, 431, 451, *range(500, 509), 510, 511, *range(520, 528))
)


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
    phone, reference_number. Only the first 200,000 characters are read and at most 500 entities returned.
    """
    read = text[:_READ_CHARS]
    taken: list[tuple[int, int, str]] = []
    near_digits = _near_digits(read)
    for kind, marks, pattern in PATTERNS:
        for match in _matches(read, marks, pattern, near_digits):
            start, end = _span(kind, match)
            if _fits(taken, start, end) and _CHECKS.get(kind, _anything)(read[start:end]):
                insort(taken, (start, end, kind))
                if len(taken) >= _MAX_ENTITIES:
                    return _entities(text, taken)
    return _entities(text, taken)


def _near_digits(text: str) -> list[tuple[int, int]]:
    """The parts of a text that a pattern with digits in it can match: most texts have few, which saves the time."""
    return [
        (max(0, cluster.start() - _LABEL_REACH), min(len(text), cluster.end() + _CLUSTER_REACH))
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


def _entities(text: str, spans: list[tuple[int, int, str]]) -> list[Entity]:
    return [Entity(kind, text[start:end], start, end) for start, end, kind in spans]


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


def _has_digits(found: str) -> bool:
    return sum(map(str.isdecimal, found)) >= 3


def _is_http_status(found: str) -> bool:
    return int(found) in _HTTP_STATUSES


_CHECKS: Final[Mapping[str, Callable[[str], bool]]] = {
    "ip_address": _is_ip_address,
    "iban": _is_iban,
    "card_number": _is_card,
    "date": _is_date,
    "phone": _is_phone,
    "http_status": _is_http_status,
    "order_number": _has_digits,
    "invoice_number": _has_digits,
    "account_number": _has_digits,
    "tracking_number": _has_digits,
}
