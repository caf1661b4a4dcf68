"""Whose words a sentence repeats: internal notes, the conversation, a question."""

import re
from collections.abc import Iterable
from typing import Final

from support_copilot.ml.content_words import words_of

#: So many words in a row are no coincidence.
_RUN: Final = 5
_FOR_COLLEAGUES: Final = re.compile(
    r"\b(?:the|this|our|asked|told|advised|informed) (?:customer|client|user|caller|requester|reporter)s?\b|"
    r"\b(?:customer|client|user|caller|requester) (?:was|is|has|had|confirmed|says|said|reported|replied|agreed)\b|"
    r"\b(?:dem|der|den|die|des) kund(?:e|en|in)\b|\b(?:le|la|au|du|à la) client(?:e)?\b|\b(?:el|la|al|del|o|a|ao|il|"
    r"al) cliente\b|\bde klant\b|\b(?:internal(?:ly)?|escalat\w+|back ?office|admin (?:panel|console|tool)|on-?call|"
    r"tier ?[23]|l[23] (?:team|support)|jira|runbook|crm|intern\w* (?:notiz|vermerk|hinweis))\b",
    re.IGNORECASE,
)
_APOLOGY: Final = re.compile(
    r"\b(?:sorry|apolog\w*|regret|tut (?:uns|mir) (?:\w+ )?leid|entschuldig\w*|bedauer\w*|désolé\w*|excus\w*|"
    r"regrett\w*|lament\w*|sentimos|siento|disculp\w*|desculp\w*|spijt|scus\w*|dispiace)\b",
    re.IGNORECASE,
)


def word_runs(texts: Iterable[str]) -> frozenset[tuple[str, ...]]:
    """Every run of five words of the texts; a text shorter than that is one run (from three words on)."""
    found: set[tuple[str, ...]] = set()
    for text in texts:
        words = words_of(text)
        if 3 <= len(words) < _RUN:
            found.add(tuple(words))
        found.update(tuple(words[start : start + _RUN]) for start in range(len(words) - _RUN + 1))
    return frozenset(found)


def repeats(sentence: str, runs: frozenset[tuple[str, ...]]) -> bool:
    """Whether a sentence has one of these runs of words in it."""
    words = words_of(sentence)
    lengths = {len(run) for run in runs} if len(runs) < 50 else set(range(3, _RUN + 1))
    return any(
        tuple(words[start : start + length]) in runs for length in lengths for start in range(len(words) - length + 1)
    )


def is_for_colleagues(sentence: str) -> bool:
    """Whether a sentence speaks of the customer, or of things that only agents have, in seven languages."""
    return bool(_FOR_COLLEAGUES.search(sentence))


def apologises(text: str) -> bool:
    """Whether a text says sorry, in seven languages."""
    return bool(_APOLOGY.search(text))
