"""Typed, time-ordered ids: a prefix and a UUIDv7 in Crockford base 32 (the TypeID convention).

Source: https://github.com/jetify-com/typeid/tree/main/spec
"""

import re
from typing import Final

import uuid_utils

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS: Final = tuple(a + b for a in _ALPHABET for b in _ALPHABET)
_SUFFIX_LENGTH: Final = 26
ID_MAX_LENGTH: Final = 32

PREFIXES: Final = {
    "customer": "cus",
    "issue": "iss",
    "conversation": "cnv",
    "message": "msg",
    "queued": "que",
    "draft": "dft",
    "template": "tpl",
    "resolution": "res",
    "article": "art",
    "article_version": "arv",
    "proposal": "prp",
    "suggestion": "sug",
    "summary": "sum",
    "attachment": "att",
    "analysis": "ana",
    "correction": "cor",
    "job": "job",
    "user": "usr",
    "session": "ses",
    "key": "key",
    "team": "tem",
    "token": "tok",
    "audit": "aud",
    "privacy_request": "prv",
    "legal_hold": "hld",
    "model_call": "mcl",
    "view": "viw",
    "incident": "inc",
    "incident_link": "ilk",
    "webhook": "whk",
    "delivery": "whd",
    "event": "evt",
}

#: So many characters of an id's end, which are random, are enough to tell issues apart on the phone.
_SPOKEN_LENGTH: Final = 8
_SPOKEN: Final = re.compile(rf"^#?([{_ALPHABET}]{{4}})-([{_ALPHABET}]{{4}})$")
_PATTERN: Final = re.compile(rf"^[a-z]{{3}}_[0-7][{_ALPHABET}]{{{_SUFFIX_LENGTH - 1}}}$")


def new_id(kind: str) -> str:
    """A fresh id such as ``iss_01j9z3k6w8f5v9m2q4x7c1b0ad`` for a kind named in ``PREFIXES``.

    Ids made later sort later, to the millisecond.
    """
    return f"{PREFIXES[kind]}_{_encode(uuid_utils.uuid7().int)}"


def is_id(value: str, kind: str) -> bool:
    """Whether ``value`` has the shape of an id of this kind (it may still name nothing)."""
    return value.startswith(PREFIXES[kind] + "_") and _PATTERN.match(value) is not None


def looks_like_id(value: object) -> bool:
    """Whether this is text in the shape of an id of any kind."""
    return isinstance(value, str) and value[:3] in PREFIXES.values() and _PATTERN.match(value) is not None


def spoken_key(value: str) -> str:
    """The end of an id as people say it: ``4X7C-B0AD``. The alphabet has no letters that are taken for digits."""
    end = value[-_SPOKEN_LENGTH:].upper()
    return f"{end[:4]}-{end[4:]}"


def end_of_spoken(text: str) -> str | None:
    """The end of the id that a spoken key belongs to; None for text that is no such key."""
    found = _SPOKEN.match(text.lower())
    return found and "".join(found.groups())


def _encode(number: int) -> str:
    # 13 groups of 10 bits, the highest first: 130 bits hold the 128 of a UUID.
    return "".join(_PAIRS[(number >> shift) & 1023] for shift in range(120, -1, -10))
