"""Passwords, keys and tokens: by their published forms, or by the word before them."""

import re
from collections.abc import Iterator
from typing import Final

from support_copilot.ml.personal_data import words
from support_copilot.ml.personal_data.spans import RANK_SECRET, Finding

_KEY_BLOCK: Final = re.compile(r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----")
_KEY_END: Final = re.compile(r"-----END (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----")
_KEY_BODY: Final = re.compile(r"[A-Za-z0-9+/=\s:,.\\-]{0,20000}")
#: Where to look at all, and the form (as the makers of the keys publish it).
_FORMS: Final[tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]] = (
    (("eyJ",), re.compile(r"(?<![\w-])eyJ[\w-]{8,}\.(?:eyJ)?[\w-]{4,}(?:\.[\w-]*){0,3}")),
    (("AKIA", "ASIA"), re.compile(r"(?<!\w)A[KS]IA[A-Z0-9]{16}(?!\w)")),
    (("AIza",), re.compile(r"(?<!\w)AIza[\w-]{35}(?!\w)")),
    (("ya29.",), re.compile(r"(?<!\w)ya29\.[\w-]{20,}")),
    (("gh",), re.compile(r"(?<!\w)(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_\w{22,255})")),
    (("glpat-",), re.compile(r"(?<!\w)glpat-[\w-]{20,}")),
    (("xox", "xapp"), re.compile(r"(?<!\w)(?:xox[abeoprs]|xapp)-[\w-]{10,255}")),
    (("sk-", "sk_", "pk_", "rk_"), re.compile(r"(?<![\w-])(?:sk-(?:[a-z]{2,8}-)?[\w-]{16,255}|[spr]k_(?:live|test)_\w{10,255})")),
    (("SG.",), re.compile(r"(?<!\w)SG\.[\w-]{16,32}\.[\w-]{30,64}")),
    (("hf_", "npm_", "whsec_", "pypi-", "shp", "dop_v1_"), re.compile(
        r"(?<!\w)(?:hf_\w{20,}|npm_\w{30,}|whsec_[\w+/=]{20,}|pypi-[\w-]{30,}|shp(?:at|ca|pa|ss)_[\da-fA-F]{32}|dop_v1_[\da-f]{64})"
    )),
)  # fmt: skip
_SCHEME: Final = re.compile(r"(?<!\w)(?:Bearer|Basic|Token)[ \t]{1,3}(?P<value>[\w.~+/=-]{12,4096})")

_WORDS: Final = (
    r"pass(?:word|wd|phrase|code|wort|e)?s?|pwd|pw|kennwort|zugangscode|mot de passe|mdp|contrase[ñn]a|clave|password|palavra-passe|senha|"
    r"wachtwoord|has[łl][oa]|pin(?:[ -]?(?:code|number|nummer))?|cvv2?|cvc2?|csc|security code|secret(?: answer)?|"
    r"(?:one[ -]time|verification|login|access|auth\w{0,12}|2fa|tan|otp|recovery|backup)[ -]?(?:code|key|token)s?|otp|"
    r"(?:api|access|secret|private|license|client|consumer|encryption|aws\w{0,24})[ _-]?(?:key|token|secret)(?:[ _-]?id)?|tokens?"
)
#: "password: x", "password = x", "--password x"
_ASSIGNED: Final = re.compile(
    rf"(?<![a-z])(?:[\w.-]{{0,32}}[_.-])?(?:{_WORDS})[\"']?[ \t]{{0,3}}(?:[:=]{{1,2}}|=>)[ \t]{{0,3}}(?P<quote>[\"'`„“«]?)(?P<value>[^\s\"'`„“”«»<>,;]{{3,256}})",
    re.IGNORECASE,
)
#: "my password is x"
_SAID: Final = re.compile(
    rf"(?<!\w)(?:{_WORDS}) (?:(?:is|was|ist|war|lautet|est|es|era|è|é|to|jest|to jest|set to)(?: now)?:?) (?P<quote>[\"'`„“«]?)(?P<value>[^\s\"'`„“”«»<>]{{3,128}})",
    re.IGNORECASE,
)
_CODE_SENT: Final = re.compile(r"(?<!\w)(?:cvv2?|cvc2?|pin|otp|tan)[ :#]{1,2}(?P<value>\d{3,8})(?!\w)", re.IGNORECASE)
_NO_SECRET: Final = frozenset(words.NO_VALUE.split())
_MASKED: Final = re.compile(r"[*xX•.…_#?-]+")
_MARKED: Final = re.compile(r"\d|[^\w\s.,]|[a-z][A-Z]|_")


def find_secrets(text: str) -> Iterator[Finding]:
    """Nothing that only looks random: sums of files, ids of commits and ids of requests are no secrets."""
    yield from _key_blocks(text)
    for marks, pattern in _FORMS:
        if any(mark in text for mark in marks):
            for match in pattern.finditer(text):
                yield Finding(match.start(), match.end(), "secret", 0.98, RANK_SECRET)
    for match in _SCHEME.finditer(text):
        if any(map(str.isdecimal, match["value"])):
            yield Finding(*match.span("value"), "secret", 0.9, RANK_SECRET)
    for pattern in (_ASSIGNED, _SAID, _CODE_SENT):
        for match in pattern.finditer(text):
            end = _end_of_secret(match)
            if end is not None:
                yield Finding(match.start("value"), end, "secret", 0.85, RANK_SECRET)


def _key_blocks(text: str) -> Iterator[Finding]:
    position = 0
    while begin := _KEY_BLOCK.search(text, position):
        body = _KEY_BODY.match(text, begin.end())
        stop = body.end() if body else begin.end()
        end = _KEY_END.search(text, begin.end(), stop + 64)
        position = end.end() if end else stop
        yield Finding(begin.start(), position, "secret", 0.99, RANK_SECRET)


def _end_of_secret(match: re.Match[str]) -> int | None:
    """Where the secret ends, or None where the word is none."""
    value = match["value"]
    quoted = bool(match.groupdict().get("quote"))
    bare = value if quoted else value.rstrip(".,;:!?)]}")
    if len(bare) < 3 or bare.casefold().strip("'\"") in _NO_SECRET or _MASKED.fullmatch(bare):
        return None
    # Code computes or refers to it: conf.get("…"), ${SECRET}, $password, <your key>.
    if bare[0] in "$<{([%" or "(" in bare or bare.startswith(("http:", "https:", "null")):
        return None
    # A plain word is one where nothing follows that it could belong to.
    plain = not quoted and not _MARKED.search(bare)
    if plain and value == bare and match.string[match.end() : match.end() + 1] not in {"", "\r", "\n", ",", ";"}:
        return None
    return match.start("value") + len(bare)
