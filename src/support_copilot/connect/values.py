"""Turns what stands in a cell into a value of ours, or says in words why it cannot be."""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from support_copilot.kit.clock import as_utc
from support_copilot.kit.text import heading, one_line, storable, unescaped

_STATUSES = {
    "open": "open", "new": "open", "reopened": "open", "todo": "open", "to do": "open", "in progress": "open",
    "assigned": "open", "active": "open", "unresolved": "open",
    "pending": "pending", "waiting": "pending", "on hold": "pending", "hold": "pending", "patch available": "pending",
    "snoozed": "pending", "awaiting": "pending",
    "resolved": "resolved", "solved": "resolved", "done": "resolved", "fixed": "resolved",
    "closed": "closed", "archived": "closed",
    "offen": "open", "neu": "open", "in bearbeitung": "open", "wartend": "pending", "wartet": "pending",
    "gelöst": "resolved", "erledigt": "resolved", "geschlossen": "closed",
}  # fmt: skip
_SEVERITIES = {
    "critical": "critical", "blocker": "critical", "urgent": "critical", "p1": "critical", "sev1": "critical",
    "emergency": "critical", "1": "critical",
    "high": "high", "major": "high", "important": "high", "p2": "high", "sev2": "high", "2": "high",
    "medium": "medium", "normal": "medium", "moderate": "medium", "p3": "medium", "sev3": "medium", "3": "medium",
    "kritisch": "critical", "dringend": "critical", "hoch": "high", "mittel": "medium", "normale": "medium",
    "niedrig": "low", "gering": "low",
    "low": "low", "minor": "low", "trivial": "low", "p4": "low", "p5": "low", "sev4": "low", "4": "low", "5": "low",
}  # fmt: skip
_AUTHORS = {
    "customer": "customer", "user": "customer", "requester": "customer", "client": "customer", "end-user": "customer",
    "enduser": "customer", "contact": "customer", "visitor": "customer", "lead": "customer",
    "agent": "agent", "admin": "agent", "support": "agent", "operator": "agent", "staff": "agent", "assistant": "agent",
    "system": "system", "bot": "system", "automation": "system",
}  # fmt: skip
_CHANNELS = {
    "email": "email", "e-mail": "email", "mail": "email", "chat": "chat", "messenger": "chat", "web": "web",
    "form": "web", "portal": "web", "phone": "phone", "voice": "phone", "call": "phone", "api": "api",
    "social": "social", "twitter": "social", "x": "social", "facebook": "social", "import": "import",
}  # fmt: skip
_THEN_STATUSES = {
    "pending": "pending",
    "waiting": "pending",
    "resolved": "resolved",
    "solved": "resolved",
    "closed": "resolved",
}
_ARTICLE_STATUSES = {
    "published": "published", "public": "published", "live": "published",
    "draft": "draft", "internal": "draft", "archived": "archived",
}  # fmt: skip
_TRUE, _FALSE = {"1", "true", "yes", "y", "public"}, {"0", "false", "no", "n", "internal", "private", "note"}
#: What is said to be older is how an export writes that it does not know.
_FIRST_YEAR: Final = 1970
#: Day, month, year with full stops, and perhaps a time.
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[ T,]{1,2}(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_EPOCH = re.compile(r"^\d{10}(\d{3})?(\.\d+)?$")


class CellError(ValueError):
    """Why one field of a row is refused; never quotes the cell."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


def is_empty(value: Any) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def as_text(field: str, value: Any, limit: int) -> str:
    """Text of several lines, cleaned."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise CellError(field, "must be text")
    text = storable(str(value)).strip()
    if len(text) > limit:
        raise CellError(field, f"longer than {limit} characters")
    return text


def as_line(field: str, value: Any, limit: int) -> str:
    """Text on one line, cleaned."""
    return one_line(as_text(field, value, max(limit, 100_000)))[:limit]


def as_prose(field: str, value: Any, limit: int) -> str:
    """What a person wrote, in several lines: cleaned, and without the escapes that some exports leave in it."""
    if not isinstance(value, str):
        return as_text(field, value, limit)
    return as_text(field, unescaped(value), limit)


def as_heading(field: str, value: Any, limit: int) -> str:
    """The same on one line, without marks that turn what stands beside it."""
    return heading(as_prose(field, value, max(limit, 100_000)))[:limit]


def as_moment(field: str, value: Any) -> datetime:
    """ISO 8601, an RFC 5322 date, 31.12.2026 14:30, or Unix seconds or milliseconds; without a zone taken as UTC.

    Forms such as 03/04/2026 are refused, since they mean different days to different people; with full stops the
    day comes first everywhere.
    """
    text = str(value).strip()
    if isinstance(value, bool):
        raise CellError(field, "must be a date and time")
    if _EPOCH.match(text):
        seconds = float(text)
        return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)
    for parse in (datetime.fromisoformat, _dotted, parsedate_to_datetime):
        try:
            moment = as_utc(parse(text))
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
        if moment.year < _FIRST_YEAR:
            raise CellError(field, f"must not be before {_FIRST_YEAR}")
        return moment
    raise CellError(field, "must be a date and time such as 2026-01-31T08:30:00Z")


def _dotted(text: str) -> datetime:
    found = _DOTTED.fullmatch(text)
    if found is None:
        raise ValueError
    day, month, year, hour, minute, second = (int(part or 0) for part in found.groups())
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def as_number(field: str, value: Any, low: float, high: float) -> float:
    try:
        number = float(str(value).strip())
    except ValueError:
        raise CellError(field, "must be a number") from None
    if not math.isfinite(number) or not low <= number <= high:
        raise CellError(field, f"must be between {low:g} and {high:g}")
    return number


def as_flag(field: str, value: Any) -> bool:
    text = str(value).strip().lower()
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    raise CellError(field, "must be true or false")


def as_strings(field: str, value: Any, *, most: int) -> list[str]:
    """A list, or a text with items separated by ``|``, ``;`` or ``,``."""
    items = value if isinstance(value, list) else re.split(r"[|;,]", as_prose(field, value, 10_000))
    if len(items) > most:
        raise CellError(field, f"more than {most} items")
    return [line for item in items if (line := as_heading(field, item, 1000))]


def as_status(value: Any) -> str:
    return _one_of("status", value, _STATUSES)


def as_then_status(value: Any) -> str:
    """What an issue becomes with a reply."""
    return _one_of("then_status", value, _THEN_STATUSES)


def as_severity(value: Any) -> str:
    return _one_of("severity", re.sub(r"^\d+\s*-\s*", "", str(value)), _SEVERITIES)


def as_author(value: Any) -> str:
    return _one_of("author", value, _AUTHORS)


def as_channel(value: Any) -> str:
    return _one_of("channel", value, _CHANNELS)


def as_article_status(value: Any) -> str:
    return _one_of("status", value, _ARTICLE_STATUSES)


def as_visibility(value: Any) -> str:
    return "public" if as_flag("visibility", value) else "internal"


def as_language(field: str, value: Any) -> str:
    text = as_line(field, value, 40).replace("_", "-")
    if not re.match(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?$", text):
        raise CellError(field, "must be a language code such as en or pt-BR")
    return text[:2].lower() + text[2:] if text[2:3] in ("", "-") else text.lower()


def _one_of(field: str, value: Any, meanings: Mapping[str, str]) -> str:
    meaning = meanings.get(" ".join(str(value).strip().lower().replace("_", " ").split()))
    if meaning is None:
        raise CellError(field, f"must be one of {', '.join(dict.fromkeys(meanings.values()))}, or a usual word for one")
    return meaning
