"""Whether a line of a model is carried by what it stands on: its words, numbers and links, by local means alone."""

import re
from typing import Final

from support_copilot.ml.content_words import share_of_words
from support_copilot.ml.entailment import contradiction
from support_copilot.ml.untrusted import addresses_a_machine, addresses_the_writer

#: So many of its content words stand there.
_CARRIED: Final = 0.6
_NUMBER: Final = re.compile(r"\w*\d[\w.,:/-]*")
_LINK: Final = re.compile(
    r"\b(?:https?|hxxps?|www|data|javascript):?\S*|[\w.-]+\[?\.\]?[a-z]{2,}/\S*|[^\s@]+@[^\s@]+\.\w+", re.IGNORECASE
)
_MARKUP: Final = re.compile(r"!\[|<[a-zA-Z/!]|\[[A-Z]{2,12}_\d+\]")


def is_carried(text: str, known: str, ours: str, language: str) -> bool:
    """Whether nothing in a line goes beyond its source, addresses a program, or tells whoever writes what to write.

    Args:
        known: what the line stands on.
        ours: the part of it that the support team wrote: only there links are believed.
    """
    if not known or _MARKUP.search(text) or addresses_a_machine(text) or addresses_the_writer(text):
        return False
    if any(link not in ours for link in _LINK.findall(text)) or share_of_words(text, known) < _CARRIED:
        return False
    if contradiction(text, known, language) is not None:
        return False
    numbers = {number.rstrip(".,:/-") for number in _NUMBER.findall(known.casefold())}
    return all(number.rstrip(".,:/-") in numbers for number in _NUMBER.findall(text.casefold()))
