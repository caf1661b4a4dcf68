"""One issue from the first message to its end."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from support_copilot.connect.sample.writing import (
    Person,
    Record,
    as_html,
    asks_in,
    fill,
    quoted,
    read_content,
    rough_up,
    told_in,
    write_ask,
)

_AGENTS: Final = ("Kim", "Robin", "Sascha", "Noa", "Toni")
_CHANNELS: Final = ("email", "email", "email", "web", "chat", "phone", "api")
_REOPENED_SHARE: Final = 0.09
_RATED_SHARE: Final = 0.55
#: Of each language: a greeting, what is said when it was looked at once more, and thanks.
_COURTESIES: Final = {
    "en": ("Hello {name}, ", "I am sorry. We looked again and corrected it for good.", ""),
    "de": (
        "Guten Tag {name}, ",
        "Es tut mir leid. Wir haben es noch einmal geprüft und jetzt endgültig behoben.",
        "Hat geklappt, vielen Dank!",
    ),
    "fr": (
        "Bonjour {name}, ",
        "Je suis désolé. Nous avons vérifié de nouveau et corrigé pour de bon.",
        "C'est réglé, merci !",
    ),
    "es": ("Hola {name}: ", "Lo siento. Lo hemos revisado de nuevo y ya está corregido.", "Ya funciona, ¡gracias!"),
    "pt": ("Olá {name}, ", "Lamento. Verificámos de novo e ficou corrigido de vez.", "Agora funciona, obrigado!"),
    "nl": (
        "Hallo {name}, ",
        "Het spijt me. We hebben het opnieuw bekeken en nu echt opgelost.",
        "Het werkt weer, bedankt!",
    ),
    "ja": (
        "{name}様、",
        "申し訳ございません。もう一度確認し、修正いたしました。",
        "解決しました。ありがとうございます。",
    ),
    "ar": ("مرحبًا {name}، ", "نعتذر. راجعنا الأمر مرة أخرى وأصلحناه نهائيًا.", "تم حل المشكلة، شكرًا لكم."),
}
#: What is still open was answered after so long at the latest.
_ANSWER_WITHIN: Final = timedelta(minutes=25)


@dataclass(frozen=True, slots=True)
class Story:
    """What happens to whom, when, and how it goes.

    ``ask``: which of the ways to put the problem, by chance where it is None; ``agent`` and ``says``, the customer's
    word after the answer, likewise. ``chasing``: nobody answers and the customer asks where the answer is.
    """

    family: Record
    person: Person
    created_at: datetime
    ended: bool
    answered: bool
    unhappy: bool = False
    ask: int | None = None
    agent: str | None = None
    says: str | None = None
    chasing: bool = False


def tell(rng: random.Random, story: Story, external_id: str, source: str, now: datetime) -> Record:
    """The issue as a record to be imported."""
    asks = asks_in(story.family, story.person.language)
    ask = rng.choice(asks) if story.ask is None else asks[story.ask]
    numbers: dict[str, str] = {}
    told = told_in(story.family, ask["lang"])
    low, high = story.family["hours"]
    hours = rng.uniform(low, high) * (1.6 if story.unhappy else 1.0)
    reopened = story.ended and rng.random() < (0.5 if story.unhappy else _REOPENED_SHARE)
    agent = story.agent or rng.choice(_AGENTS)
    ends_at = min(story.created_at + timedelta(hours=hours), now - timedelta(minutes=5)) if story.ended else now
    messages = list(_messages(rng, story, ask, told, numbers, agent, ends_at, reopened=reopened))
    answered = [m["created_at"] for m in messages if m["author"] == "agent" and m["visibility"] == "public"]
    record: Record = {
        "external_ref": {"source": source, "id": external_id},
        "customer": {
            "external_ref": {"source": source, "id": f"CUS-{story.person.number:04d}"},
            "name": story.person.name,
            "email": story.person.email,
        },
        "subject": fill(rng, ask["subject"], numbers),
        "messages": messages,
        "channel": rng.choice(_CHANNELS),
        "status": ("closed" if rng.random() < 0.3 else "resolved") if story.ended else _open_status(messages),
        "severity": story.family["severity"],
        "category": story.family["category"],
        "language": ask["lang"],
        "tags": [story.family["key"].replace("_", "-")],
        "created_at": _iso(story.created_at),
        "first_response_at": answered[0] if answered else None,
        "reopened_count": int(reopened),
        "assignee": agent if answered or story.agent else None,
    }
    return record | (_ending(rng, story, told, ends_at, numbers, reopened=reopened) if story.ended else {})


def _messages(
    rng: random.Random,
    story: Story,
    ask: Record,
    told: Record,
    numbers: dict[str, str],
    agent: str,
    ends_at: datetime,
    *,
    reopened: bool,
) -> Iterator[Record]:
    names = read_content("names.json")
    person = story.person
    span = ends_at - story.created_at
    first = rough_up(rng, write_ask(rng, ask, person, numbers)) if story.ended else write_ask(rng, ask, person, numbers)
    html = as_html(first) if rng.random() < 0.15 else None
    yield _said("customer", first, story.created_at, html=html)
    if rng.random() < 0.15:
        yield _said("system", "The issue was received and numbered.", story.created_at + timedelta(seconds=4))
    if story.chasing:
        yield _said("customer", rng.choice(names["nudges"][ask["lang"]]), story.created_at + span * 0.6)
    if not story.answered:
        return
    reply = _COURTESIES[told["lang"]][0].format(name=person.name.split()[0]) + told["reply"]
    answered_after = span * 0.15 if story.ended else min(span * 0.2, _ANSWER_WITHIN)
    yield _said("agent", reply, story.created_at + answered_after, name=agent)
    if rng.random() < 0.4:
        yield _said("agent", rng.choice(names["notes"]), story.created_at + span * 0.3, internal=True, name=agent)
    if story.family["tried"] and rng.random() < 0.5:
        yield _said("agent", story.family["tried"], story.created_at + span * 0.35, internal=True, name=agent)
    if story.ended:
        yield from _to_the_end(rng, story, told, numbers, agent, reply, span, reopened=reopened)
    elif story.says:
        yield _said("customer", story.says, story.created_at + span * 0.5)


def _to_the_end(
    rng: random.Random,
    story: Story,
    told: Record,
    numbers: dict[str, str],
    agent: str,
    reply: str,
    span: timedelta,
    *,
    reopened: bool,
) -> Iterator[Record]:
    names = read_content("names.json")
    doubts = names["doubts"][told["lang"]]
    _greeting, sorry, thanks = _COURTESIES[told["lang"]]
    if story.unhappy or rng.random() < 0.25:
        doubt = rng.choice(doubts)
        yield _said("customer", quoted(doubt, reply) if rng.random() < 0.5 else doubt, story.created_at + span * 0.5)
    yield _said("agent", fill(rng, told["fix"], numbers), story.created_at + span * 0.9, name=agent)
    if reopened:
        yield _said("customer", rng.choice(doubts), story.created_at + span * 0.93)
        yield _said("agent", sorry, story.created_at + span * 0.96, name=agent)
    if rng.random() < 0.7:
        yield _said("customer", thanks or rng.choice(names["confirmations"]), story.created_at + span * 0.98)


def _ending(
    rng: random.Random, story: Story, told: Record, ends_at: datetime, numbers: dict[str, str], *, reopened: bool
) -> Record:
    names = read_content("names.json")
    ending: Record = {
        "resolved_at": _iso(ends_at),
        "resolution": {
            "text": fill(rng, told["fix"], numbers),
            "steps": told["steps"],
            "kind": story.family["kind"],
            "reopened": reopened and rng.random() < 0.5,
        },
    }
    if rng.random() < _RATED_SHARE:
        pleased = not (story.unhappy or reopened) and rng.random() < 0.85
        score = rng.choice([4, 5, 5]) if pleased else rng.choice([1, 2, 2, 3])
        comment = rng.choice(names["ratings_good" if pleased else "ratings_bad"])
        ending["rating"] = {"score": score, "comment": comment}
    return ending


def _open_status(messages: Sequence[Record]) -> str:
    """Whose turn it is: the customer's once an agent has answered, until they write again."""
    said = [message["author"] for message in messages if message["visibility"] == "public"]
    return "pending" if said[-1] == "agent" else "open"


def _said(
    author: str, body: str, at: datetime, *, internal: bool = False, name: str | None = None, html: str | None = None
) -> Record:
    message: Record = {
        "author": author,
        "visibility": "internal" if internal else "public",
        "body": body,
        "created_at": _iso(at),
    }
    if name:
        message["author_name"] = name
    if html:
        message["body_html"] = html
    return message


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
