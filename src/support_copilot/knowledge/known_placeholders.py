"""Which placeholders there are: one that there is not stays a blank in every reply."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from support_copilot.kit.errors import InvalidRequestError
from support_copilot.knowledge.rendering import ASK_GROUP, CUSTOMER_FIELDS, ISSUE_FIELDS, placeholders
from support_copilot.ml.entity_patterns import ADDRESSES, KIND_OF_LABEL, PLAIN

_FOUND_IN_TEXTS: Final = {*(kind for kind, *_ in (*ADDRESSES, *PLAIN)), *KIND_OF_LABEL.values(), "http_status"}
KNOWN: Final = tuple(
    sorted(
        {
            "agent.name",
            *(f"customer.{name}" for name in CUSTOMER_FIELDS),
            *(f"issue.{name}" for name in (*ISSUE_FIELDS, *_FOUND_IN_TEXTS)),
        }
    )
)
_MOST_NEAR: Final = 3
_LEAST_LIKE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Unknown:
    """A placeholder that there is not, and names that it may have been meant to be, likest first."""

    name: str
    near: tuple[str, ...]


def unknown_placeholders(body: str) -> list[Unknown]:
    """In order of appearance. What a customer is asked for (``ask.*``) may have any name.

    Raises:
        InvalidRequestError: the template cannot be read.
    """
    return unknown_among(placeholders(body))


def unknown_among(names: Iterable[str]) -> list[Unknown]:
    """The same of names that were read already."""
    return [Unknown(name, _near(name)) for name in names if name not in KNOWN and not _is_asked(name)]


def check_placeholders(body: str, spared: Collection[str] = ()) -> None:
    """Refuse a template with a placeholder that there is not.

    Args:
        spared: names that stood there before, which an edit of something else must not stumble over.

    Raises:
        InvalidRequestError: names the line, the placeholder, and what is like it.
    """
    for unknown in unknown_placeholders(body):
        if unknown.name not in spared:
            line = body.count("\n", 0, max(0, body.find(unknown.name))) + 1
            like = f"; did you mean {' or '.join(unknown.near)}?" if unknown.near else ""
            message = f"line {line}: there is no placeholder {unknown.name}{like}"
            raise InvalidRequestError.of_field("body", "unknown_placeholder", message)


def _is_asked(name: str) -> bool:
    group, _dot, leaf = name.partition(".")
    return group == ASK_GROUP and bool(leaf) and "." not in leaf


def _near(name: str) -> tuple[str, ...]:
    likest = get_close_matches(name.casefold(), KNOWN, n=_MOST_NEAR, cutoff=_LEAST_LIKE)
    return tuple(likest)
