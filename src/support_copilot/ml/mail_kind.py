"""What comes to a desk and is no request for help: advertising, automatic mail, legal notices, reports of flaws.

Rules over lists of phrases (``data/mail_kinds.toml``). One phrase is never enough, since customers use nearly all of
them: a kind takes phrases of several lists, and nothing that only a customer says.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from support_copilot.kit.reasons import Reason
from support_copilot.ml.phrases import PhraseBook, folded_words, read_table, split_list
from support_copilot.ml.severity_cues import read_cues

MailKindName = Literal["spam", "automatic", "legal_notice", "security_report"]

#: Whoever writes to persuade or to threaten says so early.
_READ_CHARS: Final = 6_000
#: What programs write stands at the top.
_TOP_CHARS: Final = 600
#: Who has one of these is a customer in trouble, whatever else the text looks like.
_TROUBLES: Final = frozenset(
    {"outage", "data_loss", "security", "privacy", "safety", "payment", "blocked", "crash", "broken", "again"}
)
#: A question with the words of its sentence.
_QUESTION: Final = re.compile(r"([^.!?？؟\n]{0,400})[?？؟]")
#: Fewer words only lead over to what follows: "Is it urgent?"
_ASKED_WORDS: Final = 6
_PROGRAMS: Final = ("absences", "returns")
_ADVERTISING: Final = ("offers", "wares", "bulk", "lures")


@dataclass(frozen=True, slots=True)
class MailKind:
    """``reason`` says by what it was told, in words for the agent."""

    name: MailKindName
    reason: Reason


_KINDS: Final[Mapping[MailKindName, MailKind]] = {
    "spam": MailKind("spam", Reason("mail.spam", "reads like advertising from somebody who is no customer")),
    "automatic": MailKind("automatic", Reason("mail.automatic", "is an automatic message that nobody wrote")),
    "legal_notice": MailKind("legal_notice", Reason("mail.legal_notice", "is a formal notice with legal consequences")),
    "security_report": MailKind(
        "security_report", Reason("mail.security_report", "reports a weakness in the security of the product")
    ),
}
#: Nobody waits for an answer to these.
UNANSWERED: Final[frozenset[MailKindName]] = frozenset({"spam", "automatic"})


def mail_kind(subject: str, body: str) -> MailKind | None:
    """What a message is, if it is no request for help; None for the usual issue.

    Args:
        body: what was written, without quoted history; the first 6,000 characters are read, and 600 of the subject.
    """
    subject, body = subject[:_TOP_CHARS], body[:_READ_CHARS]
    title, told = _named(subject), _named(f"{subject}\n{body}")
    top = _named(body[:_TOP_CHARS])
    # Whose subject and text both say that they are away asks nobody by "Urgent? Call my colleague".
    away = "automatic_subjects" in title and "absences" in top
    if _is_automatic(title, top) and not _asks(body, told, least=0 if not away else _ASKED_WORDS):
        return _KINDS["automatic"]
    if _is_notice(told):
        return _KINDS["legal_notice"]
    if {"researchers", "flaws"} <= told:
        return _KINDS["security_report"]
    if _is_advertising(told) and _TROUBLES.isdisjoint(read_cues(subject, body)):
        return _KINDS["spam"]
    return None


def _is_automatic(title: frozenset[str], top: frozenset[str]) -> bool:
    """By the subject and the first words; who writes about such a mail uses its subject only."""
    return {"absences", "returns"} <= top or ("automatic_subjects" in title and not top.isdisjoint(_PROGRAMS))


def _asks(body: str, told: frozenset[str], least: int) -> bool:
    """Whether somebody wants something: no program does, and who is away asks nobody.

    Args:
        least: words that a question has to have to be one.
    """
    if "asking" in told:
        return True
    return any(len(question.split()) >= least for question in _QUESTION.findall(body))


def _is_notice(told: frozenset[str]) -> bool:
    """A demand with its legal ground, a lawyer who threatens, or an authority that asks."""
    pressed = not told.isdisjoint({"deadlines", "complaints", "proceedings"})
    if "demands" in told:
        return pressed or not told.isdisjoint({"counsel", "authorities"})
    if {"counsel", "proceedings"} <= told:
        return True
    return {"authorities", "complaints"} <= told and not told.isdisjoint({"deadlines", "proceedings"})


def _is_advertising(told: frozenset[str]) -> bool:
    """Two marks, one of them what is offered or that it went to many; never from who writes of what is theirs."""
    marks = [name for name in _ADVERTISING if name in told]
    return "own" not in told and len(marks) >= 2 and not told.isdisjoint({"wares", "bulk"})


def _named(text: str) -> frozenset[str]:
    return frozenset(found.value for found in _book().find(folded_words(text)))


@cache
def _book() -> PhraseBook[str]:
    table = read_table("mail_kinds.toml")
    return PhraseBook((phrase, name) for name, row in table.items() for phrase in split_list(row["phrases"]))
