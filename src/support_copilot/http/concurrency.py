"""Optimistic concurrency: ETag out, If-Match in."""

from typing import Annotated

from fastapi import Header, Response

from support_copilot.kit.errors import InvalidRequestError, StaleVersionError

IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", max_length=80, description="The ETag read before; a stale one is refused with 412."),
]


def set_etag(response: Response, version: int) -> None:
    response.headers["ETag"] = f'"{version}"'


def check_version(if_match: str | None, version: int) -> None:
    """Refuse an edit made on an older reading. Without If-Match only the named fields are changed, last one wins.

    Raises:
        StaleVersionError: the record has changed since.
        InvalidRequestError: the header holds no ETag of ours.
    """
    if if_match is None or if_match.strip() == "*":
        return
    tags = [tag.strip().removeprefix("W/").strip('"') for tag in if_match.split(",")]
    if not all(tag.isdigit() for tag in tags):
        raise InvalidRequestError.of_field("If-Match", "invalid_etag", "is not an ETag that this server gave")
    if str(version) not in tags:
        raise StaleVersionError("The record was changed meanwhile; read it again and repeat the edit.")
