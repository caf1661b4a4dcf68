"""Ninety days at a made-up company: 300 issues, two incidents, repeat contacts, good and bad endings, today's desk."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from support_copilot.connect.sample.story import Story, tell
from support_copilot.connect.sample.writing import Person, Record, families, read_content

SAMPLE_SOURCE: Final = "sample"
_SEED: Final = 20260301
_CUSTOMERS: Final = 110
_DAYS: Final = 90
_ISSUES: Final = 300
_INCIDENT_ISSUES: Final = 18
_REPEATS: Final = 20
#: Kinds of problems that many have at once; they do not come on ordinary days.
_BURSTS: Final = ("checkout_502", "labels_refused")
#: Of what is new today so many rows have happened before.
_WITH_HISTORY: Final = 20
_EARLIER_DAYS: Final = (41.3, 47.8, 55.1)
_LANGUAGES: Final = ("en",) * 15 + ("de", "de", "fr", "es", "pt", "nl")
_PLANS: Final = (("starter", 29, 0.45), ("business", 119, 0.4), ("enterprise", 890, 0.15))


def sample_customers(now: datetime) -> Iterator[Record]:
    """110 shop owners with plan, value, language and notes."""
    notes = read_content("names.json")["customer_notes"]
    rng = random.Random(_SEED)
    for person in _people():
        price = next(price for plan, price, _ in _PLANS if plan == person.plan)
        yield {
            "external_ref": {"source": SAMPLE_SOURCE, "id": _customer_id(person)},
            "name": person.name,
            "email": person.email,
            "company": person.shop,
            "plan": person.plan,
            "value": {"amount": f"{price * rng.randrange(6, 40)}.00", "currency": "EUR"},
            "language": person.language,
            "notes": rng.choice(notes),
            "created_at": _iso(now - timedelta(days=rng.randrange(100, 900))),
        }


def sample_templates() -> Iterator[Record]:
    """Reply templates in Liquid, several languages."""
    for template in read_content("templates.json"):
        yield {**_without_id(template), "external_ref": {"source": SAMPLE_SOURCE, "id": template["id"]}}


def sample_articles(now: datetime) -> Iterator[Record]:
    """Knowledge articles; two say what newer fixes contradict, one repeats another."""
    for age, article in enumerate(read_content("articles.json")):
        yield {
            **_without_id(article),
            "external_ref": {"source": SAMPLE_SOURCE, "id": article["id"]},
            "created_at": _iso(now - timedelta(days=120 + 9 * age)),
        }


def sample_issues(now: datetime) -> Iterator[Record]:
    """300 issues of the last 90 days, oldest first; 34 are open, two of them late, and six of those are one incident.

    What is open is told in ``content/desk.json``, by its minutes before ``now``; the other issues are left to chance.
    """
    rng = random.Random(_SEED + 1)
    people = _people()
    stories = [*_incident(rng, people, now), *_repeat_contacts(rng, people, now), *_earlier(rng, people, now)]
    stories += _desk(rng, people, now)
    stories += _everyday(rng, people, now, _ISSUES - len(stories))
    stories.sort(key=lambda story: story.created_at)
    for number, story in enumerate(stories, 1001):
        yield tell(rng, story, f"TCK-{number}", SAMPLE_SOURCE, now)


def _everyday(rng: random.Random, people: list[Person], now: datetime, count: int) -> Iterator[Story]:
    kinds = [family for family in families() if family["key"] not in _BURSTS]
    for _ in range(count):
        family = rng.choice(kinds)
        longest_days = family["hours"][1] / 24
        yield Story(
            family=family,
            person=_writer_about(rng, family, people),
            created_at=now - timedelta(days=rng.uniform(longest_days + 0.1, _DAYS)),
            ended=True,
            answered=True,
        )


def _desk(rng: random.Random, people: list[Person], now: datetime) -> Iterator[Story]:
    """What is open now, each of another customer."""
    free = list(people)
    by_key = {family["key"]: family for family in families()}
    for row in read_content("desk.json"):
        person = rng.choice([person for person in free if person.language == row["lang"]])
        free.remove(person)
        yield Story(
            family=by_key[row["family"]],
            person=person,
            created_at=now - timedelta(minutes=row["minutes"]),
            ended=False,
            answered=row.get("answered", False),
            ask=row["ask"],
            agent=row.get("agent"),
            says=row.get("says"),
            chasing=row.get("chasing", False),
        )


def _earlier(rng: random.Random, people: list[Person], now: datetime) -> Iterator[Story]:
    """Weeks before the incident of today single customers had the same, and others had what is new today."""
    by_key = {family["key"]: family for family in families()}
    for days in _EARLIER_DAYS:
        person = rng.choice([person for person in people if person.language in ("en", "de")])
        yield Story(by_key["labels_refused"], person, now - timedelta(days=days), ended=True, answered=True)
    for row in read_content("desk.json")[:_WITH_HISTORY]:
        if row["family"] not in _BURSTS:
            person = rng.choice([person for person in people if person.language == row["lang"]])
            age = timedelta(days=rng.uniform(12, 60))
            yield Story(by_key[row["family"]], person, now - age, ended=True, answered=True, ask=row["ask"])


def _writer_about(rng: random.Random, family: Record, people: list[Person]) -> Person:
    """Somebody who speaks a language in which this problem is described, often another than English."""
    languages = {ask["lang"] for ask in family["asks"]}
    foreign = [p for p in people if p.language in languages - {"en"}]
    if foreign and rng.random() < 0.35:
        return rng.choice(foreign)
    return rng.choice([p for p in people if p.language == "en"])


def _incident(rng: random.Random, people: list[Person], now: datetime) -> Iterator[Story]:
    """A release breaks the checkout: many write within three hours."""
    family = next(family for family in families() if family["key"] == "checkout_502")
    begin = now - timedelta(days=11, hours=5)
    for person in rng.sample([p for p in people if p.language in ("en", "de", "fr")], _INCIDENT_ISSUES):
        yield Story(family, person, begin + timedelta(minutes=rng.uniform(0, 170)), ended=True, answered=True)


def _repeat_contacts(rng: random.Random, people: list[Person], now: datetime) -> Iterator[Story]:
    """Some write about the same thing again and again."""
    kinds = [f for f in families() if f["key"] in ("stock_sync_delay", "parcel_lost", "slow_admin", "refund_missing")]
    for _ in range(_REPEATS // 4):
        family, person = rng.choice(kinds), rng.choice([p for p in people if p.language == "en"])
        begin = rng.uniform(30, 80)
        for repeat in range(4):
            created_at = now - timedelta(days=begin - 6 * repeat)
            yield Story(family, person, created_at, ended=True, answered=True, unhappy=repeat > 0)


def _people() -> list[Person]:
    rng = random.Random(_SEED + 2)
    names = read_content("names.json")
    people: list[Person] = []
    taken: set[str] = set()
    while len(people) < _CUSTOMERS:
        name = f"{rng.choice(names['first'])} {rng.choice(names['last'])}"
        if name in taken:
            continue
        taken.add(name)
        plan = rng.choices([plan for plan, _, _ in _PLANS], [share for _, _, share in _PLANS])[0]
        email = f"{name.lower().replace(' ', '.')}@example.com"
        person = Person(len(people) + 1, name, email, rng.choice(names["shops"]), plan, rng.choice(_LANGUAGES))
        people.append(person)
    # Two who write in other scripts.
    people[-1] = Person(_CUSTOMERS, "佐藤 結衣", "yui.sato@example.com", "Pebble Ceramics", "business", "ja")
    people[-2] = Person(_CUSTOMERS - 1, "ليلى حداد", "layla.haddad@example.com", "Velvet Cycle", "starter", "ar")
    return people


def _customer_id(person: Person) -> str:
    return f"CUS-{person.number:04d}"


def _without_id(record: Record) -> Record:
    return {name: value for name, value in record.items() if name != "id"}


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
