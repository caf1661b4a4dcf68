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
    write_ask,
)

_AGENTS: Final = ("Kim", "Robin", "Sascha", "Noa", "Toni")
_CHANNELS: Final = ("email", "email", "email", "web", "chat", "phone", "api")
_REOPENED_SHARE: Final = 0.09
_RATED_SHARE: Final = 0.55
#: What other languages than English answer with, since agents write the long answers in English here.
_OWN_WORDS: Final = {
    "de": ("Vielen Dank für Ihre Nachricht, wir prüfen das.", "Hat geklappt, vielen Dank!"),
    "fr": ("Merci pour votre message, nous vérifions.", "C'est réglé, merci !"),
    "es": ("Gracias por su mensaje, lo estamos comprobando.", "Ya funciona, ¡gracias!"),
    "pt": ("Obrigado pela mensagem, estamos a verificar.", "Agora funciona, obrigado!"),
    "nl": ("Bedankt voor uw bericht, we zoeken het uit.", "Het werkt weer, bedankt!"),
    "ja": ("お問い合わせありがとうございます。確認いたします。", "解決しました。ありがとうございます。"),
    "ar": ("شكرًا لرسالتك، نحن نتحقق من الأمر.", "تم حل المشكلة، شكرًا لكم."),
}


@dataclass(frozen=True, slots=True)
class Story:
    """What happens to whom, when, and how it goes."""

    family: Record
    person: Person
    created_at: datetime
    ended: bool
    answered: bool
    unhappy: bool = False


def tell(rng: random.Random, story: Story, external_id: str, source: str, now: datetime) -> Record:
    """The issue as a record to be imported."""
    ask = rng.choice(asks_in(story.family, story.person.language))
    numbers: dict[str, str] = {}
    low, high = story.family["hours"]
    hours = rng.uniform(low, high) * (1.6 if story.unhappy else 1.0)
    reopened = story.ended and rng.random() < (0.5 if story.unhappy else _REOPENED_SHARE)
    agent = rng.choice(_AGENTS)
    ends_at = min(story.created_at + timedelta(hours=hours), now - timedelta(minutes=5))
    messages = list(_messages(rng, story, ask, numbers, agent, ends_at, reopened=reopened))
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
        "assignee": agent if answered or rng.random() < 0.5 else None,
    }
    return record | (_ending(rng, story, ends_at, numbers, reopened=reopened) if story.ended else {})


def _messages(
    rng: random.Random,
    story: Story,
    ask: Record,
    numbers: dict[str, str],
    agent: str,
    ends_at: datetime,
    *,
    reopened: bool,
) -> Iterator[Record]:
    names = read_content("names.json")
    nudges = names["nudges"][ask["lang"]]
    doubts = names["doubts"] if ask["lang"] == "en" else nudges
    family, person = story.family, story.person
    span = ends_at - story.created_at
    first = rough_up(rng, write_ask(rng, ask, person, numbers))
    html = as_html(first) if rng.random() < 0.15 else None
    yield _said("customer", first, story.created_at, html=html)
    if rng.random() < 0.15:
        yield _said("system", "The issue was received and numbered.", story.created_at + timedelta(seconds=4))
    if not story.answered and not story.ended:
        if rng.random() < 0.4:
            yield _said("customer", rng.choice(nudges), story.created_at + span * 0.6)
        return
    reply = _OWN_WORDS[ask["lang"]][0] if ask["lang"] != "en" else f"Hello {person.name.split()[0]}, {family['reply']}"
    yield _said("agent", reply, story.created_at + span * 0.15, name=agent)
    if rng.random() < 0.4:
        yield _said("agent", rng.choice(names["notes"]), story.created_at + span * 0.3, internal=True, name=agent)
    if family["tried"] and rng.random() < 0.5:
        yield _said("agent", family["tried"], story.created_at + span * 0.35, internal=True, name=agent)
    if story.unhappy or rng.random() < 0.25:
        doubt = rng.choice(doubts)
        yield _said("customer", quoted(doubt, reply) if rng.random() < 0.5 else doubt, story.created_at + span * 0.5)
    if not story.ended:
        return
    yield _said("agent", fill(rng, family["fix"], numbers), story.created_at + span * 0.9, name=agent)
    if reopened:
        yield _said("customer", rng.choice(doubts), story.created_at + span * 0.93)
        yield _said(
            "agent",
            "I am sorry. We looked again and corrected it for good.",
            story.created_at + span * 0.96,
            name=agent,
        )
    if rng.random() < 0.7:
        thanks = rng.choice(names["confirmations"]) if ask["lang"] == "en" else _OWN_WORDS[ask["lang"]][1]
        yield _said("customer", thanks, story.created_at + span * 0.98)


def _ending(rng: random.Random, story: Story, ends_at: datetime, numbers: dict[str, str], *, reopened: bool) -> Record:
    names = read_content("names.json")
    family = story.family
    ending: Record = {
        "resolved_at": _iso(ends_at),
        "resolution": {
            "text": fill(rng, family["fix"], numbers),
            "steps": family["steps"],
            "kind": family["kind"],
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
