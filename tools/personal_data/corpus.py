"""What the tagger of names and places learns from, as tokens with labels.

Presidio's synthetic texts (MIT), WNUT17 (CC BY 4.0), our own templates filled by Faker (MIT), and texts in which next
to nobody is named: BANKING77 and Apache Hadoop issues (CC BY 4.0), our own examples.
"""

import csv
import gzip
import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from faker import Faker

from support_copilot.ml.personal_data.features import Token, segments

ROOT = Path(__file__).resolve().parents[2]
TRAINING = ROOT / "tools" / "training"
LABELS = {
    "PERSON": "PER", "STREET_ADDRESS": "ADR", "ZIP_CODE": "ADR", "GPE": "LOC", "ORGANIZATION": "ORG",
    "person": "PER", "location": "LOC", "corporation": "ORG", "group": "ORG",
}  # fmt: skip
LOCALES = {
    "en": ("en_US", "en_GB", "en_IN", "en_AU", "en_CA"), "de": ("de_DE", "de_AT", "de_CH"), "es": ("es_ES", "es_MX"),
    "fr": ("fr_FR", "fr_CH"), "it": ("it_IT",), "pt": ("pt_BR", "pt_PT"), "nl": ("nl_NL", "nl_BE"), "pl": ("pl_PL",),
}  # fmt: skip
#: Names of the world occur in texts of any language.
WORLD = (
    "cs_CZ", "da_DK", "fi_FI", "hr_HR", "hu_HU", "no_NO", "sv_SE", "sk_SK", "sl_SI", "tr_TR", "id_ID", "vi_VN", "ro_RO",
    "et_EE", "is_IS", "pl_PL", "es_ES", "fr_FR", "it_IT", "de_DE", "pt_BR", "nl_NL", "en_US", "en_IN",
)  # fmt: skip
COPIES = 14
HADOOP_TEXTS, HADOOP_CHARS, BANKING_TEXTS = 1200, 700, 2500
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Example:
    """``group``: examples of one group are near copies or of one source, held out together."""

    text: str
    spans: tuple[tuple[int, int, str], ...]
    source: str
    group: str

    def rows(self) -> Iterator[tuple[list[Token], list[str]]]:
        for segment in segments(self.text):
            yield segment, [self._label(token) for token in segment]

    def _label(self, token: Token) -> str:
        for start, end, label in self.spans:
            # A finding begins and ends at a word: line ends inside an address belong to it.
            if token.start < end and token.end > start and not (token.word[0].isspace() and token.end >= end):
                return label
        return "O"


def marked(path: Path, source: str) -> Iterator[Example]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            spans = tuple(
                (span["start"], span["end"], LABELS[span["label"]]) for span in row["spans"] if span["label"] in LABELS
            )
            yield Example(row["text"], spans, source, f"{source}-{row.get('template_id', row['id'])}")


def plain(data: Path) -> Iterator[Example]:
    """Texts of which we take it that they name nobody."""
    with gzip.open(data / "routing" / "banking77_train.csv.gz", "rt", encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    for text in random.Random(1).sample(texts, BANKING_TEXTS):
        yield Example(text, (), "banking77", f"banking77-{text}")
    with gzip.open(data / "severity" / "hadoop_priority.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "train"]
    for row in random.Random(1).sample(rows, min(HADOOP_TEXTS, len(rows))):
        yield Example(f"{row['title']}\n\n{row['description'][:HADOOP_CHARS]}", (), "hadoop", f"hadoop-{row['id']}")
    for number, text in enumerate([*own("severity_examples.tsv"), *own("personal_data_plain.tsv")]):
        yield Example(text, (), "own", f"own-{number}")


def own(file: str) -> Iterator[str]:
    for line in (TRAINING / file).read_text(encoding="utf-8").splitlines():
        columns = line.split("\t")
        yield "\n".join(columns[2:] if file.startswith("severity") else columns[1:])


def filled(seed: int = 7) -> Iterator[Example]:
    """Our templates, each filled several times."""
    chance = random.Random(seed)
    makers: dict[str, Faker] = {}
    for number, line in enumerate((TRAINING / "personal_data_templates.tsv").read_text(encoding="utf-8").splitlines()):
        language, template = line.split("\t")
        for _ in range(COPIES):
            locale = chance.choice(LOCALES[language])
            other = chance.choice(WORLD) if chance.random() < 0.4 else locale
            for name in (locale, other):
                if name not in makers:
                    makers[name] = Faker(name)
                    makers[name].seed_instance(seed + len(makers))
            yield fill(template.replace("\\n", "\n"), makers[locale], makers[other], chance, f"own-{number}")


def fill(template: str, here: Faker, there: Faker, chance: random.Random, group: str) -> Example:
    pieces: list[str] = []
    spans: list[tuple[int, int, str]] = []
    length = position = 0
    for slot in _SLOT.finditer(template):
        before = template[position : slot.start()]
        value, label = value_of(slot[1], here, there, chance)
        start = length + len(before)
        if label != "O":
            spans.append((start, start + len(value), label))
        pieces += [before, value]
        length, position = start + len(value), slot.end()
    pieces.append(template[position:])
    return Example("".join(pieces), tuple(spans), "templates", group)


def value_of(slot: str, here: Faker, there: Faker, chance: random.Random) -> tuple[str, str]:
    kind, _, style = slot.partition("_") if slot != "street_name" else (slot, "", "")
    if kind in {"name", "NAME", "given", "family", "initial"}:
        value = a_name(kind.lower(), there, chance)
        return (value.lower() if style == "lower" else value.upper() if kind == "NAME" else value), "PER"
    if kind == "city":
        city = here.city()
        return city.lower() if style == "lower" else city.upper() if chance.random() < 0.08 else city, "LOC"
    if kind == "CITY":
        return here.city().upper(), "LOC"
    makers = {
        "country": (here.country, "LOC"), "zip": (here.postcode, "ADR"), "org": (here.company, "ORG"),
        "street": (here.street_address, "ADR"), "street_name": (here.street_name, "ADR"),
        "phone": (here.phone_number, "O"), "email": (here.email, "O"),
    }  # fmt: skip
    if kind == "house":
        return str(chance.randint(1, 999)), "ADR"
    if kind == "number":
        return f"{chance.choice(('', '#', 'A-', 'RE-'))}{chance.randint(1000, 99_999_999)}", "O"
    maker, label = makers[kind]
    return str(maker()).replace("\n", ", "), label


def a_name(kind: str, maker: Faker, chance: random.Random) -> str:
    if kind == "given":
        return str(maker.first_name())
    if kind == "family":
        return str(maker.last_name())
    if kind == "initial":
        return f"{chance.choice('ABCDEFGHJKLMNPRSTVW')}."
    name = f"{maker.first_name()} {maker.last_name()}"
    if chance.random() < 0.15:
        name = f"{maker.first_name()} {chance.choice('ABCDEFGHJKLMNPRSTVW')}. {maker.last_name()}"
    return name


def all_examples(data: Path) -> list[Example]:
    sources: Iterable[Iterator[Example]] = (
        marked(data / "pii" / "presidio_synth_dev.jsonl.gz", "presidio"),
        marked(data / "pii" / "wnut17_dev.jsonl.gz", "wnut"),
        filled(),
        plain(data),
    )
    return [example for source in sources for example in source]
