"""Any number of issues, for volume tests and measurements."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from support_copilot.connect.sample.writing import Person, Record, asks_in, families, fill, read_content, write_ask

_YEARS: Final = 3
_PEOPLE_SHARE: Final = 8


def generate_issues(count: int, now: datetime, seed: int = 7) -> Iterator[Record]:
    """``count`` varied issues of the last three years, oldest first, most of them solved; fixed by ``seed``."""
    rng = random.Random(seed)
    names = read_content("names.json")
    kinds = families()
    step = timedelta(days=365 * _YEARS) / max(1, count)
    for number in range(count):
        family = kinds[rng.randrange(len(kinds))]
        language = rng.choice(("en", "en", "en", "en", "de", "fr", "es", "nl"))
        ask = rng.choice(asks_in(family, language))
        identity = rng.randrange(max(1, count // _PEOPLE_SHARE))
        name = f"{names['first'][identity % 40]} {names['last'][identity // 40 % 25]}"
        person = Person(
            identity, name, f"customer{identity}@example.net", rng.choice(names["shops"]), "business", language
        )
        numbers: dict[str, str] = {}
        created_at = now - timedelta(days=365 * _YEARS) + step * number
        record: Record = {
            "external_ref": {"source": "volume", "id": f"V-{number}"},
            "customer": {"name": name, "email": person.email},
            "subject": fill(rng, ask["subject"], numbers),
            "messages": [{"author": "customer", "body": write_ask(rng, ask, person, numbers)}],
            "channel": "email",
            "status": "open",
            "severity": family["severity"],
            "category": family["category"],
            "language": ask["lang"],
            "created_at": created_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        if rng.random() < 0.93:
            record |= _solved(rng, family, created_at, numbers)
        yield record


def _solved(rng: random.Random, family: Record, created_at: datetime, numbers: dict[str, str]) -> Record:
    low, high = family["hours"]
    ended_at = created_at + timedelta(hours=rng.uniform(low, high))
    solved: Record = {
        "status": "resolved",
        "resolved_at": ended_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "resolution": {"text": fill(rng, family["fix"], numbers), "steps": family["steps"], "kind": family["kind"]},
    }
    if rng.random() < 0.5:
        solved["rating"] = {"score": rng.choice([2, 3, 4, 4, 5, 5])}
    return solved
