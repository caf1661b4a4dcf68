"""Whose words the title of an incident has: they are shown to who sees that issue, and go with it."""

from collections.abc import Mapping
from typing import Final

from support_copilot.db.models import Incident
from support_copilot.ml.function_words import FUNCTION_WORDS, read_wording

#: Of so much of a title's words an issue has to say that they are its own, however they were changed or cut.
_OWN: Final = 0.5


def whose_words(title: str, subjects: Mapping[str, str]) -> str | None:
    """The id of the issue that says most of a title; None where none says half of it. The first one of equals.

    Args:
        subjects: by issue id.
    """
    said = _words(title)
    share = {each: len(said & _words(subject)) / len(said) for each, subject in subjects.items()} if said else {}
    most = max(share, key=lambda each: share[each], default=None)
    return most if most and share[most] >= _OWN else None


def as_said(incident: Incident, subjects: Mapping[str, str]) -> dict[str, str]:
    """The subjects, before them what the issue that the incident is named after said then: it may say else by now."""
    then = {incident.title_of: incident.title} if incident.title_of else {}
    return then | {each: subject for each, subject in subjects.items() if each not in then}


def _words(text: str) -> set[str]:
    words = set(read_wording(text).written)
    return words - FUNCTION_WORDS or words
