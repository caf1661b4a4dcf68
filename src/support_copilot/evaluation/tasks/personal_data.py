"""Personal data: what is found of it, and what is masked that is none.

Our own set always; with the public data Presidio's synthetic texts, WNUT17 and two sets in which next to nobody is
named. The tagger learned from parts of these, so each text is measured with weights that were learned without its
fold (texts of one template share a fold). A span counts as found where a finding of a fitting type overlaps it. A
false alarm overlaps no annotated span of any type.
"""

import csv
import gzip
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from support_copilot.evaluation.sampling import Figure, figure, fold_of
from support_copilot.ml.personal_data import PersonalData, find_personal_data
from support_copilot.ml.personal_data.find import find_by_pattern
from support_copilot.ml.personal_data.spans import PersonalDataType
from support_copilot.ml.personal_data.tagger import Weights, read_weights

_HELD_OUT: Final = "personal_data.json.gz"
#: What a finding may be called to count for a span.
_PATTERN_TYPES: Final = frozenset(
    {"email", "phone", "card", "iban", "ip_address", "mac_address", "url", "national_id", "secret", "username",
     "birth_date", "licence_plate"}
)  # fmt: skip
_FITTING: Final[Mapping[str, frozenset[str]]] = {
    "person": frozenset({"person"}),
    "address": frozenset({"address", "place"}),
    "place": frozenset({"address", "place"}),
    "pattern": _PATTERN_TYPES,
}
_KINDS: Final[Mapping[str, str]] = {
    "PERSON": "person", "STREET_ADDRESS": "address", "ZIP_CODE": "address", "GPE": "place", "EMAIL_ADDRESS": "pattern",
    "PHONE_NUMBER": "pattern", "CREDIT_CARD": "pattern", "IBAN_CODE": "pattern", "IP_ADDRESS": "pattern",
    "DOMAIN_NAME": "pattern", "US_SSN": "pattern", "person": "person", "location": "place",
}  # fmt: skip
#: Issues of a software project are full of these, and they are what they are called.
_TRUE_IN_ISSUES: Final = frozenset({"email", "ip_address", "mac_address", "url", "username"})
_MARKED: Final = re.compile(r"\{(\w+)\|([^{}]+)\}")
_WHAT: Final = ("gold", "found", "exact", "masked", "proposed", "fitting")
_COUNTED: Final = ("characters", "covered", "alarms", "words")
_COLUMNS: Final = (*(f"{kind}.{what}" for kind in _FITTING for what in _WHAT), *_COUNTED)
_COLUMN: Final = {name: number for number, name in enumerate(_COLUMNS)}

Counts = NDArray[np.float64]
Finder = Callable[[str, int], Sequence[PersonalData]]


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with the spans that people marked; ``kind`` None: marked, and neither sought nor a false alarm."""

    text: str
    spans: tuple[tuple[int, int, str | None], ...]
    group: str
    ignored: frozenset[str] = frozenset()


def measure(sets: Path, data: Path | None, held_out: Path | None) -> dict[str, Figure]:
    ways: dict[str, Finder] = {
        "ours": lambda text, _fold: find_personal_data(text),
        "patterns only": lambda text, _fold: find_by_pattern(text),
        "regular expressions": lambda text, _fold: by_regular_expressions(text),
    }
    figures = _figures("own", list(_own(sets / "personal_data.jsonl")), ways, _OWN)
    if data is None or held_out is None or not (held_out / _HELD_OUT).exists():
        return figures
    folds = _folds(held_out / _HELD_OUT)
    ways["ours"] = lambda text, fold: find_personal_data(text, weights=folds[fold])
    figures |= _figures(
        "presidio", list(_public(data / "pii" / "presidio_synth_dev.jsonl.gz", "presidio")), ways, _PRESIDIO
    )
    figures |= _figures("wnut17", list(_public(data / "pii" / "wnut17_dev.jsonl.gz", "wnut")), ways, _WNUT)
    figures |= _figures("banking77", list(_banking(data)), ways, _PLAIN)
    return figures | _figures("hadoop", list(_issues(data)), ways, _PLAIN)


def _figures(
    name: str, texts: Sequence[Marked], ways: Mapping[str, Finder], wanted: Mapping[str, Callable[[Counts], float]]
) -> dict[str, Figure]:
    counted = {way: _counts(texts, finder) for way, finder in ways.items()}
    ours = counted.pop("ours")
    return {f"{name}.{metric}": figure(ours, statistic, counted) for metric, statistic in wanted.items()}


def _counts(texts: Iterable[Marked], finder: Finder) -> Counts:
    groups: dict[str, Counts] = defaultdict(lambda: np.zeros(len(_COLUMNS)))
    for text in texts:
        found = [each for each in finder(text.text, fold_of(text.group)) if each.type not in text.ignored]
        _count(text, found, groups[text.group])
    return np.array(list(groups.values()))


def _count(marked: Marked, found: Sequence[PersonalData], row: Counts) -> None:
    masked = [False] * len(marked.text)
    for each in found:
        masked[each.start : each.end] = [True] * (each.end - each.start)
    for start, end, kind in marked.spans:
        if kind is None:
            continue
        letters = [position for position in range(start, end) if marked.text[position].isalnum()]
        covered = sum(masked[position] for position in letters)
        fitting = [each for each in found if each.type in _FITTING[kind] and each.start < end and start < each.end]
        _add(row, kind, gold=1, found=bool(fitting), masked=covered == len(letters))
        _add(row, kind, exact=any((each.start, each.end) == (start, end) for each in fitting))
        row[_COLUMN["characters"]] += len(letters)
        row[_COLUMN["covered"]] += covered
    for each in found:
        touched = [kind for start, end, kind in marked.spans if each.start < end and start < each.end]
        for kind in ("person", "address", "pattern"):
            if each.type in _FITTING[kind]:
                _add(row, kind, proposed=1, fitting=any(_FITTING.get(k or "") == _FITTING[kind] for k in touched))
        row[_COLUMN["alarms"]] += not touched
    row[_COLUMN["words"]] += len(marked.text.split())


def _add(row: Counts, kind: str, **values: float) -> None:
    for what, value in values.items():
        row[_COLUMN[f"{kind}.{what}"]] += value


def _share(part: str, whole: str, per: float = 1.0) -> Callable[[Counts], float]:
    def statistic(counts: Counts) -> float:
        return float(per * counts[_COLUMN[part]] / max(1.0, counts[_COLUMN[whole]]))

    return statistic


def _f1(kind: str, found: str = "exact", right: str = "exact") -> Callable[[Counts], float]:
    def statistic(counts: Counts) -> float:
        recall = _share(f"{kind}.{found}", f"{kind}.gold")(counts)
        precision = _share(f"{kind}.{right}", f"{kind}.proposed")(counts)
        return 2 * precision * recall / max(1e-9, precision + recall)

    return statistic


_ALARMS: Final = {"false_alarms_per_1000_words": _share("alarms", "words", 1000)}
_RECALLS: Final = {f"{kind}.recall": _share(f"{kind}.found", f"{kind}.gold") for kind in _FITTING}
_COVERED: Final = {"characters_masked": _share("covered", "characters")}
_PRESIDIO: Final = {
    **_RECALLS,
    "person.masked_whole": _share("person.masked", "person.gold"),
    "address.masked_whole": _share("address.masked", "address.gold"),
    "person.f1": _f1("person", "found", "fitting"),
    "pattern.f1": _f1("pattern", "found", "fitting"),
    **_COVERED,
    **_ALARMS,
}
_WNUT: Final = {
    "person.f1_exact": _f1("person"), "person.f1": _f1("person", "found", "fitting"),
    "person.recall": _RECALLS["person.recall"], "place.recall": _RECALLS["place.recall"], **_ALARMS,
}  # fmt: skip
_OWN: Final = {**_RECALLS, **_COVERED, **_ALARMS}
_PLAIN: Final = _ALARMS


def _own(path: Path) -> Iterator[Marked]:
    """Our texts mark personal data as ``{type|value}``."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        source = json.loads(line)["text"]
        spans: list[tuple[int, int, str | None]] = []
        text, position = "", 0
        for match in _MARKED.finditer(source):
            text += source[position : match.start()]
            kind = match[1] if match[1] in {"person", "address", "place"} else "pattern"
            spans.append((len(text), len(text) + len(match[2]), kind))
            text, position = text + match[2], match.end()
        yield Marked(text + source[position:], tuple(spans), f"own-{number}")


def _public(path: Path, name: str) -> Iterator[Marked]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            spans = tuple((span["start"], span["end"], _KINDS.get(span["label"])) for span in row["spans"])
            yield Marked(row["text"], spans, f"{name}-{row.get('template_id', row['id'])}")


def _banking(data: Path) -> Iterator[Marked]:
    with gzip.open(data / "routing" / "banking77_train.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield Marked(row["text"], (), f"banking77-{row['text']}")


def _issues(data: Path) -> Iterator[Marked]:
    """Whatever is found in an issue of a software project counts as wrong, though some of it names somebody."""
    with gzip.open(data / "severity" / "hadoop_priority.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield Marked(f"{row['title']}\n\n{row['description']}", (), f"hadoop-{row['id']}", _TRUE_IN_ISSUES)


def _folds(path: Path) -> list[Weights]:
    document = json.loads(gzip.decompress(path.read_bytes()))
    return [read_weights(fold) for fold in document["folds"]]


_REGULAR: Final[tuple[tuple[PersonalDataType, re.Pattern[str]], ...]] = (
    ("email", re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")),
    ("url", re.compile(r"https?://\S+")),
    ("iban", re.compile(r"\b[A-Z]{2}\d{2}[A-Z\d]{11,30}\b")),
    ("national_id", re.compile(r"\b\d{3}-\d{2}-\d{4}\b")),
    ("ip_address", re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b")),
    ("card", re.compile(r"\b(?:\d[ -]?){13,16}\b")),
    ("phone", re.compile(r"\+?\(?\d{2,4}\)?[ .-]\d{3,4}[ .-]\d{3,4}\b")),
)


def by_regular_expressions(text: str) -> list[PersonalData]:
    """The usual seven expressions, the first that matches wins: what most products do."""
    found: list[PersonalData] = []
    for kind, pattern in _REGULAR:
        for match in pattern.finditer(text):
            if all(each.end <= match.start() or match.end() <= each.start for each in found):
                found.append(PersonalData(match.start(), match.end(), kind, 1.0))
    return sorted(found, key=lambda each: each.start)
