"""How issues end: with a fix, or with a word that there is none."""

import re
from typing import Final

_LETTERS: Final = re.compile(r"[^a-z]+")
_NO_FIX: Final = frozenset(
    {
        "duplicate", "duplicated", "wontfix", "wontdo", "willnotfix", "notfixed", "invalid", "rejected", "declined",
        "cannotreproduce", "cantreproduce", "notreproducible", "worksforme", "notabug", "notaproblem", "notanissue",
        "spam", "noreply", "noresponse", "noaction", "abandoned", "later", "remind", "obsolete", "outdated",
        "withdrawn", "cancelled", "canceled", "incomplete", "unresolved", "workasdesigned", "asdesigned",
    }
)  # fmt: skip


def is_fix(kind: str | None) -> bool:
    """Whether a resolution of this kind solved something; "Duplicate", "won't fix" and their like did not.

    The names are those that trackers give by default; one that is not known is taken for a fix.
    """
    return kind is None or _LETTERS.sub("", kind.casefold()) not in _NO_FIX
