"""Rows as they come become records ready to be stored."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from support_copilot.connect.values import (
    CellError,
    as_article_status,
    as_author,
    as_channel,
    as_flag,
    as_heading,
    as_language,
    as_line,
    as_moment,
    as_number,
    as_prose,
    as_severity,
    as_status,
    as_strings,
    as_text,
    as_then_status,
    as_visibility,
    is_empty,
)
from support_copilot.http.fields import MAX_BODY_CHARS, MAX_SUBJECT_CHARS
from support_copilot.issues.service import NewMessage
from support_copilot.kit.text import shorten

MAX_MESSAGES = 10_000
_EXTERNAL_ID_CHARS = 190

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CustomerRow:
    external_id: str | None = None
    external_source: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    plan: str | None = None
    value_amount: float | None = None
    value_currency: str | None = None
    language: str | None = None
    notes: str | None = None
    company: str | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class IssueRow:
    external_id: str
    external_source: str | None
    subject: str
    messages: tuple[NewMessage, ...]
    customer: CustomerRow | None = None
    #: Only what the row says; absent fields are left as they are when the issue is there already.
    given: Mapping[str, Any] = field(default_factory=dict)
    resolution: str | None = None
    resolution_steps: tuple[str, ...] = ()
    resolution_kind: str | None = None
    resolution_reopened: bool = False


@dataclass(frozen=True, slots=True)
class MessageRow:
    issue_id: str
    external_source: str | None
    message: NewMessage


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A template or an article."""

    external_id: str
    external_source: str | None
    title: str
    body: str
    given: Mapping[str, Any] = field(default_factory=dict)


_ISSUE_FIELDS: Mapping[str, Callable[[Any], Any]] = {
    "status": as_status,
    "severity": as_severity,
    "category": lambda v: as_heading("category", v, 80),
    "language": lambda v: as_language("language", v),
    "channel": as_channel,
    "tags": lambda v: as_strings("tags", v, most=50),
    "assignee": lambda v: as_line("assignee", v, 200),
    "created_at": lambda v: as_moment("created_at", v),
    "first_response_at": lambda v: as_moment("first_response_at", v),
    "resolved_at": lambda v: as_moment("resolved_at", v),
    "reopened_count": lambda v: int(as_number("reopened_count", v, 0, 1000)),
    "rating": lambda v: round(as_number("rating", v, 1, 5)),
    "rating_comment": lambda v: as_prose("rating_comment", v, 20_000),
}
_DOCUMENT_FIELDS: Mapping[str, Callable[[Any], Any]] = {
    "category": lambda v: as_line("category", v, 80),
    "language": lambda v: as_language("language", v),
    "tags": lambda v: as_strings("tags", v, most=50),
    "folder": lambda v: as_line("folder", v, 80),
    "tone": lambda v: as_line("tone", v, 20),
    "add_tags": lambda v: as_strings("add_tags", v, most=50),
    "then_status": as_then_status,
    "status": as_article_status,
    "created_at": lambda v: as_moment("created_at", v),
}


def issue_row(fields: Fields) -> IssueRow:
    """An issue with its customer, conversation and fix.

    Raises:
        CellError: the first field that does not fit.
    """
    given = _given(fields, _ISSUE_FIELDS)
    _settle_times(given, fields.get("resolved_in_hours"))
    messages = _conversation(fields, given.get("created_at"))
    resolution = _optional_prose("resolution", fields.get("resolution"))
    if resolution and "status" not in given:
        given["status"] = "resolved"
    return IssueRow(
        external_id=_external_id(fields),
        external_source=_optional_line("external_source", fields.get("external_source"), 60),
        subject=_subject(fields, messages),
        messages=messages,
        customer=_issue_customer(fields),
        given=given,
        resolution=resolution,
        resolution_steps=_steps(fields.get("resolution_steps")),
        resolution_kind=_optional_line("resolution_kind", fields.get("resolution_kind"), 40),
        resolution_reopened=as_flag("resolution_reopened", fields.get("resolution_reopened") or False),
    )


def message_row(fields: Fields) -> MessageRow:
    """One message of an issue that is there already.

    Raises:
        CellError: the first field that does not fit.
    """
    return MessageRow(
        issue_id=as_line("issue_id", _needed("issue_id", fields), _EXTERNAL_ID_CHARS),
        external_source=_optional_line("external_source", fields.get("external_source"), 60),
        message=_message(fields, None),
    )


def customer_row(fields: Fields) -> CustomerRow:
    """A customer; needs an id, an e-mail or a name.

    Raises:
        CellError: the first field that does not fit.
    """
    row = CustomerRow(
        external_id=_optional_line("external_id", fields.get("external_id"), _EXTERNAL_ID_CHARS),
        external_source=_optional_line("external_source", fields.get("external_source"), 60),
        name=_optional_heading("name", fields.get("name"), 200),
        email=_email(fields.get("email")),
        phone=_optional_line("phone", fields.get("phone"), 40),
        plan=_optional_line("plan", fields.get("plan"), 60),
        value_amount=_optional(fields.get("value_amount"), lambda v: as_number("value_amount", v, -1e11, 1e11)),
        value_currency=_optional_line("value_currency", fields.get("value_currency"), 3),
        language=_optional(fields.get("language"), lambda v: as_language("language", v)),
        notes=_optional_prose("notes", fields.get("notes")),
        company=_optional_heading("company", fields.get("company"), 200),
        created_at=_optional(fields.get("created_at"), lambda v: as_moment("created_at", v)),
    )
    if not (row.external_id or row.email or row.name):
        raise CellError("external_id", "a customer needs an id, an e-mail address or a name")
    return row


def document_row(fields: Fields) -> DocumentRow:
    """A template or an article.

    Raises:
        CellError: the first field that does not fit.
    """
    return DocumentRow(
        external_id=_external_id(fields),
        external_source=_optional_line("external_source", fields.get("external_source"), 60),
        title=as_line("title", _needed("title", fields), 300),
        body=as_text("body", _needed("body", fields), MAX_BODY_CHARS),
        given=_given(fields, _DOCUMENT_FIELDS),
    )


def _given(fields: Fields, readers: Mapping[str, Callable[[Any], Any]]) -> dict[str, Any]:
    return {name: read(fields[name]) for name, read in readers.items() if not is_empty(fields.get(name))}


def _settle_times(given: dict[str, Any], hours: Any) -> None:
    """An end from its duration, a status from its end; an end before the beginning is refused."""
    created = given.get("created_at")
    if not is_empty(hours) and created and "resolved_at" not in given:
        given["resolved_at"] = created + timedelta(hours=as_number("resolved_in_hours", hours, 0, 1e6))
    if created and given.get("resolved_at", created) < created:
        raise CellError("resolved_at", "is before created_at")
    if "resolved_at" in given and "status" not in given:
        given["status"] = "resolved"


def _conversation(fields: Fields, created_at: datetime | None) -> tuple[NewMessage, ...]:
    turns = fields.get("messages")
    if is_empty(turns):
        body = fields.get("body")
        text = as_prose("body", fields.get("subject", "") if is_empty(body) else body, MAX_BODY_CHARS)
        return (NewMessage("customer", text, created_at=created_at),) if text else ()
    if not isinstance(turns, list):
        raise CellError("messages", "must be a list of messages")
    if len(turns) > MAX_MESSAGES:
        raise CellError("messages", f"more than {MAX_MESSAGES} messages")
    return tuple(_turn(number, turn, created_at) for number, turn in enumerate(turns))


def _turn(number: int, turn: Any, created_at: datetime | None) -> NewMessage:
    if not isinstance(turn, dict):
        raise CellError(f"messages.{number}", "must be an object with author and body")
    body = next((turn[name] for name in ("body", "text", "content", "message") if not is_empty(turn.get(name))), None)
    author = next((turn[name] for name in ("author", "speaker", "role") if not is_empty(turn.get(name))), "customer")
    try:
        return _message({**turn, "body": body, "author": author}, created_at)
    except CellError as error:
        raise CellError(f"messages.{number}.{error.field}", error.reason) from error


def _message(fields: Fields, created_at: datetime | None) -> NewMessage:
    return NewMessage(
        author=as_author(fields.get("author") or "customer"),
        body=as_prose("body", _needed("body", fields), MAX_BODY_CHARS),
        visibility=_optional(fields.get("visibility"), as_visibility) or "public",
        body_html=_optional_text("body_html", fields.get("body_html")),
        author_name=_optional_heading("author_name", fields.get("author_name"), 200),
        created_at=_optional(fields.get("created_at") or fields.get("time"), lambda v: as_moment("created_at", v))
        or created_at,
    )


def _subject(fields: Fields, messages: tuple[NewMessage, ...]) -> str:
    if not is_empty(fields.get("subject")):
        return as_heading("subject", fields["subject"], MAX_SUBJECT_CHARS)
    if not messages:
        raise CellError("subject", "an issue needs a subject, a body or messages")
    return shorten(as_line("body", messages[0].body[:2000], MAX_SUBJECT_CHARS), 120)


def _issue_customer(fields: Fields) -> CustomerRow | None:
    names = {name.removeprefix("customer_"): value for name, value in fields.items() if name.startswith("customer_")}
    if all(is_empty(value) for value in names.values()):
        return None
    return customer_row({**names, "external_id": names.get("id")})


def _external_id(fields: Fields) -> str:
    """The id the row came with, else one made of its content, so that a second run finds it again."""
    if not is_empty(fields.get("external_id")):
        return as_line("external_id", fields["external_id"], _EXTERNAL_ID_CHARS)
    content = json.dumps(fields, sort_keys=True, ensure_ascii=True, default=str)
    return "sha256-" + hashlib.sha256(content.encode()).hexdigest()[:32]


def _needed(name: str, fields: Fields) -> Any:
    if is_empty(fields.get(name)):
        raise CellError(name, "is missing")
    return fields[name]


def _optional(value: Any, read: Callable[[Any], Any]) -> Any:
    return None if is_empty(value) else read(value)


def _optional_line(name: str, value: Any, limit: int) -> str | None:
    return None if is_empty(value) else as_line(name, value, limit)


def _optional_heading(name: str, value: Any, limit: int) -> str | None:
    return None if is_empty(value) else as_heading(name, value, limit)


def _optional_prose(name: str, value: Any) -> str | None:
    return None if is_empty(value) else as_prose(name, value, MAX_BODY_CHARS)


def _optional_text(name: str, value: Any) -> str | None:
    return None if is_empty(value) else as_text(name, value, MAX_BODY_CHARS)


def _steps(value: Any) -> tuple[str, ...]:
    return () if is_empty(value) else tuple(as_strings("resolution_steps", value, most=100))


def _email(value: Any) -> str | None:
    if is_empty(value):
        return None
    email = as_line("email", value, 300).lower()
    local, _, domain = email.rpartition("@")
    if not local or "." not in domain or " " in email or len(email) > 254:
        raise CellError("email", "must be an e-mail address")
    return email
