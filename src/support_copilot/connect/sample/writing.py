"""Puts hand-written parts together so that no two issues read alike."""

import json
import random
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """A customer of the sample company."""

    number: int
    name: str
    email: str
    shop: str
    plan: str
    language: str


@cache
def read_content(name: str) -> Any:
    """A file of ``content``, read once."""
    return json.loads((files(f"{__package__}.content") / name).read_text(encoding="utf-8"))


@cache
def families() -> tuple[Record, ...]:
    """All kinds of problems that customers have."""
    return (*read_content("families_a.json"), *read_content("families_b.json"))


def asks_in(family: Record, language: str) -> list[Record]:
    """The ways in which customers describe this problem in a language; English where there is none."""
    own = [ask for ask in family["asks"] if ask["lang"] == language]
    return own or [ask for ask in family["asks"] if ask["lang"] == "en"]


def told_in(family: Record, language: str) -> Record:
    """``reply``, ``fix`` and ``steps`` in a language, English where there are none, and in ``lang`` which it is."""
    own = read_content("spoken.json").get(family["key"], {}).get(language)
    return {**own, "lang": language} if own else {**family, "lang": "en"}


def fill(rng: random.Random, text: str, numbers: dict[str, str]) -> str:
    """Put numbers of this issue in place of ``{order}`` and the like."""
    for name in ("order", "invoice", "amount", "version"):
        if f"{{{name}}}" in text:
            numbers.setdefault(name, _number(rng, name))
            text = text.replace(f"{{{name}}}", numbers[name])
    return text


def write_ask(rng: random.Random, ask: Record, person: Person, numbers: dict[str, str]) -> str:
    """The customer's first message: opening, problem, some details of their own, closing, sometimes a signature."""
    names = read_content("names.json")
    language = ask["lang"]
    parts = [rng.choice(names["openings"][language]), fill(rng, ask["body"], numbers)]
    if language == "en":
        chosen = rng.sample(names["details"], k=rng.choice([0, 1, 1, 2]))
        parts.extend(_detail(rng, detail, names) for detail in chosen)
    closing = rng.choice(names["closings"][language])
    if closing:
        parts.append(f"\n{closing}\n{person.name.split()[0]}")
    if rng.random() < 0.2:
        parts.append(f"\n-- \n{person.name}\n{person.shop}\nhttps://{_slug(person.shop)}.example.com")
    return "\n".join(part for part in parts if part).strip()


def rough_up(rng: random.Random, text: str) -> str:
    """Now and then: all lower case, a typing slip, or impatience."""
    dice = rng.random()
    if dice < 0.06:
        return text.lower()
    if dice < 0.12 and len(text) > 40:
        place = rng.randrange(10, len(text) - 10)
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    if dice < 0.15:
        return text + "\n\nPLEASE HURRY!!! 😡"
    return text


def as_html(text: str) -> str:
    """The same words as an HTML mail."""
    paragraphs = "".join(
        f"<p>{line}</p>" for line in text.replace("&", "&amp;").replace("<", "&lt;").split("\n") if line
    )
    return f"<html><body><div style='font-family:sans-serif'>{paragraphs}</div></body></html>"


def quoted(text: str, before: str) -> str:
    """A reply with the message before quoted below it, as mail programs do."""
    return f"{text}\n\nOn Mon, support wrote:\n" + "\n".join(f"> {line}" for line in before.split("\n")[:6])


def _detail(rng: random.Random, detail: str, names: Record) -> str:
    return detail.format(
        place=rng.choice(names["places"]),
        when=rng.choice(names["whens"]),
        count=rng.choice(names["counts"]),
        nth=rng.choice(names["nths"]),
        period=rng.choice(names["periods"]),
    )


def _number(rng: random.Random, name: str) -> str:
    if name == "order":
        return f"PW-{rng.randrange(100_000, 999_999)}"
    if name == "invoice":
        return f"INV-2026-{rng.randrange(1000, 9999)}"
    if name == "amount":
        return f"€{rng.randrange(9, 480)}.{rng.randrange(0, 100):02d}"
    return f"{rng.randrange(2, 7)}.{rng.randrange(0, 10)}.{rng.randrange(0, 10)}"


def _slug(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())
