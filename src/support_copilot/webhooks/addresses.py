"""Which addresses a webhook may have. Names are checked again each time that something is sent."""

import ipaddress
from typing import Final
from urllib.parse import SplitResult, urlsplit

from support_copilot.kit.errors import InvalidRequestError
from support_copilot.outgoing.config import OutgoingConfig
from support_copilot.outgoing.policy import Address, policy_of

MAX_URL_CHARS: Final = 2000
_LOCALHOST: Final = ipaddress.ip_address("127.0.0.1")


def check_address(config: OutgoingConfig, url: str) -> None:
    """Refuse what would never be sent to.

    Raises:
        InvalidRequestError: no address, not over TLS (but for this machine, where the settings allow it), with a
            password in it, or in a network that requests may not go to.
    """
    parts = _parts(url)
    host = parts.hostname or ""
    if parts.username is not None or parts.password is not None:
        raise _refused("url_with_password", "must not hold a user name or a password; the signature says who sends")
    address = _loopback_or_literal(host)
    if address is not None and not policy_of(config).permits(host, address):
        raise _refused("address_refused", "leads into a network that requests may not go to")
    if parts.scheme == "http" and not (address is not None and address.is_loopback):
        raise _refused("url_without_tls", "must begin with https://")


def _parts(url: str) -> SplitResult:
    plain = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    try:
        parts = urlsplit(url) if plain else None
        usable = parts is not None and parts.scheme in ("https", "http") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts is None or parts.fragment:
        raise _refused("invalid_url", "must be an address such as https://example.com/hooks")
    return parts


def _loopback_or_literal(host: str) -> Address | None:
    if host == "localhost":
        return _LOCALHOST
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _refused(code: str, message: str) -> InvalidRequestError:
    return InvalidRequestError.of_field("url", code, message)
