"""Random secrets that are shown once and kept as SHA-256.

A plain hash is right for them, other than for passwords: 256 random bits cannot be guessed, however fast the hash.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode


def new_secret() -> str:
    """256 random bits, as 43 letters that are safe in addresses, headers and cookies."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """SHA-256 in hexadecimal: what is stored, and what is looked up."""
    return hashlib.sha256(secret.encode()).hexdigest()


def derived(secret: str, purpose: str) -> str:
    """Another secret that only who knows the first can make, such as the CSRF token of a session (HMAC-SHA-256)."""
    return urlsafe_b64encode(hmac.digest(secret.encode(), purpose.encode(), "sha256")).decode().rstrip("=")


def same(given: str, expected: str) -> bool:
    """Compare without telling by time how much of it was right."""
    return hmac.compare_digest(given.encode(), expected.encode())
