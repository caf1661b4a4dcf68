"""Field types that requests share: cleaned, bounded, and refused with a sentence when they do not fit."""

import re
from datetime import datetime
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from support_copilot.kit.clock import as_utc
from support_copilot.kit.text import heading, is_blank, one_line, storable

MAX_BODY_CHARS = 1_000_000
MAX_SUBJECT_CHARS = 500
MAX_TITLE_CHARS = 300
MOST_TAGS = 50
MAX_FILES_PER_MESSAGE = 20

Status = Literal["open", "pending", "resolved", "closed"]
#: The two texts of a draft.
DraftPart = Literal["reply", "note"]
#: What an issue becomes with a reply.
ThenStatus = Literal["pending", "resolved"]
Severity = Literal["critical", "high", "medium", "low"]
Channel = Literal["email", "chat", "web", "phone", "api", "social", "import"]
Author = Literal["customer", "agent", "system"]
Visibility = Literal["public", "internal"]

#: Strict enough to catch a name or a list in the field; only a mail server knows the rest.
_EMAIL: Final = re.compile(r"^[^@\s,;:<>()\[\]\"\\]{1,64}@(?:[^@\s.,;:<>()\[\]\"\\]+\.)+[^@\s.,;:<>()\[\]\"\\]{2,}$")


def _clean(value: object) -> object:
    return storable(value) if isinstance(value, str) else value


def _clean_line(value: object) -> object:
    if not isinstance(value, str):
        return value
    line = one_line(value)
    return "" if is_blank(line) else line


def _clean_heading(value: object) -> object:
    return _clean_line(heading(value)) if isinstance(value, str) else value


def read_email(value: str) -> str:
    """An e-mail address in the form it is stored in: trimmed and lower-cased.

    Raises:
        ValueError: it is none; the message does not repeat it.
    """
    email = one_line(value).lower()
    if len(email) > 254 or not _EMAIL.match(email):
        raise ValueError("must be an e-mail address")
    return email


def _in_utc(value: datetime) -> datetime:
    try:
        return as_utc(value)
    except OverflowError as error:
        raise ValueError("is outside of the calendar") from error


def _not_blank(value: str) -> str:
    if is_blank(value):
        raise ValueError("must hold some text")
    return value


#: Text of several lines, up to a million characters; must hold something that can be seen.
Body = Annotated[
    str, BeforeValidator(_clean), Field(min_length=1, max_length=MAX_BODY_CHARS), AfterValidator(_not_blank)
]
#: Text of several lines that may be empty.
OptionalBody = Annotated[str, BeforeValidator(_clean), Field(max_length=MAX_BODY_CHARS)]
#: One line; line breaks become spaces, and marks that turn the direction of a text are left out.
Line = Annotated[str, BeforeValidator(_clean_heading), Field(min_length=1, max_length=200)]
SubjectLine = Annotated[str, BeforeValidator(_clean_heading), Field(min_length=1, max_length=MAX_SUBJECT_CHARS)]
TitleLine = Annotated[str, BeforeValidator(_clean_heading), Field(min_length=1, max_length=MAX_TITLE_CHARS)]
Slug = Annotated[str, BeforeValidator(_clean_line), Field(min_length=1, max_length=80)]
Tags = Annotated[list[Slug], Field(max_length=MOST_TAGS)]
#: Files that go with one message.
FileIds = Annotated[list[Annotated[str, Field(max_length=64)]], Field(max_length=MAX_FILES_PER_MESSAGE)]
LanguageCode = Annotated[
    str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$", max_length=12), Field(examples=["en"])
]
#: A moment in UTC; one without a zone is read as UTC.
Moment = Annotated[datetime, AfterValidator(_in_utc)]
EmailAddress = Annotated[str, AfterValidator(read_email), Field(examples=["ana@example.com"])]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class EditRequest(BaseModel):
    """An edit: fields that are absent stay as they are; null empties a field, where that is allowed."""

    model_config = ConfigDict(extra="forbid")
    may_be_empty: ClassVar[frozenset[str]] = frozenset()

    @field_validator("*", mode="before")
    @classmethod
    def _null_only_where_allowed(cls, value: object, info: ValidationInfo) -> object:
        if value is None and info.field_name not in cls.may_be_empty:
            raise ValueError("cannot be null")
        return value

    def changes(self) -> dict[str, Any]:
        """The fields that were sent, by name."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class ExternalRef(BaseModel):
    """The record's id at another desk: the same reference again means the same record."""

    model_config = ConfigDict(extra="forbid")

    source: Annotated[str, BeforeValidator(_clean_line), Field(min_length=1, max_length=60, examples=["zendesk"])]
    id: Annotated[str, BeforeValidator(_clean_line), Field(min_length=1, max_length=190, examples=["48211"])]

    @classmethod
    def of(cls, source: str | None, external_id: str | None) -> "ExternalRef | None":
        """From the two columns that hold it."""
        return cls(source=source, id=external_id) if source and external_id else None


__all__ = [
    "Author",
    "Body",
    "Channel",
    "Currency",
    "DraftPart",
    "EditRequest",
    "EmailAddress",
    "ExternalRef",
    "FileIds",
    "LanguageCode",
    "Line",
    "Moment",
    "OptionalBody",
    "Severity",
    "Slug",
    "Status",
    "SubjectLine",
    "Tags",
    "ThenStatus",
    "TitleLine",
    "Visibility",
]
