"""The product itself, in a folder that is thrown away, and the forms in which public data comes."""

import csv
import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from support_copilot.resources import Resources
from support_copilot.settings import load_settings
from support_copilot.wiring import open_resources


@contextmanager
def scratch_product() -> Iterator[Resources]:
    """Opened as the settings say, with no data."""
    with TemporaryDirectory() as folder, open_resources(load_settings(data_dir=Path(folder))) as resources:
        yield resources


def read_lines(path: Path) -> list[dict[str, Any]]:
    """JSON Lines, also compressed."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def read_table(path: Path, split: str | None = None) -> list[dict[str, str]]:
    """A compressed CSV file; only the rows of one split, where one is named."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if split is None or row["split"] == split]
