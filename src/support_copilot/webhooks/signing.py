"""Secrets and signatures of webhooks, by the convention that libraries of many languages verify.

Source: Standard Webhooks, https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md:
HMAC-SHA256 over ``id.timestamp.body``, in base 64 after ``v1,``; several signatures, with spaces between them, while a
secret is being replaced.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Final

_PREFIX: Final = "whsec_"
_SECRET_BYTES: Final = 32


def new_secret() -> str:
    """A fresh secret of 256 bits, in the form that the libraries take."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signed_headers(keys: Sequence[str], event_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers by which a receiver knows who sent the body, when, and whether it came before.

    Args:
        keys: secrets in force, the newest first.
        timestamp: seconds since 1970; receivers refuse what is older than some minutes.
    """
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(_signature(key, event_id, timestamp, body) for key in keys),
    }


def _signature(secret: str, event_id: str, timestamp: int, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    digest = hmac.new(key, f"{event_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()
