"""Addresses of providers, as people write them, made into the one that the SDK needs."""

import re
from typing import Final
from urllib.parse import SplitResult, urlsplit, urlunsplit

#: A path that names its version is complete: /v1, /api/v1, /openai/v1, /v1beta/openai.
_VERSIONED: Final = re.compile(r"(^|/)v\d+[a-z]*\d*(/|$)")
#: People paste the address of an operation.
_OPERATION: Final = re.compile(r"/(chat/completions|completions|embeddings|models|responses)$")


def api_address(given: str) -> str:
    """The base address of an OpenAI-compatible API, with ``/v1`` where no version is named.

    Raises:
        ValueError: not an http(s) address, or one with a password, query or fragment.
    """
    parts = _http_parts(given)
    path = _OPERATION.sub("", parts.path.rstrip("/"))
    if not _VERSIONED.search(path):
        path += "/v1"
    return urlunsplit(parts._replace(path=path))


def service_address(given: str) -> str:
    """The address of an AWS endpoint, without a slash at its end.

    Raises:
        ValueError: as above.
    """
    parts = _http_parts(given)
    return urlunsplit(parts._replace(path=parts.path.rstrip("/")))


def _http_parts(given: str) -> SplitResult:
    try:
        parts = urlsplit(given.strip())
        port_is_fine = parts.port != 0
    except ValueError:
        raise ValueError("this is not an address") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_is_fine:
        raise ValueError("an address begins with http:// or https:// and names a host")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("an address holds no name, password, query or fragment; the key has a setting of its own")
    return parts
