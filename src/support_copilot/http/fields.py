"""Field types that requests share: cleaned, bounded, and refused with a sentence when they do not fit."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from support_copilot.kit.text import one_line, storable

MAX_BODY_CHARS = 1_000_000
MAX_SUBJECT_CHARS = 500

Status = Literal["open", "pending", "resolved", "closed"]
Severity = Literal["critical", "high", "medium", "low"]
Channel = Literal["email", "chat", "web", "phone", "api", "social", "import"]
Author = Literal["customer", "agent", "system"]
Visibility = Literal["public", "internal"]


def _clean(value: object) -> object:
    return storable(value) if isinstance(value, str) else value


def _clean_line(value: object) -> object:
    return one_line(value) if isinstance(value, str) else value


def _not_blank(value: str) -> str:
    if not value.strip():
        raise ValueError("must hold some text")
    return value


#: Text of several lines, up to a million characters; must hold more than white space.
Body = Annotated[
    str, BeforeValidator(_clean), Field(min_length=1, max_length=MAX_BODY_CHARS), AfterValidator(_not_blank)
]
#: Text of several lines that may be empty.
OptionalBody = Annotated[str, BeforeValidator(_clean), Field(max_length=MAX_BODY_CHARS)]
#: One line; line breaks become spaces.
Line = Annotated[str, BeforeValidator(_clean_line), Field(min_length=1, max_length=200)]
SubjectLine = Annotated[str, BeforeValidator(_clean_line), Field(min_length=1, max_length=MAX_SUBJECT_CHARS)]
TitleLine = Annotated[str, BeforeValidator(_clean_line), Field(min_length=1, max_length=300)]
Slug = Annotated[str, BeforeValidator(_clean_line), Field(min_length=1, max_length=80)]
Tags = Annotated[list[Slug], Field(max_length=50)]
LanguageCode = Annotated[
    str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$", max_length=12), Field(examples=["en"])
]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]

__all__ = [
    "Author",
    "Body",
    "Channel",
    "Currency",
    "LanguageCode",
    "Line",
    "OptionalBody",
    "Severity",
    "Slug",
    "Status",
    "SubjectLine",
    "Tags",
    "TitleLine",
    "Visibility",
]
