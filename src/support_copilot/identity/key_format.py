"""The look of API keys: ``sck_``, 40 random letters and digits (238 bits), and a checksum of six.

A prefix that scanners know and a CRC-32 that tells a real key from a lookalike without asking the database: the form
of GitHub's tokens (https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/).
"""

import secrets
import string
import zlib
from typing import Final

PREFIX: Final = "sck_"
_ALPHABET: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
_SECRET_LENGTH: Final = 40
_CHECKSUM_LENGTH: Final = 6
LENGTH: Final = len(PREFIX) + _SECRET_LENGTH + _CHECKSUM_LENGTH
_HINT_LENGTH: Final = len(PREFIX) + 4


def new_key() -> str:
    """A fresh key, to be shown once."""
    secret = PREFIX + "".join(secrets.choice(_ALPHABET) for _ in range(_SECRET_LENGTH))
    return secret + _checksum(secret)


def is_key(text: str) -> bool:
    """Whether the text has the form of a key and its checksum is right; it may still open nothing."""
    if len(text) != LENGTH or not text.startswith(PREFIX) or not text.isascii():
        return False
    return text[-_CHECKSUM_LENGTH:] == _checksum(text[:-_CHECKSUM_LENGTH])


def hint_of(key: str) -> str:
    """The beginning, by which people tell their keys apart; it leaves 214 bits unknown."""
    return key[:_HINT_LENGTH]


def _checksum(secret: str) -> str:
    number, digits = zlib.crc32(secret.encode()), ""
    for _ in range(_CHECKSUM_LENGTH):
        number, rest = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[rest] + digits
    return digits
