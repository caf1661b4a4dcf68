"""Passwords: Argon2id, and none that is short, common or about its owner."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from support_copilot.kit.errors import InvalidRequestError, UnavailableError

MAX_CHARS: Final = 128
#: OWASP Password Storage Cheat Sheet: 46 MiB, one pass, one lane. About 40 ms on one core.
_HASHER: Final = PasswordHasher(time_cost=1, memory_cost=47_104, parallelism=1)
#: Of a password that nobody has, with the same costs: checked where there is no user, so that both cases take the same
#: time. Written down, because to hash one at each start took a fifth of the time of a command.
NOBODYS: Final = "$argon2id$v=19$m=47104,t=1,p=1$WwOGds0ZVTSXXBHTM98i9g$sZW9CJCiHu98mhPTjHBIPrrr2yBwX2R92j/ozO+0lW0"
#: Together they take less than 200 MiB, however many people sign in at once.
_AT_ONCE: Final = threading.BoundedSemaphore(4)
_LONGEST_WAIT_S: Final = 10.0
#: More letters only make guessing harder, and the time of the check grows with their square.
_JUDGED_CHARS: Final = 32
#: More than 10^8 guesses by zxcvbn's estimate, which knows the 30,000 most common leaked passwords (MIT licence).
_LEAST_SCORE: Final = 3
_LEAST_OWN_WORD_CHARS: Final = 4


class TooManySignInsError(UnavailableError):
    code, title = "too_many_sign_ins", "Many people sign in at this moment; try again in a few seconds"


def hash_password(password: str) -> str:
    """The Argon2id hash with its salt and costs, in PHC form.

    Raises:
        TooManySignInsError: others are being hashed and this one's turn did not come.
    """
    with _turn():
        return _HASHER.hash(password)


def is_right(password: str, password_hash: str | None) -> bool:
    """Whether the password is the hashed one. Without a hash the answer is no, after the same time.

    Raises:
        TooManySignInsError: others are being hashed and this one's turn did not come.
    """
    with _turn():
        try:
            _HASHER.verify(password_hash or NOBODYS, password[: MAX_CHARS + 1])
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether it was hashed with other costs than today's."""
    return _HASHER.check_needs_rehash(password_hash)


def check_new_password(password: str, own_words: Sequence[str | None], min_chars: int) -> None:
    """Refuse a password that an attacker would try early. What it is made of does not matter otherwise.

    Args:
        own_words: the person's name and address, which may not be in it.

    Raises:
        InvalidRequestError: says why, without repeating the password.
    """
    if not min_chars <= len(password) <= MAX_CHARS:
        raise _refusal("invalid_length", f"must have {min_chars} to {MAX_CHARS} characters")
    lowered = password.lower()
    if any(word in lowered for word in _parts(own_words)):
        raise _refusal("personal_password", "must not hold your name or your address")
    if zxcvbn(password[:_JUDGED_CHARS])["score"] < _LEAST_SCORE:
        raise _refusal(
            "common_password", "is among those that attackers try first: common, or made of a pattern or common words"
        )


def _parts(own_words: Sequence[str | None]) -> list[str]:
    words = [part for word in own_words if word for part in word.lower().replace("@", " ").replace(".", " ").split()]
    return [*(word for word in words if len(word) >= _LEAST_OWN_WORD_CHARS), "support-copilot", "supportcopilot"]


def _refusal(code: str, message: str) -> InvalidRequestError:
    return InvalidRequestError.of_field("password", code, message)


@contextmanager
def _turn() -> Iterator[None]:
    if not _AT_ONCE.acquire(timeout=_LONGEST_WAIT_S):
        raise TooManySignInsError(retry_after_s=5)
    try:
        yield
    finally:
        _AT_ONCE.release()
