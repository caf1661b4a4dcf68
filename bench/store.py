"""A store of many issues to measure on, kept between runs."""

import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from support_copilot.connect.columns import Kind
from support_copilot.connect.importer import ImportPlan, import_rows
from support_copilot.connect.readers import RawRow, flat_row
from support_copilot.connect.sample import generate_issues, sample_articles, sample_templates
from support_copilot.db.documents import store_vectors
from support_copilot.db.next_vectors import documents_without
from support_copilot.kit.clock import utc_now
from support_copilot.resources import Resources
from support_copilot.retrieval.embedding import embedded_text
from support_copilot.retrieval.feed import catch_up
from support_copilot.settings import Settings, load_settings
from support_copilot.wiring import open_resources

#: Embedding every text of a large store takes a quarter of an hour of CPU. So many are embedded for real; every other
#: document gets the vector of one of them with a little noise, which costs search the same.
EMBEDDED_FOR_REAL = 1500
_NOISE = 0.35
_BATCH = 2000


def settings_of(folder: Path) -> Settings:
    return load_settings(data_dir=folder)


def prepare_store(folder: Path, issues: int) -> None:
    """Fill the folder unless it holds so many issues already."""
    marker, holds = folder / "ready.json", {"issues": issues, "with": ["templates", "articles"]}
    if marker.exists() and json.loads(marker.read_text()) == holds:
        return
    shutil.rmtree(folder, ignore_errors=True)
    with open_resources(settings_of(folder)) as resources:
        assert _filled(resources, "issues", generate_issues(issues, utc_now())) == issues, "not all could be stored"
        _filled(resources, "templates", sample_templates())
        _filled(resources, "articles", sample_articles(utc_now()))
        _give_vectors(resources)
        catch_up(resources)
    marker.write_text(json.dumps(holds))


@contextmanager
def copy_of_store(folder: Path) -> Iterator[Path]:
    """The store to write into, so that the next run finds it as it was."""
    copy = folder.with_name(f"{folder.name}.run")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder, copy)
    try:
        yield copy
    finally:
        shutil.rmtree(copy)


def new_texts(count: int) -> Iterator[tuple[str, str]]:
    """Subjects and bodies of about 70 words that the store does not hold."""
    pairs = generate_issues(count * 2, utc_now(), seed=4711)
    for first, second in zip(islice(pairs, count), pairs, strict=False):
        yield first["subject"], f"{first['messages'][0]['body']}\n{second['messages'][0]['body']}"


def _filled(resources: Resources, kind: Kind, records: Iterable[dict[str, Any]]) -> int:
    rows = (RawRow(n, 0, flat_row(record)) for n, record in enumerate(records, 1))
    return import_rows(resources, rows, ImportPlan(kind=kind, source="volume")).created


def _give_vectors(resources: Resources) -> None:
    model, rng = resources.embedder.model, np.random.default_rng(7)
    base: NDArray[np.float32] | None = None
    while True:
        with resources.database.read() as session:
            rows = documents_without(session, model, limit=_BATCH if base is not None else EMBEDDED_FOR_REAL)
        if not rows:
            return
        if base is None:
            base = vectors = resources.embedder.embed([embedded_text(row.title, row.body) for row in rows])
        else:
            noise = rng.normal(0, _NOISE / np.sqrt(base.shape[1]), (len(rows), base.shape[1]))
            vectors = (base[rng.integers(0, len(base), len(rows))] + noise).astype(np.float32)
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        with resources.database.transaction() as session:
            store_vectors(session, rows, vectors, model)
