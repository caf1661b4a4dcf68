"""Who an issue tells of: those of the record, and every name that its addresses and signatures show."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from support_copilot.db.models import Customer
from support_copilot.issues.queries import IssueRecord
from support_copilot.ml.mail_text import clean_message
from support_copilot.ml.personal_data import KnownPerson
from support_copilot.ml.personal_data.features import look_at
from support_copilot.retrieval.outside import known_people
from support_copilot.summarization.anonymous import People
from support_copilot.summarization.identifying import ORDINARY

#: So much of so many messages is read for who is named in them.
_READ_CHARS: Final = 20_000
_READ_MESSAGES: Final = 200
_NAME: Final = r"[A-ZÀ-Þ][\w'’-]*[^\W\d_]\.?"
#: "Kim Berger <kim@…>", as mail programs write who sent something.
_BEFORE_ADDRESS: Final = re.compile(rf"({_NAME}(?: {_NAME}){{0,3}})[\"']? ?<[^\s<>@]{{1,64}}@")
_ADDRESS: Final = re.compile(r"(?<![\w.+-])([\w.+-]{1,64})@([a-z\d-]{2,63})\.[a-z\d.-]{2,60}", re.IGNORECASE)
_SIGNED: Final = re.compile(rf"{_NAME}(?: {_NAME}){{0,3}}")
_SIGNATURE_LINES: Final = 3
_LEAST_CHARS: Final = 4
#: Whose mail addresses tell no company.
_PROVIDERS: Final = frozenset(
    {
        "gmail", "googlemail", "outlook", "hotmail", "live", "yahoo", "icloud", "aol", "gmx", "web", "mail", "proton",
        "protonmail", "posteo", "mailbox", "orange", "free", "laposte", "wanadoo", "libero", "ziggo", "kpnmail",
        "telefonica", "sapo", "freenet", "t-online", "example",
    }
)  # fmt: skip


def people_of(record: IssueRecord, fix: Sequence[str], language: str) -> People:
    """The people of an issue, and the company that its customer writes for.

    Args:
        fix: text and steps of what solved it.
    """
    bodies = [message.body[:_READ_CHARS] for message in record.messages[-_READ_MESSAGES:]]
    known = [*known_people(record.customer)] if record.customer else []
    written = (message.author_name for message in record.messages if message.author_name)
    shown = (name for body in bodies for name in _names_shown(body))
    known += [KnownPerson(name) for name in dict.fromkeys((*written, *shown))]
    accounts = {match[1] for body in bodies for match in _ADDRESS.finditer(body)}
    known += [KnownPerson(usernames=(each,)) for each in sorted(accounts) if _tells(each)]
    people = People.of(known, [record.issue.subject, *bodies, *fix], language)
    companies = _companies(record.customer) if record.customer else ()
    return replace(people, marks=(*people.marks, *((each, "[company]") for each in companies)))


def _names_shown(body: str) -> Iterator[str]:
    """Names in front of an address, and those that a signature begins with."""
    yield from (match[1] for match in _BEFORE_ADDRESS.finditer(body))
    for line in clean_message(body).signature.splitlines()[:_SIGNATURE_LINES]:
        signed = _SIGNED.fullmatch(line.strip(" ,-–*"))
        if signed and all(map(_tells, signed[0].split())):
            yield signed[0]
    for match in _ADDRESS.finditer(body):
        yield from (part.capitalize() for part in re.split(r"[^a-zà-þ]+", match[1].casefold()) if _tells(part))


def _tells(word: str) -> bool:
    """Whether a word is no word of any sentence ("support", "labels") and long enough to mean one person."""
    folded = word.casefold().strip(".")
    return len(folded) >= _LEAST_CHARS and folded not in ORDINARY and "o" not in look_at(word.capitalize()).lists


def _companies(customer: Customer) -> tuple[str, ...]:
    """The company as the record has it and as the address of its customer spells it, the longest first."""
    named = {customer.company} if customer.company else set()
    for known in customer.known_as:
        found = _ADDRESS.fullmatch(known.email or "")
        if not found or found[2].casefold() in _PROVIDERS:
            continue
        parts = [part for part in found[2].casefold().split("-") if part]
        if len(parts) > 1 or _tells(parts[0]):
            titled = [part.capitalize() for part in parts]
            named |= {found[2], " ".join(titled), "-".join(titled), "".join(titled), " ".join(parts)}
    return tuple(sorted((each for each in named if len(each) >= _LEAST_CHARS), key=lambda each: (-len(each), each)))
